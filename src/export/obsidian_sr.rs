//! A folder for Obsidian's plugin Spaced Repetition, written by `src/parser.ts` of version 1.15.4.
//!
//! A card is a run of lines with a line `?` between its sides, or `??` if it is asked both ways; or
//! a run of lines with clozes such as `==this==`. An empty line ends a card, except in a fence that
//! begins a line. A line with `::` outside code is a card of its own. The plugin writes
//! `<!--SR:…-->` below a card, or at the end of its last line.

use super::app_annotations::{self, AppCard, AppPage};
use super::app_markdown::{BlockGap, COMMENT, MathSyntax, Rules, escape_title};
use super::loss::Losses;
use super::obsidian::COMMAND;
use super::{Input, Outputs, markdown_card, obsidian};
use crate::config::Html;
use crate::identity::Note;
use crate::model::CardKind;
use crate::render::is_language;
use crate::slug::slug;
use crate::target::Loss;

const RULES: Rules = Rules {
    gap: BlockGap::CommentOrList,
    item_gap: COMMENT,
    indent: 4,
    shows_breaks: true,
    is_sign,
    opens_line: |line| ["?", "??"].contains(&line.trim()),
    opens_code: |line| ["?", "??"].contains(&line.trim()) || line.starts_with("~~~"),
    tex: &["::", "==", COMMAND],
    // The plugin counts backticks in the whole line, so a span with more than one would mislead it.
    is_plain_code: |code| !code.contains('`') && !has_dates(code) && !code.contains(COMMAND),
    code: "code",
    is_plain_block: |code, is_nested| !is_nested && !has_dates(code) && !code.contains(COMMAND),
    is_language,
    opens_program: obsidian::opens_program,
    html: Html::Sanitize,
    rewrite_html: str::to_owned,
    math: MathSyntax::Dollars,
    footnotes: Some(1),
    headings: None,
    has_alerts: true,
    boxes: ["[ ]", "[x]"],
    strike: ["~~", "~~"],
    highlight: ["<mark>", "</mark>"],
    has_vault_links: true,
    has_escaped_signs: false,
    escapes: |c| !"`:?=".contains(c),
    embed: |file| Some(obsidian::embed(file)),
    must_isolate_embeds: false,
};

/// The rules of a cloze card, in which the plugin looks for clozes in code as well.
const CLOZE_RULES: Rules = Rules {
    is_sign: |before, rest| is_sign(before, rest) || rest.starts_with(";;"),
    tex: &["::", "==", ";;", COMMAND],
    is_plain_code: |code| (RULES.is_plain_code)(code) && !has_gap(code),
    is_plain_block: |code, is_nested| (RULES.is_plain_block)(code, is_nested) && !has_gap(code),
    ..RULES
};

/// Returns whether code contains what the plugin writes, which it would take for the card's dates.
fn has_dates(code: &str) -> bool {
    code.contains("<!--SR:") || code.contains("[!sr|card-metadata]")
}

fn has_gap(code: &str) -> bool {
    code.contains("==") || code.contains(";;")
}

fn is_sign(before: Option<char>, rest: &str) -> bool {
    ["::", "=="].iter().any(|sign| rest.starts_with(sign)) || obsidian::is_sign(before, rest)
}

/// Finds the comment with the dates of a card, or the callout that the plugin puts it in.
fn find_annotation(line: &str) -> Option<usize> {
    if line.starts_with("> [!sr|card-metadata]") || line.starts_with("> <!--SR:!") {
        return Some(0);
    }
    let start = line.find("<!--SR:!")?;
    line.ends_with("-->").then_some(start)
}

pub(super) fn export(input: &Input<'_>, outputs: &impl Outputs) -> anyhow::Result<Losses> {
    let input = &markdown_card::with_media_folder(input);
    let mut losses = Losses::default();
    let page = |page: super::pages::TopicPage<'_>| {
        let first = page.notes[0];
        let common = obsidian::common_tags(&page.notes);
        let front_matter = match &*common {
            [] => String::new(),
            tags => format!("---\ntags: [{}]\n---\n\n", tags.join(", ")),
        };
        let levels = [&first.deck.title].into_iter().chain(&first.topic.path);
        let levels = levels.map(|title| slug(title)).filter(|level| !level.is_empty());
        let deck = std::iter::once("#flashcards".to_owned()).chain(levels).collect::<Vec<_>>();
        let title = escape_title(&RULES, first.topic.path.last().unwrap_or(&first.deck.title));
        let mut head = format!("{front_matter}# {title}\n\n{}\n", deck.join("/"));
        let mut cards = Vec::new();
        for (number, note) in (1..).zip(page.notes) {
            let before = write_card(input, note, number, &common, &mut losses);
            let above = format!("{}\n", std::mem::take(&mut head));
            cards.push(AppCard { id: note.id.to_owned(), above, before, after: String::new() });
        }
        AppPage { name: format!("{}.md", page.name), cards, end: String::new() }
    };
    app_annotations::write_deck(input, outputs, find_annotation, page)?;
    Ok(losses)
}

fn write_card(
    input: &Input<'_>,
    note: &Note<'_>,
    number: usize,
    common: &[String],
    losses: &mut Losses,
) -> String {
    let tags = obsidian::own_tags(note, common);
    let tags = if tags.is_empty() { tags } else { format!("\n{COMMENT}\n{tags}") };
    if let Some(cloze_card) = markdown_card::build_cloze(input, note) {
        if cloze_card.are_clozes_plain && cloze_card.rest.is_none() {
            // Numbers are needed only if several clozes share one.
            let mut numbers = cloze_card.numbers.clone();
            numbers.sort_unstable();
            numbers.dedup();
            let is_numbered = numbers.len() < cloze_card.numbers.len();
            let rules = Rules { footnotes: Some(number), ..CLOZE_RULES };
            let text = cloze_card.text(&rules, |number, text, hint| {
                let number = if is_numbered { format!("{number};;") } else { String::new() };
                let hint = hint.map(|hint| format!(";;{}", hint.trim())).unwrap_or_default();
                format!("=={number}{text}{hint}==")
            });
            return format!("{text}{tags}\n");
        }
        losses.add(Loss::Clozes, note.question.span);
    }
    let rules = Rules { footnotes: Some(number), ..RULES };
    let sides = markdown_card::build(input, note);
    let (front, back) = (sides.front(&rules), sides.back(&rules));
    let separator = if note.question.makes(CardKind::Reverse) { "??" } else { "?" };
    format!("{front}\n{separator}\n{back}{tags}\n")
}
