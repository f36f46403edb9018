//! A package for Mochi, or Markdown files for its import.
//!
//! Written from Mochi's documentation ("Export format reference", "Advanced formatting"). A package
//! is a zip of `data.edn` and the media. Ids are keywords of at least eight letters and digits,
//! decks name their parents, and cards are sorted by `:pos`. A card is Markdown whose sides are
//! separated by a line `---`. Mochi's parser, remarkable with `remarkable-brackets`, is public; it
//! does not touch code and characters behind a backslash. Of nested clozes it can hold only the
//! outermost, and a hint only behind its cloze.

use std::fmt::Write as _;
use std::io::Cursor;

use super::app_markdown::{self, BlockGap, MathSyntax, Rules, write_embed};
use super::loss::Losses;
use super::markdown_card;
use super::pages::split_into_pages;
use super::{
    Input, Outputs, add_media, app_annotations, card_excerpts, collapse_spaces, find_media,
    render_in_order,
};
use crate::config::{Html, clean_tag};
use crate::identity::{Note, base32};
use crate::markdown::html;
use crate::model::CardKind;
use crate::render::Context;
use crate::render::tree::{self, Block};
use crate::target::{Loss, Target};
use crate::zip::{Zip, deflate};

/// The folder in which cards find their media.
const MEDIA: &str = "@media/";

/// The separator between the sides of a card.
const SIDES: &str = "\n\n---\n\n";

const RULES: Rules = Rules {
    gap: BlockGap::Line,
    item_gap: "",
    indent: 0,
    shows_breaks: false,
    is_sign,
    opens_line: |line| line.trim() == "---",
    opens_code: |_| false,
    tex: &["{{", "}}"],
    is_plain_code: |_| true,
    code: "code",
    is_plain_block: |_, _| true,
    is_language: |_| true,
    opens_program: |_| false,
    html: Html::Sanitize,
    rewrite_html: media_as_markdown,
    math: MathSyntax::Dollars,
    footnotes: None,
    headings: Some(1),
    has_alerts: false,
    boxes: ["[ ]", "[x]"],
    strike: ["~~", "~~"],
    highlight: ["==", "=="],
    has_vault_links: false,
    has_note_embeds: false,
    has_escaped_signs: true,
    escapes: |_| true,
    embed: |file| Some(write_embed(file)),
    must_isolate_embeds: false,
};

/// Returns whether Mochi would read a cloze, a tag, a reference or one of its own marks here.
fn is_sign(before: Option<char>, rest: &str) -> bool {
    let mut chars = rest.chars();
    let (c, next) = (chars.next(), chars.next());
    let is_pair = before == c || next == c;
    match c {
        Some('$' | '^' | '~') => true,
        // A link or a tag may follow.
        Some('[' | '<') => is_pair || next.is_none(),
        Some('{' | '}' | '=' | '+') => is_pair,
        Some('#') => next.is_some_and(|next| !next.is_whitespace() && next != '#'),
        Some('@') => matches!(next, Some('[') | None),
        _ => false,
    }
}

/// Rewrites images, audio and video in HTML as Markdown, as Mochi finds media only there.
fn media_as_markdown(written: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for tag in html::tags(written) {
        let is_embedded = html::embeds(&tag) && tag.name != "track";
        let is_shell = matches!(tag.name.as_str(), "audio" | "video") && tag.source.is_none();
        if !is_shell && (!is_embedded || tag.source.is_none()) {
            continue;
        }
        out += &written[at..tag.range.start];
        at = tag.range.end;
        if let Some(source) = tag.source {
            let text = html::alt_text(&written[tag.range]).unwrap_or_default();
            let text = text.replace(['[', ']', '\n'], " ");
            out += &format!("![{text}]({})", &written[source]);
        }
    }
    out + &written[at..]
}

/// Puts a word joiner behind each line of code that Mochi would take for the separator between the
/// sides; returns how many code blocks have such a line.
fn break_separators(blocks: &mut [Block]) -> usize {
    let break_in = |block: &mut Block| match block {
        Block::Code(_, code) => {
            let is_separator = |line: &str| line.trim() == "---";
            let has_separator = code.split('\n').any(is_separator);
            if has_separator {
                let joined = |line: &str| {
                    let behind = if is_separator(line) { "\u{2060}" } else { "" };
                    format!("{}{behind}{}", line.trim_end(), &line[line.trim_end().len()..])
                };
                *code = code.split('\n').map(joined).collect::<Vec<_>>().join("\n");
            }
            usize::from(has_separator)
        }
        Block::List(_, items) => items.iter_mut().map(|item| break_separators(item)).sum(),
        Block::Quote(_, inner)
        | Block::Definition(inner)
        | Block::Footnote(_, inner)
        | Block::NoteEmbed(_, inner) => break_separators(inner),
        _ => 0,
    };
    blocks.iter_mut().map(break_in).sum()
}

/// Writes a cloze. Of nested ones only the outermost stays, and a hint follows its cloze.
fn write_cloze(number: u16, text: &str, hint: Option<&str>) -> String {
    let hint = hint.map(|hint| format!(" ({})", hint.trim())).unwrap_or_default();
    format!("{OPEN}{number}{NUMBERED}{text}{CLOSE}{hint}")
}

/// Writes clozes in Mochi's syntax. Of nested ones only the outermost stays.
fn write_clozes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0usize;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            OPEN => {
                depth += 1;
                let number: String = rest.by_ref().take_while(|c| *c != NUMBERED).collect();
                if depth == 1 {
                    out += &format!("{{{{{number}::");
                }
            }
            CLOSE => {
                out += if depth == 1 { "}}" } else { "" };
                depth = depth.saturating_sub(1);
            }
            c => out.push(c),
        }
    }
    out
}

// Placeholders for the delimiters of clozes, until it is known which are nested.
const OPEN: char = '\u{5}';
const NUMBERED: char = '\u{6}';
const CLOSE: char = '\u{8}';

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
    let mut card = markdown_card::build_with_clozes(input, note);
    let mut changed = 0;
    for side in [&mut card.front, &mut card.back] {
        changed += break_separators(side);
        tree::join_formulas(side);
    }
    let rules = Rules { html: input.config.html, ..RULES };
    let write = |blocks: &[Block]| write_clozes(&app_markdown::write(&rules, blocks, &write_cloze));
    let mut text = write(&card.front);
    if !card.back.is_empty() {
        text += &format!("{SIDES}{}", write(&card.back));
    }
    let tags: Vec<String> = note
        .question
        .tags
        .iter()
        .map(|tag| format!("#{}", clean_tag(tag).replace("::", "/")))
        .collect();
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
