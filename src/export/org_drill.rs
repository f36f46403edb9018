//! An Org file for org-drill, a package for Emacs.
//!
//! Written by its source (version 2.7.0). An item is a heading with the tag `drill`. It is never
//! asked if nothing stands between it and the next heading. Headings one level below it are hidden
//! until the answer is shown; those two levels below stay hidden. So the question is the heading,
//! with its other blocks below it (or a comment, which org-drill hides); and each part of the
//! answer is one level below.
//!
//! org-drill stores its data in the file: in the properties, in the line with the next date, and in
//! the tag `leech`. They are copied from the existing file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::card_tree::{CardTree, build_card_tree, count_cloze_numbers};
use super::loss::Losses;
use super::page_record::{PageRecord, hash_words};
use super::{Input, Outputs, add_media, card_excerpts, collapse_spaces, find_media};
use crate::identity::Note;
use crate::model::{CardKind, Deck, Topic};
use crate::render::org::Org;
use crate::render::tree::{Block, Inline};
use crate::target::Loss;

/// The first line of the file.
const HEAD: &str = "# Pressed by deckpress: the next build writes this file anew, and keeps what org-drill has noted.";

/// The start of a line with a hash of the file's text, which older versions wrote.
const HASH: &str = "# deckpress: ";

/// The start of a list of settings. Emacs looks for settings, and programs to run, in the last
/// 3,000 characters of a file, but not above a form feed (`hack-local-variables--find-variables`).
const SETTINGS: &str = "local variables:";

/// The end of the file where a text could be taken for settings.
const END: &str = "\n* COMMENT End\n\u{c}\n";

/// The tag of an item that is answered wrong too often.
const LEECH: &str = "leech";

/// The first words that make a heading a task or a comment, for most users of Org.
const KEYWORDS: [&str; 17] = [
    "TODO",
    "DONE",
    "COMMENT",
    "NEXT",
    "WAIT",
    "WAITING",
    "HOLD",
    "STARTED",
    "STRT",
    "DOING",
    "CANCELED",
    "CANCELLED",
    "KILL",
    "PROJ",
    "IDEA",
    "SOMEDAY",
    "MAYBE",
];

/// The properties that we write.
const OWN_PROPERTIES: [&str; 2] = ["ID", "DRILL_CARD_TYPE"];

/// The data that org-drill, or its user, has written into an item.
#[derive(Debug, Default, PartialEq, Eq)]
struct ItemData {
    dates: Vec<String>,
    properties: Vec<String>,
    is_leech: bool,
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let path = input.path();
    let before = outputs.previous(&path);
    let before = before.as_deref().map(String::from_utf8_lossy);
    let data = before.as_deref().map(collect_item_data).unwrap_or_default();
    let mut losses = Losses::default();
    let text = write_file(input, &data, &mut losses);
    let record = PageRecord::of_hash(hash_file(&text));
    if let Some(hash) = before.as_deref().map(hash_file) {
        // Without the record, the file is compared with what this build writes.
        let known = [outputs.recorded_pages("").get(&*path).copied(), Some(&record)];
        if !known.into_iter().flatten().any(|known| known.hash == hash) {
            outputs.remove(&path, true);
        }
    }
    outputs.add_page(&path, record, |file| Ok(write!(file, "{HEAD}\n{text}")?))?;
    let media = find_media(input, card_excerpts(input.notes), |_| true);
    add_media(outputs, "media/", &media)?;
    Ok(losses)
}

fn write_file(input: &Input<'_>, data: &BTreeMap<String, ItemData>, losses: &mut Losses) -> String {
    let mut out = format!("#+title: {}\n#+options: ^:nil\n", collapse_spaces(input.name));
    let mut at: (Option<&Deck>, Option<&Topic>) = (None, None);
    for note in input.notes {
        if !at.0.is_some_and(|deck| std::ptr::eq(deck, note.deck)) {
            let _ = write!(out, "\n* {}\n", heading(&note.deck.title));
            at = (Some(note.deck), None);
        }
        if !at.1.is_some_and(|topic| std::ptr::eq(topic, note.topic)) {
            let above = at.1.map_or(&[][..], |topic| &topic.path);
            write_topics(above, &note.topic.path, &mut out);
            at.1 = Some(note.topic);
        }
        let level = 2 + note.topic.path.len();
        write_item(input, note, data.get(note.id), level, &mut out, losses);
    }
    if out.to_lowercase().contains(SETTINGS) {
        out.push_str(END);
    }
    out
}

/// Hashes the text of the file without org-drill's data.
fn hash_file(text: &str) -> String {
    let is_note = |line: &&str| {
        line.starts_with(':') || *line == HEAD || line.starts_with(HASH) || is_date(line)
    };
    let lines = text.lines().map(str::trim_start).filter(|line| !is_note(line));
    hash_words(lines.map(|line| line.replace(":leech:", ":")))
}

/// Returns the record of a file in which an older version noted its hash.
pub(super) fn find_record(text: &str) -> Option<PageRecord> {
    let hash = text.lines().find_map(|line| line.strip_prefix(HASH))?;
    Some(PageRecord::of_hash(hash.trim().to_owned()))
}

/// Returns whether a line is a planning line of Org.
fn is_date(line: &str) -> bool {
    let line = line.trim_start();
    ["SCHEDULED:", "DEADLINE:", "CLOSED:"].iter().any(|word| line.starts_with(word))
}

/// Writes the headings of a topic that it does not share with the topic before it.
fn write_topics(before: &[String], path: &[String], out: &mut String) {
    let common = before.iter().zip(path).take_while(|(one, other)| one == other).count();
    for (at, title) in path.iter().enumerate().skip(common) {
        let _ = write!(out, "\n{} {}\n", "*".repeat(2 + at), heading(title));
    }
}

fn heading(title: &str) -> String {
    escape_heading(&mut Org::answer(), &[Inline::Text(title.to_owned())])
}

/// Writes a line as a heading: without line breaks, and not to be taken for a task.
fn escape_heading(org: &mut Org, line: &[Inline]) -> String {
    let text = org.line(line).replace("\\\\\n", " ");
    let word = text.split(' ').next().unwrap_or_default();
    let is_live = KEYWORDS.contains(&word) || text.starts_with(['#', '|', '*', ':']);
    let text = if is_live { format!("\u{200b}{text}") } else { text };
    // A heading that ends with a colon might have a tag there.
    if text.ends_with(':') { format!("{text}\u{200b}") } else { text }
}

fn write_item(
    input: &Input<'_>,
    note: &Note<'_>,
    data: Option<&ItemData>,
    level: usize,
    out: &mut String,
    losses: &mut Losses,
) {
    let sides = build_card_tree(input, note, "media/");
    let question = note.question;
    let (is_reverse, is_typed) =
        (question.makes(CardKind::Reverse), question.makes(CardKind::Type));
    let gaps = count_cloze_numbers(&sides.question);
    let card = match gaps {
        0 if is_reverse => Some("twosided"),
        0 if is_typed => Some("simpletyped"),
        0 | 1 => None,
        _ => Some("hide1cloze"),
    };
    for (is_wanted, kind) in [(is_reverse, "twosided"), (is_typed, "simpletyped")] {
        if is_wanted && card != Some(kind) {
            let kind = if kind == "twosided" { CardKind::Reverse } else { CardKind::Type };
            losses.add(Loss::Cards(kind), question.span);
        }
    }
    let mut asks = Org::question();
    let (title, body) = match sides.question.split_first() {
        Some((Block::Text(line), rest)) if gaps == 0 && card != Some("twosided") => {
            (escape_heading(&mut asks, line), asks.blocks(rest))
        }
        Some(_) if gaps == 0 && card != Some("twosided") => {
            ("Question".to_owned(), asks.blocks(&sides.question))
        }
        _ if card == Some("twosided") => ("Both ways".to_owned(), String::new()),
        _ => ("Fill in".to_owned(), asks.blocks(&sides.question)),
    };
    let source = input.context.sources.path(question.span.file);
    let body = if body.is_empty() { format!("# {}", collapse_spaces(source)) } else { body };
    let mut tags: Vec<String> = vec!["drill".to_owned()];
    tags.extend(question.tags.iter().map(|tag| org_tag(tag)));
    tags.extend(data.filter(|data| data.is_leech).map(|_| LEECH.to_owned()));
    let _ = write!(out, "\n{} {title} :{}:\n", "*".repeat(level), tags.join(":"));
    for date in data.iter().flat_map(|data| &data.dates) {
        let _ = writeln!(out, "{date}");
    }
    let _ = writeln!(out, ":PROPERTIES:\n:ID: {}", note.id);
    if let Some(card) = card {
        let _ = writeln!(out, ":DRILL_CARD_TYPE: {card}");
    }
    for property in data.iter().flat_map(|data| &data.properties) {
        let _ = writeln!(out, "{property}");
    }
    let _ = writeln!(out, ":END:\n{body}");
    let changed = write_parts(&sides, card == Some("twosided"), level + 1, out);
    if asks.changed + changed > 0 {
        losses.add(Loss::Syntax, question.span);
    }
}

/// Writes the headings below an item; returns the number of changes that were necessary.
fn write_parts(sides: &CardTree, is_twosided: bool, level: usize, out: &mut String) -> usize {
    let mut org = Org::answer();
    let mut part = |title: &str, blocks: &[Block]| {
        if !blocks.is_empty() {
            let text = org.blocks(blocks);
            let _ = write!(out, "\n{} {title}\n{text}\n", "*".repeat(level));
        }
    };
    if is_twosided {
        part("Question", &sides.question);
    }
    part("Answer", &sides.answer);
    if !sides.points.is_empty() {
        part("Key points", &[Block::List(None, sides.points.clone())]);
    }
    for (label, blocks) in &sides.extra {
        let mut asks = Org::question();
        let label = label.clone().unwrap_or_else(|| "More".to_owned());
        let title = escape_heading(&mut asks, &[Inline::Text(label)]);
        part(&title, blocks);
    }
    org.changed
}

/// Returns a valid tag of Org.
fn org_tag(tag: &str) -> String {
    let is_allowed = |c: char| c.is_alphanumeric() || "_@#%".contains(c);
    tag.chars().map(|c| if is_allowed(c) { c } else { '_' }).collect()
}

/// Collects the data in the items of a file that we did not write, by id.
fn collect_item_data(text: &str) -> BTreeMap<String, ItemData> {
    let mut all = BTreeMap::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let is_heading = line.trim_start_matches('*').starts_with(' ') && line.starts_with('*');
        if !is_heading {
            continue;
        }
        let tags = line.rsplit(' ').next().unwrap_or_default();
        let mut data =
            ItemData { is_leech: tags.split(':').any(|tag| tag == LEECH), ..ItemData::default() };
        let mut id = None;
        while let Some(date) = lines.next_if(|line| is_date(line)) {
            data.dates.push(date.trim().to_owned());
        }
        if lines.next_if(|line| line.trim().eq_ignore_ascii_case(":PROPERTIES:")).is_none() {
            continue;
        }
        let is_property = |line: &&str| !line.trim().eq_ignore_ascii_case(":END:");
        while let Some(property) = lines.next_if(is_property) {
            let property = property.trim();
            let Some((name, value)) = property.strip_prefix(':').and_then(|p| p.split_once(':'))
            else {
                break;
            };
            if name.eq_ignore_ascii_case("ID") {
                id = Some(value.trim().to_owned());
            } else if !OWN_PROPERTIES.contains(&name) {
                data.properties.push(property.to_owned());
            }
        }
        if let Some(id) = id.filter(|_| data != ItemData::default()) {
            all.insert(id, data);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{ItemData, collect_item_data};

    #[test]
    fn what_org_drill_has_noted_is_found() {
        let text = "* Deck\n** Question :drill:a:leech:\nSCHEDULED: <2026-01-02 Fri>\n:PROPERTIES:\n\
                    :ID:       x1\n:DRILL_CARD_TYPE: twosided\n:DRILL_EASE: 2.5\n:END:\nText\n\
                    *** Answer\n:PROPERTIES:\n:ID: no\n:END:\n** Other :drill:\n:PROPERTIES:\n\
                    :ID: x2\n:END:\n";
        let all = collect_item_data(text);
        let expect = ItemData {
            dates: vec!["SCHEDULED: <2026-01-02 Fri>".to_owned()],
            properties: vec![":DRILL_EASE: 2.5".to_owned()],
            is_leech: true,
        };
        assert_eq!(all.into_iter().collect::<Vec<_>>(), [("x1".to_owned(), expect)]);
    }
}
