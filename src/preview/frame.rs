//! What a frame shows: a side of a card, as Anki would show it.

use super::assets::{FRAME_SCRIPT, FRAME_STYLE};
use crate::anki;
use crate::compile::Compiled;
use crate::media::{MediaKind, media_kind};
use crate::render::html::escape_plain;
use crate::render::mathml::{STYLE as FORMULA_STYLE, typeset};
use crate::slug::percent_encode;
use crate::template::Sides;
use crate::template::sounds::{Sound, replace_tags};

/// Returns the style sheet of our note types, as a frame has it.
pub(super) fn css(compiled: &Compiled) -> String {
    safe_css(&anki::css(compiled.style()))
}

/// Returns a style sheet that means the same, but ends no element.
pub(super) fn safe_css(css: &str) -> String {
    css.replace("</", "<\\/")
}

/// Returns what a frame's document has before and behind the style sheet of the note type, up to
/// the body. `origin` is that of the server.
pub(super) fn head(origin: &str) -> [String; 2] {
    let from = format!("{origin} data:");
    let before = format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><meta \
         http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src {from}; \
         media-src {from}; font-src {from}; style-src 'unsafe-inline'; script-src \
         'unsafe-inline'\"><title>Card</title><style>{FRAME_STYLE}{FORMULA_STYLE}</style><style>"
    );
    [before, format!("</style><script>{FRAME_SCRIPT}</script></head>")]
}

/// Returns the body of both sides: with players, formulas, and a place to type.
pub(super) fn bodies(sides: &Sides, typed: Option<&str>) -> [String; 2] {
    let play = |html: &str| replace_tags(html, &sides.front_sounds, &sides.back_sounds, player);
    let field = typed.map_or_else(String::new, |_| {
        "<center><input type=text id=typeans aria-label=\"Your answer\"></center>".to_owned()
    });
    let answer = typed.map_or_else(String::new, |text| {
        format!("<div><code id=typeans>{}</code></div>", escape_plain(text))
    });
    let sides = [(&sides.front, field), (&sides.back, answer)];
    sides.map(|(html, instead)| typeset(&play(&replace_typed(html, &instead))))
}

/// Returns whether scripts run in a card that are not our own; what these do may stay in a document
/// when the next card is put into it.
pub(super) fn is_active(sides: &Sides) -> bool {
    [&sides.front, &sides.back].into_iter().any(|html| {
        let html = html.replace(anki::POINTS, "").to_ascii_lowercase();
        html.contains("<script") || html.match_indices("on").any(|(at, _)| is_handler(&html, at))
    })
}

/// Returns whether there is what may be an attribute such as `onclick=`.
fn is_handler(html: &str, at: usize) -> bool {
    let begins = html[..at].ends_with(|c: char| c.is_whitespace() || "\"'/".contains(c));
    let rest = html[at..].trim_start_matches(|c: char| c.is_ascii_alphabetic());
    begins && rest.trim_start().starts_with('=')
}

/// Replaces each `[[type:…]]`.
fn replace_typed(html: &str, instead: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("[[type:") {
        out.push_str(before);
        let Some((_, after)) = after.split_once("]]") else {
            out.push_str("[[type:");
            rest = after;
            continue;
        };
        out.push_str(instead);
        rest = after;
    }
    out.push_str(rest);
    out
}

fn player(sound: &Sound) -> String {
    match sound {
        Sound::File(name) => {
            let (source, label) = (percent_encode(name), escape_plain(name));
            let element = if media_kind(name) == MediaKind::Video { "video" } else { "audio" };
            format!(
                "<{element} controls preload=\"none\" src=\"{source}\" title=\"{label}\"></{element}>"
            )
        }
        Sound::Speech { language, text } => format!(
            "<span class=\"speech\" title=\"{}\">▸ {}</span>",
            escape_plain(text),
            escape_plain(language)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::is_active;
    use crate::anki;
    use crate::template::Sides;

    #[test]
    fn scripts_of_an_author_are_found() {
        let is = |html: &str| {
            let back = format!("{html}{}", anki::POINTS);
            is_active(&Sides { front: String::new(), back, ..Sides::default() })
        };
        for html in
            ["<script>x</script>", "<SCRIPT src=x>", "<p onclick=x>", "<a b='c'onFocus = x>"]
        {
            assert!(is(html), "{html}");
        }
        for html in ["", "<p>Once on, only one is one.</p>", "<p class=\"on\">a</p>", "icon=x"] {
            assert!(!is(html), "{html}");
        }
    }
}
