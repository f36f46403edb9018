//! Boilerplate in questions and answers: links to the top of the page, unpaired tags, placeholders.

use std::collections::BTreeSet;
use std::ops::Range;

use super::candidate::{Row, RowKind};
use super::document::marker;
use super::prompt::{is_back_link, is_tag, longest_prefix, plain_text};
use super::vocabulary;

/// Removes links to the top of the page, with the tags around them, and records them as skipped.
pub(in crate::parse) fn remove_back_links(
    text: &str,
    rows: Vec<Row>,
    skipped: &mut Vec<(Range<usize>, &'static str)>,
) -> Vec<Row> {
    let is_link = |row: &Row| {
        let snippet = row.trimmed(text);
        let is_linked = snippet.contains("](") || snippet.contains("<a ") || snippet.contains("⬆");
        row.kind == RowKind::Text && is_linked && is_back_link(snippet)
    };
    let mut drops: Vec<usize> = (0..rows.len()).filter(|at| is_link(&rows[*at])).collect();
    for at in drops.clone() {
        skipped.push((rows[at].trimmed_range(text), "a link back to the top"));
        // `<div align="right">` above it and `</div>` below it go with it.
        let (mut above, mut below) = (at, at);
        while above > 0
            && below + 1 < rows.len()
            && opening_tag_name(rows[above - 1].trimmed(text))
                .is_some_and(|name| closing_tag_name(rows[below + 1].trimmed(text)) == Some(name))
        {
            above -= 1;
            below += 1;
        }
        drops.extend(above..at);
        drops.extend(at + 1..=below);
    }
    if drops.is_empty() {
        return rows;
    }
    drops.sort_unstable();
    let mut kept = rows;
    let mut at = 0;
    kept.retain(|_| {
        at += 1;
        drops.binary_search(&(at - 1)).is_err()
    });
    kept
}

/// Returns the words of a line with a link, in lower case and without the URL.
///
/// Many files end every answer with the same one, such as `Back to contents`. Returns nothing for a
/// source or an explanation, which is part of the answer.
pub(in crate::parse) fn outward_link_words(snippet: &str) -> Option<String> {
    let leads = ["](", "<a ", "http://", "https://"].iter().any(|sign| snippet.contains(sign));
    let leads = leads && marker(snippet).is_none();
    let words = plain_text(snippet).to_lowercase();
    let words = words.split_whitespace().filter(|word| !word.starts_with("http"));
    let words = words.collect::<Vec<_>>().join(" ");
    let bare = words.trim_matches(|c: char| !c.is_alphanumeric());
    let is_source = || {
        let first = bare.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        vocabulary::is_noise(bare)
            || vocabulary::is_noise(first)
            || vocabulary::EXPLANATION.contains(&first)
            || longest_prefix(bare, vocabulary::ANSWER.iter().copied()).is_some()
    };
    (leads && !bare.is_empty() && !is_source()).then(|| bare.to_owned())
}

/// Removes rows at the end whose links have the words that most answers end with.
pub(in crate::parse) fn remove_shared_endings(
    text: &str,
    mut rows: Vec<Row>,
    shared: &BTreeSet<String>,
    skipped: &mut Vec<(Range<usize>, &'static str)>,
) -> Vec<Row> {
    if shared.is_empty() {
        return rows;
    }
    loop {
        let last = rows.iter().rposition(|row| !row.trimmed(text).is_empty());
        let Some(last) = last else { return rows };
        let row = &rows[last];
        let words = outward_link_words(row.trimmed(text)).filter(|_| row.kind == RowKind::Text);
        if !words.is_some_and(|words| shared.contains(&words)) {
            return rows;
        }
        skipped.push((row.trimmed_range(text), "a line that most answers end with"));
        rows.truncate(last);
    }
}

/// Returns the name of an element, if a row is only its opening tag.
fn opening_tag_name(snippet: &str) -> Option<&str> {
    let inner = snippet.strip_prefix('<')?.strip_suffix('>')?;
    let name = inner.split([' ', '>']).next()?;
    (!inner.contains('<') && !name.starts_with('/')).then_some(name)
}

/// Returns the name of an element, if a row is only its closing tag.
fn closing_tag_name(snippet: &str) -> Option<&str> {
    snippet.strip_prefix("</")?.strip_suffix('>').filter(|name| !name.contains('<'))
}

/// Removes blank rows, thematic breaks, `<br>`s and unpaired tags at both ends.
pub(in crate::parse) fn trim_rows(text: &str, mut rows: Vec<Row>) -> Vec<Row> {
    // As many tags as anybody would put around an answer.
    for _ in 0..16 {
        let count = rows.len();
        let is_unseen = |row: &Row| {
            let snippet = row.trimmed(text);
            row.kind == RowKind::Label
                || (row.kind == RowKind::Text && (snippet.is_empty() || is_divider(snippet)))
        };
        while rows.last().is_some_and(is_unseen) {
            rows.pop();
        }
        let blank = rows.iter().take_while(|row| is_unseen(row)).count();
        rows.drain(..blank);
        // Of rows without text nothing is left, whatever tags they hold.
        if !rows.is_empty()
            && rows.iter().all(|row| row.kind == RowKind::Text && is_only_tags(row.trimmed(text)))
        {
            rows.clear();
        }
        let is_less = strip_edges(text, &mut rows);
        if !is_less && rows.len() == count {
            break;
        }
    }
    rows
}

/// Returns whether a line consists of `-`, `*`, `_` or `=`: a thematic break or the underline of a
/// heading.
fn is_divider(snippet: &str) -> bool {
    let mut others = snippet.chars().filter(|c| !c.is_whitespace());
    let sign = others.next().filter(|sign| "-*_=".contains(*sign));
    sign.is_some_and(|sign| others.next() == Some(sign) && others.all(|c| c == sign))
}

/// Removes a `<br>`, or a tag whose counterpart is in no row, from the first or the last row; and
/// the opening tag of a pair around all rows. Returns whether anything was removed.
fn strip_edges(text: &str, rows: &mut [Row]) -> bool {
    let holds = |rows: &[Row], what: &str| {
        rows.iter().any(|row| text[row.range.clone()].to_ascii_lowercase().contains(what))
    };
    if let Some(first) = rows.first().filter(|row| row.kind == RowKind::Text) {
        let inner = first.trimmed_range(text);
        let snippet = &text[inner.clone()];
        if let Some((width, name)) = leading_tag(snippet) {
            let end = format!("</{name}>");
            let is_void = is_void(&name);
            let start = inner.start + width;
            let is_here = text[start..first.range.end].to_ascii_lowercase().contains(&end);
            let is_alone = !is_here && !holds(&rows[1..], &end);
            // What folds a part away is no wrapper, nor is what makes a list.
            let is_wrapper = !["details", "ul", "ol", "li"].contains(&name.as_str());
            if is_void || is_alone || (is_wrapper && is_closed_at_end(text, rows, start, &name)) {
                rows[0].range.start = start;
                return true;
            }
        }
    }
    if let Some(last) = rows.last().filter(|row| row.kind == RowKind::Text) {
        let inner = last.trimmed_range(text);
        let snippet = &text[inner.clone()];
        if let Some((width, name)) = parse_trailing_tag(snippet) {
            let opened = [format!("<{name}>"), format!("<{name} ")];
            let end = inner.end - width;
            if is_void(&name) || !opened.iter().any(|open| holds(rows, open)) {
                if let Some(last) = rows.last_mut() {
                    last.range.end = end.max(last.range.start);
                }
                return true;
            }
        }
    }
    false
}

/// Returns whether a tag that opens before `start` is closed by the tags at the very end, not
/// before.
fn is_closed_at_end(text: &str, rows: &[Row], start: usize, name: &str) -> bool {
    let Some(last) = rows.last() else { return false };
    let tail = last.trimmed_range(text).end
        - find_trailing_tags(&last.trimmed(text).to_ascii_lowercase()).len();
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut depth = 1usize;
    for row in rows.iter().filter(|row| row.kind == RowKind::Text) {
        let from = row.range.start.max(start).min(row.range.end);
        let snippet = text[from..row.range.end].to_ascii_lowercase();
        for (at, _) in snippet.match_indices('<') {
            let rest = &snippet[at..];
            if rest.starts_with(&close) {
                depth -= 1;
            } else if let Some(behind) = rest.strip_prefix(open.as_str()) {
                depth += usize::from(behind.starts_with(['>', ' ']));
            }
            if depth == 0 {
                return from + at >= tail;
            }
        }
    }
    false
}

/// The elements that may stand around an answer without meaning anything.
const EDGES: &[&str] = &[
    "br",
    "hr",
    "b",
    "strong",
    "p",
    "div",
    "i",
    "em",
    "center",
    "blockquote",
    "summary",
    "details",
    "li",
    "ul",
    "ol",
    "span",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
];

fn is_void(name: &str) -> bool {
    name == "br" || name == "hr"
}

/// Returns the width and the name of an opening tag at the beginning, if it is in [`EDGES`].
pub(in crate::parse) fn leading_tag(snippet: &str) -> Option<(usize, String)> {
    let inner = snippet.strip_prefix('<')?;
    let end = inner.find('>')?;
    let name = inner[..end].trim_matches(['/', ' ']).split(' ').next()?.to_ascii_lowercase();
    let is_open = !inner.starts_with('/') || name == "br";
    (is_open && EDGES.contains(&name.as_str())).then_some((end + 2, name))
}

/// Returns the width and the name of a closing tag, or of a `<br>`, at the end.
fn parse_trailing_tag(snippet: &str) -> Option<(usize, String)> {
    let inner = snippet.strip_suffix('>')?;
    let start = inner.rfind('<')?;
    let tag = &inner[start + 1..];
    let name = tag.trim_matches(['/', ' ']).to_ascii_lowercase();
    let is_close = tag.starts_with('/') || is_void(&name);
    (is_close && EDGES.contains(&name.as_str())).then_some((snippet.len() - start, name))
}

/// Returns the tags at the very end of a line.
fn find_trailing_tags(snippet: &str) -> &str {
    let mut start = snippet.len();
    while let Some((width, _)) = parse_trailing_tag(snippet[..start].trim_end()) {
        start = snippet[..start].trim_end().len() - width;
    }
    &snippet[start..]
}

/// Returns whether a line consists of tags that show nothing by themselves.
pub(in crate::parse) fn is_only_tags(snippet: &str) -> bool {
    !snippet.contains("<img")
        && !snippet.contains("<video")
        && !snippet.contains("<audio")
        && strip_all_tags(snippet).is_empty()
}

/// Returns a text without the [`EDGES`] at its beginning.
pub(in crate::parse) fn strip_leading_tags(mut snippet: &str) -> &str {
    while let Some((width, _)) = leading_tag(snippet) {
        snippet = snippet[width..].trim_start();
    }
    snippet
}

fn strip_all_tags(mut snippet: &str) -> &str {
    while let Some(inner) = snippet.strip_prefix('<') {
        let Some(end) = inner.find('>').filter(|_| is_tag(snippet)) else { break };
        snippet = inner[end + 1..].trim_start();
    }
    snippet
}

/// Returns whether an answer is only a placeholder: `TODO`, `…`.
pub(in crate::parse) fn is_placeholder(text: &str, rows: &[Row]) -> bool {
    if rows.len() > 3 || rows.iter().any(Row::is_closed) {
        return false;
    }
    let written = rows.iter().map(|row| row.trimmed(text)).collect::<Vec<_>>().join("\n");
    let snippet = plain_text(&written).to_lowercase();
    let bare = snippet.trim_matches(|c: char| !c.is_alphanumeric() && c != '?');
    let is_known = vocabulary::PLACEHOLDER.contains(&bare);
    // An ellipsis, an underscore, a dash.
    let is_nothing = !snippet.is_empty()
        && snippet.chars().all(|c| ".…_-–—?*".contains(c))
        && !written.contains(['!', '`', '$']);
    is_known || is_nothing
}
