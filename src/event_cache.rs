//! A cache of pulldown-cmark's events, about three bytes each.
//!
//! Identity needs the events of every part of a question, and each target needs them again; parsing
//! each time was a fifth of a build. So the events of the first parse are encoded here, with texts
//! as places in the file. Blocks whose meaning depends on the text around them are not cached, nor
//! are chunks with an event that cannot be encoded: those are parsed again, so that a cached event
//! is always equal to the parser's.

mod codec;

use std::ops::Range;

use pulldown_cmark::Event;

use codec::{EventDecoder, EventEncoder, OpenElements};

/// An event and its place in the file.
pub type SpannedEvent<'s> = (Event<'s>, Range<usize>);

/// The events of a file's chunks, in order, each with the start of the chunk; `None` if an event of
/// the chunk cannot be encoded.
#[derive(Debug, Default)]
pub struct EventCache(Vec<(usize, Option<CachedChunk>)>);

/// The encoded events of one chunk.
#[derive(Debug)]
struct CachedChunk {
    events: Vec<u8>,
    /// The start of each top-level block: in the chunk, and in the encoded events.
    blocks: Vec<(u32, u32)>,
}

impl EventCache {
    /// Caches the events of the chunk of a text that begins at `start`.
    #[must_use]
    pub fn encode(text: &str, start: usize, events: &[SpannedEvent<'_>]) -> Self {
        Self(vec![(start, CachedChunk::encode(text, start, events))])
    }

    /// Adds the events of the next chunks.
    pub fn join(&mut self, next: Self) {
        self.0.extend(next.0);
    }

    /// Returns the events of a range of the text, if it consists of whole blocks that are cached.
    #[must_use]
    pub fn events<'s>(&self, text: &'s str, place: &Range<usize>) -> Option<Vec<SpannedEvent<'s>>> {
        let first = self.0.partition_point(|(start, _)| *start <= place.start).checked_sub(1)?;
        // An event has about twenty bytes of text.
        let mut events = Vec::with_capacity(place.len() / 20 + 4);
        for (start, chunk) in self.0[first..].iter().take_while(|(start, _)| *start < place.end) {
            chunk.as_ref()?.read(text, *start, place, &mut events)?;
        }
        (!events.is_empty()).then_some(events)
    }
}

impl CachedChunk {
    fn encode(text: &str, start: usize, events: &[SpannedEvent<'_>]) -> Option<Self> {
        let mut writer = EventEncoder { text, out: Vec::new(), at: 0, open: OpenElements::new() };
        let mut blocks = Vec::new();
        let (mut end, mut is_held) = (start, false);
        for (event, range) in events {
            if writer.open.is_empty() {
                writer.at = range.start;
                // Below a definition of a link, `7. seven` or an indented line is text.
                let is_below = !text.get(end..range.start)?.trim().is_empty();
                is_held = !is_below && is_self_contained(&text[range.clone()]);
                end = range.end;
                let in_piece = u32::try_from(range.start.checked_sub(start)?).ok()?;
                blocks.push((in_piece, u32::try_from(writer.out.len()).ok()?));
            }
            let begins = writer.out.len();
            writer.write(event, range)?;
            if !is_held {
                writer.out.truncate(begins);
            }
        }
        let mut events = writer.out;
        events.shrink_to_fit();
        blocks.shrink_to_fit();
        Some(Self { events, blocks })
    }

    /// Adds the events of the blocks in a range; `None` if one of them is not wholly in it.
    fn read<'s>(
        &self,
        text: &'s str,
        start: usize,
        place: &Range<usize>,
        events: &mut Vec<SpannedEvent<'s>>,
    ) -> Option<()> {
        let begin = |(at, _): &(u32, u32)| start + *at as usize;
        let first = self.blocks.partition_point(|block| begin(block) < place.start);
        let mut open = OpenElements::new();
        let within = self.blocks[first..].iter().take_while(|block| begin(block) < place.end);
        for (block, entry) in (first..).zip(within) {
            // A range may begin with the indentation of its first block, but not within a block.
            if events.is_empty() && !text[place.start..begin(entry)].trim().is_empty() {
                return None;
            }
            let to = self.blocks.get(block + 1).map_or(self.events.len(), |(_, to)| *to as usize);
            let bytes = &self.events[entry.1 as usize..to];
            let before = events.len();
            events.extend(EventDecoder { text, bytes, at: begin(entry), open: &mut open });
            if events.get(before)?.1.end > place.end {
                return None;
            }
        }
        Some(())
    }
}

/// Returns whether the meaning of a block does not depend on the text around it. That of a block
/// with footnotes, definitions of links or terms, or brackets that may delimit math does.
fn is_self_contained(block: &str) -> bool {
    let bytes = block.as_bytes();
    let before = |at: usize| at.checked_sub(1).map(|at| bytes[at]);
    memchr::memchr3_iter(b'[', b'\\', b':', bytes).all(|at| match bytes[at] {
        b'[' => bytes.get(at + 1) != Some(&b'^'),
        b'\\' => !matches!(bytes.get(at + 1), Some(b'(' | b'[')),
        _ => !matches!(before(at), None | Some(b']' | b'\n' | b'\r' | b' ' | b'\t' | b'>')),
    })
}

/// Returns whether events are the same but for blank space at the end of blocks, which the parser
/// counts in or not by what follows.
#[must_use]
pub fn are_alike(text: &str, events: &[SpannedEvent<'_>], others: &[SpannedEvent<'_>]) -> bool {
    let end = |range: &Range<usize>| text[..range.end].trim_end().len().max(range.start);
    let is_same = |((event, range), (other, place)): (&SpannedEvent<'_>, &SpannedEvent<'_>)| {
        event == other && range.start == place.start && end(range) == end(place)
    };
    events.len() == others.len() && events.iter().zip(others).all(is_same)
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use pulldown_cmark::{Options, Parser};

    use super::{EventCache, SpannedEvent};

    fn events(text: &str) -> Vec<SpannedEvent<'_>> {
        let options = Options::all() - Options::ENABLE_HEADING_ATTRIBUTES;
        Parser::new_ext(text, options).into_offset_iter().collect()
    }

    fn held(text: &str, place: Range<usize>) -> Option<Vec<SpannedEvent<'_>>> {
        EventCache::encode(text, 0, &events(text)).events(text, &place)
    }

    #[test]
    fn all_markup_comes_back() {
        let text = "# One\n\nTwo\n===\n\ntext *with* **marks**, ~~all~~ of `them`\\\nand &lt;\\*&copy;, $x^2$ \
                    and $$\ny\n$$ soft\nbreak <b>html</b>\n\n- [ ] a\n- [x] b\n\n7. seven\n\n  8. eight\n\n\
                    > quote\n\n> [!TIP]\n> tip\n\n```rust\nfn main() {}\n\n```\n\n    indented\n\n<div>\nblock\n\
                    </div>\n\n| a | b | c | d |\n|---|:--|--:|:-:|\n| 1 | 2 | 3 | 4 |\n\n***\n\n\
                    [a](b 'c \"d\"') ![e](<f g>) <https://x.org> <me@x.org> [t][r], ![u][], [v]\n\n\
                    Größe, 注意力 and a very long word that no small text holds: &#128512;\n";
        assert_eq!(held(text, 0..text.len()), Some(events(text)));
    }

    #[test]
    fn some_blocks_are_read_alone() {
        let text = "one\n\n  two\n\n- three\n  - four\n\nfive\n";
        let place = 5..text.len() - 5;
        let all = events(text);
        let expect = all
            .into_iter()
            .filter(|(_, range)| place.start <= range.start && range.end <= place.end);
        assert_eq!(held(text, place.clone()), Some(expect.collect()));
        // Part of a block, before, within or behind whole ones, is nothing that stands here.
        for place in [1..3, 0..2, 1..10, 5..20, 9..30, 0..0, 40..50] {
            assert_eq!(held(text, place.clone()), None, "{place:?}");
        }
    }

    #[test]
    fn what_depends_on_other_blocks_is_not_held() {
        for text in ["note[^1]\n", "\\(x\\)\n", "Term\n: means\n", ": x\n", "[^1]: note\n"] {
            assert_eq!(held(text, 0..text.len()), None, "{text}");
        }
        assert_eq!(held("[a]: b\n7. text\n", 7..15), None);
        assert!(held("[a]: b\n\ntext\n\n7. list\n", 14..22).is_some());
    }
}
