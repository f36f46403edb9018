//! Fields that hold Markdown, as in records of our own: they are taken as they are.

use pulldown_cmark::{Event, Tag};

use crate::html_to_markdown::Markdown;
use crate::markdown;
use crate::model::Definitions;
use crate::slug::percent_decode;

/// Where our own outputs have their media.
const MEDIA: &str = "media/";

/// Takes a text; its first line becomes the heading, if that is a paragraph of one line.
pub(super) fn take(text: &str, has_heading: bool) -> Markdown {
    let text = text.trim();
    let media = media(text);
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let is_alone = rest.is_empty() || rest.starts_with('\n');
    let line = Markdown { body: line.to_owned(), ..Markdown::default() };
    if has_heading && is_alone && line.is_line() {
        let body = rest.trim().to_owned();
        return Markdown { heading: line.body, body, media, ..Markdown::default() };
    }
    Markdown { body: text.to_owned(), media, ..Markdown::default() }
}

/// Returns the words that a text shows.
pub(super) fn words(text: &str) -> String {
    let definitions = Definitions::default();
    let shown = markdown::text_content(&markdown::parse(text, &definitions));
    shown.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn media(text: &str) -> Vec<String> {
    let definitions = Definitions::default();
    let events = markdown::parse(text, &definitions);
    let names = events.iter().filter_map(|(event, _)| match event {
        Event::Start(Tag::Image { dest_url, .. } | Tag::Link { dest_url, .. }) => {
            Some(percent_decode(dest_url.strip_prefix(MEDIA)?))
        }
        _ => None,
    });
    names.collect()
}
