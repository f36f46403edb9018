//! One page per topic for Logseq, as in its graphs on disk.
//!
//! A bullet is a card if it refers to the page `card`, and the bullets below it are the answer
//! (`src/main/frontend/extensions/srs.cljs`). Logseq stores its data on a card in properties below
//! the first line of the bullet; they are copied from the existing pages. Cards are found by `id`,
//! which must be a UUID, on any page.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::card_tree::build_card_tree;
use super::edit_hash;
use super::loss::Losses;
use super::{Input, Outputs, add_media, card_excerpts, collapse_spaces, find_media};
use crate::config::is_device;
use crate::identity::Note;
use crate::model::Topic;
use crate::render::outline::{Bullet, Outline, Outliner, write_bullets};
use crate::render::tree::{Block, Inline, TextStyle};
use crate::slug::slug;
use crate::target::Loss;

/// The indentation of each level.
const INDENT: &str = "\t";

/// The file with the names of the pages that the last build wrote, and a hash of each.
const RECORD_FILE: &str = ".deckpress-pages";

/// The properties that we write below a question.
const OWN_PROPERTIES: [&str; 2] = ["id", "tags"];

/// The property of an ordered item.
const NUMBER: &str = "logseq.order-list-type:: number";

/// A page with all notes of one topic.
struct LogseqPage<'n> {
    /// The file name.
    name: String,
    title: String,
    notes: Vec<&'n Note<'n>>,
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let folder = input.path();
    let pages = group_by_topic(input);
    let list = outputs.previous(&format!("{folder}{RECORD_FILE}")).unwrap_or_default();
    let list = String::from_utf8_lossy(&list).into_owned();
    let before: Vec<(&str, &str)> = list.lines().filter_map(|line| line.split_once(' ')).collect();
    let writes = |page: &&LogseqPage<'_>| input.writes(page.notes.iter().map(|note| note.id));
    let touched: BTreeSet<&str> = pages.iter().filter(writes).map(|page| &*page.name).collect();
    // If only some notes are wanted, the pages of the others stay as they are.
    let stays = |name: &str| input.written.is_some() && !touched.contains(name);
    let homes = pages.iter().flat_map(|page| page.notes.iter().map(|note| (note, &*page.name)));
    let homes: BTreeMap<String, &str> = homes.map(|(note, name)| (uuid(note.id), name)).collect();
    let mut properties = BTreeMap::new();
    let present = pages.iter().map(|page| page.name.as_str());
    let names: BTreeSet<&str> = before.iter().map(|(_, name)| *name).chain(present).collect();
    for name in names.into_iter().filter(|name| is_page_name(name)) {
        let path = format!("{folder}pages/{name}");
        let Some(bytes) = outputs.previous(&path) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        for (id, found) in collect_properties(&text) {
            // A page that was left as it was may still hold a card that has moved.
            if homes.get(&id).is_some_and(|home| *home == name) {
                properties.insert(id, found);
            } else {
                properties.entry(id).or_insert(found);
            }
        }
        if stays(name) {
            continue;
        }
        let known = before.iter().find(|(_, known)| *known == name);
        let is_edited = known.is_none_or(|(hash, _)| *hash != hash_page(&text));
        if is_edited || !pages.iter().any(|page| page.name == name) {
            outputs.remove(&path, is_edited);
        }
    }
    let mut losses = Losses::default();
    let mut list = String::new();
    for (hash, name) in before.iter().filter(|(_, name)| stays(name)) {
        let _ = writeln!(list, "{hash} {name}");
    }
    for page in pages.iter().filter(|page| !stays(&page.name)) {
        let text = write_page(input, page, &properties, &mut losses);
        let _ = writeln!(list, "{} {}", hash_page(&text), page.name);
        let path = format!("{folder}pages/{}", page.name);
        outputs.add(&path, |file| Ok(file.write_all(text.as_bytes())?))?;
    }
    outputs.add(&format!("{folder}{RECORD_FILE}"), |file| Ok(file.write_all(list.as_bytes())?))?;
    let media = find_media(input, card_excerpts(input.notes), |_| true);
    add_media(outputs, &format!("{folder}assets/"), &media)?;
    Ok(losses)
}

/// Returns whether a page of this name lies directly in the folder. The list may have been edited,
/// so it must not lead elsewhere.
fn is_page_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':'])
}

/// Returns the pages in the order of their first questions. Each topic has one, even if another
/// topic interrupts it, as Logseq allows no two pages of the same title.
fn group_by_topic<'b>(input: &Input<'b>) -> Vec<LogseqPage<'b>> {
    let mut topics: Vec<(&Topic, Vec<&Note<'b>>)> = Vec::new();
    for note in input.notes {
        match topics.iter_mut().find(|(topic, _)| std::ptr::eq(*topic, note.topic)) {
            Some((_, notes)) => notes.push(note),
            None => topics.push((note.topic, vec![note])),
        }
    }
    let mut names = BTreeSet::new();
    let mut titles = BTreeSet::new();
    let mut pages = Vec::new();
    for (topic, notes) in topics {
        let levels: Vec<&str> = std::iter::once(notes[0].deck.title.as_str())
            .chain(topic.path.iter().map(String::as_str))
            .collect();
        let slug = match slug(&levels.join(" ")) {
            slug if slug.is_empty() => "page".to_owned(),
            slug if is_device(&slug) => format!("page-{slug}"),
            slug => slug,
        };
        let levels = levels.iter().map(|level| escape_title(level));
        let title = levels.collect::<Vec<_>>().join("/");
        let name = make_distinct(&mut names, &slug, "-");
        let title = make_distinct(&mut titles, &title, " ");
        pages.push(LogseqPage { name: format!("{name}.md"), title, notes });
    }
    pages
}

/// Escapes a title. A slash would make it a page below another page.
fn escape_title(title: &str) -> String {
    let title = collapse_spaces(title).replace('/', "∕").replace('#', "＃");
    let pairs = ["[[", "((", "{{"].iter().fold(title, |title, pair| {
        let (one, other) = pair.split_at(1);
        title.replace(pair, &format!("{one}\u{2060}{other}"))
    });
    pairs.replace("::", ":\u{2060}:")
}

/// Returns a name that differs from all others by more than case.
fn make_distinct(taken: &mut BTreeSet<String>, name: &str, gap: &str) -> String {
    let numbered = (2..).map(|number| format!("{name}{gap}{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    let free = names.find(|name| taken.insert(name.to_lowercase()));
    free.unwrap_or_default()
}

fn write_page(
    input: &Input<'_>,
    page: &LogseqPage<'_>,
    properties: &BTreeMap<String, Vec<String>>,
    losses: &mut Losses,
) -> String {
    let mut out = format!("title:: {}\n\n", page.title);
    for note in &page.notes {
        let mut outline = Outline::new(Outliner::Logseq);
        let card = write_card(input, note, properties, &mut outline);
        out += &write_bullets(&[card], 0, INDENT);
        if outline.changed > 0 {
            losses.add(Loss::Syntax, note.question.span);
        }
    }
    out
}

fn write_card(
    input: &Input<'_>,
    note: &Note<'_>,
    properties: &BTreeMap<String, Vec<String>>,
    outline: &mut Outline,
) -> Bullet {
    let sides = build_card_tree(input, note, "../assets/");
    let mut asked = outline.flatten(&sides.question).into_iter().peekable();
    // The first block may not be text.
    let is_text = matches!(sides.question.first(), Some(Block::Text(_)));
    let first = asked.next_if(|_| is_text).unwrap_or_default();
    let mut lines = vec![format!("{first} #card").trim_start().to_owned()];
    let id = uuid(note.id);
    lines.push(format!("id:: {id}"));
    let tags: Vec<String> =
        note.question.tags.iter().map(|tag| tag.replace("::", "/").replace(',', "-")).collect();
    if !tags.is_empty() {
        lines.push(format!("tags:: {}", tags.join(", ")));
    }
    lines.extend(properties.get(&id).into_iter().flatten().cloned());
    lines.extend(asked);
    let mut below = number_bullets(outline, &sides.answer);
    let mut part = |label: &str, blocks: &[Block]| {
        let label = Inline::Styled(TextStyle::Strong('*'), vec![Inline::Text(label.to_owned())]);
        let mut label = outline.bullets(&[Block::Text(vec![label])]);
        let own = number_bullets(outline, blocks);
        if let Some(label) = label.first_mut() {
            label.below.extend(own);
        }
        below.extend(label);
    };
    if !sides.points.is_empty() {
        part("Key points", &[Block::List(None, sides.points.clone())]);
    }
    for (label, blocks) in &sides.extra {
        part(label.as_deref().unwrap_or("More"), blocks);
    }
    Bullet { number: None, lines, below }
}

/// Returns blocks as bullets. Logseq counts ordered ones itself, so a number that it would not
/// choose is written as text.
fn number_bullets(outline: &mut Outline, blocks: &[Block]) -> Vec<Bullet> {
    fn numbered(bullets: Vec<Bullet>) -> Vec<Bullet> {
        let mut number = 0;
        let bullet = |mut bullet: Bullet| {
            number = if bullet.number.is_some() { number + 1 } else { 0 };
            match bullet.number.take() {
                None => {}
                Some(own) if own == number => bullet.lines.insert(1, NUMBER.to_owned()),
                Some(own) => bullet.lines[0] = format!("{own}. {}", bullet.lines[0]),
            }
            bullet.below = numbered(bullet.below);
            bullet
        };
        bullets.into_iter().map(bullet).collect()
    }
    numbered(outline.bullets(blocks))
}

/// Returns one of our ids as a UUID (version 8, RFC 9562).
fn uuid(id: &str) -> String {
    let hash = blake3::hash(format!("deckpress {id}").as_bytes());
    let hex = hash.to_hex();
    format!("{}-{}-8{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}

/// Hashes the text of a page without Logseq's data.
fn hash_page(text: &str) -> String {
    let is_note = |line: &&str| {
        let name = split_property(line).map(|(name, _)| name);
        name.is_some_and(|name| {
            !OWN_PROPERTIES.contains(&name) && !NUMBER.starts_with(name) && name != "title"
        })
    };
    edit_hash::hash(text.lines().filter(|line| !is_note(line)))
}

/// Collects the properties of a page's cards that we did not write, by id.
fn collect_properties(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.trim_start().starts_with("- ") {
            continue;
        }
        let (mut id, mut others) = (None, Vec::new());
        while let Some((name, value)) = lines.peek().and_then(|line| split_property(line)) {
            match name {
                "id" => id = Some(value.to_owned()),
                name if OWN_PROPERTIES.contains(&name) => {}
                name => others.push(format!("{name}:: {value}")),
            }
            lines.next();
        }
        if let Some(id) = id.filter(|_| !others.is_empty()) {
            all.insert(id, others);
        }
    }
    all
}

/// Splits a line of a bullet into the name and value of a property.
fn split_property(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim().split_once("::")?;
    let is_name = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    let is_property = !name.is_empty() && name.chars().all(is_name);
    (is_property && (value.is_empty() || value.starts_with(' '))).then(|| (name, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::{collect_properties, uuid};

    #[test]
    fn what_logseq_has_noted_is_found() {
        let text = "title:: T\n\n- Q #card\n  card-repeats:: 2\n  id:: u1\n  tags:: a\n  text\n\
                    \t- card:: no\n- R #card\n  id:: u2\n";
        let all = collect_properties(text).into_iter().collect::<Vec<_>>();
        assert_eq!(all, [("u1".to_owned(), vec!["card-repeats:: 2".to_owned()])]);
    }

    #[test]
    fn an_id_is_a_uuid() {
        assert_eq!(uuid("x"), uuid("x"));
        assert_eq!(uuid("x").len(), 36);
    }
}
