//! Formulas with gaps anywhere in them, and what Anki shows of them.

use proptest::prelude::*;

/// A use that does no harm.
const FINE: &str = r"{\href{https://x}{";

const PIECES: &[&str] = &[
    "\\href",
    "\\st",
    "yle",
    "\\h",
    "ref",
    "\\bb",
    "ox",
    "\\cla",
    "ss",
    "s",
    "\\style",
    "\\bbox",
    "{javascript:x}",
    "[red;position:fixed]",
    "{y}",
    "\\href{https://x}{y}",
    "\\href{https://x}",
    "{",
    "}",
    "\\{",
    "\\}",
    "\\",
    "\\\\",
    "\\verb|",
    "\\verb\\x\\",
    "\\let",
    "\\def\\h#1",
    "#1",
    "[",
    "]",
    "%",
    " ",
    "::",
    "a",
    "",
    "\\(",
    "\\)",
    "\\]",
];

/// A note with a formula that has gaps, and prose behind it that would do harm within a formula.
pub(crate) fn note() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(PIECES).prop_map(str::to_owned);
    let formula = piece.prop_recursive(4, 24, 5, |inner| {
        let several = proptest::collection::vec(inner, 0..5).prop_map(|parts| parts.concat());
        prop_oneof![
            several.clone(),
            several.clone().prop_map(|inner| format!("{{{inner}}}")),
            (1..4, several.clone()).prop_map(|(gap, inner)| format!("{{{{c{gap}::{inner}}}}}")),
            (1..4, several.clone(), several)
                .prop_map(|(gap, inner, hint)| format!("{{{{c{gap}::{inner}::{hint}}}}}")),
        ]
    });
    formula.prop_map(|formula| {
        format!(
            "### Q: {{{{c1::x}}}} $a{formula}b$ \\\\href{{javascript:x}}{{y}} }} $c$ {{.cloze}}\n"
        )
    })
}

/// A part of a field as Anki reads it.
enum Node {
    Text(String),
    Gap(u16, Vec<Node>),
}

/// What a learner may see of a field: with the gaps of each number hidden, and with none.
pub(crate) fn views(field: &str) -> Vec<String> {
    let nodes = nodes(field);
    (0..4).map(|hidden| without_tags_in_formulas(&shown(&nodes, hidden))).collect()
}

/// Anki's reading of gaps (`rslib/src/cloze.rs`).
fn nodes(field: &str) -> Vec<Node> {
    let mut open: Vec<(u16, Vec<Node>)> = vec![(0, Vec::new())];
    let mut rest = field;
    while !rest.is_empty() {
        let number = rest.strip_prefix("{{c").and_then(|inner| inner.split_once("::"));
        let number = number.and_then(|(digits, inner)| Some((digits.parse().ok()?, inner)));
        if let Some((number, inner)) = number {
            open.push((number, Vec::new()));
            rest = inner;
        } else if open.len() > 1 && rest.starts_with("}}") {
            let (number, inner) = open.pop().unwrap();
            open.last_mut().unwrap().1.push(Node::Gap(number, inner));
            rest = &rest[2..];
        } else {
            let c = rest.chars().next().unwrap();
            match open.last_mut().unwrap().1.last_mut() {
                Some(Node::Text(text)) => text.push(c),
                _ => open.last_mut().unwrap().1.push(Node::Text(c.to_string())),
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    assert_eq!(open.len(), 1, "{field}");
    open.pop().unwrap().1
}

fn shown(nodes: &[Node], hidden: u16) -> String {
    let node = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Gap(number, inner) => {
            let hint = inner.iter().find_map(|node| match node {
                Node::Text(text) => text.split_once("::").map(|(_, hint)| hint),
                Node::Gap(..) => None,
            });
            let text = if *number == hidden {
                format!("[{}]", hint.unwrap_or("..."))
            } else {
                let hint = hint.map(|hint| format!("::{hint}")).unwrap_or_default();
                shown(inner, hidden).replacen(&hint, "", usize::from(!hint.is_empty()))
            };
            format!("<span>{text}</span>")
        }
    };
    nodes.iter().map(node).collect()
}

/// Anki takes tags out of what it takes for a formula, up to the first sign that ends one.
fn without_tags_in_formulas(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(start) = [rest.find("\\("), rest.find("\\[")].into_iter().flatten().min() {
        let behind = &rest[start + 2..];
        let ends = [behind.find("\\)"), behind.find("\\]")];
        let Some(end) = ends.into_iter().flatten().min() else { break };
        out += &rest[..start + 2];
        out += &behind[..end].replace("<span>", "").replace("</span>", "");
        out += &behind[end..end + 2];
        rest = &behind[end + 2..];
    }
    out + rest
}

/// The formulas that `MathJax` finds in a view: a tag ends every text.
pub(crate) fn formulas(view: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for text in view.split(['<', '>']) {
        let mut rest = text;
        while let Some(start) = [rest.find("\\("), rest.find("\\[")].into_iter().flatten().min() {
            let close = if rest[start..].starts_with("\\(") { ')' } else { ']' };
            let inner = &rest[start + 2..];
            let end = end(inner, close);
            found.extend(end.map(|end| &inner[..end]));
            rest = &inner[end.unwrap_or(0)..];
        }
    }
    found
}

fn end(inner: &str, close: char) -> Option<usize> {
    let mut depth = 0usize;
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next().map(|(_, next)| next);
                if next == Some(close) && depth == 0 {
                    return Some(at);
                }
            }
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Whether a formula has a macro that does harm, however its backslashes pair.
pub(crate) fn is_harmful(formula: &str) -> bool {
    let rest = formula.replace(FINE, "");
    rest.split('\\').skip(1).any(|behind| {
        let end = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
        let is_box = &behind[..end] == "bbox" && behind[end..].trim_start().starts_with('[');
        is_box || ["href", "style"].contains(&&behind[..end])
    })
}
