//! A folder for Obsidian's plugin Flashcards, written by `src/conf/regex.ts` and
//! `src/services/parser.ts` of its last version, de73775.
//!
//! A card is a run of lines that ends in `#card`, then the lines up to an empty one, even in code.
//! Besides, every line with `::`, with `{…}` or with `==…==` outside a fence or a formula is a
//! card. The plugin writes `^1234567890123` below a card. Such a line without a card above it
//! deletes the card in Anki.

use std::cell::Cell;

use super::app_annotations::{self, AppCard, AppPage};
use super::app_markdown::{BlockGap, EmbeddedFile, MathSyntax, Rules, begins_text};
use super::loss::Losses;
use super::obsidian::COMMAND;
use super::{Input, Outputs, deck_name, markdown_card, obsidian};
use crate::config::Html;
use crate::identity::Note;
use crate::model::CardKind;
use crate::render::is_language;
use crate::target::Loss;

const RULES: Rules = Rules {
    gap: BlockGap::Comment,
    item_gap: "<br>",
    indent: 4,
    shows_breaks: true,
    is_sign,
    opens_line: is_heading,
    opens_code: is_heading,
    tex: &["::", "==", COMMAND],
    is_plain_code: |code| !has_sign(code),
    // Its Markdown parser, showdown, shows entities within `<code>` as text.
    code: "samp",
    is_plain_block,
    is_language,
    opens_program: obsidian::opens_program,
    html: Html::Sanitize,
    rewrite_html: str::to_owned,
    math: MathSyntax::Dollars,
    footnotes: None,
    headings: None,
    has_alerts: false,
    boxes: ["[ ]", "[x]"],
    strike: ["~~", "~~"],
    highlight: ["<mark>", "</mark>"],
    has_vault_links: true,
    has_escaped_signs: false,
    escapes: |c| "\\*_[]()>#+.!~|-".contains(c),
    embed: |file| Some(embed(file)),
    must_isolate_embeds: true,
};

const SENT_EXTENSIONS: [&str; 13] =
    ["png", "jpg", "jpeg", "gif", "bmp", "svg", "tiff", "mp3", "webm", "wav", "m4a", "ogg", "flac"];

fn is_sign(before: Option<char>, rest: &str) -> bool {
    let is_within_word = rest.starts_with('_') && before.is_some_and(char::is_alphanumeric);
    ["::", "==", "{", "#card"].iter().any(|sign| rest.starts_with(sign))
        || is_within_word
        || is_id(rest)
        || obsidian::is_sign(before, rest)
}

fn has_sign(code: &str) -> bool {
    code.char_indices().any(|(at, _)| is_sign(Some(' '), &code[at..]))
}

/// Returns whether a text begins with the id of a card.
fn is_id(rest: &str) -> bool {
    let digits = rest.strip_prefix('^').unwrap_or_default().bytes();
    digits.take_while(u8::is_ascii_digit).count() >= 13
}

/// Returns whether a code block contains nothing that the plugin replaces before it parses
/// Markdown, and nothing that ends the card or the fence.
fn is_plain_block(code: &str, is_nested: bool) -> bool {
    let has_sign = ["$", "[[", "```", "#card", COMMAND].iter().any(|sign| code.contains(sign));
    let has_id = code.char_indices().any(|(at, _)| is_id(&code[at..]));
    let has_gap = code.is_empty() || code.split('\n').any(|line| line.trim().is_empty());
    !is_nested && !has_sign && !has_id && !has_gap && !code.lines().any(is_heading)
}

/// Returns whether the plugin takes a line for a heading; it puts the headings above a question
/// before the question.
fn is_heading(line: &str) -> bool {
    let line = line.trim_start();
    line.trim_start_matches('#').starts_with(' ') && line.starts_with('#')
}

/// Writes an embedded file by its name alone: the plugin finds it anywhere, but only one per line.
fn embed(file: &EmbeddedFile<'_>) -> String {
    let is_held = file.target.strip_prefix("media/").is_some_and(is_sent);
    obsidian::embed(&EmbeddedFile {
        alt: if is_held { "" } else { file.alt },
        is_embed: is_held,
        ..*file
    })
}

fn is_sent(target: &str) -> bool {
    obsidian::is_sent(target, &SENT_EXTENSIONS)
}

/// Finds the id of a card, on a line of its own or behind a cloze card.
fn find_annotation(line: &str) -> Option<usize> {
    let start = line.rfind('^')?;
    let digits = &line[start + 1..];
    let is_apart = start == 0 || line[..start].ends_with(' ');
    let is_id = digits.len() == 13 && digits.bytes().all(|digit| digit.is_ascii_digit());
    (is_id && is_apart).then_some(start)
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let input = &markdown_card::with_media_folder(input);
    let mut losses = markdown_card::count_unsupported_media(input, is_sent);
    let page = |page: super::pages::TopicPage<'_>| {
        let first = page.notes[0];
        let common = obsidian::common_tags(&page.notes);
        // Braces here would be clozes too.
        let deck = deck_name(first.deck, first.topic).replace('{', "(").replace('}', ")");
        let deck = yaml_string(&deck.replace("==", "=").replace(COMMAND, "< %"));
        // Without tags here, the plugin would take the first `tags:` in the page's text.
        let tags = common.join(", ");
        let mut head = format!("---\ntags: [{tags}]\ncards-deck: {deck}\n---\n");
        let mut cards = Vec::new();
        for note in page.notes {
            let above = format!("{}\n", std::mem::take(&mut head));
            let before = write_card(input, note, &common, &mut losses);
            cards.push(AppCard { id: note.id.to_owned(), above, before, after: String::new() });
        }
        AppPage { name: format!("{}.md", page.name), cards, end: String::new() }
    };
    app_annotations::write_deck(input, outputs, find_annotation, page)?;
    Ok(losses)
}

fn write_card(
    input: &Input<'_>,
    note: &Note<'_>,
    common: &[String],
    losses: &mut Losses,
) -> String {
    let tags = match obsidian::own_tags(note, common) {
        tags if tags.is_empty() => tags,
        tags => format!(" {tags}"),
    };
    if let Some(cloze_card) = markdown_card::build_cloze(input, note) {
        if let Some(text) = cloze_line(&cloze_card) {
            if cloze_card.hints > 0 {
                losses.add(Loss::Syntax, note.question.span);
            }
            return format!("{text}{tags}\n");
        }
        losses.add(Loss::Clozes, note.question.span);
    }
    let sides = markdown_card::build(input, note);
    let (front, back) = (pad_formulas(&sides.front(&RULES)), pad_formulas(&sides.back(&RULES)));
    let last = front.lines().next_back().unwrap_or_default();
    let gap = if begins_text(last) && !last.ends_with("</pre>") { ' ' } else { '\n' };
    let mark = if note.question.makes(CardKind::Reverse) { "#card-reverse" } else { "#card" };
    format!("{front}{gap}{mark}{tags}\n{back}\n")
}

/// Pads formulas so that no brace in them is taken for a cloze. The plugin measures where a brace
/// stands without the characters that it takes for a list marker, so it looks too far to the left,
/// before the formula. Pairs of a space and a negative space, `\,\!`, fill that width.
fn pad_formulas(text: &str) -> String {
    let is_mark = |c: char| c == ' ' || c.is_ascii_digit() || ".-+*".contains(c);
    let line = |line: &str| {
        let width = line.len() - line.trim_start_matches(is_mark).len();
        if width == 0 || !line.contains('$') {
            return line.to_owned();
        }
        let parts = line.split("$$").enumerate().map(|(at, part)| match at % 2 {
            0 => pad_line(part, "$", width),
            _ => part.to_owned(),
        });
        pad_line(&parts.collect::<Vec<_>>().join("$$"), "$$", width)
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Pads every formula between such marks whose first brace is too near to its start.
fn pad_line(line: &str, mark: &str, width: usize) -> String {
    let parts = line.split(mark).enumerate().map(|(at, part)| {
        let is_near = at % 2 == 1 && part.find('{').is_some_and(|brace| brace < width);
        let filling = if is_near { "\\,\\!".repeat(width.div_ceil(4)) } else { String::new() };
        filling + part
    });
    parts.collect::<Vec<_>>().join(mark)
}

/// Writes a cloze card, which is a single line without a back; `None` if it cannot be one. A brace
/// would end the cloze, and a tag the card.
fn cloze_line(cloze_card: &markdown_card::ClozeCard) -> Option<String> {
    let is_held = cloze_card.are_clozes_plain && cloze_card.rest.is_none();
    if !is_held || cloze_card.numbers.iter().any(|number| *number > 9) {
        return None;
    }
    let has_brace = Cell::new(false);
    let text = cloze_card.text(&RULES, |number, text, _| {
        has_brace.set(has_brace.get() || text.contains('}'));
        format!("{{{number}:{text}}}")
    });
    let is_line = !text.contains(['\n', '#']) && begins_text(&text) && !has_brace.get();
    is_line.then_some(text)
}

/// Writes a name as YAML, without quotes where possible: the plugin expects a letter behind the
/// key.
fn yaml_string(name: &str) -> String {
    let is_plain = name.starts_with(char::is_alphabetic)
        && !name.contains(": ")
        && !name.contains(" #")
        && !["true", "false", "null", "yes", "no"].contains(&&*name.to_lowercase());
    if is_plain { name.to_owned() } else { serde_json::Value::from(name).to_string() }
}
