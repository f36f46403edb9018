//! Reads the attribute list behind an image: `![](x.png){width=300 height=50% .class #id}`.
//!
//! CommonMark takes it for text. Here it becomes part of the image's range in the source, so that a
//! copy of the source keeps it, and it is not shown.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::SpannedEvent;

/// The size that an author gave an image, each number in pixels or with a percent sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size<'t> {
    /// The width.
    pub width: Option<&'t str>,
    /// The height.
    pub height: Option<&'t str>,
}

/// Returns the size of an image, given its source with the attribute list.
#[must_use]
pub fn parse(image: &str) -> Size<'_> {
    attribute_range(image)
        .and_then(|braces| read_attributes(&image[braces]))
        .map_or(Size::default(), |(size, _)| size)
}

/// Returns the range of the attribute list in an image's source.
#[must_use]
pub fn attribute_range(image: &str) -> Option<Range<usize>> {
    // An image itself ends with a bracket.
    image.ends_with('}').then(|| image.rfind('{')).flatten().map(|open| open..image.len())
}

/// The longest attribute list, in bytes.
const LONGEST: usize = 1000;

/// Reads the attribute list at the start of a text; returns its length. Braces with other content
/// are text.
fn read_attributes(text: &str) -> Option<(Size<'_>, usize)> {
    let inner = text.strip_prefix('{')?;
    let inner = &inner[..inner.bytes().take(LONGEST).position(|byte| b"}\n\r".contains(&byte))?];
    let length = inner.len() + 2;
    if !text[length - 1..].starts_with('}') {
        return None;
    }
    let mut size = Size::default();
    for word in inner.split_whitespace() {
        match word.split_once('=') {
            Some(("width", value)) => size.width = Some(read_number(value)?),
            Some(("height", value)) => size.height = Some(read_number(value)?),
            None if word.starts_with(['.', '#']) && word.len() > 1 => {}
            _ => return None,
        }
    }
    (size != Size::default()).then_some((size, length))
}

/// Returns the number for HTML's attribute `width`.
fn read_number(value: &str) -> Option<&str> {
    let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let value = unquoted.unwrap_or(value);
    let value = value.strip_suffix("px").unwrap_or(value);
    let digits = value.strip_suffix('%').unwrap_or(value);
    let is_number = (1..=5).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then_some(value)
}

/// Removes attribute lists behind images from the text events, and adds them to the images' ranges.
pub fn attach(text: &str, events: &mut Vec<SpannedEvent<'_>>) {
    let mut open: Vec<(usize, LinkType)> = Vec::new();
    let mut at = 0;
    while at < events.len() {
        match &events[at].0 {
            Event::Start(Tag::Image { link_type, .. }) => open.push((at, *link_type)),
            Event::End(TagEnd::Image) => {
                if let Some((start, link_type)) = open.pop() {
                    let end = image_end(text, &events[at].1, link_type);
                    let found = text.get(end..).and_then(read_attributes);
                    if let Some((_, length)) = found
                        && remove_text(events, at + 1, &(end..end + length))
                    {
                        events[start].1.end = end + length;
                        events[at].1.end = end + length;
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Returns the end of an image; the parser ends a collapsed reference before its empty brackets.
fn image_end(text: &str, range: &Range<usize>, link_type: LinkType) -> usize {
    let is_collapsed = matches!(link_type, LinkType::Collapsed | LinkType::CollapsedUnknown);
    let has_more = is_collapsed && text[range.end..].starts_with("[]");
    range.end + if has_more { 2 } else { 0 }
}

/// Removes the text at `place` from the events from `first` on, if it is a whole run of text.
fn remove_text(events: &mut Vec<SpannedEvent<'_>>, first: usize, place: &Range<usize>) -> bool {
    let mut reached = place.start;
    let mut last = first;
    while reached < place.end {
        match events.get(last) {
            Some((Event::Text(part), range))
                if range.start == reached && part.len() == range.len() =>
            {
                reached = range.end;
                last += 1;
            }
            _ => return false,
        }
    }
    if reached > place.end
        && let (Event::Text(part), range) = &mut events[last - 1]
    {
        *part = CowStr::from(part[place.end - range.start..].to_owned());
        range.start = place.end;
        last -= 1;
    }
    events.drain(first..last);
    true
}

#[cfg(test)]
mod tests {
    use super::{Size, parse, read_attributes};

    #[test]
    fn braces_are_read() {
        let check = |text, width, height, length| {
            assert_eq!(read_attributes(text), Some((Size { width, height }, length)), "{text}");
        };
        check("{width=300} x", Some("300"), None, 11);
        check("{ width=300px height=50% }", Some("300"), Some("50%"), 26);
        check("{.a #b height=\"20\"}", None, Some("20"), 19);
    }

    #[test]
    fn other_braces_are_text() {
        for text in [
            "",
            "{",
            "{}",
            "{.a}",
            "{#a}",
            "{width}",
            "{width=}",
            "{width=5cm}",
            "{width=1 x}",
            "{width=1\n}",
            "{width=1",
            "{width=<b>}",
            " {width=1}",
        ] {
            assert_eq!(read_attributes(text), None, "{text}");
        }
    }

    #[test]
    fn a_picture_has_a_size() {
        assert_eq!(parse("![x](y.png){width=1}").width, Some("1"));
        assert_eq!(parse("![{width=1}](y.png)"), Size::default());
    }
}
