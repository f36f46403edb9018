//! A folder for Obsidian's plugin `Obsidian_to_Anki`, written by `src/note.ts`, `src/file.ts` and
//! `src/setting-to-data.ts` of its last version, 488454f.
//!
//! A note stands between the lines `START` and `END`; any line that begins with `END` ends it. A
//! line that begins with the name of a field begins that field. The last lines may be the tags, and
//! the id that the plugin writes. The plugin finds formulas and code before it parses Markdown.

use super::app_annotations::{self, AppCard, AppPage};
use super::app_markdown::{BlockGap, MathSyntax, Rules, begins_text};
use super::loss::Losses;
use super::obsidian::COMMAND;
use super::{Input, Outputs, deck_name, markdown_card, obsidian, tags};
use crate::config::Html;
use crate::identity::Note;
use crate::model::CardKind;
use crate::render::is_language;

const RULES: Rules = Rules {
    gap: BlockGap::Line,
    item_gap: "",
    indent: 4,
    shows_breaks: true,
    is_sign,
    opens_line,
    opens_code: opens_line,
    tex: &["==", "STARTI", "ENDI", COMMAND],
    is_plain_code: |code| !code.contains(['`', '$']) && !has_sign(code),
    // Its Markdown parser, showdown, shows entities within `<code>` as text.
    code: "samp",
    is_plain_block,
    is_language,
    opens_program: obsidian::opens_program,
    html: Html::Sanitize,
    rewrite_html: str::to_owned,
    math: MathSyntax::Dollars,
    footnotes: None,
    headings: Some(1),
    has_alerts: false,
    boxes: ["[ ]", "[x]"],
    strike: ["<del>", "</del>"],
    highlight: ["==", "=="],
    has_vault_links: true,
    has_escaped_signs: false,
    escapes: |c| "\\*_{}[]()>#+.!~|:-".contains(c),
    embed: |file| Some(obsidian::embed(file)),
    must_isolate_embeds: false,
};

/// The rules of a cloze note, in which Anki's braces are signs as well.
const CLOZE_RULES: Rules = Rules {
    is_sign: |before, rest| is_sign(before, rest) || opens_gap(rest),
    tex: &["==", "STARTI", "ENDI", "{{", "}}", "::", COMMAND],
    // The plugin can make clozes of highlights.
    highlight: ["<mark>", "</mark>"],
    is_plain_code: |code| (RULES.is_plain_code)(code) && !has_braces(code) && !code.contains("::"),
    is_plain_block: |code, is_nested| is_plain_block(code, is_nested) && !has_braces(code),
    ..RULES
};

/// The starts of lines that have a meaning: ends of notes, fields of the note types, settings of
/// the file.
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

const SENT_EXTENSIONS: [&str; 14] = [
    "png", "jpg", "jpeg", "gif", "bmp", "svg", "tiff", "wav", "m4a", "flac", "mp3", "wma", "aac",
    "webm",
];

fn is_sign(before: Option<char>, rest: &str) -> bool {
    rest.starts_with("==") || is_mark(rest) || obsidian::is_sign(before, rest)
}

/// Returns whether an inline note begins or ends here, or a frozen field or an id begins.
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

/// Finds the id of a note, which is a line of its own.
fn find_annotation(line: &str) -> Option<usize> {
    let id = line.strip_prefix("<!--").map_or(line, |id| id.strip_suffix("-->").unwrap_or(id));
    let digits = id.strip_prefix("ID: ")?.trim_end();
    (!digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())).then_some(0)
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let input = &markdown_card::with_media_folder(input);
    let losses = markdown_card::count_unsupported_media(input, |target| {
        obsidian::is_sent(target, &SENT_EXTENSIONS)
    });
    let page = |page: super::pages::TopicPage<'_>| {
        let first = page.notes[0];
        let mut head = format!("TARGET DECK\n{}\n", escape_deck(first));
        let card = |note: &&Note<'_>| {
            let above = format!("{}\n", std::mem::take(&mut head));
            let (before, after) = (write_card(input, note), "END\n".to_owned());
            AppCard { id: note.id.to_owned(), above, before, after }
        };
        let cards = page.notes.iter().map(card).collect();
        AppPage { name: format!("{}.md", page.name), cards, end: String::new() }
    };
    app_annotations::write_deck(input, outputs, find_annotation, page)?;
    Ok(losses)
}

/// Returns the deck of a page. Nothing can be escaped in it, so signs are broken up.
fn escape_deck(note: &Note<'_>) -> String {
    deck_name(note.deck, note.topic)
        .replace("STARTI", "START I")
        .replace("ENDI", "END I")
        .replace(COMMAND, "< %")
}

fn write_card(input: &Input<'_>, note: &Note<'_>) -> String {
    let tags = match tags(note).join(" ") {
        tags if tags.is_empty() => tags,
        tags => format!("Tags: {tags}\n"),
    };
    if let Some(cloze_card) = markdown_card::build_cloze(input, note) {
        let text = cloze_card.text(&CLOZE_RULES, |number, text, hint| {
            let hint = hint.map(|hint| format!("::{}", hint.trim())).unwrap_or_default();
            // A brace before those that end a cloze would be taken for one of them.
            let gap = if text.ends_with('}') && hint.is_empty() { " " } else { "" };
            format!("{{{{c{number}::{text}{hint}{gap}}}}}")
        });
        let rest = cloze_card
            .rest
            .as_ref()
            .map(|rest| write_field("Back Extra", &rest.back(&CLOZE_RULES)));
        return format!("START\nCloze\n{text}\n{}{tags}", rest.unwrap_or_default());
    }
    let sides = markdown_card::build(input, note);
    let (front, back) = (sides.front(&RULES), write_field("Back", &sides.back(&RULES)));
    let is_reversed = note.question.makes(CardKind::Reverse);
    let kind = if is_reversed { "Basic (and reversed card)" } else { "Basic" };
    format!("START\n{kind}\n{front}\n{back}{tags}")
}

fn write_field(name: &str, text: &str) -> String {
    let gap = if begins_text(text) { ' ' } else { '\n' };
    format!("{name}:{gap}{text}\n")
}
