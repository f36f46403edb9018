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
