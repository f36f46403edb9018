//! What a learner studies, as a few short hashes.
//!
//! A note is sent to learners again only if its fingerprint moved, so this decides what counts as
//! a change. It is taken over the content as parsed: line endings, wrapping and ways of writing
//! the same markup are folded, and a better renderer changes nothing. File, line, deck title and
//! order are not in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use super::base32;
use crate::entities;
use crate::markdown::{self, SpannedEvent, html, size};
use crate::media::{Media, MediaFile};
use crate::model::{
    Definitions, Excerpt, Library, Question, SectionKind, Topic, fold_label, resolve,
};
use crate::source::Sources;

/// The parts of a fingerprint, in order, as they are named to people.
pub const PARTS: [&str; 8] =
    ["question", "answer", "key points", "extra", "topic", "tags", "media", "language"];

/// A hash per part of a note; zero where a part is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint([u64; PARTS.len()]);

impl Fingerprint {
    /// Reads what [`Fingerprint::to_text`] wrote.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut parts = [0; PARTS.len()];
        let mut words = text.split('-');
        for part in &mut parts {
            *part = match words.next()? {
                "" => 0,
                word => base32::decode(word)?,
            };
        }
        words.next().is_none().then_some(Self(parts))
    }

    /// One line for the lock.
    #[must_use]
    pub fn to_text(self) -> String {
        let mut text = String::with_capacity(9 * PARTS.len());
        for (at, part) in self.0.into_iter().enumerate() {
            if at > 0 {
                text.push('-');
            }
            if part != 0 {
                base32::push(&mut text, part, 8);
            }
        }
        text
    }

    /// Returns the names of the parts that differ.
    #[must_use]
    pub fn changes(self, new: Self) -> Vec<&'static str> {
        let pairs = self.0.iter().zip(&new.0).zip(PARTS);
        pairs.filter(|((old, new), _)| old != new).map(|(_, name)| name).collect()
    }

    /// Returns what a recall list shows of it: neither answer nor extra sections.
    #[must_use]
    pub fn recalled(self) -> Self {
        let mut parts = self.0;
        parts[1] = 0;
        parts[3] = 0;
        Self(parts)
    }

    /// Returns what tells one card from others of the same words: the markup of its question, its
    /// extra sections, and the images and sounds on it.
    #[must_use]
    pub fn details(self) -> [u64; 3] {
        [self.0[0], self.0[3], self.0[6]]
    }

    /// Answer and key points with the images and sounds on the card: two cards may differ in
    /// nothing else.
    #[must_use]
    pub fn words(self) -> [u64; 3] {
        [self.0[1], self.0[2], self.0[6]]
    }

    /// Answer and key points, or `None` if both are empty.
    #[must_use]
    pub fn answer(self) -> Option<[u64; 2]> {
        let answer = [self.0[1], self.0[2]];
        (answer != [0, 0]).then_some(answer)
    }
}

/// The events of all parts of a question.
#[derive(Debug)]
pub struct QuestionEvents<'s> {
    /// Those of its prompt.
    pub prompt: Vec<Vec<SpannedEvent<'s>>>,
    /// Those of its sections.
    pub sections: Vec<Vec<SpannedEvent<'s>>>,
}

/// Returns the fingerprint of a question. `names` are labels that count
/// as others.
#[must_use]
pub fn of(
    (sources, library, media): (&Sources, &Library, &Media),
    topic: &Topic,
    question: &Question,
    mut of: QuestionEvents<'_>,
    names: &BTreeMap<&str, &str>,
) -> Fingerprint {
    let definitions = &library.definitions[question.span.file.index()];
    let mut writer = Writer {
        sources,
        definitions,
        media,
        text: String::new(),
        footnotes: 0,
        seen: String::new(),
    };
    let mut parts = [0; PARTS.len()];
    for (body, events) in question.prompt.iter().zip(of.prompt) {
        writer.body(body, events);
    }
    parts[0] = writer.take();
    for (part, kind) in
        [(1, SectionKind::Answer), (2, SectionKind::KeyPoints), (3, SectionKind::Extra)]
    {
        let sections = question.sections.iter().zip(&mut of.sections);
        for (section, events) in sections.filter(|(section, _)| section.kind == kind) {
            // A key points label is not shown on the card.
            if kind != SectionKind::KeyPoints {
                writer.mark('L');
                let label = section.label.as_deref().unwrap_or_default();
                writer.text.push_str(names.get(label).unwrap_or(&label));
            }
            writer.body(&section.body, std::mem::take(events));
        }
        parts[part] = writer.take();
    }
    parts[4] = hash(&topic.path.join("\u{1f}"));
    let mut tags: Vec<&str> = question.tags.iter().map(String::as_str).collect();
    tags.sort_unstable();
    parts[5] = hash(&tags.join(" "));
    parts[6] = hash(&writer.seen);
    let dir = question.dir.map(|dir| format!("\u{1f}{}", dir.name())).unwrap_or_default();
    parts[7] = hash(&format!("{}{dir}", question.lang.as_deref().unwrap_or_default()));
    Fingerprint(parts)
}

/// Forty bits of a text; zero for no text.
fn hash(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let bytes = blake3::hash(text.as_bytes());
    let head = bytes.as_bytes().iter().take(5);
    head.fold(0, |number, &byte| number << 8 | u64::from(byte)).max(1)
}

/// Writes content down in a form that is the same for all ways of saying the same.
struct Writer<'w> {
    sources: &'w Sources,
    definitions: &'w Definitions,
    media: &'w Media,
    text: String,
    /// How many footnotes the text refers to.
    footnotes: usize,
    /// The hashes of the media files that were seen.
    seen: String,
}

impl<'w> Writer<'w> {
    fn take(&mut self) -> u64 {
        self.footnotes = 0;
        hash(&std::mem::take(&mut self.text))
    }

    /// A mark that no text holds.
    fn mark(&mut self, kind: char) {
        self.text.push('\u{1e}');
        self.text.push(kind);
    }

    fn body(&mut self, body: &Excerpt, events: Vec<SpannedEvent<'_>>) {
        self.mark('B');
        let text = self.sources.text(body.blocks.file);
        let mut raw = String::new();
        let mut is_code = false;
        let mut is_inline = false;
        for (event, range) in events {
            let was_inline = is_inline;
            is_inline = is_inline_event(&event);
            // Paragraphs are where text begins anew, whether a list is loose or tight.
            if is_inline && !was_inline {
                self.mark('P');
            }
            match event {
                Event::Start(Tag::Paragraph) => {}
                Event::Start(tag) => {
                    is_code = matches!(tag, Tag::CodeBlock(_));
                    self.start(&tag, body);
                    if matches!(tag, Tag::Image { .. }) {
                        self.size(size::parse(&text[range]));
                    }
                }
                Event::End(end) => {
                    is_code = false;
                    self.embedded(&std::mem::take(&mut raw), body);
                    if end != pulldown_cmark::TagEnd::Paragraph {
                        self.mark(')');
                    }
                }
                Event::Text(text) if is_code => {
                    let composed = markdown::composed(&text);
                    composed.split('\r').for_each(|part| self.text.push_str(part));
                }
                Event::Text(text) => self.words(&text),
                Event::Code(text) => self.atom('`', &text),
                Event::InlineMath(tex) => self.atom('$', &markdown::fold(&tex)),
                Event::DisplayMath(tex) => self.atom('D', &markdown::fold(&tex)),
                Event::Html(html) => {
                    self.html(&html);
                    raw.push_str(&html);
                }
                Event::InlineHtml(html) => {
                    self.html(&html);
                    self.embedded(&html, body);
                }
                Event::FootnoteReference(label) => self.footnote(&label),
                Event::SoftBreak => self.words(" "),
                Event::HardBreak => self.mark('/'),
                Event::Rule => self.mark('-'),
                Event::TaskListMarker(done) => self.mark(if done { 'x' } else { 'o' }),
            }
        }
    }

    fn start(&mut self, tag: &Tag<'_>, body: &Excerpt) {
        match tag {
            Tag::Heading { level, .. } => {
                self.mark('H');
                let _ = write!(self.text, "{}", markdown::level(*level));
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                self.atom('C', info.split_whitespace().next().unwrap_or_default());
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => self.atom('C', ""),
            Tag::List(None) => self.mark('U'),
            Tag::List(Some(first)) => {
                self.mark('O');
                let _ = write!(self.text, "{first}");
            }
            Tag::Table(alignments) => {
                self.mark('T');
                let _ = write!(self.text, "{alignments:?}");
            }
            Tag::Link { dest_url, title, .. } => self.target('A', dest_url, title, body),
            Tag::Image { dest_url, title, .. } => self.target('I', dest_url, title, body),
            Tag::Item => self.mark('i'),
            Tag::TableHead => self.mark('h'),
            Tag::TableRow => self.mark('r'),
            Tag::TableCell => self.mark('c'),
            Tag::BlockQuote(None) => self.mark('Q'),
            Tag::BlockQuote(Some(kind)) => self.atom('N', markdown::alert(*kind)),
            Tag::DefinitionList => self.mark('G'),
            Tag::DefinitionListTitle => self.mark('t'),
            Tag::DefinitionListDefinition => self.mark('m'),
            Tag::Emphasis => self.mark('e'),
            Tag::Strong => self.mark('s'),
            Tag::Strikethrough => self.mark('d'),
            _ => self.mark('?'),
        }
    }

    fn atom(&mut self, kind: char, text: &str) {
        self.mark(kind);
        self.text.push_str(&markdown::composed(text));
        self.mark(')');
    }

    fn words(&mut self, text: &str) {
        markdown::push_folded(&mut self.text, text);
    }

    /// A link or an image: of a file beside the notes its content counts, not its place.
    fn target(&mut self, kind: char, target: &str, title: &str, body: &Excerpt) {
        self.mark(kind);
        match self.file(target, body) {
            Some(file) => self.seen.push_str(file.hash()),
            None => self.text.push_str(target.rsplit("../").next().unwrap_or_default()),
        }
        self.mark('"');
        self.words(title);
    }

    fn size(&mut self, size: size::Size<'_>) {
        for (kind, length) in [('W', size.width), ('V', size.height)] {
            if let Some(length) = length {
                self.mark(kind);
                self.text.push_str(length);
            }
        }
    }

    fn html(&mut self, html: &str) {
        self.mark('<');
        self.words(html);
    }

    /// The content of what raw HTML shows or plays.
    fn embedded(&mut self, html: &str, body: &Excerpt) {
        for tag in html::tags(html).iter().filter(|tag| html::embeds(tag)) {
            let Some(source) = tag.source.clone() else { continue };
            let target = entities::decode(&html[source]);
            if let Some(file) = self.file(&target, body) {
                self.seen.push_str(file.hash());
            }
        }
    }

    fn file(&self, target: &str, body: &Excerpt) -> Option<&'w MediaFile> {
        let path = resolve(self.sources.path(body.blocks.file), target)?.inside()?;
        self.media.get(&path)
    }

    /// A footnote counts by what it says, not by its label.
    fn footnote(&mut self, label: &str) {
        self.mark('^');
        self.footnotes += 1;
        // A footnote that refers to itself ends here.
        if let Some(body) = self.definitions.footnotes.get(&fold_label(label))
            && self.footnotes < 64
        {
            self.body(body, markdown::events(self.sources, self.definitions, body));
        }
    }
}

fn is_inline_event(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        ),
        Event::End(end) => !markdown::is_block(*end),
        Event::Rule | Event::Html(_) => false,
        _ => true,
    }
}
