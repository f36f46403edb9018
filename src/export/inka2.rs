//! A folder for inka2, written by `src/inka2/models/parser.py` and `writer.py` of inka2 3.2.2.
//!
//! Notes stand in sections between lines of three dashes; each section has one deck and one list of
//! tags. A line that begins with a number begins a note, and the lines below it that begin with `>`
//! are its answer. A note with braces and without an answer is a cloze note. inka2 writes
//! `<!--ID:…-->` above a note. It looks for images everywhere, even in code, and stops at one that
//! it does not find.

use super::app_annotations::{self, AppCard, AppPage};
use super::app_markdown::{BlockGap, EmbeddedFile, MathSyntax, Rules, write_embed};
use super::loss::Losses;
use super::{Input, Outputs, deck_name, markdown_card, tags};
use crate::config::Html;
use crate::identity::Note;
use crate::media::{MediaKind, media_kind};
use crate::target::Loss;

const RULES: Rules = Rules {
    gap: BlockGap::Line,
    item_gap: "",
    indent: 4,
    shows_breaks: true,
    is_sign,
    opens_line: opens_section,
    opens_code: |line| opens_section(line) || opens_note(line) || line == "---",
    tex: &[],
    is_plain_code: |code| !has_sign(code),
    code: "code",
    is_plain_block,
    is_language: |_| true,
    opens_program: |_| false,
    html: Html::Sanitize,
    rewrite_html: str::to_owned,
    math: MathSyntax::DollarLines,
    footnotes: None,
    headings: Some(1),
    has_alerts: false,
    boxes: ["☐", "☑"],
    strike: ["~~", "~~"],
    highlight: ["<mark>", "</mark>"],
    has_vault_links: false,
    has_escaped_signs: false,
    escapes: |c| c != '!',
    embed,
    must_isolate_embeds: false,
};

/// The rules of an answer, in which every line begins with `>`.
const ANSWER_RULES: Rules = Rules {
    opens_line: |_| false,
    opens_code: |_| false,
    is_plain_block: |code, _| !has_sign(code),
    ..RULES
};

/// The rules of a cloze note, in which every brace delimits a cloze.
const CLOZE_RULES: Rules = Rules {
    is_sign: |before, rest| {
        is_sign(before, rest) || rest.starts_with(['{', '}']) || rest.starts_with("::")
    },
    tex: &["{{", "}}", "::"],
    is_plain_code: |code| !has_sign(code) && !code.contains(['{', '}']) && !code.contains("::"),
    is_plain_block: |code, is_nested| is_plain_block(code, is_nested) && !code.contains(['{', '}']),
    ..RULES
};

fn is_sign(_: Option<char>, rest: &str) -> bool {
    rest == "!" || ["$", "<!--", "!["].iter().any(|sign| rest.starts_with(sign))
}

fn has_sign(code: &str) -> bool {
    code.contains("![") || code.contains("<!--")
}

/// Returns whether a line is a setting of a section.
fn opens_section(line: &str) -> bool {
    ["Deck:", "Tags:"].iter().any(|mark| line.starts_with(mark))
}

fn opens_note(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && rest.starts_with('.')
}

/// Returns whether code can stand in a fence: no line of a question may begin like a note or an
/// answer.
fn is_plain_block(code: &str, _: bool) -> bool {
    let is_mark = |line: &str| line.starts_with('>') || (RULES.opens_code)(line);
    !has_sign(code) && !code.lines().any(is_mark)
}

/// Writes an embedded image. Paths are relative to the directory in which inka2 is run, which is
/// the folder of the pages.
fn embed(file: &EmbeddedFile<'_>) -> Option<String> {
    let is_held = file.target.starts_with("media/") && media_kind(file.target) == MediaKind::Image;
    // inka2 takes the first parentheses for those of the path.
    let alt = file.alt.replace('(', "&#40;").replace(')', "&#41;");
    is_held.then(|| write_embed(&EmbeddedFile { alt: &alt, ..*file }))
}

/// Finds the id of a note, which is a line of its own.
fn find_annotation(line: &str) -> Option<usize> {
    let id = line.strip_prefix("<!--ID:")?.strip_suffix("-->")?;
    (!id.is_empty() && !id.contains(char::is_whitespace)).then_some(0)
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let input = &markdown_card::with_media_folder(input);
    let mut losses = Losses::default();
    let page = |page: super::pages::TopicPage<'_>| {
        let deck = deck_name(page.notes[0].deck, page.notes[0].topic);
        let mut cards: Vec<AppCard> = Vec::new();
        for section in page.notes.chunk_by(|one, next| tags(one) == tags(next)) {
            let tags = match tags(section[0]).join(" ") {
                tags if tags.is_empty() => tags,
                tags => format!("Tags: {tags}\n"),
            };
            let end = if cards.is_empty() { "" } else { "\n---\n\n" };
            let mut head = format!("{end}---\nDeck: {deck}\n{tags}");
            for (number, note) in (1..).zip(section) {
                let above = format!("{}\n", std::mem::take(&mut head));
                let after = write_card(input, note, number, &mut losses);
                cards.push(AppCard { id: note.id.to_owned(), above, before: String::new(), after });
            }
        }
        AppPage { name: format!("{}.md", page.name), cards, end: "\n---\n".to_owned() }
    };
    app_annotations::write_deck(input, outputs, find_annotation, page)?;
    Ok(losses)
}

fn write_card(input: &Input<'_>, note: &Note<'_>, number: usize, losses: &mut Losses) -> String {
    if let Some(cloze_card) = markdown_card::build_cloze(input, note) {
        let text = cloze_card.text(&CLOZE_RULES, |number, text, hint| {
            let hint = hint.map(|hint| format!("::{}", hint.trim())).unwrap_or_default();
            format!("{{{{c{number}::{text}{hint}}}}}")
        });
        // inka2 writes the text of such a note again, with the images where Anki has them.
        if cloze_card.rest.is_none() && !text.contains("![") {
            return format!("{number}. {}\n", indent_marks(&text));
        }
        losses.add(Loss::Clozes, note.question.span);
    }
    let sides = markdown_card::build(input, note);
    let back = sides.back(&ANSWER_RULES);
    let answer = back.lines().map(|line| format!("> {line}").trim_end().to_owned() + "\n");
    format!("{number}. {}\n{}", indent_marks(&sides.front(&RULES)), answer.collect::<String>())
}

/// Writes a question, its quotes and numbered lists indented.
fn indent_marks(text: &str) -> String {
    let line = |line: &str| {
        let is_mark = line.starts_with('>') || opens_note(line);
        if is_mark { format!(" {line}") } else { line.to_owned() }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n").trim().to_owned()
}
