//! Recognizes end tags in any case: `</PRE>` ends `<pre>`.
//!
//! pulldown-cmark recognizes the end tags of raw text elements only in lower case. So they are
//! parsed in lower case, and the events get the author's text again.

use pulldown_cmark::{CowStr, Event};

use super::SpannedEvent;

const TAGS: &[&str] = &["</script>", "</style>", "</pre>", "</textarea>"];

/// Returns the text with these tags in lower case, if some are not.
pub(super) fn lower_case(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let capital = |at: usize| {
        let tag = TAGS.iter().find(|tag| {
            let found = bytes.get(at..at + tag.len());
            found.is_some_and(|found| found.eq_ignore_ascii_case(tag.as_bytes()))
        })?;
        (!text[at..].starts_with(tag)).then_some((at, *tag))
    };
    let mut found = memchr::memmem::find_iter(bytes, b"</").filter_map(capital).peekable();
    found.peek()?;
    let mut small = String::with_capacity(text.len());
    for (at, tag) in found {
        small.push_str(&text[small.len()..at]);
        small.push_str(tag);
    }
    small.push_str(&text[small.len()..]);
    Some(small)
}

/// Restores the author's text in the events of the lower-case text.
pub(super) fn restore(text: &str, small: &str, events: &mut [SpannedEvent<'static>]) {
    for (event, range) in events {
        if let Event::Text(shown)
        | Event::Code(shown)
        | Event::Html(shown)
        | Event::InlineHtml(shown) = event
            && shown.contains("</")
            && let Some(at) = small[range.clone()].find(&**shown)
        {
            let start = range.start + at;
            *shown = CowStr::from(text[start..start + shown.len()].to_owned());
        }
    }
}
