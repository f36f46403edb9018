//! What a build is about: decks, topics, questions.
//!
//! The parts of a question are places in the source, not strings: HTML, plain text and Markdown
//! are each made only by the exporter that wants them. There is no identity here (see
//! [`crate::identity`]) and nothing of any output format.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::config::Direction;
use crate::source::Span;

/// Everything that was read, in source order.
#[derive(Debug, Default)]
pub struct Bank {
    /// The decks; files with the same deck title add to one deck.
    pub decks: Vec<Deck>,
    /// What each file defines for the whole of it, indexed as the files are.
    pub definitions: Vec<Definitions>,
    /// Every image, sound and file that the texts refer to by a relative path.
    pub media: Vec<MediaRef>,
}

impl Bank {
    /// Every question with its deck and topic, in source order.
    pub fn questions(&self) -> impl Iterator<Item = (&Deck, &Topic, &Question)> {
        self.decks.iter().flat_map(|deck| {
            deck.topics
                .iter()
                .flat_map(move |topic| topic.questions.iter().map(move |q| (deck, topic, q)))
        })
    }
}

/// A deck: what a `#` heading opens.
#[derive(Debug)]
pub struct Deck {
    /// The title as plain text.
    pub title: String,
    /// What stands between the title and the first topic or question.
    pub description: Vec<Body>,
    /// Its topics in order of first appearance; one with an empty path is the deck itself.
    pub topics: Vec<Topic>,
}

/// A topic: what a `##` heading opens. It becomes a subdeck and a tag.
#[derive(Debug)]
pub struct Topic {
    /// Its place below the deck, outermost first; empty for questions outside any topic.
    pub path: Vec<String>,
    /// What stands between the heading and the first question.
    pub description: Vec<Body>,
    /// Its questions, in source order.
    pub questions: Vec<Question>,
}

/// A question and all that belongs to it.
#[derive(Debug)]
pub struct Question {
    /// The heading that asks it.
    pub span: Span,
    /// The question: the heading's text, and blocks between it and the `**Answer:**` label.
    pub prompt: Vec<Body>,
    /// Answer, key points and extra sections, in source order.
    pub sections: Vec<Section>,
    /// Tags from the configuration, the front matter and the heading, without the topic's.
    pub tags: Vec<String>,
    /// The id that the author wrote, as in `{#my-id}`.
    pub id: Option<(String, Span)>,
    /// Where an id can be written, and whether braces are there already.
    pub id_place: (usize, bool),
    /// The language of the text, as a BCP 47 tag.
    pub lang: Option<String>,
    /// Which way the text runs, if not as its language does.
    pub dir: Option<Direction>,
}

impl Question {
    /// Its sections of one kind.
    pub fn of(&self, kind: SectionKind) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |section| section.kind == kind)
    }

    /// Whether there is anything to put on the back of a card.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.sections.iter().any(|s| s.kind != SectionKind::Extra && !s.body.is_empty())
    }
}

/// What a section of a question is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// The answer.
    Answer,
    /// The points to check oneself against.
    KeyPoints,
    /// Anything else under a label of its own.
    Extra,
}

/// A part of a question below its prompt.
#[derive(Debug)]
pub struct Section {
    /// What it is for.
    pub kind: SectionKind,
    /// An answer's qualifier, the words of a key points label, or an extra section's label.
    pub label: Option<String>,
    /// Its text.
    pub body: Body,
}

/// A piece of Markdown: whole blocks, and which part of them is meant.
///
/// The two differ because a label and what it labels often share a paragraph, and half a
/// paragraph read alone would mean something else: `**Answer:** 1. Because` is no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Whole top-level blocks, from the start of a line.
    pub blocks: Span,
    /// The part of them that is meant.
    pub content: Range<usize>,
}

impl Body {
    /// Whether nothing is meant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// The place of what is meant.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.blocks.file, self.content.clone())
    }
}

/// What a file defines once and may use anywhere.
#[derive(Debug, Default)]
pub struct Definitions {
    /// Link targets and titles by folded label.
    pub links: BTreeMap<String, (String, Option<String>)>,
    /// The places of all these definitions, in order.
    pub spans: Vec<Range<usize>>,
    /// The content of footnotes by folded label.
    pub footnotes: BTreeMap<String, Body>,
}

/// How labels of links and footnotes are compared.
#[must_use]
pub fn fold_label(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A relative reference to a file beside the notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaRef {
    /// Where it stands.
    pub span: Span,
    /// The target as it is written.
    pub target: String,
    /// Where it leads, below the content folder; `None` if it leads out of it.
    pub path: Option<String>,
    /// Whether the card needs it (an image), or only points at it (a link).
    pub embedded: bool,
}

/// Where a relative target written in the file `from` leads: a path below the content folder.
///
/// The outer `None` means that the target is not a file beside the notes (a URL, an anchor), the
/// inner one that it leads out of the content folder.
#[must_use]
pub fn resolve(from: &str, target: &str) -> Option<Option<String>> {
    let scheme = target.split([':', '/', '?', '#']).next().unwrap_or_default();
    let is_url = target[scheme.len()..].starts_with(':') && scheme.len() > 1;
    if target.is_empty() || target.starts_with(['#', '?']) || target.starts_with("//") || is_url {
        return None;
    }
    let bare = target.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_decode(bare).replace('\\', "/");
    let mut parts: Vec<&str> = match decoded.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect(),
    };
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Some(None);
                }
            }
            name => parts.push(name),
        }
    }
    Some(Some(parts.join("/")))
}

fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex {
            Some(byte) if bytes[at] == b'%' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn targets_lead_somewhere() {
        let check = |target, path: Option<Option<&str>>| {
            assert_eq!(resolve("a/b.md", target), path.map(|p| p.map(str::to_owned)), "{target}");
        };
        check("x.png", Some(Some("a/x.png")));
        check("../x%20y.png?raw=1", Some(Some("x y.png")));
        check("/x.png", Some(Some("x.png")));
        check("50%.png", Some(Some("a/50%.png")));
        check("../../etc/passwd", Some(None));
        check("https://example.org/x.png", None);
        check("data:image/png;base64,AA", None);
        check("#anchor", None);
        check("//host/x.png", None);
    }
}
