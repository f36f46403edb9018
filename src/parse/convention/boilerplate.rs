//! What stands among questions and is no content: links to the top, tags that show nothing,
//! placeholders.

use std::collections::BTreeSet;
use std::ops::Range;

use super::candidate::{Row, RowKind};
use super::document::marker;
use super::prompt::{is_back, is_tag, longest, plain};
use super::vocabulary;

/// Rows without links that lead back to the top, nor the tags around them.
pub(in crate::parse) fn without_links(
    text: &str,
    rows: Vec<Row>,
    left: &mut Vec<(Range<usize>, &'static str)>,
) -> Vec<Row> {
    let is_link = |row: &Row| {
        let says = row.says(text);
        let is_linked = says.contains("](") || says.contains("<a ") || says.contains("⬆");
        row.kind == RowKind::Text && is_linked && is_back(says)
    };
    let mut drops: Vec<usize> = (0..rows.len()).filter(|at| is_link(&rows[*at])).collect();
    for at in drops.clone() {
        left.push((rows[at].inner(text), "a link back to the top"));
        // `<div align="right">` above it and `</div>` below it go with it.
        let (mut above, mut below) = (at, at);
        while above > 0
            && below + 1 < rows.len()
            && opens(rows[above - 1].says(text))
                .is_some_and(|name| closes(rows[below + 1].says(text)) == Some(name))
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

/// What a line says that leads elsewhere, wherever it leads to; nothing, if it says what can be read
/// there about the text above it.
pub(in crate::parse) fn link_words(says: &str) -> Option<String> {
    let leads = ["](", "<a ", "http://", "https://"].iter().any(|sign| says.contains(sign));
    let leads = leads && marker(says).is_none();
    let words = plain(says).to_lowercase();
    let words = words.split_whitespace().filter(|word| !word.starts_with("http"));
    let words = words.collect::<Vec<_>>().join(" ");
    let bare = words.trim_matches(|c: char| !c.is_alphanumeric());
    let is_source = || {
        let first = bare.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        vocabulary::is_noise(bare)
            || vocabulary::is_noise(first)
            || vocabulary::EXPLANATION.contains(&first)
            || longest(bare, vocabulary::ANSWER.iter().copied()).is_some()
    };
    (leads && !bare.is_empty() && !is_source()).then(|| bare.to_owned())
}

/// Rows without the last ones that say what most answers end with.
pub(in crate::parse) fn without_last(
    text: &str,
    mut rows: Vec<Row>,
    shared: &BTreeSet<String>,
    left: &mut Vec<(Range<usize>, &'static str)>,
) -> Vec<Row> {
    if shared.is_empty() {
        return rows;
    }
    loop {
        let last = rows.iter().rposition(|row| !row.says(text).is_empty());
        let Some(last) = last else { return rows };
        let row = &rows[last];
        let words = link_words(row.says(text)).filter(|_| row.kind == RowKind::Text);
        if !words.is_some_and(|words| shared.contains(&words)) {
            return rows;
        }
        left.push((row.inner(text), "a line that most answers end with"));
        rows.truncate(last);
    }
}

/// The name of an element, if a row is its opening tag and nothing else.
fn opens(says: &str) -> Option<&str> {
    let inner = says.strip_prefix('<')?.strip_suffix('>')?;
    let name = inner.split([' ', '>']).next()?;
    (!inner.contains('<') && !name.starts_with('/')).then_some(name)
}

/// The name of an element, if a row is its closing tag and nothing else.
fn closes(says: &str) -> Option<&str> {
    says.strip_prefix("</")?.strip_suffix('>').filter(|name| !name.contains('<'))
}

/// Rows without the blank ones, rules, breaks and unpaired tags at both ends.
pub(in crate::parse) fn trimmed(text: &str, mut rows: Vec<Row>) -> Vec<Row> {
    // As many tags as anybody would put around an answer.
    for _ in 0..16 {
        let count = rows.len();
        let is_unseen = |row: &Row| {
            let says = row.says(text);
            row.kind == RowKind::Label
                || (row.kind == RowKind::Text && (says.is_empty() || is_divider(says)))
        };
        while rows.last().is_some_and(is_unseen) {
            rows.pop();
        }
        let blank = rows.iter().take_while(|row| is_unseen(row)).count();
        rows.drain(..blank);
        // Of rows without text nothing is left, whatever tags they hold.
        if !rows.is_empty()
            && rows.iter().all(|row| row.kind == RowKind::Text && is_tags(row.says(text)))
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

/// `---` and the like, also as the line below a text.
fn is_divider(says: &str) -> bool {
    let mut others = says.chars().filter(|c| !c.is_whitespace());
    let sign = others.next().filter(|sign| "-*_=".contains(*sign));
    sign.is_some_and(|sign| others.next() == Some(sign) && others.all(|c| c == sign))
}

/// Takes a break, or a tag whose pair is not among the rows, from the first and the last row; a
/// pair around all of them goes as a whole. Says whether there was anything.
fn strip_edges(text: &str, rows: &mut [Row]) -> bool {
    let holds = |rows: &[Row], what: &str| {
        rows.iter().any(|row| text[row.range.clone()].to_ascii_lowercase().contains(what))
    };
    if let Some(first) = rows.first().filter(|row| row.kind == RowKind::Text) {
        let inner = first.inner(text);
        let says = &text[inner.clone()];
        if let Some((width, name)) = leading_tag(says) {
            let end = format!("</{name}>");
            let is_void = is_void(&name);
            let start = inner.start + width;
            let is_here = text[start..first.range.end].to_ascii_lowercase().contains(&end);
            let is_alone = !is_here && !holds(&rows[1..], &end);
            // What folds a part away is no wrapper, nor is what makes a list.
            let is_wrapper = !["details", "ul", "ol", "li"].contains(&name.as_str());
            if is_void || is_alone || (is_wrapper && closes_last(text, rows, start, &name)) {
                rows[0].range.start = start;
                return true;
            }
        }
    }
    if let Some(last) = rows.last().filter(|row| row.kind == RowKind::Text) {
        let inner = last.inner(text);
        let says = &text[inner.clone()];
        if let Some((width, name)) = trailing_tag(says) {
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

/// Whether a tag that opens before `start` is closed by those at the very end, and not before.
fn closes_last(text: &str, rows: &[Row], start: usize, name: &str) -> bool {
    let Some(last) = rows.last() else { return false };
    let tail = last.inner(text).end - trailing_run(&last.says(text).to_ascii_lowercase()).len();
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut depth = 1usize;
    for row in rows.iter().filter(|row| row.kind == RowKind::Text) {
        let from = row.range.start.max(start).min(row.range.end);
        let says = text[from..row.range.end].to_ascii_lowercase();
        for (at, _) in says.match_indices('<') {
            let rest = &says[at..];
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

/// The width and the name of a tag at the beginning that could be around the whole.
pub(in crate::parse) fn leading_tag(says: &str) -> Option<(usize, String)> {
    let inner = says.strip_prefix('<')?;
    let end = inner.find('>')?;
    let name = inner[..end].trim_matches(['/', ' ']).split(' ').next()?.to_ascii_lowercase();
    let is_open = !inner.starts_with('/') || name == "br";
    (is_open && EDGES.contains(&name.as_str())).then_some((end + 2, name))
}

/// The width and the name of a closing tag, or of a break, at the end.
fn trailing_tag(says: &str) -> Option<(usize, String)> {
    let inner = says.strip_suffix('>')?;
    let start = inner.rfind('<')?;
    let tag = &inner[start + 1..];
    let name = tag.trim_matches(['/', ' ']).to_ascii_lowercase();
    let is_close = tag.starts_with('/') || is_void(&name);
    (is_close && EDGES.contains(&name.as_str())).then_some((says.len() - start, name))
}

/// The tags at the very end of a line.
fn trailing_run(says: &str) -> &str {
    let mut start = says.len();
    while let Some((width, _)) = trailing_tag(says[..start].trim_end()) {
        start = says[..start].trim_end().len() - width;
    }
    &says[start..]
}

/// Whether a line is tags that show nothing, and nothing else.
pub(in crate::parse) fn is_tags(says: &str) -> bool {
    !says.contains("<img")
        && !says.contains("<video")
        && !says.contains("<audio")
        && untagged_all(says).is_empty()
}

/// A text without the tags at its beginning.
pub(in crate::parse) fn untagged(mut says: &str) -> &str {
    while let Some((width, _)) = leading_tag(says) {
        says = says[width..].trim_start();
    }
    says
}

fn untagged_all(mut says: &str) -> &str {
    while let Some(inner) = says.strip_prefix('<') {
        let Some(end) = inner.find('>').filter(|_| is_tag(says)) else { break };
        says = inner[end + 1..].trim_start();
    }
    says
}

/// Whether a text only holds the place of an answer.
pub(in crate::parse) fn is_placeholder(text: &str, rows: &[Row]) -> bool {
    if rows.len() > 3 || rows.iter().any(Row::is_closed) {
        return false;
    }
    let written = rows.iter().map(|row| row.says(text)).collect::<Vec<_>>().join("\n");
    let says = plain(&written).to_lowercase();
    let bare = says.trim_matches(|c: char| !c.is_alphanumeric() && c != '?');
    let is_known = vocabulary::PLACEHOLDER.contains(&bare);
    // An ellipsis, an underscore, a dash.
    let is_nothing = !says.is_empty()
        && says.chars().all(|c| ".…_-–—?*".contains(c))
        && !written.contains(['!', '`', '$']);
    is_known || is_nothing
}
