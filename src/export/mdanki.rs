//! A folder for mdanki, by `src/file_serializer.js` and `src/parsers/card_parser.js` of mdanki
//! 1.1.2.
//!
//! A page is cut at every line that begins with `## `, also in code. The first line of a piece is
//! its front, unless a line `%` says where the back begins; a line that begins with `[#` holds
//! tags. What stands before the first `## ` is the name of the deck. mdanki knows no formulas, so
//! they are written as Anki has them.

use super::app_annotations::{self, AppCard, AppPage};
use super::app_markdown::{BlockGap, EmbeddedFile, MathSyntax, Rules, begins_text, write_embed};
use super::loss::Losses;
use super::{Input, Outputs, deck_name, markdown_card, tags};
use crate::config::Html;
use crate::identity::Note;
use crate::media::{MediaKind, media_kind};

const RULES: Rules = Rules {
    gap: BlockGap::Line,
    item_gap: "",
    indent: 4,
    shows_breaks: true,
    is_sign: |_, _| false,
    opens_line: opens_piece,
    opens_code: opens_piece,
    tex: &[],
    is_plain_code: |_| true,
    code: "code",
    is_plain_block: |code, _| !code.lines().any(opens_piece),
    is_language: |_| true,
    opens_program: |_| false,
    html: Html::Sanitize,
    rewrite_html: str::to_owned,
    math: MathSyntax::Brackets,
    footnotes: None,
    headings: Some(3),
    has_alerts: false,
    boxes: ["[ ]", "[x]"],
    strike: ["~~", "~~"],
    highlight: ["<mark>", "</mark>"],
    has_vault_links: false,
    has_escaped_signs: false,
    escapes: |_| true,
    embed,
    must_isolate_embeds: false,
};

fn opens_piece(line: &str) -> bool {
    let is_card = line
        .strip_prefix("##")
        .is_some_and(|rest| rest.trim_start().len() < rest.len() || rest.is_empty());
    is_card || line == "%" || line.starts_with("[#")
}

/// mdanki looks up every image, and stops at one that it cannot get.
fn embed(file: &EmbeddedFile<'_>) -> Option<String> {
    let is_held = file.target.starts_with("media/") && media_kind(file.target) == MediaKind::Image;
    is_held.then(|| write_embed(file))
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let input = &markdown_card::with_media_folder(input);
    let page = |page: super::pages::TopicPage<'_>| {
        let first = page.notes[0];
        let deck = deck_name(first.deck, first.topic).replace("# ", "#\u{a0}");
        let mut head = format!("# {deck}\n");
        let card = |note: &&Note<'_>| {
            let above = format!("{}\n", std::mem::take(&mut head));
            AppCard {
                id: note.id.to_owned(),
                above,
                before: write_card(input, note),
                after: String::new(),
            }
        };
        let cards = page.notes.iter().map(card).collect();
        AppPage { name: format!("{}.md", page.name), cards, end: String::new() }
    };
    app_annotations::write_deck(input, outputs, app_annotations::find_none, page)?;
    Ok(Losses::default())
}

fn write_card(input: &Input<'_>, note: &Note<'_>) -> String {
    let sides = markdown_card::build(input, note);
    let (front, back) = (sides.front(&RULES), sides.back(&RULES));
    // The heading is the front's first block, or a zero-width space.
    let front = if begins_text(&front) { front } else { format!("&#8203;\n\n{front}") };
    let gap = if front.contains('\n') { "%" } else { "" };
    let tags = tags(note).iter().map(|tag| format!("[#{tag}]()")).collect::<Vec<_>>().join(" ");
    let tags = if tags.is_empty() { tags } else { format!("\n{tags}\n") };
    format!("## {front}\n{gap}\n{back}\n{tags}")
}
