//! One page for people without any app: to read, to quiz oneself, and to print. It loads nothing
//! from anywhere, and runs no script but its own.

use std::io;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest as _, Sha256};

use super::{
    Input, MediaByName, Outputs, add_media, card_excerpts, description_excerpts, find_media,
    render_in_order,
};
use crate::anki;
use crate::identity::Note;
use crate::media::{MediaFile, MediaKind, is_media, media_kind, mime_type};
use crate::model::{Excerpt, MediaRef, Topic};
use crate::render::html::escape_plain;
use crate::render::mathml::{STYLE as FORMULA_STYLE, typeset};
use crate::render::{Context, Footnotes, card, html};
use crate::slug::percent_encode;
use crate::template::sounds::{Sound, extract, replace_tags};

/// Files up to this size are within the page, larger ones beside it.
const LARGEST_INSIDE: u64 = 512 << 10;

/// Where the larger files are.
const FOLDER: &str = "media/";

const STYLE: &str = include_str!("html_page/page.css");
const SCRIPT: &str = include_str!("html_page/page.js");

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<()> {
    let bodies = card_excerpts(input.notes).chain(description_excerpts(input.notes));
    let is_shown = |media: &MediaRef| media.path().is_some();
    let media = find_media(input, bodies, is_shown);
    let context = Context { media_folder: FOLDER, ..input.context };
    let page = Page { input, context, media: &media };
    outputs.add(&input.path(), |file| {
        file.write_all(page.head().as_bytes())?;
        let mut last: Option<&Note<'_>> = None;
        let articles = render_in_order(input.notes, |note| page.article(note));
        for (note, article) in input.notes.iter().zip(articles) {
            file.write_all(page.headings(last, note)?.as_bytes())?;
            file.write_all(article?.as_bytes())?;
            last = Some(note);
        }
        let end = if last.is_some() { "</section>\n</section>\n" } else { "" };
        Ok(write!(file, "{end}</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")?)
    })?;
    let beside = media.into_iter().filter(|(name, (_, file))| !is_inside(name, file));
    add_media(outputs, FOLDER, &beside.collect())
}

/// Returns whether a file is within the page. What is no picture, sound or film is only linked to.
fn is_inside(name: &str, file: &MediaFile) -> bool {
    file.known.digest.size <= LARGEST_INSIDE && is_media(name)
}

/// What the parts of the page are made from.
struct Page<'p, 'b> {
    input: &'p Input<'b>,
    context: Context<'p>,
    media: &'p MediaByName<'p>,
}

impl Page<'_, '_> {
    /// Returns all that stands before the first deck.
    fn head(&self) -> String {
        let title = escape_plain(self.title());
        // Within a style sheet this is the same, but ends no element.
        let css = anki::css(self.input.style).replace("</", "<\\/");
        let hash = BASE64_STANDARD.encode(Sha256::digest(SCRIPT));
        let count = self.input.notes.len();
        let s = if count == 1 { "" } else { "s" };
        format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src \
             'self' file: data:; media-src 'self' file: data:; font-src data:; style-src \
             'unsafe-inline'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"generator\" content=\"deckpress\">\n<title>{title}</title>\n\
             <style>{css}</style>\n<style>{STYLE}{FORMULA_STYLE}</style>\n</head>\n<body class=\"card\">\n\
             <header class=\"bar\">\n<h1>{title}</h1>\n<p class=\"amount\">{count} question{s}</p>\n\
             <div id=\"modes\" role=\"group\" aria-label=\"What to do\" hidden></div>\n</header>\n\
             <main id=\"questions\">\n",
            lang = escape_plain(self.lang()),
        )
    }

    /// Returns the title: that of the only deck, or the name of the file.
    fn title(&self) -> &str {
        let notes = self.input.notes;
        match notes {
            [first, rest @ ..] if rest.iter().all(|note| note.deck.title == first.deck.title) => {
                &first.deck.title
            }
            _ => self.input.name,
        }
    }

    /// Returns the language of the page: that of all questions, or else that of its buttons.
    fn lang(&self) -> &str {
        let mut langs = self.input.notes.iter().map(|note| note.question.lang.as_deref());
        let first = langs.next().flatten().unwrap_or("en");
        if langs.all(|lang| lang == Some(first)) { first } else { "en" }
    }

    /// Returns the headings between two questions, with what they describe.
    fn headings(&self, last: Option<&Note<'_>>, note: &Note<'_>) -> io::Result<String> {
        let is_same_deck = last.is_some_and(|last| last.deck.title == note.deck.title);
        if is_same_deck && last.is_some_and(|last| last.topic.path == note.topic.path) {
            return Ok(String::new());
        }
        let mut out = String::new();
        match (last.is_some(), is_same_deck) {
            (false, _) => {}
            (true, true) => out += "</section>\n",
            (true, false) => out += "</section>\n</section>\n",
        }
        if !is_same_deck {
            out += "<section class=\"deck\">\n";
            if note.deck.title != self.title() {
                out += &format!("<h2>{}</h2>\n", escape_plain(&note.deck.title));
            }
            out += &self.description(&note.deck.description)?;
        }
        let Topic { path, description, .. } = note.topic;
        out += "<section class=\"topic-part\">\n";
        if !path.is_empty() {
            out += &format!("<h3>{}</h3>\n", escape_plain(&path.join(" › ")));
            out += &self.description(description)?;
        }
        Ok(out)
    }

    fn description(&self, bodies: &[Excerpt]) -> io::Result<String> {
        let mut footnotes = Footnotes::default();
        let html = |body: &Excerpt| html::render(&self.context, body, &mut footnotes);
        let parts: Vec<String> = bodies.iter().map(html).collect();
        if parts.is_empty() {
            return Ok(String::new());
        }
        Ok(format!("<div class=\"description\">{}</div>\n", self.finish(&parts.join("\n"))?))
    }

    /// Returns a question with its answer.
    fn article(&self, note: &Note<'_>) -> io::Result<String> {
        let card::Card { question, answer, key_points, extra, hint } =
            card::render(&self.context, note.question);
        let mut out = format!("<article id=\"{}\">\n", escape_plain(note.id));
        out += "<div class=\"front\">\n<div class=\"question\" role=\"heading\" aria-level=\"4\">";
        out += &format!("{}</div>\n", self.finish(&question)?);
        if !hint.is_empty() {
            let hint = self.finish(&hint)?;
            out += &format!("<details class=\"hint\"><summary>Hint</summary>{hint}</details>\n");
        }
        out += "</div>\n<div class=\"back\">\n";
        if !answer.is_empty() {
            out += &format!("<div class=\"answer\">{}</div>\n", self.finish(&answer)?);
        }
        if !key_points.is_empty() {
            let points = self.finish(&key_points)?;
            out += "<div class=\"key-points\"><div class=\"label\">Key points</div>";
            out += &format!("{points}</div>\n");
        }
        if !extra.is_empty() {
            out += &format!("<div class=\"extras\">{}</div>\n", self.finish(&extra)?);
        }
        Ok(out + "</div>\n</article>\n")
    }

    /// Returns finished HTML: with formulas, players, and the files that are within the page.
    fn finish(&self, html: &str) -> io::Result<String> {
        let (html, sounds) = extract(html, 'q');
        let html = replace_tags(&html, &sounds, &[], player);
        // What nobody can tick has a name for those who hear it.
        let tick_box = "<input disabled=\"\" type=\"checkbox\"";
        let html = html.replace(tick_box, &format!("{tick_box} aria-label=\"Box\""));
        self.bring_in(&typeset(&html))
    }

    /// Replaces the names of files by the files.
    fn bring_in(&self, html: &str) -> io::Result<String> {
        let mut out = String::with_capacity(html.len());
        let mut rest = html;
        while let Some(at) = rest.find("src=\"media/") {
            let start = at + "src=\"".len();
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let end = rest.find('"').unwrap_or(rest.len());
            let name = &rest[FOLDER.len().min(end)..end];
            match self.media.get_key_value(name) {
                Some((name, (_, file))) if is_inside(name, file) => {
                    out += &format!("data:{};base64,", mime_type(name));
                    BASE64_STANDARD.encode_string(file.read()?, &mut out);
                    rest = &rest[end..];
                }
                _ => {}
            }
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// Returns what plays a sound in a browser.
fn player(sound: &Sound) -> String {
    match sound {
        Sound::File(name) => {
            let shown = escape_plain(name.strip_prefix(FOLDER).unwrap_or(name));
            let element = if media_kind(name) == MediaKind::Video { "video" } else { "audio" };
            let source: Vec<String> = name.split('/').map(percent_encode).collect();
            format!(
                "<{element} controls preload=\"none\" src=\"{}\" title=\"{shown}\"></{element}>",
                source.join("/")
            )
        }
        Sound::Speech { text, .. } => escape_plain(text),
    }
}
