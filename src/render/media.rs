//! Writes an image, an audio or a video file as HTML.

use std::fmt::Write as _;

use pulldown_cmark_escape::{escape_href, escape_html};

use super::placeholder::SOUND;
use crate::markdown::size::Size;
use crate::media::{MediaKind, is_document, media_kind};

/// The program that plays audio and video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Player {
    /// Anki, which plays `[sound:…]`.
    Anki,
    /// A browser.
    Browser,
}

/// An embedded file: `![alternative](target "title"){size}` in Markdown.
pub(super) struct Embedded<'e> {
    /// The target, without control characters.
    pub(super) target: &'e str,
    /// Whether the output contains the file.
    pub(super) is_brought: bool,
    /// The alternative text.
    pub(super) alt_text: &'e str,
    /// The tooltip.
    pub(super) title: &'e str,
    /// The size at which it is shown.
    pub(super) size: Size<'e>,
}

/// Writes an embedded file as HTML. A document becomes a link, and so does an audio or video file
/// on the web, as nothing may be loaded that a learner did not ask for.
pub(super) fn render(embedded: &Embedded<'_>, player: Player) -> String {
    let Embedded { target, alt_text, .. } = *embedded;
    let kind = media_kind(target);
    let caption = if alt_text.is_empty() { String::new() } else { escaped(alt_text) + " " };
    let title = attribute("title", embedded.title);
    let mut source = String::new();
    // Writing to a string cannot fail.
    let _ = escape_href(&mut source, target);
    if kind == MediaKind::Image && !is_document(target) {
        let (alt_text, size) = (escaped(alt_text), size(embedded.size));
        return format!("<img src=\"{source}\" alt=\"{alt_text}\"{title}{size} />");
    }
    if !embedded.is_brought || is_document(target) {
        let text = if alt_text.is_empty() { escaped(target) } else { escaped(alt_text) };
        return format!("<a href=\"{source}\"{title}>{text}</a>");
    }
    match (player, kind) {
        (Player::Anki, _) => {
            let [open, close] = SOUND;
            let caption = match (caption.trim_end(), title.as_str()) {
                ("", "") => String::new(),
                ("", _) => escaped(embedded.title) + " ",
                (_, "") => caption,
                (caption, title) => format!("<span{title}>{caption}</span> "),
            };
            format!("{caption}{open}{source}{close}")
        }
        (Player::Browser, MediaKind::Video) => {
            let size = size(embedded.size);
            format!("{caption}<video controls src=\"{source}\"{title}{size}></video>")
        }
        (Player::Browser, _) => {
            format!("{caption}<audio controls src=\"{source}\"{title}></audio>")
        }
    }
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    // Writing to a string cannot fail.
    let _ = escape_html(&mut html, text);
    html
}

fn attribute(name: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { format!(" {name}=\"{}\"", escaped(value)) }
}

fn size(size: Size<'_>) -> String {
    let mut html = String::new();
    for (name, value) in [("width", size.width), ("height", size.height)] {
        if let Some(value) = value {
            let _ = write!(html, " {name}=\"{value}\"");
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::{Embedded, Player, render};
    use crate::markdown::size::Size;

    #[test]
    fn each_medium_for_each_player() {
        let check = |target, is_brought, [anki, browser]: [&str; 2]| {
            let size = Size { width: Some("5"), height: None };
            let embedded = Embedded { target, is_brought, alt_text: "a&b", title: "t", size };
            assert_eq!(render(&embedded, Player::Anki), anki);
            assert_eq!(render(&embedded, Player::Browser), browser);
        };
        let picture = "<img src=\"x.png\" alt=\"a&amp;b\" title=\"t\" width=\"5\" />";
        check("x.png", true, [picture; 2]);
        let sound = [
            "<span title=\"t\">a&amp;b</span> \u{e}x.mp3\u{f}",
            "a&amp;b <audio controls src=\"x.mp3\" title=\"t\"></audio>",
        ];
        check("x.mp3", true, sound);
        let film = [
            "<span title=\"t\">a&amp;b</span> \u{e}x.mp4\u{f}",
            "a&amp;b <video controls src=\"x.mp4\" title=\"t\" width=\"5\"></video>",
        ];
        check("x.mp4", true, film);
        let link = "<a href=\"https://example.org/x.mp4?a=1&amp;b\" title=\"t\">a&amp;b</a>";
        check("https://example.org/x.mp4?a=1&b", false, [link; 2]);
    }
}
