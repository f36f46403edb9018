//! A folder for Obsidian's plugin `Obsidian_to_Anki`, by `src/note.ts`, `src/file.ts` and
//! `src/setting-to-data.ts` of its last version, 488454f.
//!
//! A note stands between lines `START` and `END`, and any line that begins with `END` ends it. A line
//! that begins with a field's name begins that field, and the last lines may be tags and the id that
//! the plugin writes. What it takes for a formula or code, it finds before Markdown is read.

use super::app_annotations::{self, Card, Page};
use super::app_markdown::{Gap, Math, Rules, begins_text};
use super::loss::Losses;
use super::obsidian::COMMAND;
use super::{Input, Outputs, deck_name, markdown_card, obsidian, tags};
use crate::config::Html;
use crate::identity::Note;
use crate::model::CardKind;
use crate::render::is_language;

const RULES: Rules = Rules {
    gap: Gap::Line,
    item_gap: "",
    shows_breaks: true,
    is_sign,
    opens_line,
    opens_code: opens_line,
    tex: &["==", "STARTI", "ENDI", COMMAND],
    is_plain_code: |code| !code.contains(['`', '$']) && !has_sign(code),
    // Its reader of Markdown, showdown, takes entities within `<code>` for text.
    code: "samp",
    is_plain_block,
    is_language,
    opens_program: obsidian::opens_program,
    html: Html::Sanitize,
    math: Math::Dollars,
    footnotes: None,
    headings: Some(1),
    has_alerts: false,
    boxes: ["[ ]", "[x]"],
    strike: ["<del>", "</del>"],
    escapes: |c| "\\*_{}[]()>#+.!~|:-".contains(c),
    embed: |alt, target| Some(format!("![{alt}]({target})")),
    has_lone_embeds: false,
};

/// In a note with gaps, Anki's braces.
const GAPPED: Rules = Rules {
    is_sign: |before, rest| is_sign(before, rest) || opens_gap(rest),
    tex: &["==", "STARTI", "ENDI", "{{", "}}", "::", COMMAND],
    is_plain_code: |code| (RULES.is_plain_code)(code) && !has_braces(code) && !code.contains("::"),
    is_plain_block: |code, is_nested| is_plain_block(code, is_nested) && !has_braces(code),
    ..RULES
};

/// The lines that mean something: ends of notes, fields of the note types, settings of the file.
const LINES: [&str; 9] = [
    "START",
    "END",
    "Front:",
    "Back:",
    "Text:",
    "Back Extra:",
    "Tags:",
    "TARGET DECK",
    "FILE TAGS",
];

const PICTURES_AND_SOUNDS: [&str; 14] = [
    "png", "jpg", "jpeg", "gif", "bmp", "svg", "tiff", "wav", "m4a", "flac", "mp3", "wma", "aac",
    "webm",
];

fn is_sign(before: Option<char>, rest: &str) -> bool {
    rest.starts_with("==") || is_mark(rest) || obsidian::is_sign(before, rest)
}

/// Whether a note within a line begins or ends here, a frozen field, or an id.
fn is_mark(rest: &str) -> bool {
    let is_id =
        rest.strip_prefix("ID: ").is_some_and(|id| id.starts_with(|c: char| c.is_ascii_digit()));
    is_id || ["STARTI", "ENDI", "FROZEN - "].iter().any(|mark| rest.starts_with(mark))
}

fn has_sign(text: &str) -> bool {
    text.contains(COMMAND) || text.char_indices().any(|(at, _)| is_mark(&text[at..]))
}

fn opens_gap(rest: &str) -> bool {
    ["{{", "}}", "::"].iter().any(|mark| rest.starts_with(mark))
}

fn has_braces(text: &str) -> bool {
    text.contains("{{") || text.contains("}}")
}

fn opens_line(line: &str) -> bool {
    LINES.iter().any(|mark| line.starts_with(mark))
}

fn is_plain_block(code: &str, is_nested: bool) -> bool {
    !is_nested
        && !code.contains('$')
        && !code.contains("```")
        && !has_sign(code)
        && !code.lines().any(opens_line)
}

/// The id of a note, in a line of its own.
fn mark(line: &str) -> Option<usize> {
    let id = line.strip_prefix("<!--").map_or(line, |id| id.strip_suffix("-->").unwrap_or(id));
    let digits = id.strip_prefix("ID: ")?.trim_end();
    (!digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())).then_some(0)
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let input = &markdown_card::beside_media(input);
    let losses =
        markdown_card::unheld(input, |target| obsidian::is_sent(target, &PICTURES_AND_SOUNDS));
    let page = |page: super::pages::Page<'_>| {
        let first = page.notes[0];
        let mut head = format!("TARGET DECK\n{}\n", deck(first));
        let card = |note: &&Note<'_>| {
            let above = format!("{}\n", std::mem::take(&mut head));
            let (before, after) = (card(input, note), "END\n".to_owned());
            Card { id: note.id.to_owned(), above, before, after }
        };
        let cards = page.notes.iter().map(card).collect();
        Page { name: format!("{}.md", page.name), cards, end: String::new() }
    };
    app_annotations::deck(input, outputs, mark, page)?;
    Ok(losses)
}

/// The deck of a page. Nothing can be escaped in it.
fn deck(note: &Note<'_>) -> String {
    deck_name(note.deck, note.topic)
        .replace("STARTI", "START I")
        .replace("ENDI", "END I")
        .replace(COMMAND, "< %")
}

fn card(input: &Input<'_>, note: &Note<'_>) -> String {
    let tags = match tags(note).join(" ") {
        tags if tags.is_empty() => tags,
        tags => format!("Tags: {tags}\n"),
    };
    if let Some(gapped) = markdown_card::gapped(input, note) {
        let text = gapped.text(&GAPPED, |number, text, hint| {
            let hint = hint.map(|hint| format!("::{}", hint.trim())).unwrap_or_default();
            // A brace before those that end a gap would be taken for one of them.
            let gap = if text.ends_with('}') && hint.is_empty() { " " } else { "" };
            format!("{{{{c{number}::{text}{hint}{gap}}}}}")
        });
        let rest = gapped.rest.as_ref().map(|rest| field("Back Extra", &rest.back(&GAPPED)));
        return format!("START\nCloze\n{text}\n{}{tags}", rest.unwrap_or_default());
    }
    let sides = markdown_card::of(input, note);
    let (front, back) = (sides.front(&RULES), field("Back", &sides.back(&RULES)));
    let is_reversed = note.question.makes(CardKind::Reverse);
    let kind = if is_reversed { "Basic (and reversed card)" } else { "Basic" };
    format!("START\n{kind}\n{front}\n{back}{tags}")
}

fn field(name: &str, text: &str) -> String {
    let gap = if begins_text(text) { ' ' } else { '\n' };
    format!("{name}:{gap}{text}\n")
}
