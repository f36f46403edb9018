//! Recognizes a line that is a text in angle brackets, such as `<your name>`.
//!
//! To the parser any tag that is alone on its line opens an HTML block, in which nothing is markup
//! up to the next blank line. If it names no element, it is a text as it would be within a line:
//! its bracket is hidden behind a placeholder, and the text is parsed once more.

use pulldown_cmark::{Event, Tag};

use super::{SpannedEvent, html, placeholder};

/// How often the text is parsed again.
const ROUNDS: usize = 8;

/// Returns the events with each such line as part of a paragraph, or `None` if there is none.
pub(super) fn read_inline(
    text: &str,
    events: &[SpannedEvent<'_>],
    parse: impl Fn(&str) -> Vec<SpannedEvent<'static>>,
) -> Option<Vec<SpannedEvent<'static>>> {
    let mut found = find_openers(text, events);
    if found.is_empty() {
        return None;
    }
    let placeholder = placeholder::find_free(text)?;
    let mut hidden = text.as_bytes().to_vec();
    for _ in 0..ROUNDS {
        for at in found {
            hidden[at] = placeholder;
        }
        let edited = std::str::from_utf8(&hidden).ok()?;
        let mut events = parse(edited);
        found = find_openers(edited, &events);
        if found.is_empty() {
            restore(text, &mut events, placeholder);
            return Some(events);
        }
    }
    None
}

/// Finds HTML blocks that begin with a tag that is no element. A custom element has a dash in its
/// name and is closed.
fn find_openers(text: &str, events: &[SpannedEvent<'_>]) -> Vec<usize> {
    let mut found = Vec::new();
    for (event, range) in events {
        if *event != Event::Start(Tag::HtmlBlock) {
            continue;
        }
        let block = text[range.clone()].trim_start();
        let first = html::tags(block).into_iter().next().filter(|tag| tag.range.start == 0);
        let is_own = |name: &str| name.contains('-') && block.contains(&format!("</{name}>"));
        if first.is_some_and(|tag| !html::is_element(&tag.name) && !is_own(&tag.name)) {
            found.push(range.end - text[range.clone()].trim_start().len());
        }
    }
    found
}

/// Restores the brackets, each with its text as an inline tag.
fn restore(text: &str, events: &mut [SpannedEvent<'static>], placeholder: u8) {
    placeholder::restore(events, placeholder, "<");
    for (event, range) in events {
        if let Event::Text(shown) = event
            && shown.starts_with('<')
            && **shown == text[range.clone()]
            && html::tags(shown).first().is_some_and(|tag| tag.range == (0..shown.len()))
        {
            *event = Event::InlineHtml(std::mem::replace(shown, "".into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Tag};

    use crate::markdown::parse;
    use crate::model::Definitions;

    /// Counts the HTML blocks in a text.
    fn blocks(text: &str) -> usize {
        let definitions = Definitions::default();
        let events = parse(text, &definitions);
        for (event, range) in &events {
            assert!(text.get(range.clone()).is_some(), "{event:?} of {text}");
            if let Event::Text(shown) | Event::InlineHtml(shown) = event {
                assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
            }
        }
        events.iter().filter(|(event, _)| *event == Event::Start(Tag::HtmlBlock)).count()
    }

    #[test]
    fn a_text_in_brackets_is_no_block() {
        for text in [
            "<your name>\n*is* this",
            "> <T>\n> text",
            "- <C-v>",
            "# H\n<x>\n# H\n<y>\n- <z>\n",
            "<c-v>",
            "<path>",
            "</T>",
        ] {
            assert_eq!(blocks(text), 0, "{text}");
        }
    }

    #[test]
    fn html_is_a_block() {
        for text in [
            "<b>\ntext",
            "<div>\n<T>\n</div>",
            "<my-note>\ntext\n</my-note>",
            "<!-- <T> -->",
            "<?php\n<T>\n?>",
            "<Details>\n",
        ] {
            assert_eq!(blocks(text), 1, "{text}");
        }
    }

    #[test]
    fn many_lines_take_no_time() {
        let definitions = Definitions::default();
        for piece in ["<x>\n", "<x>\n\n", "# H\n<x>\n", "> <x>\n- <y>\n"] {
            assert!(!parse(&piece.repeat(5_000), &definitions).is_empty());
        }
    }
}
