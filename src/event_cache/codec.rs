//! Encodes and decodes events.
//!
//! ```text
//! *a*   Start(Paragraph) 0..3, Start(Emphasis) 0..3, Text 1..2, End, End
//!       03 00 03             05 00 03             22 02 01 00  00   00
//! ```
//!
//! The first byte is the kind of the event. For the end of the element opened last, at its expected
//! end, that is all. For others there follow the start, as the distance (zigzag) from where the event
//! before made one expect it; the length; and the texts: here `00`, the whole range of the event.

use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, InlineStr, LinkType,
    Tag, TagEnd,
};

use super::SpannedEvent;

/// The ends of elements: at the place that was expected, or elsewhere.
const END: u8 = 0;
const END_ELSEWHERE: u8 = 1;
/// The code of the first event in [`PLAIN`]; the others follow in order.
const FIRST: u8 = 2;
/// The first code of an event with texts or numbers, behind them.
const SAYS: u8 = FIRST + 32;

/// The events without texts or numbers, the frequent ones first.
static PLAIN: [Event<'static>; (SAYS - FIRST) as usize] = [
    Event::SoftBreak,
    Event::Start(Tag::Paragraph),
    Event::Start(Tag::Item),
    Event::Start(Tag::Emphasis),
    Event::Start(Tag::Strong),
    Event::Start(Tag::List(None)),
    Event::Start(Tag::TableCell),
    Event::Start(Tag::TableRow),
    Event::HardBreak,
    heading(HeadingLevel::H3),
    heading(HeadingLevel::H2),
    heading(HeadingLevel::H4),
    heading(HeadingLevel::H1),
    heading(HeadingLevel::H5),
    heading(HeadingLevel::H6),
    Event::Rule,
    Event::Start(Tag::BlockQuote(None)),
    Event::Start(Tag::BlockQuote(Some(BlockQuoteKind::Note))),
    Event::Start(Tag::BlockQuote(Some(BlockQuoteKind::Tip))),
    Event::Start(Tag::BlockQuote(Some(BlockQuoteKind::Important))),
    Event::Start(Tag::BlockQuote(Some(BlockQuoteKind::Warning))),
    Event::Start(Tag::BlockQuote(Some(BlockQuoteKind::Caution))),
    Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)),
    Event::Start(Tag::HtmlBlock),
    Event::Start(Tag::TableHead),
    Event::Start(Tag::Strikethrough),
    Event::TaskListMarker(false),
    Event::TaskListMarker(true),
    Event::Start(Tag::DefinitionList),
    Event::Start(Tag::DefinitionListTitle),
    Event::Start(Tag::DefinitionListDefinition),
    Event::Start(Tag::List(Some(1))),
];

const fn heading(level: HeadingLevel) -> Event<'static> {
    Event::Start(Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() })
}

/// The types of links, encoded as indices.
const LINKS: [LinkType; 6] = [
    LinkType::Inline,
    LinkType::Reference,
    LinkType::Collapsed,
    LinkType::Shortcut,
    LinkType::Autolink,
    LinkType::Email,
];

/// Returns the index of a link type, whether or not its target is defined in the same chunk.
fn link_type(of: LinkType) -> Option<usize> {
    let of = match of {
        LinkType::ReferenceUnknown => LinkType::Reference,
        LinkType::CollapsedUnknown => LinkType::Collapsed,
        LinkType::ShortcutUnknown => LinkType::Shortcut,
        of => of,
    };
    LINKS.iter().position(|known| *known == of)
}

/// The alignments of columns, encoded as indices.
const ALIGNMENTS: [Alignment; 4] =
    [Alignment::None, Alignment::Left, Alignment::Center, Alignment::Right];

/// The encodings of a text: it is the whole range of its event, a part of that, or stored
/// literally.
const WHOLE: u8 = 0;
const PART: u8 = 1;
const OWN: u8 = 2;

/// The events with texts or numbers.
const TEXT: u8 = SAYS;
const CODE: u8 = SAYS + 1;
const INLINE_MATH: u8 = SAYS + 2;
const DISPLAY_MATH: u8 = SAYS + 3;
const HTML: u8 = SAYS + 4;
const INLINE_HTML: u8 = SAYS + 5;
const FOOTNOTE_REFERENCE: u8 = SAYS + 6;
const FOOTNOTE: u8 = SAYS + 7;
const FENCED: u8 = SAYS + 8;
const LINK: u8 = SAYS + 9;
const IMAGE: u8 = SAYS + 10;
const TABLE: u8 = SAYS + 11;
const LIST: u8 = SAYS + 12;

/// The open elements, with their ranges.
pub(super) type Open = Vec<(TagEnd, Range<usize>)>;

/// Returns where the next event is expected to start. An element that this event starts is open
/// from here on.
fn after(event: &Event<'_>, range: &Range<usize>, open: &mut Open) -> usize {
    let Event::Start(tag) = event else { return range.end };
    open.push((tag.to_end(), range.clone()));
    range.start
}

pub(super) struct Writer<'w> {
    pub(super) text: &'w str,
    pub(super) out: Vec<u8>,
    /// Where the next event is expected to start.
    pub(super) at: usize,
    pub(super) open: Open,
}

impl Writer<'_> {
    /// Encodes an event; `None` if it has no code.
    pub(super) fn event(&mut self, event: &Event<'_>, range: &Range<usize>) -> Option<()> {
        match event {
            Event::Text(text) => self.says(TEXT, range, [text]),
            Event::Code(text) => self.says(CODE, range, [text]),
            Event::InlineMath(tex) => self.says(INLINE_MATH, range, [tex]),
            Event::DisplayMath(tex) => self.says(DISPLAY_MATH, range, [tex]),
            Event::Html(html) => self.says(HTML, range, [html]),
            Event::InlineHtml(html) => self.says(INLINE_HTML, range, [html]),
            Event::FootnoteReference(label) => self.says(FOOTNOTE_REFERENCE, range, [label]),
            Event::Start(Tag::FootnoteDefinition(label)) => self.says(FOOTNOTE, range, [label]),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                self.says(FENCED, range, [info]);
            }
            Event::Start(
                tag @ (Tag::Link { link_type: of, dest_url, title, id }
                | Tag::Image { link_type: of, dest_url, title, id }),
            ) => {
                let is_link = matches!(tag, Tag::Link { .. });
                self.says(if is_link { LINK } else { IMAGE }, range, [dest_url, title, id]);
                self.number(link_type(*of)?);
            }
            Event::Start(Tag::Table(columns)) => {
                self.says(TABLE, range, []);
                self.number(columns.len());
                for column in columns {
                    self.number(ALIGNMENTS.iter().position(|known| known == column)?);
                }
            }
            Event::Start(Tag::List(Some(first))) if *first != 1 => {
                self.says(LIST, range, []);
                self.number(usize::try_from(*first).ok()?);
            }
            Event::End(end) => {
                let (opened, place) = self.open.pop()?;
                if opened != *end {
                    return None;
                }
                if place == *range {
                    self.out.push(END);
                } else {
                    self.says(END_ELSEWHERE, range, []);
                }
            }
            plain => {
                let kind = PLAIN.iter().position(|known| known == plain)?;
                self.says(FIRST + u8::try_from(kind).ok()?, range, []);
            }
        }
        self.at = after(event, range, &mut self.open);
        Some(())
    }

    /// Writes an event with its range and its texts.
    fn says<const N: usize>(&mut self, kind: u8, range: &Range<usize>, texts: [&CowStr<'_>; N]) {
        self.out.push(kind);
        // Most events start where the one before ended, and few before that.
        let ahead = range.start.wrapping_sub(self.at).cast_signed();
        self.number(((ahead << 1) ^ (ahead >> (isize::BITS - 1))).cast_unsigned());
        self.number(range.len());
        for text in texts {
            let place = &self.text[range.clone()];
            if **text == *place {
                self.out.push(WHOLE);
            } else if let Some(at) = find(place, text) {
                self.out.push(PART);
                self.number(at);
                self.number(text.len());
            } else {
                self.out.push(OWN);
                self.number(text.len());
                self.out.extend(text.bytes());
            }
        }
    }

    /// Writes a number in base 128, low digits first (LEB128).
    fn number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.out.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.out.push(number.to_le_bytes()[0]);
    }
}

/// Finds a text near the start or the end of its range. An image may contain others, so the range
/// is not searched as a whole.
fn find(place: &str, text: &str) -> Option<usize> {
    const NEAR: usize = 500;
    let reach = text.len() + NEAR;
    let boundary = |at: usize| (at..=place.len()).find(|&at| place.is_char_boundary(at));
    let head = boundary(reach).unwrap_or(place.len());
    let tail = boundary(place.len().saturating_sub(reach))?;
    place[..head].find(text).or_else(|| Some(tail + place[tail..].rfind(text)?))
}

pub(super) struct Reader<'s, 't> {
    pub(super) text: &'s str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    pub(super) open: &'t mut Open,
}

impl<'s> Iterator for Reader<'s, '_> {
    type Item = SpannedEvent<'s>;

    fn next(&mut self) -> Option<SpannedEvent<'s>> {
        let (&kind, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        if kind == END {
            let (end, range) = self.open.pop()?;
            self.at = range.end;
            return Some((Event::End(end), range));
        }
        let ahead = self.number();
        let ahead = (ahead >> 1) ^ (ahead & 1).wrapping_neg();
        let start = self.at.wrapping_add(ahead);
        let range = start..start + self.number();
        let event = match kind {
            END_ELSEWHERE => Event::End(self.open.pop()?.0),
            TEXT => Event::Text(self.says(&range)),
            CODE => Event::Code(self.says(&range)),
            INLINE_MATH => Event::InlineMath(self.says(&range)),
            DISPLAY_MATH => Event::DisplayMath(self.says(&range)),
            HTML => Event::Html(self.says(&range)),
            INLINE_HTML => Event::InlineHtml(self.says(&range)),
            FOOTNOTE_REFERENCE => Event::FootnoteReference(self.says(&range)),
            FOOTNOTE => Event::Start(Tag::FootnoteDefinition(self.says(&range))),
            FENCED => Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(self.says(&range)))),
            LINK | IMAGE => {
                let [dest_url, title, id] = [(); 3].map(|()| self.says(&range));
                let link_type = LINKS[self.number()];
                Event::Start(match kind {
                    LINK => Tag::Link { link_type, dest_url, title, id },
                    _ => Tag::Image { link_type, dest_url, title, id },
                })
            }
            TABLE => {
                let columns = (0..self.number()).map(|_| ALIGNMENTS[self.number()]);
                Event::Start(Tag::Table(columns.collect()))
            }
            LIST => Event::Start(Tag::List(Some(self.number() as u64))),
            plain => PLAIN[usize::from(plain - FIRST)].clone(),
        };
        self.at = after(&event, &range, self.open);
        Some((event, range))
    }
}

impl<'s> Reader<'s, '_> {
    fn says(&mut self, range: &Range<usize>) -> CowStr<'s> {
        match self.byte() {
            WHOLE => CowStr::Borrowed(&self.text[range.clone()]),
            PART => {
                let start = range.start + self.number();
                CowStr::Borrowed(&self.text[start..start + self.number()])
            }
            _ => {
                let length = self.number();
                let (own, rest) = self.bytes.split_at(length);
                self.bytes = rest;
                let own = String::from_utf8_lossy(own);
                InlineStr::try_from(&*own).map_or_else(|_| own.into_owned().into(), CowStr::Inlined)
            }
        }
    }

    fn byte(&mut self) -> u8 {
        let (byte, rest) = self.bytes.split_first().unwrap_or((&0, &[]));
        self.bytes = rest;
        *byte
    }

    fn number(&mut self) -> usize {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }
}
