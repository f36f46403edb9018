//! Gaps in a field: `{{c1::text}}`, `{{c1::text::hint}}`, `{{c1,2::text}}`.

use std::collections::BTreeSet;

use super::occlusion::{OCCLUSION, read_attributes};
use super::strip::strip_tags;

/// The deepest nesting of gaps; Anki does not open deeper ones.
const MAX_DEPTH: usize = 10;

/// A part of a field.
#[derive(Debug)]
enum Part<'f> {
    Text(&'f str),
    Gap(Gap<'f>),
}

#[derive(Debug, Default)]
struct Gap<'f> {
    numbers: Vec<u16>,
    parts: Vec<Part<'f>>,
    hint: Option<&'f str>,
}

/// Which side of a card is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The question.
    Front,
    /// The answer.
    Back,
}

/// Returns the numbers of all gaps in a field; 0 makes no card.
#[must_use]
pub fn numbers(field: &str) -> BTreeSet<u16> {
    fn collect(parts: &[Part<'_>], found: &mut BTreeSet<u16>) {
        for part in parts {
            if let Part::Gap(gap) = part {
                found.extend(gap.numbers.iter().filter(|number| **number != 0));
                collect(&gap.parts, found);
            }
        }
    }
    let mut found = BTreeSet::new();
    collect(&parse(field), &mut found);
    found
}

/// Returns a field with the gap of a card hidden or shown; nothing if it has no such gap.
pub(super) fn reveal(field: &str, number: u16, side: Side) -> String {
    let mut out = String::with_capacity(field.len() + 64);
    let mut is_found = false;
    for part in &parse(field) {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Gap(gap) => reveal_gap(gap, number, side, &mut is_found, &mut out),
        }
    }
    if is_found { clean_math(&out) } else { String::new() }
}

/// Returns what is in the gaps of a card alone, or their hints.
pub(super) fn reveal_alone(field: &str, number: u16, side: Side) -> String {
    texts(&parse(field), number, side).join(", ")
}

/// Returns the text to type for a card: what is in its gaps, once if it is the same in all.
#[must_use]
pub fn text_to_type(field: &str, number: u16) -> String {
    let texts = texts(&parse(field), number, Side::Back);
    match texts.as_slice() {
        [first, others @ ..] if others.iter().all(|text| text == first) => first.clone(),
        all => all.join(", "),
    }
}

/// Returns the texts of the gaps with a number, or their hints.
fn texts(parts: &[Part<'_>], number: u16, side: Side) -> Vec<String> {
    fn collect(parts: &[Part<'_>], number: u16, side: Side, found: &mut Vec<String>) {
        for part in parts {
            let Part::Gap(gap) = part else { continue };
            if gap.numbers.contains(&number) {
                let mut text = String::new();
                match side {
                    Side::Front => text.push_str(gap.hint.unwrap_or("...")),
                    Side::Back => push_text(&gap.parts, &mut text),
                }
                found.push(text);
            }
            collect(&gap.parts, number, side, found);
        }
    }
    let mut found = Vec::new();
    collect(parts, number, side, &mut found);
    found
}

fn push_text(parts: &[Part<'_>], out: &mut String) {
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Gap(gap) => push_text(&gap.parts, out),
        }
    }
}

fn reveal_gap(gap: &Gap<'_>, number: u16, side: Side, is_found: &mut bool, out: &mut String) {
    let is_active = gap.numbers.contains(&number);
    *is_found |= is_active;
    let numbers = gap.numbers.iter().map(u16::to_string).collect::<Vec<_>>().join(",");
    if let Some(Part::Text(text)) = gap.parts.first()
        && let Some(shape) = text.strip_prefix(OCCLUSION)
    {
        let class = match side {
            // A text on the picture belongs to no card, and is on all of them.
            _ if gap.numbers == [0] => "cloze",
            Side::Front if is_active => "cloze",
            Side::Back if is_active => "cloze-highlight",
            _ => "cloze-inactive",
        };
        out.push_str(&format!("<div class=\"{class}\" data-ordinal=\"{numbers}\""));
        for (name, value) in read_attributes(shape) {
            out.push_str(&format!(" {name}=\"{}\"", escape_attribute(&value)));
        }
        out.push_str("></div>");
        return;
    }
    if is_active && side == Side::Front {
        let mut inside = String::new();
        push_parts(&gap.parts, number, side, is_found, &mut inside);
        let inside = escape_attribute(&inside);
        let hint = gap.hint.unwrap_or("...");
        out.push_str(&format!(
            "<span class=\"cloze\" data-cloze=\"{inside}\" data-ordinal=\"{numbers}\">[{hint}]</span>"
        ));
        return;
    }
    let class = if is_active { "cloze" } else { "cloze-inactive" };
    out.push_str(&format!("<span class=\"{class}\" data-ordinal=\"{numbers}\">"));
    push_parts(&gap.parts, number, side, is_found, out);
    out.push_str("</span>");
}

fn push_parts(parts: &[Part<'_>], number: u16, side: Side, is_found: &mut bool, out: &mut String) {
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Gap(gap) => reveal_gap(gap, number, side, is_found, out),
        }
    }
}

fn escape_attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Cuts a field into texts and gaps. A gap that is not closed is left out, with all that is in it.
fn parse(field: &str) -> Vec<Part<'_>> {
    let mut open: Vec<Gap<'_>> = Vec::new();
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(found) = field[at..].find(['{', '}']) {
        at += found;
        let rest = &field[at..];
        let opened = read_opening(rest);
        let length = match &opened {
            Some((_, length)) => *length,
            None if rest.starts_with("}}") => 2,
            None => {
                at += 1;
                continue;
            }
        };
        push(&field[start..at], &mut open, &mut parts);
        match opened {
            Some((numbers, _)) if open.len() < MAX_DEPTH => {
                open.push(Gap { numbers, ..Gap::default() });
            }
            Some(_) => {}
            None => match open.pop() {
                Some(gap) => {
                    open.last_mut().map_or(&mut parts, |gap| &mut gap.parts).push(Part::Gap(gap));
                }
                None => parts.push(Part::Text("}}")),
            },
        }
        at += length;
        start = at;
    }
    push(&field[start..], &mut open, &mut parts);
    parts
}

/// Adds a text to the innermost gap, which it may bring a hint for.
fn push<'f>(text: &'f str, open: &mut [Gap<'f>], parts: &mut Vec<Part<'f>>) {
    let Some(gap) = open.last_mut() else {
        parts.push(Part::Text(text));
        return;
    };
    if text.is_empty() {
        return;
    }
    let (text, hint) = match text.split_once("::") {
        Some((text, hint)) if !text.starts_with(OCCLUSION) => (text, Some(hint)),
        _ => (text, None),
    };
    gap.hint = hint.or(gap.hint);
    gap.parts.push(Part::Text(text));
}

/// Reads `{{c1::` or `{{c1,2::`; returns the numbers and its length.
fn read_opening(text: &str) -> Option<(Vec<u16>, usize)> {
    let rest = text.strip_prefix("{{c")?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',')?;
    let numbers: BTreeSet<u16> =
        rest[..end].split(',').filter_map(|number| number.parse().ok()).collect();
    let is_open = !numbers.is_empty() && rest[end..].starts_with("::");
    is_open.then(|| (numbers.into_iter().collect(), "{{c".len() + end + "::".len()))
}

/// Takes the tags out of formulas, where the gaps in them have put some.
fn clean_math(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = find_sign(rest, ['(', '[']) {
        let inside = &rest[start + 2..];
        let Some(end) = find_sign(inside, [')', ']']) else { break };
        out.push_str(&rest[..start + 2]);
        out.push_str(&strip_tags(&inside[..end]));
        out.push_str(&inside[end..end + 2]);
        rest = &inside[end + 2..];
    }
    out.push_str(rest);
    out
}

/// Finds a backslash before one of two signs.
fn find_sign(text: &str, signs: [char; 2]) -> Option<usize> {
    let found = text.match_indices('\\');
    found.map(|(at, _)| at).find(|at| text[at + 1..].starts_with(signs))
}

#[cfg(test)]
mod tests {
    use super::{Side, numbers, reveal, reveal_alone, text_to_type};

    fn check(field: &str, number: u16, front: &str, back: &str) {
        assert_eq!(reveal(field, number, Side::Front), front, "front of {field}");
        assert_eq!(reveal(field, number, Side::Back), back, "back of {field}");
    }

    #[test]
    fn gaps_are_hidden_and_shown() {
        check(
            "{{c1::one}} {{c2::two::hint}}",
            1,
            "<span class=\"cloze\" data-cloze=\"one\" data-ordinal=\"1\">[...]</span> \
             <span class=\"cloze-inactive\" data-ordinal=\"2\">two</span>",
            "<span class=\"cloze\" data-ordinal=\"1\">one</span> \
             <span class=\"cloze-inactive\" data-ordinal=\"2\">two</span>",
        );
        check(
            "{{c1::a {{c2::b}}}}",
            2,
            "<span class=\"cloze-inactive\" data-ordinal=\"1\">a <span class=\"cloze\" \
             data-cloze=\"b\" data-ordinal=\"2\">[...]</span></span>",
            "<span class=\"cloze-inactive\" data-ordinal=\"1\">a <span class=\"cloze\" \
             data-ordinal=\"2\">b</span></span>",
        );
        check("\\({{c1::x<br>}}^2\\)", 1, "\\([...]^2\\)", "\\(x^2\\)");
        check("{{c1::a}}", 2, "", "");
        check("{{c1::open", 1, "", "");
    }

    #[test]
    fn covered_parts_of_a_picture() {
        let shape =
            |class: &str, rest: &str| format!("<div class=\"{class}\" data-ordinal={rest}></div>");
        let rect = r#""1" data-shape="rect" data-left=".1" data-occludeInactive="1""#;
        let text = r#""0" data-shape="text" data-text="a:b" data-font-size=".1""#;
        let field = "{{c1::image-occlusion:rect:left=.1:x=1:top=:oi=1}}\
                     {{c0::image-occlusion:text:text=a\\:b:fs=.1}}{{c2::image-occlusion:}}";
        let expect = |class: &str| {
            shape(class, rect) + &shape("cloze", text) + &shape("cloze-inactive", "\"2\"")
        };
        check(field, 1, &expect("cloze"), &expect("cloze-highlight"));
    }

    #[test]
    fn texts_of_gaps() {
        assert_eq!(reveal_alone("{{c1::a}} b {{c1::c::d}}", 1, Side::Front), "..., d");
        assert_eq!(reveal_alone("{{c1::a}} b {{c1::c::d}}", 1, Side::Back), "a, c");
        assert_eq!(text_to_type("{{c1::a}} {{c1::a}}", 1), "a");
        assert_eq!(text_to_type("{{c1::a}} {{c1::{{c2::b}}c}}", 1), "a, bc");
    }

    #[test]
    fn numbers_are_those_of_anki() {
        let check = |field: &str, expect: &[u16]| {
            assert_eq!(numbers(field).into_iter().collect::<Vec<_>>(), expect, "{field}");
        };
        check("{{c2::b}} {{c1::a::hint}} {{c0::x}}", &[1, 2]);
        check("{{c1,3::both}} }}", &[1, 3]);
        check("{{c1::open {{c2::b}}", &[]);
        check("{{c70000::c}} {{C1::a}} {{c::a}}", &[]);
        check(&format!("{}x{}", "{{c1::".repeat(12), "}}".repeat(10)), &[1]);
    }
}
