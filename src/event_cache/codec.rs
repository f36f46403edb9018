//! Encodes and decodes events.
//!
//! ```text
//! *a*   Start(Paragraph) 0..3, Start(Emphasis) 0..3, Text 1..2, End, End
//!       03 00 03             05 00 03             22 02 01 00  00   00
//! ```
//!
//! The first byte is the kind of the event. For the end of the element opened last, at its expected
//! end, that is all. For others there follow the start, as the distance (zigzag) from where the
//! event before made one expect it; the length; and the texts: here `00`, the whole range of the
//! event.

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
const FIRST_PLAIN: u8 = 2;
/// The first code of an event with texts or numbers, behind them.
const WITH_CONTENT: u8 = FIRST_PLAIN + 32;

/// The events without texts or numbers, the frequent ones first.
static PLAIN: [Event<'static>; (WITH_CONTENT - FIRST_PLAIN) as usize] = [
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
const LITERAL: u8 = 2;

/// The events with texts or numbers.
const TEXT: u8 = WITH_CONTENT;
const CODE: u8 = WITH_CONTENT + 1;
const INLINE_MATH: u8 = WITH_CONTENT + 2;
const DISPLAY_MATH: u8 = WITH_CONTENT + 3;
const HTML: u8 = WITH_CONTENT + 4;
const INLINE_HTML: u8 = WITH_CONTENT + 5;
const FOOTNOTE_REFERENCE: u8 = WITH_CONTENT + 6;
const FOOTNOTE: u8 = WITH_CONTENT + 7;
const FENCED: u8 = WITH_CONTENT + 8;
const LINK: u8 = WITH_CONTENT + 9;
const IMAGE: u8 = WITH_CONTENT + 10;
const TABLE: u8 = WITH_CONTENT + 11;
const LIST: u8 = WITH_CONTENT + 12;

/// The open elements, with their ranges.
pub(super) type OpenElements = Vec<(TagEnd, Range<usize>)>;

/// Returns where the next event is expected to start. An element that this event starts is open
/// from here on.
fn expected_start(event: &Event<'_>, range: &Range<usize>, open: &mut OpenElements) -> usize {
    let Event::Start(tag) = event else { return range.end };
    open.push((tag.to_end(), range.clone()));
    range.start
}

pub(super) struct EventEncoder<'w> {
    pub(super) text: &'w str,
    pub(super) out: Vec<u8>,
    /// Where the next event is expected to start.
    pub(super) at: usize,
    pub(super) open: OpenElements,
}

impl EventEncoder<'_> {
    /// Encodes an event; `None` if it has no code.
    pub(super) fn write(&mut self, event: &Event<'_>, range: &Range<usize>) -> Option<()> {
        match event {
            Event::Text(text) => self.write_event(TEXT, range, [text]),
            Event::Code(text) => self.write_event(CODE, range, [text]),
            Event::InlineMath(tex) => self.write_event(INLINE_MATH, range, [tex]),
            Event::DisplayMath(tex) => self.write_event(DISPLAY_MATH, range, [tex]),
            Event::Html(html) => self.write_event(HTML, range, [html]),
            Event::InlineHtml(html) => self.write_event(INLINE_HTML, range, [html]),
            Event::FootnoteReference(label) => self.write_event(FOOTNOTE_REFERENCE, range, [label]),
            Event::Start(Tag::FootnoteDefinition(label)) => {
                self.write_event(FOOTNOTE, range, [label]);
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                self.write_event(FENCED, range, [info]);
            }
            Event::Start(
                tag @ (Tag::Link { link_type: of, dest_url, title, id }
                | Tag::Image { link_type: of, dest_url, title, id }),
            ) => {
                let is_link = matches!(tag, Tag::Link { .. });
                self.write_event(if is_link { LINK } else { IMAGE }, range, [dest_url, title, id]);
                self.write_number(link_type(*of)?);
            }
            Event::Start(Tag::Table(columns)) => {
                self.write_event(TABLE, range, []);
                self.write_number(columns.len());
                for column in columns {
                    self.write_number(ALIGNMENTS.iter().position(|known| known == column)?);
                }
            }
            Event::Start(Tag::List(Some(first))) if *first != 1 => {
                self.write_event(LIST, range, []);
                self.write_number(usize::try_from(*first).ok()?);
            }
            Event::End(end) => {
                let (opened, place) = self.open.pop()?;
                if opened != *end {
                    return None;
                }
                if place == *range {
                    self.out.push(END);
                } else {
                    self.write_event(END_ELSEWHERE, range, []);
                }
            }
            plain => {
                let kind = PLAIN.iter().position(|known| known == plain)?;
                self.write_event(FIRST_PLAIN + u8::try_from(kind).ok()?, range, []);
            }
        }
        self.at = expected_start(event, range, &mut self.open);
        Some(())
    }

    /// Writes an event with its range and its texts.
    fn write_event<const N: usize>(
        &mut self,
        kind: u8,
        range: &Range<usize>,
        texts: [&CowStr<'_>; N],
    ) {
        self.out.push(kind);
        // Most events start where the one before ended, and few before that.
        let ahead = range.start.wrapping_sub(self.at).cast_signed();
        self.write_number(((ahead << 1) ^ (ahead >> (isize::BITS - 1))).cast_unsigned());
        self.write_number(range.len());
        for text in texts {
            let place = &self.text[range.clone()];
            if **text == *place {
                self.out.push(WHOLE);
            } else if let Some(at) = find(place, text) {
                self.out.push(PART);
                self.write_number(at);
                self.write_number(text.len());
            } else {
                self.out.push(LITERAL);
                self.write_number(text.len());
                self.out.extend(text.bytes());
            }
        }
    }

    /// Writes a number in base 128, low digits first (LEB128).
    fn write_number(&mut self, mut number: usize) {
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

pub(super) struct EventDecoder<'s, 't> {
    pub(super) text: &'s str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    pub(super) open: &'t mut OpenElements,
}

impl<'s> Iterator for EventDecoder<'s, '_> {
    type Item = SpannedEvent<'s>;

    fn next(&mut self) -> Option<SpannedEvent<'s>> {
        let (&kind, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        if kind == END {
            let (end, range) = self.open.pop()?;
            self.at = range.end;
            return Some((Event::End(end), range));
        }
        let ahead = self.read_number();
        let ahead = (ahead >> 1) ^ (ahead & 1).wrapping_neg();
        let start = self.at.wrapping_add(ahead);
        let range = start..start + self.read_number();
        let event = match kind {
            END_ELSEWHERE => Event::End(self.open.pop()?.0),
            TEXT => Event::Text(self.read_text(&range)),
            CODE => Event::Code(self.read_text(&range)),
            INLINE_MATH => Event::InlineMath(self.read_text(&range)),
            DISPLAY_MATH => Event::DisplayMath(self.read_text(&range)),
            HTML => Event::Html(self.read_text(&range)),
            INLINE_HTML => Event::InlineHtml(self.read_text(&range)),
            FOOTNOTE_REFERENCE => Event::FootnoteReference(self.read_text(&range)),
            FOOTNOTE => Event::Start(Tag::FootnoteDefinition(self.read_text(&range))),
            FENCED => Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(self.read_text(&range)))),
            LINK | IMAGE => {
                let [dest_url, title, id] = [(); 3].map(|()| self.read_text(&range));
                let link_type = LINKS[self.read_number()];
                Event::Start(match kind {
                    LINK => Tag::Link { link_type, dest_url, title, id },
                    _ => Tag::Image { link_type, dest_url, title, id },
                })
            }
            TABLE => {
                let columns = (0..self.read_number()).map(|_| ALIGNMENTS[self.read_number()]);
                Event::Start(Tag::Table(columns.collect()))
            }
            LIST => Event::Start(Tag::List(Some(self.read_number() as u64))),
            plain => PLAIN[usize::from(plain - FIRST_PLAIN)].clone(),
        };
        self.at = expected_start(&event, &range, self.open);
        Some((event, range))
    }
}

impl<'s> EventDecoder<'s, '_> {
    fn read_text(&mut self, range: &Range<usize>) -> CowStr<'s> {
        match self.read_byte() {
            WHOLE => CowStr::Borrowed(&self.text[range.clone()]),
            PART => {
                let start = range.start + self.read_number();
                CowStr::Borrowed(&self.text[start..start + self.read_number()])
            }
            _ => {
                let length = self.read_number();
                let (own, rest) = self.bytes.split_at(length);
                self.bytes = rest;
                let own = String::from_utf8_lossy(own);
                InlineStr::try_from(&*own).map_or_else(|_| own.into_owned().into(), CowStr::Inlined)
            }
        }
    }

    fn read_byte(&mut self) -> u8 {
        let (byte, rest) = self.bytes.split_first().unwrap_or((&0, &[]));
        self.bytes = rest;
        *byte
    }

    fn read_number(&mut self) -> usize {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.read_byte();
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }
}
