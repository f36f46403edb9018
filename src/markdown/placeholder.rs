//! Placeholders: bytes that do not occur in a text, put in place of characters that the parser must
//! not interpret.
//!
//! A placeholder is as long as what it replaces, so that the ranges of the events stay valid.

use std::collections::BTreeSet;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag};

use super::SpannedEvent;
use crate::entities;

/// Finds a control character that the text neither contains nor refers to as `&#…;`.
pub(super) fn find_free(text: &str) -> Option<u8> {
    let referred: BTreeSet<u32> =
        text.split("&#").skip(1).filter_map(entities::parse_reference).collect();
    let mut controls = (1..=8u8).chain(14..=31);
    controls.find(|byte| !text.as_bytes().contains(byte) && !referred.contains(&(*byte).into()))
}

/// Replaces the placeholder in the events by `sign`.
pub(super) fn restore(events: &mut [SpannedEvent<'static>], placeholder: u8, sign: &str) {
    let placeholder = char::from(placeholder);
    let mend = |text: &mut CowStr<'static>| {
        if text.contains(placeholder) {
            *text = CowStr::from(text.replace(placeholder, sign));
        }
    };
    for (event, _) in events {
        match event {
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::FootnoteReference(text)
            | Event::Start(
                Tag::CodeBlock(CodeBlockKind::Fenced(text)) | Tag::FootnoteDefinition(text),
            ) => mend(text),
            Event::Start(
                Tag::Link { dest_url, title, id, .. } | Tag::Image { dest_url, title, id, .. },
            ) => {
                mend(dest_url);
                mend(title);
                mend(id);
            }
            _ => {}
        }
    }
}
