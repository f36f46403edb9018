//! The edits of files that bring home what was edited in Anki.

use std::ops::Range;

use super::cells::write_cells;
use super::merge::{self, Change, FileChange};
use super::parts::Part;
use super::reason::Reason;
use crate::html_to_markdown::{Notation, convert, convert_with_heading};
use crate::markdown::html;
use crate::model::{Convention, Question};
use crate::source::{Located, Sources, Span, VersionSpan};

/// How Markdown is written in a field.
#[derive(Clone, Debug)]
pub struct Dialect {
    /// Whether the field holds gaps.
    pub has_gaps: bool,
    /// The names of media in Anki, and how the file calls them.
    pub media: Vec<(String, String)>,
}

impl Dialect {
    /// Returns blocks as Markdown.
    #[must_use]
    pub fn write(&self, blocks: &[String]) -> String {
        let notation = Notation { has_gaps: self.has_gaps, ..Notation::default() };
        self.name_media(convert(&blocks.join("\n"), notation).body)
    }

    /// Returns the same as a heading, if they are one line.
    fn write_heading(&self, blocks: &[String]) -> Option<String> {
        let notation = Notation { has_gaps: self.has_gaps, ..Notation::default() };
        let markdown = convert_with_heading(&blocks.join("\n"), notation);
        markdown.body.is_empty().then(|| self.name_media(markdown.heading))
    }

    fn name_media(&self, mut markdown: String) -> String {
        for (name, target) in &self.media {
            markdown = markdown.replace(&format!("]({name}"), &format!("]({target}"));
        }
        markdown
    }
}

/// Returns the ways to write new blocks of parts into the source, the smallest change first.
///
/// # Errors
/// If there is none.
pub fn write_parts(
    sources: &Sources,
    question: &Question,
    parts: &[Part<'_>],
    shares: &[(usize, Vec<String>)],
    dialect: &Dialect,
) -> Result<Vec<Vec<FileChange>>, Reason> {
    let mut ways = [Ok(Vec::new()), Ok(Vec::new())];
    for (part, blocks) in shares {
        let part = &parts[*part];
        let (gentle, whole) = change_part(sources, part, blocks, dialect)?;
        for (changes, way) in [gentle, whole].into_iter().zip(&mut ways) {
            for Change { range, text } in changes {
                let place = VersionSpan::new(part.excerpt.blocks.file, range);
                let is_lost = count_hidden(sources.text_at(place)) > count_hidden(&text);
                let change = if is_lost {
                    Err(Reason::Hidden)
                } else {
                    place_change(sources, question, place, &text)
                };
                match (&mut *way, change) {
                    (Ok(way), Ok(change)) => way.push(change),
                    (_, Err(reason)) => *way = Err(reason),
                    (Err(_), _) => {}
                }
            }
        }
    }
    let mut found: Vec<Vec<FileChange>> = Vec::new();
    let mut first = None;
    for way in ways {
        match way {
            Ok(way) => {
                for way in write_cells(sources, way) {
                    if !found.contains(&way) {
                        found.push(way);
                    }
                }
            }
            Err(reason) => first = first.or(Some(reason)),
        }
    }
    first.filter(|_| found.is_empty()).map_or(Ok(found), Err)
}

/// Returns how the text of a part changes, in the file that was read: only the words that were
/// edited, or all of it.
fn change_part(
    sources: &Sources,
    part: &Part<'_>,
    blocks: &[String],
    dialect: &Dialect,
) -> Result<(Vec<Change>, Vec<Change>), Reason> {
    let span = part.excerpt.span();
    let source = sources.text_at(span);
    let (before, after) = if part.is_heading {
        let line = |blocks| dialect.write_heading(blocks).ok_or(Reason::NotOneLine);
        (line(&part.blocks)?, line(blocks)?)
    } else {
        (dialect.write(&part.blocks), dialect.write(blocks))
    };
    let inner = trimmed(source);
    let inner = span.start + inner.start..span.start + inner.end;
    if after.is_empty() && !part.is_heading {
        let start = find_label(sources, part, inner.start);
        let cut = |range| vec![Change { range, text: String::new() }];
        return Ok((cut(start..inner.end), cut(inner)));
    }
    let (old, new) = (with_markers_of(source, &before), with_markers_of(source, &after));
    let words = merge::merge(source, &old, &new).into_iter().map(|change| {
        let Range { start, end } = change.range;
        Change { range: span.start + start..span.start + end, text: change.text }
    });
    let is_below = part.is_heading || !is_behind_label(sources, part, inner.start);
    let gap = if is_below || !after.contains('\n') { "" } else { "\n\n" };
    Ok((words.collect(), vec![Change { range: inner, text: format!("{gap}{after}") }]))
}

/// Returns how many comments a text has, and tags of elements that Markdown writes in no other way.
fn count_hidden(text: &str) -> usize {
    let tags = html::tags(text);
    let is_element = |name: &str| name == "div" || name == "details" || name == "summary";
    text.matches("<!--").count() + tags.iter().filter(|tag| is_element(&tag.name)).count()
}

/// Returns the place of a text without the blanks around it.
fn trimmed(text: &str) -> Range<usize> {
    let start = text.len() - text.trim_start().len();
    start..start + text.trim().len()
}

/// Returns Markdown with the markers of lists that the author writes: their bullets, the signs behind
/// numbers, and the same number for all items.
fn with_markers_of(source: &str, markdown: &str) -> String {
    let find_bullet = |line: &str| split_bullet(line).map(|(bullet, _)| bullet.to_owned());
    let bullet = source.lines().find_map(find_bullet);
    let numbers: Vec<(&str, &str)> =
        source.lines().filter_map(|line| split_number(line.trim_start())).collect();
    let sign = numbers.first().map(|(_, rest)| &rest[..1]);
    let is_repeated = numbers.len() > 1 && numbers.iter().all(|(it, _)| *it == numbers[0].0);
    let number = numbers.first().map(|(number, _)| *number).filter(|_| is_repeated);
    let write = |line: &str| {
        let text = line.trim_start();
        let indent = &line[..line.len() - text.len()];
        if let Some((_, rest)) = split_bullet(text).filter(|(it, _)| *it == "-") {
            format!("{indent}{}{rest}", bullet.as_deref().unwrap_or("-"))
        } else if let Some((own, rest)) = split_number(text) {
            format!("{indent}{}{}{}", number.unwrap_or(own), sign.unwrap_or("."), &rest[1..])
        } else {
            line.to_owned()
        }
    };
    markdown.split('\n').map(write).collect::<Vec<_>>().join("\n")
}

/// Splits the bullet off an item of a list.
fn split_bullet(line: &str) -> Option<(&str, &str)> {
    let text = line.trim_start();
    let (bullet, rest) = text.split_at_checked(1)?;
    (["-", "*", "+"].contains(&bullet) && rest.starts_with([' ', '\t'])).then_some((bullet, rest))
}

/// Splits the number off an item of a list; the rest begins with the sign behind it.
fn split_number(text: &str) -> Option<(&str, &str)> {
    let (number, rest) =
        text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let is_item = [". ", ") ", ".\t", ")\t"].iter().any(|it| rest.starts_with(it));
    (is_item && (1..10).contains(&number.len())).then_some((number, rest))
}

/// Returns whether a text begins on the line of its label.
fn is_behind_label(sources: &Sources, part: &Part<'_>, start: usize) -> bool {
    let before = &sources.text(part.excerpt.blocks.file)[..start];
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    !before[line..].trim().is_empty()
}

/// Returns where the label of a section begins, with the blanks before it.
fn find_label(sources: &Sources, part: &Part<'_>, start: usize) -> usize {
    let before = &sources.text(part.excerpt.blocks.file)[..start];
    let shown = before.trim_end();
    let line = shown.rfind('\n').map_or(0, |end| end + 1);
    if shown[line..].trim_start().starts_with("**") {
        shown[..line].trim_end().len()
    } else {
        start
    }
}

/// Returns the ways to write a field that the question does not have yet: under a label, below all
/// else.
///
/// # Errors
/// If a question of this kind has no place for it.
pub fn write_section(
    sources: &Sources,
    question: &Question,
    label: &str,
    blocks: &[String],
    dialect: &Dialect,
) -> Result<Vec<Vec<FileChange>>, Reason> {
    let file = question.span.file;
    if question.convention != Convention::Native || sources.is_foreign(file) {
        return Err(Reason::NoPlace);
    }
    let excerpts = question.prompt.iter().chain(question.sections.iter().map(|it| &it.body));
    let ends = excerpts.map(|it| it.content.start + trimmed(sources.text_at(it.span())).end);
    let text = sources.text(file);
    let end = ends.max().unwrap_or_default();
    let end = text[end..].find(['\r', '\n']).map_or(text.len(), |line| end + line);
    let markdown = dialect.write(blocks);
    let new = format!("\n\n**{label}:**\n\n{markdown}");
    let place = VersionSpan::new(file, end..end);
    Ok(vec![vec![place_change(sources, question, place, &new)?]])
}

/// Returns a change where its text stands in the file of its author, with the ends of lines that
/// the file has.
pub(super) fn place_change(
    sources: &Sources,
    question: &Question,
    place: VersionSpan,
    text: &str,
) -> Result<FileChange, Reason> {
    let span = find_original(sources, place).ok_or(Reason::Scattered)?;
    if span.file != question.span.file {
        return Err(Reason::Embedded(sources.display(span.file)));
    }
    let original = sources.original(span.file);
    let newline = match original.find('\n') {
        Some(at) if original[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    };
    let indent = find_indent(sources, place, span);
    let lines: Vec<&str> = text.split('\n').collect();
    let mut written = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            written.push_str(newline);
            written.push_str(if line.is_empty() { indent.trim_end() } else { indent });
        }
        written.push_str(line);
    }
    Ok(FileChange { span, text: written })
}

/// Returns what stands before a line in the original and not in the version of it that was read.
fn find_indent(sources: &Sources, place: VersionSpan, original: Span) -> &str {
    if sources.other_version(place.file).is_none() {
        return "";
    }
    let line_start = |text: &str, at: usize| text[..at].rfind('\n').map_or(0, |end| end + 1);
    let read = line_start(sources.text(place.file), place.start);
    let text = sources.original(original.file);
    let line = line_start(text, original.start);
    let begin = VersionSpan::new(place.file, read..place.start.max(read));
    let Some(begin) = find_original(sources, begin) else { return "" };
    let indent = text.get(line..begin.start).unwrap_or_default();
    if indent.chars().all(|c| " \t>".contains(c)) { indent } else { "" }
}

/// Returns where a place stands in the original, if nothing that an author wrote is between its
/// pieces.
fn find_original(sources: &Sources, place: VersionSpan) -> Option<Span> {
    let Some(version) = sources.other_version(place.file) else {
        return Some(sources.locate(place));
    };
    let map = &version.map;
    let (first, start) = find_start(map, place)?;
    let (last, end) = find_end(map, place, first)?;
    let file = map[first].0;
    if map[first..=last].iter().any(|(other, _)| *other != file) || start > end {
        return None;
    }
    let text = sources.original(file);
    let is_blank = |pair: &[Located]| {
        let gap = pair[0].1.original + pair[0].1.len..pair[1].1.original;
        text.get(gap).is_some_and(|gap| gap.chars().all(|c| c.is_whitespace() || c == '>'))
    };
    let is_one = map[first..=last].windows(2).all(is_blank);
    is_one.then(|| Span::new(file, start..end))
}

/// Returns the segment that a span begins in, and where that is in the original. One without a
/// byte is at the end of what stands before it.
fn find_start(map: &[Located], span: VersionSpan) -> Option<(usize, usize)> {
    let is_before = |(_, part): &Located| {
        let end = part.translated + part.len;
        end < span.start || (end == span.start && span.start < span.end)
    };
    let at = map.partition_point(is_before);
    let (_, part) = map.get(at)?;
    (part.translated <= span.start).then(|| (at, part.original + span.start - part.translated))
}

/// Returns the same of its end.
fn find_end(map: &[Located], span: VersionSpan, first: usize) -> Option<(usize, usize)> {
    let at = map.partition_point(|(_, part)| part.translated + part.len < span.end).max(first);
    let (_, part) = map.get(at)?;
    (part.translated <= span.end).then(|| (at, part.original + span.end - part.translated))
}
