//! Anki's template language: renders a card from the templates of its note type and the fields of
//! its note.
//!
//! ```text
//! template ─► parse ─► Template, a tree with places ─┐
//! fields ──────────────────────────────────────────────┴─► render ─► HTML of a side, its sounds
//! ```
//!
//! It renders as Anki 26.9.3 does: [`parse`] reads a template, [`render()`] fills it in with the
//! filters of [`filters`] and the gaps of [`cloze`], and cuts the [`sounds`] out of the result. An
//! error in a template is a [`TemplateError`] with its place. The tests in
//! `tests/anki/test_template.py` hold both sides of every card against Anki's own.

pub mod cloze;
pub mod filters;
mod occlusion;
mod render;
pub mod sounds;
mod strip;

use std::fmt;
use std::ops::Range;

pub use render::{Card, Sides, is_empty, render, render_back, render_front};

/// The deepest nesting of sections.
const MAX_DEPTH: usize = 100;

/// The first line of a template whose tags stand between `<%` and `%>`.
const OTHER_SIGNS: &str = "{{=<% %>=}}";

/// A template as a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template<'t> {
    /// Its parts, in order.
    pub nodes: Vec<Node<'t>>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node<'t> {
    /// HTML, shown as it is; comments too, in which nothing is filled in.
    Text(&'t str),
    /// `{{filter:Field}}`.
    Field(Field<'t>),
    /// `{{#Field}}…{{/Field}}`, or `{{^Field}}…{{/Field}}`.
    Section(Section<'t>),
}

/// A place where a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'t> {
    /// The name; empty if filters make all of the text.
    pub name: &'t str,
    /// The filters, in the order in which they are applied: from the right to the left.
    pub filters: Vec<&'t str>,
    /// Where it stands, braces included.
    pub at: Range<usize>,
}

/// A part that is shown only if a field is filled, or only if it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section<'t> {
    /// The name of the field.
    pub name: &'t str,
    /// Whether it is shown if the field is empty.
    pub is_negated: bool,
    /// Where its opening tag stands, braces included.
    pub at: Range<usize>,
    /// The parts in it.
    pub nodes: Vec<Node<'t>>,
}

/// An error in a template, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The kind of the error.
    pub kind: TemplateErrorKind,
    /// The tag, in bytes of the template.
    pub at: Range<usize>,
}

/// The kinds of errors in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateErrorKind {
    /// A section has no end.
    NotClosed(String),
    /// An end tag belongs to no section.
    NotOpen(String),
    /// An end tag stands where that of an inner section is expected.
    WrongEnd {
        /// The field that it names.
        closed: String,
        /// The field of the section that is open.
        open: String,
    },
    /// There is no such field.
    NoField(String),
    /// Sections are nested deeper than anybody means.
    TooDeep,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            TemplateErrorKind::NotClosed(name) => {
                write!(f, "this section has no end `{{{{/{name}}}}}`")
            }
            TemplateErrorKind::NotOpen(name) => {
                write!(
                    f,
                    "`{{{{/{name}}}}}` ends no section `{{{{#{name}}}}}` or `{{{{^{name}}}}}`"
                )
            }
            TemplateErrorKind::WrongEnd { closed, open } => {
                write!(f, "`{{{{/{closed}}}}}` stands where `{{{{/{open}}}}}` is expected")
            }
            TemplateErrorKind::NoField(name) => write!(f, "there is no field `{name}`"),
            TemplateErrorKind::TooDeep => write!(f, "sections are nested too deep"),
        }
    }
}

impl std::error::Error for TemplateError {}

/// Returns line and column of a place in a template, both from 1; columns count characters.
#[must_use]
pub fn position(template: &str, offset: usize) -> (usize, usize) {
    let before = template.get(..offset).unwrap_or(template);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[start..].chars().count() + 1)
}

/// A tag between braces.
enum Tag<'t> {
    Field(&'t str),
    Open { name: &'t str, is_negated: bool },
    Close(&'t str),
}

/// Reads a template.
///
/// # Errors
/// If its sections are not balanced.
pub fn parse(template: &str) -> Result<Template<'_>, TemplateError> {
    let mut open: Vec<Section<'_>> = Vec::new();
    let mut nodes = Vec::new();
    let mut reader = Reader::new(template);
    while let Some((text, tag)) = reader.next() {
        if !text.is_empty() {
            nodes.push(Node::Text(text));
        }
        let Some((tag, at)) = tag else { break };
        match tag {
            Tag::Field(inside) => {
                let mut parts = inside.rsplit(':');
                let name = parts.next().unwrap_or_default();
                nodes.push(Node::Field(Field { name, filters: parts.collect(), at }));
            }
            Tag::Open { .. } if open.len() == MAX_DEPTH => {
                return Err(TemplateError { kind: TemplateErrorKind::TooDeep, at });
            }
            Tag::Open { name, is_negated } => {
                // The section holds what is around it until it is closed.
                let around = std::mem::take(&mut nodes);
                open.push(Section { name, is_negated, at, nodes: around });
            }
            Tag::Close(name) => {
                let Some(mut section) = open.pop() else {
                    return Err(TemplateError {
                        kind: TemplateErrorKind::NotOpen(name.into()),
                        at,
                    });
                };
                if section.name != name {
                    let (closed, open) = (name.to_owned(), section.name.to_owned());
                    let kind = TemplateErrorKind::WrongEnd { closed, open };
                    return Err(TemplateError { kind, at });
                }
                std::mem::swap(&mut nodes, &mut section.nodes);
                nodes.push(Node::Section(section));
            }
        }
    }
    match open.pop() {
        None => Ok(Template { nodes }),
        Some(Section { name, at, .. }) => {
            Err(TemplateError { kind: TemplateErrorKind::NotClosed(name.into()), at })
        }
    }
}

/// A tag, and where it stands.
type PlacedTag<'t> = (Tag<'t>, Range<usize>);

/// Cuts a template into texts and tags.
struct Reader<'t> {
    template: &'t str,
    at: usize,
    signs: [&'static str; 2],
    is_done: bool,
}

impl<'t> Reader<'t> {
    fn new(template: &'t str) -> Self {
        let start = template.trim_start();
        let at = template.len() - start.len();
        let (at, signs) = match start.strip_prefix(OTHER_SIGNS) {
            Some(_) => (at + OTHER_SIGNS.len(), ["<%", "%>"]),
            None => (0, ["{{", "}}"]),
        };
        Self { template, at, signs, is_done: false }
    }

    /// Returns the text up to the next tag, and the tag with its place, if there is one.
    fn next(&mut self) -> Option<(&'t str, Option<PlacedTag<'t>>)> {
        if std::mem::replace(&mut self.is_done, true) {
            return None;
        }
        let [opening, closing] = self.signs;
        let start = self.at;
        let mut at = start;
        // Without an end, no later comment has one either.
        let mut may_be_comment = true;
        while let Some(found) = self.template[at..].find([opening.as_bytes()[0] as char, '<']) {
            at += found;
            let rest = &self.template[at..];
            if rest.starts_with(opening) {
                let Some(length) = rest[2..].find(closing) else { break };
                self.at = at + length + 4;
                self.is_done = false;
                let tag = read_tag(&rest[2..length + 2]);
                return Some((&self.template[start..at], Some((tag, at..self.at))));
            }
            let comment = rest.strip_prefix("<!--").filter(|_| may_be_comment);
            let end = comment.and_then(|comment| comment.find("-->"));
            may_be_comment &= comment.is_none() || end.is_some();
            at += end.map_or(1, |length| length + "<!---->".len());
        }
        Some((&self.template[start..], None))
    }
}

fn read_tag(inside: &str) -> Tag<'_> {
    let inside = inside.trim_start_matches('{').trim();
    let name = inside.get(1..).unwrap_or_default().trim_start();
    match inside.as_bytes() {
        [b'#', _, ..] => Tag::Open { name, is_negated: false },
        [b'^', _, ..] => Tag::Open { name, is_negated: true },
        [b'/', _, ..] => Tag::Close(name),
        _ => Tag::Field(inside),
    }
}

/// The names that are filled in without a field.
const SPECIAL: [&str; 8] =
    ["FrontSide", "Card", "CardFlag", "Deck", "Subdeck", "Tags", "Type", "CardID"];

/// Returns whether Anki fills in a name without a field.
#[must_use]
pub fn is_special(name: &str) -> bool {
    SPECIAL.contains(&name)
}

impl<'t> Template<'t> {
    /// Returns every name of a field that the template uses, in order, with its place.
    #[must_use]
    pub fn names(&self) -> Vec<(&'t str, Range<usize>)> {
        let mut names = Vec::new();
        visit(&self.nodes, &mut |node| match node {
            Node::Text(_) => {}
            Node::Field(Field { name, at, .. }) | Node::Section(Section { name, at, .. }) => {
                names.push((*name, at.clone()));
            }
        });
        names
    }

    /// Returns every place where a field is filled in, in order.
    #[must_use]
    pub fn fields(&self) -> Vec<&Field<'t>> {
        let mut fields = Vec::new();
        visit(&self.nodes, &mut |node| {
            if let Node::Field(field) = node {
                fields.push(field);
            }
        });
        fields
    }

    /// Returns whether a card is made of this front: whether it shows a field that is filled.
    #[must_use]
    pub fn shows_any(&self, is_filled: &impl Fn(&str) -> bool) -> bool {
        shows_any(&self.nodes, is_filled)
    }
}

fn visit<'n, 't>(nodes: &'n [Node<'t>], then: &mut impl FnMut(&'n Node<'t>)) {
    for node in nodes {
        then(node);
        if let Node::Section(section) = node {
            visit(&section.nodes, then);
        }
    }
}

fn shows_any(nodes: &[Node<'_>], is_filled: &impl Fn(&str) -> bool) -> bool {
    nodes.iter().any(|node| match node {
        Node::Text(_) => false,
        Node::Field(field) => is_filled(field.name),
        Node::Section(Section { name, is_negated, nodes, .. }) => {
            is_filled(name) != *is_negated && shows_any(nodes, is_filled)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Node, Template, TemplateErrorKind, parse, position};

    /// Writes a template as its tree.
    fn shape(nodes: &[Node<'_>]) -> String {
        let part = |node: &Node<'_>| match node {
            Node::Text(text) => format!("{text:?}"),
            Node::Field(field) => format!("{}<{}", field.name, field.filters.join("<")),
            Node::Section(section) => {
                let sign = if section.is_negated { "^" } else { "#" };
                format!("{sign}{}({})", section.name, shape(&section.nodes))
            }
        };
        nodes.iter().map(part).collect::<Vec<_>>().join(" ")
    }

    fn check(template: &str, expect: &str) {
        let Template { nodes } = parse(template).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(shape(&nodes), expect, "{template}");
    }

    #[test]
    fn templates_are_trees() {
        check("a {{ B }} c", r#""a " B< " c""#);
        check("{{type:cloze:Text}}", "Text<cloze<type");
        check("{{#A}}{{^B}}x{{/B}}{{/ A }}y", r#"#A(^B("x")) "y""#);
        check("{{{B}}}", r#"B< "}""#);
        check("{{B}", r#""{{B}""#);
        check("{B}} {{", r#""{B}} {{""#);
        check("{{#}}", "#<");
        check("<!-- {{A}} --> {{B}}", r#""<!-- {{A}} --> " B<"#);
        check("<!-- {{A}}", r#""<!-- " A<"#);
        check("{{é}}é{{é}}", r#"é< "é" é<"#);
        check(" {{=<% %>=}}<%#A%>{{x}}<%B%><%/A%>", r#"#A("{{x}}" B<)"#);
        check("", "");
    }

    #[test]
    fn errors_have_places() {
        let check = |template: &str, expect: (usize, usize), kind: TemplateErrorKind| {
            let Err(error) = parse(template) else { panic!("{template} is fine") };
            assert_eq!(position(template, error.at.start), expect, "{template}");
            assert_eq!(error.kind, kind, "{template}");
        };
        check("a\né{{#B}}", (2, 2), TemplateErrorKind::NotClosed("B".into()));
        check("{{/B}}", (1, 1), TemplateErrorKind::NotOpen("B".into()));
        let wrong = TemplateErrorKind::WrongEnd { closed: "A".into(), open: "B".into() };
        check("{{#A}}{{#B}}{{/A}}{{/B}}", (1, 13), wrong);
        check(&"{{#A}}".repeat(200), (1, 601), TemplateErrorKind::TooDeep);
    }

    #[test]
    fn cards_are_made_of_fronts_that_show_something() {
        let check = |template: &str, filled: &[&str], expect: bool| {
            let template = parse(template).unwrap_or_default();
            assert_eq!(template.shows_any(&|name| filled.contains(&name)), expect);
        };
        check("text {{A}}", &["A"], true);
        check("text {{A}}", &["B"], false);
        check("{{#A}}{{B}}{{/A}}", &["B"], false);
        check("{{^A}}{{B}}{{/A}}", &["B"], true);
        check("{{#A}}x{{/A}}", &["A"], false);
    }
}
