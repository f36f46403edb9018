//! A folder for hashcards, written by `src/parser.rs` and `src/markdown.rs` of hashcards 0.5.0.
//!
//! A line that begins with `Q:`, `A:`, `C:`, `T:` or `D:` belongs to a card, and a line of three
//! dashes ends a card, even in code. Every page needs a card, and nothing may stand outside of
//! cards. A card is identified by its text alone: there are no ids, and of two equal cards one is
//! kept.

use std::collections::BTreeSet;

use super::app_annotations::{self, AppCard, AppPage};
use super::app_markdown::{BlockGap, EmbeddedFile, MathSyntax, Rules, begins_text, write_embed};
use super::loss::Losses;
use super::{Input, Outputs, deck_name, markdown_card};
use crate::config::Html;
use crate::identity::Note;
use crate::media::{MediaKind, extension, media_kind};
use crate::model::CardKind;
use crate::target::Loss;

const RULES: Rules = Rules {
    gap: BlockGap::Line,
    item_gap: "",
    indent: 0,
    shows_breaks: false,
    is_sign,
    opens_line,
    opens_code: opens_line,
    tex: &[],
    is_plain_code: |_| true,
    code: "code",
    is_plain_block,
    is_language: |_| true,
    opens_program: |_| false,
    html: Html::Sanitize,
    rewrite_html: str::to_owned,
    math: MathSyntax::Dollars,
    footnotes: None,
    headings: Some(1),
    has_alerts: false,
    boxes: ["☐", "☑"],
    strike: ["<del>", "</del>"],
    highlight: ["<mark>", "</mark>"],
    has_vault_links: false,
    has_escaped_signs: false,
    // Brackets with a backslash before them delimit a formula.
    escapes: |c| !"()[]".contains(c),
    embed,
    must_isolate_embeds: false,
};

/// The rules of a cloze card, in which every bracket delimits a cloze.
const CLOZE_RULES: Rules = Rules {
    is_sign: |before, rest| is_sign(before, rest) || rest.starts_with(['[', ']']) || rest == "!",
    is_plain_code: |code| !code.contains(['[', ']']),
    is_plain_block: |code, is_nested| is_plain_block(code, is_nested) && !code.contains(['[', ']']),
    ..RULES
};

/// A dollar sign always begins math; dashes and dots are replaced by typographic ones.
fn is_sign(_: Option<char>, rest: &str) -> bool {
    ["$", "--", "..."].iter().any(|sign| rest.starts_with(sign))
}

fn opens_line(line: &str) -> bool {
    line.trim() == "---" || ["Q:", "A:", "C:", "T:", "D:"].iter().any(|mark| line.starts_with(mark))
}

fn is_plain_block(code: &str, _: bool) -> bool {
    !code.lines().any(opens_line)
}

/// Embedded files lie beside the pages. hashcards plays only some audio formats, and no video.
fn embed(file: &EmbeddedFile<'_>) -> Option<String> {
    let is_held = file.target.starts_with("media/") && is_held(file.target);
    is_held.then(|| write_embed(file))
}

fn is_held(target: &str) -> bool {
    let ending = extension(target).unwrap_or_default().to_lowercase();
    media_kind(target) == MediaKind::Image || ["mp3", "wav", "ogg", "m4a"].contains(&&*ending)
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let input = &markdown_card::with_media_folder(input);
    let mut losses = markdown_card::count_unsupported_media(input, is_held);
    let mut seen = BTreeSet::new();
    let page = |page: super::pages::TopicPage<'_>| {
        let first = page.notes[0];
        let name = toml_string(&deck_name(first.deck, first.topic));
        let mut cards = Vec::new();
        for note in page.notes {
            let text = write_card(input, note, &mut losses);
            if !seen.insert(text.clone()) {
                losses.add(Loss::Cards(CardKind::Choice), note.question.span);
            }
            let head =
                if cards.is_empty() { format!("---\nname = {name}\n---\n") } else { String::new() };
            let (id, above) = (note.id.to_owned(), format!("{head}\n"));
            cards.push(AppCard { id, above, before: text, after: String::new() });
        }
        AppPage { name: format!("{}.md", page.name), cards, end: String::new() }
    };
    app_annotations::write_deck(input, outputs, app_annotations::find_none, page)?;
    Ok(losses)
}

fn write_card(input: &Input<'_>, note: &Note<'_>, losses: &mut Losses) -> String {
    if let Some(cloze_card) = markdown_card::build_cloze(input, note) {
        if cloze_card.are_clozes_plain && cloze_card.rest.is_none() {
            if cloze_card.hints > 0 {
                losses.add(Loss::Syntax, note.question.span);
            }
            let text = cloze_card.text(&CLOZE_RULES, |_, text, _| format!("\u{1}{text}\u{2}"));
            return format!("{}\n", label_side("C:", &write_brackets(&text)));
        }
        losses.add(Loss::Clozes, note.question.span);
    }
    let sides = markdown_card::build(input, note);
    let (front, back) = (sides.front(&RULES), sides.back(&RULES));
    format!("{}\n{}\n", label_side("Q:", &front), label_side("A:", &back))
}

/// Puts a side behind its mark, or below it if it begins with a block that needs a line of its own.
fn label_side(mark: &str, text: &str) -> String {
    let gap = if begins_text(text) { ' ' } else { '\n' };
    format!("{mark}{gap}{text}").trim_end().to_owned()
}

/// Puts clozes between brackets, and a backslash before all other brackets but those of images.
fn write_brackets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_picture = false;
    for c in text.chars() {
        match c {
            '\u{1}' => out.push('['),
            '\u{2}' => out.push(']'),
            '[' if out.ends_with('!') => {
                is_picture = true;
                out.push(c);
            }
            ']' if is_picture => {
                is_picture = false;
                out.push(c);
            }
            '[' | ']' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Writes a string in TOML. A JSON string is a valid TOML string.
fn toml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
