//! The content of a field as a text, to compare it before and after the conversion.
//!
//! White space and styles do not count; each character, image, sound, formula and gap does.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::field::Markdown;
use super::marks::Mark;
use super::names::{address, is_elsewhere, media_name};
use super::piece::{Block, Piece, Styled};
use crate::entities;
use crate::markdown::{self, html};
use crate::model::Definitions;

/// Returns the content of some blocks.
pub(super) fn of_blocks(blocks: &[Block], folder: &str) -> String {
    let mut seen = String::new();
    each_line(blocks, &mut |line| {
        for (_, piece) in line {
            match piece {
                Piece::Text(text) | Piece::Code(text) => seen.push_str(text),
                Piece::Tag(tag) if tag == "<hr>" => seen.push('\u{2}'),
                Piece::Box(_) => seen.push('\u{3}'),
                Piece::Break | Piece::Tag(_) => {}
                Piece::Image { source, alt, .. } => {
                    push_file(alt, &address(source, folder), &mut seen);
                }
                Piece::Mark(mark) => match mark {
                    Mark::Gap(numbers) => {
                        seen.push_str("{{c");
                        seen.push_str(numbers);
                        seen.push_str("::");
                    }
                    Mark::Hint => seen.push_str("::"),
                    Mark::GapEnd => seen.push_str("}}"),
                    Mark::Sound(name) => push_file("", &address(name, folder), &mut seen),
                    Mark::Math { tex, .. } => push_math(tex, &mut seen),
                    Mark::Latex(latex) => seen.push_str(latex),
                },
            }
        }
    });
    fold(&seen)
}

/// Returns the names of the files that some blocks show and play.
pub(super) fn media(blocks: &[Block]) -> Vec<String> {
    let mut names = Vec::new();
    each_line(blocks, &mut |line| {
        for (_, piece) in line {
            if let Piece::Image { source, .. } | Piece::Mark(Mark::Sound(source)) = piece
                && !is_elsewhere(source)
            {
                names.push(media_name(source));
            }
        }
    });
    names
}

fn each_line(blocks: &[Block], look: &mut impl FnMut(&[Styled])) {
    for block in blocks {
        match block {
            Block::Paragraph(line) | Block::Heading(_, line) => look(line),
            Block::List { items, .. } => items.iter().for_each(|item| each_line(item, look)),
            Block::Quote { content, .. } => each_line(content, look),
            Block::Code { text, .. } => look(&[(Vec::new(), Piece::Text(text.clone()))]),
            Block::Rule => look(&[(Vec::new(), Piece::Text("\u{2}".to_owned()))]),
            Block::Table { rows, .. } => rows.iter().flatten().for_each(|cell| look(cell)),
            Block::Element { open, content, .. } => {
                look(&[(Vec::new(), Piece::Text(text_of(open)))]);
                each_line(content, look);
            }
        }
    }
}

/// Returns the content of Markdown.
pub(super) fn of_markdown(markdown: &Markdown) -> String {
    let mut seen = String::new();
    if !markdown.heading.is_empty() {
        push_seen(&format!("### {}", markdown.heading), &mut seen);
    }
    push_seen(&markdown.body, &mut seen);
    fold(&seen)
}

fn push_seen(text: &str, seen: &mut String) {
    let mut html = String::new();
    let mut images: Vec<(String, usize)> = Vec::new();
    let definitions = Definitions::default();
    let mut events = markdown::parse(text, &definitions);
    markdown::size::attach(text, &mut events);
    for (event, _) in events {
        match event {
            Event::Html(part) => html.push_str(&part),
            Event::InlineHtml(tag) => push_html(&tag, seen),
            Event::End(TagEnd::HtmlBlock) => push_html(&std::mem::take(&mut html), seen),
            Event::Text(text) | Event::Code(text) => seen.push_str(&text),
            Event::InlineMath(tex) | Event::DisplayMath(tex) => push_math(&tex, seen),
            Event::Rule => seen.push('\u{2}'),
            Event::TaskListMarker(_) | Event::FootnoteReference(_) => seen.push('\u{3}'),
            Event::Start(Tag::Image { dest_url, .. }) => {
                images.push((dest_url.to_string(), seen.len()));
            }
            Event::End(TagEnd::Image) => {
                if let Some((target, start)) = images.pop() {
                    let alt = seen.split_off(start);
                    push_file(&alt, &target, seen);
                }
            }
            _ => {}
        }
    }
}

fn push_html(written: &str, seen: &mut String) {
    if html::tags(written).iter().any(|tag| tag.name == "hr") {
        seen.push('\u{2}');
    }
    seen.push_str(&text_of(written));
}

/// Returns the text of HTML without its tags.
fn text_of(written: &str) -> String {
    let written = html::without_comments(written);
    let (mut text, mut at) = (String::new(), 0);
    for tag in html::tags(&written) {
        text.push_str(&written[at..tag.range.start]);
        at = tag.range.end;
    }
    text.push_str(&written[at..]);
    entities::decode(&text).into_owned()
}

fn push_math(tex: &str, seen: &mut String) {
    seen.push('\u{4}');
    seen.push_str(tex);
    seen.push('\u{4}');
}

fn push_file(alt: &str, target: &str, seen: &mut String) {
    seen.push('\u{5}');
    seen.push_str(alt);
    seen.push('\u{5}');
    seen.push_str(target);
    seen.push('\u{5}');
}

fn fold(seen: &str) -> String {
    seen.chars().filter(|c| !c.is_whitespace()).collect()
}
