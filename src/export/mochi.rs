//! A package for Mochi, or Markdown files for its import.
//!
//! Written from Mochi's documentation ("Export format reference", "Advanced formatting"). A package
//! is a zip of `data.edn` and the media. Ids are keywords of at least eight letters and digits,
//! decks name their parents, and cards are sorted by `:pos`. A card is Markdown whose sides are
//! separated by a line `---`. Mochi's parser, remarkable with `remarkable-brackets`, is public; it
//! does not touch code and characters behind a backslash.

use std::fmt::Write as _;
use std::io::Cursor;

use super::card_text::CardText;
use super::loss::Losses;
use super::pages::split_into_pages;
use super::{
    Input, Outputs, add_media, app_annotations, card_excerpts, collapse_spaces, find_media,
    render_in_order,
};
use crate::identity::{Note, base32};
use crate::model::CardKind;
use crate::render::{Context, mochi};
use crate::target::{Loss, Target};
use crate::zip::{Zip, deflate};

/// The folder in which cards find their media.
const MEDIA: &str = "@media/";

/// The separator between the sides of a card.
const SIDES: &str = "\n\n---\n\n";

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let input = &Input { context: Context { media_folder: MEDIA, ..input.context }, ..*input };
    let mut losses = Losses::default();
    let mut cards = Vec::new();
    for (note, (card, changed)) in
        input.notes.iter().zip(render_in_order(input.notes, |note| write_card(input, note)))
    {
        if changed > 0 {
            losses.add(Loss::Syntax, note.question.span);
        }
        cards.push(card);
    }
    let media = find_media(input, card_excerpts(input.notes), |_| true);
    let path = input.path();
    if input.export.target == Target::MochiMd {
        write_files(input, outputs, cards)?;
        add_media(outputs, &format!("{path}media/"), &media)?;
        return Ok(losses);
    }
    let data = write_edn(input, &cards);
    outputs.expect(media.values().map(|(_, file)| file.size()).sum());
    let media = media.iter().map(|(name, (_, file))| (*name, *file));
    outputs.add(&path, |file| {
        let mut zip = Zip::new(file);
        let mut packed = Vec::new();
        let deflated = deflate(Cursor::new(&data), &mut packed)?;
        zip.deflated("data.edn", &deflated, &*packed)?;
        for (name, file) in media {
            file.store(&mut zip, name)?;
        }
        zip.finish()
    })?;
    Ok(losses)
}

/// Returns a card as Markdown, and the number of changes that were necessary.
fn write_card(input: &Input<'_>, note: &Note<'_>) -> (String, usize) {
    let parts = CardText::render_with_clozes(input, note);
    let (mut text, changed) = mochi::card(&parts.front(), &parts.back(), SIDES, input.config.html);
    let tags: Vec<String> =
        note.question.tags.iter().map(|tag| format!("#{}", tag.replace("::", "/"))).collect();
    if !tags.is_empty() {
        let _ = write!(text, "\n\n{}", tags.join(" "));
    }
    (text, changed)
}

/// Writes one file per card, as Mochi imports each file as a card. Their names sort in the order of
/// the questions.
fn write_files(
    input: &Input<'_>,
    outputs: &impl Outputs,
    cards: Vec<String>,
) -> anyhow::Result<()> {
    let mut cards = cards.into_iter();
    let mut files = Vec::new();
    for page in split_into_pages(input) {
        let width = page.notes.len().to_string().len().max(2);
        for ((number, note), text) in (1..).zip(&page.notes).zip(cards.by_ref()) {
            let name = format!("{}-{number:0width$}.md", page.name);
            let (id, before) = (note.id.to_owned(), text + "\n");
            let card =
                app_annotations::AppCard { id, above: String::new(), before, after: String::new() };
            files.push(app_annotations::AppPage { name, cards: vec![card], end: String::new() });
        }
    }
    app_annotations::write_pages(input, outputs, app_annotations::find_none, &files)
}

/// A deck: its path, and the indices of its cards.
struct Deck<'d> {
    path: Vec<&'d str>,
    cards: Vec<usize>,
}

/// Writes `data.edn`.
fn write_edn(input: &Input<'_>, cards: &[String]) -> String {
    let mut decks: Vec<Deck<'_>> = Vec::new();
    for (at, note) in input.notes.iter().enumerate() {
        let deck = std::iter::once(note.deck.title.as_str());
        let path: Vec<&str> = deck.chain(note.topic.path.iter().map(String::as_str)).collect();
        for length in 1..=path.len() {
            let known = decks.iter().any(|deck| deck.path == path[..length]);
            if !known {
                decks.push(Deck { path: path[..length].to_vec(), cards: Vec::new() });
            }
        }
        if let Some(deck) = decks.iter_mut().find(|deck| deck.path == path) {
            deck.cards.push(at);
        }
    }
    let width = cards.len().to_string().len();
    let mut out = String::from("{:version 2\n :decks\n [");
    for (number, deck) in decks.iter().enumerate() {
        let gap = if number == 0 { "" } else { "\n  " };
        let name = collapse_spaces(deck.path.last().copied().unwrap_or_default());
        let _ = write!(out, "{gap}{{:id {} :name {}", deck_id(&deck.path), edn_string(&name));
        if let Some((_, parent)) = deck.path.split_last().filter(|(_, parent)| !parent.is_empty()) {
            let _ = write!(out, " :parent-id {}", deck_id(parent));
        }
        if !deck.cards.is_empty() {
            out += "\n   :cards\n   [";
            for (number, &at) in deck.cards.iter().enumerate() {
                let note = &input.notes[at];
                let gap = if number == 0 { "" } else { "\n    " };
                let id = make_id("card", &[note.id]);
                let content = edn_string(&cards[at]);
                let _ = write!(out, "{gap}{{:id {id} :pos \"{at:0width$}\" :content {content}");
                if note.question.makes(CardKind::Reverse) {
                    out += " :review-reverse? true";
                }
                out.push('}');
            }
            out.push(']');
        }
        out.push('}');
    }
    out + "]}\n"
}

fn deck_id(path: &[&str]) -> String {
    make_id("deck", path)
}

/// Returns an id in Mochi's form, derived from some parts.
fn make_id(kind: &str, parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in std::iter::once(&kind).chain(parts) {
        hasher.update(&part.len().to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut number = [0; 8];
    number.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    format!(":{}{}", &kind[..1], base32::encode(u64::from_le_bytes(number), 12))
}

/// Writes a string in EDN.
fn edn_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out += "\\\"",
            '\\' => out += "\\\\",
            '\n' => out += "\\n",
            '\t' => out += "\\t",
            '\r' => out += "\\r",
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::{edn_string, make_id};

    #[test]
    fn strings_are_escaped() {
        assert_eq!(edn_string("a \"b\"\\\n\tü"), "\"a \\\"b\\\"\\\\\\n\\tü\"");
    }

    #[test]
    fn ids_tell_parts_apart() {
        assert_ne!(make_id("deck", &["a", "b"]), make_id("deck", &["ab"]));
        assert_eq!(make_id("card", &["x"]).len(), 14);
    }
}
