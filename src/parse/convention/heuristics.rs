//! Evidence for and against headings being questions, which several recognizers share.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate, rows};
use super::document::is_thematic_break;
use super::document::{Document, Heading, marker};
use super::fold::SummaryKind;
use super::prompt::{find_closing_bracket, number_width};
use super::question_form::{has_question_mark, is_question_like};
use super::recognizer_input::RecognizerInput;
use super::{heading_label, options, vocabulary};

/// Returns the headings that are questions, by level.
///
/// Either all candidates of a level are questions or none: `is_made_of_questions` decides. The
/// deepest level comes first, and a heading right above a question of a deeper level is a topic.
pub(super) fn select_levels<'d>(
    input: &RecognizerInput<'d>,
    is_candidate: impl Fn(&Heading) -> bool,
    is_made_of_questions: impl Fn(&RecognizerInput<'_>, &[&Heading]) -> bool,
) -> Vec<&'d Heading> {
    let doc = input.doc;
    let mut found: Vec<&Heading> = Vec::new();
    for level in (1..=6).rev() {
        let of_level = doc.headings.iter().filter(|heading| heading.level == level);
        let free = of_level.filter(|heading| input.is_free(heading.line) && is_candidate(heading));
        let candidates: Vec<&Heading> = free.collect();
        let leaves: Vec<&Heading> =
            candidates.into_iter().filter(|heading| !is_bare(input, heading, &found)).collect();
        let is_sure = input.is_requested && !leaves.is_empty();
        if is_sure || is_made_of_questions(input, &leaves) {
            found.extend(
                leaves.into_iter().filter(|heading| find_link_section(doc, heading).is_none()),
            );
            found.sort_by_key(|heading| heading.line);
        }
    }
    found
}

/// Returns whether a heading has no text of its own: right below it is a question, or a heading of
/// a higher level.
fn is_bare(input: &RecognizerInput<'_>, heading: &Heading, found: &[&Heading]) -> bool {
    let doc = input.doc;
    let next = doc.next_nonblank(heading.below);
    let is_asked = has_question_mark(&doc.text[heading.title.clone()]);
    let is_found = found.binary_search_by_key(&next, |heading| heading.line).is_ok();
    let is_taken = next < doc.lines.len() && !input.is_free(next);
    let is_above = doc.heading_at(next).is_some_and(|next| next.level < heading.level);
    let is_fold = input.folds.binary_search_by_key(&next, |fold| doc.line_at(fold.whole.start));
    let is_question_like = |text: &str| {
        has_question_mark(text) || (super::question_form::is_question_like(text) && !is_asked)
    };
    let is_question = is_fold.is_ok_and(|at| {
        let fold = &input.folds[at];
        fold.summary_kind(doc.text, input.answer_labels) == SummaryKind::Other
            && is_question_like(&doc.text[fold.summary.clone()])
    });
    is_found || is_taken || is_above || is_question
}

/// Returns whether there are options with letters below a heading, in a list or a table.
pub(super) fn has_options(doc: &Document<'_>, heading: &Heading) -> bool {
    let after = doc.headings.partition_point(|other| other.line <= heading.line);
    let end = doc.headings.get(after).map_or(doc.lines.len(), |next| next.line);
    let rows = rows(doc, doc.line_start(heading.below)..doc.line_start(end));
    options::are_lettered(doc.text, &rows)
}

/// Returns whether a heading is likely a question. One in a list item without a number must have a
/// question mark, as in an outline every item may be a heading.
pub(super) fn is_asking(doc: &Document<'_>, heading: &Heading) -> bool {
    let title = &doc.text[heading.title.clone()];
    let is_ordered = || doc.line_text(heading.line).starts_with(|c: char| c.is_ascii_digit());
    if heading.is_item && !is_ordered() {
        has_question_mark(title)
    } else {
        is_question_like(title)
    }
}

/// The targets of some links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkTarget {
    /// All lead to places in the same page.
    Page,
    /// At least one leads to another page.
    Elsewhere,
}

/// Returns the targets of the links in some lines, if they hold nothing else.
pub(super) fn find_common_target(
    doc: &Document<'_>,
    lines: impl Iterator<Item = usize>,
) -> Option<LinkTarget> {
    let mut found = None;
    for line in lines {
        let snippet = doc.line_text(line);
        let snippet = &snippet[marker(snippet).unwrap_or_default()..];
        if doc.lines[line].is_closed {
            return None;
        }
        if snippet.is_empty() || is_thematic_break(snippet) {
            continue;
        }
        match find_link_target(snippet)? {
            LinkTarget::Page => found = found.or(Some(LinkTarget::Page)),
            LinkTarget::Elsewhere => found = Some(LinkTarget::Elsewhere),
        }
    }
    found
}

/// Returns the targets of the links in a line, if it holds nothing else.
pub(super) fn find_link_target(snippet: &str) -> Option<LinkTarget> {
    let mut rest = &snippet[number_width(snippet).unwrap_or_default()..];
    let mut found = None;
    loop {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !"[<".contains(c));
        let is_bare = rest.starts_with("http://") || rest.starts_with("https://");
        let (target, width) = if let Some(link) = rest.strip_prefix('[') {
            let target = link[find_closing_bracket(link)? + 1..].strip_prefix('(')?;
            let end = target.find(')')?;
            (&target[..end], rest.len() - target.len() + end + 1)
        } else if is_bare {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            (&rest[..end], end)
        } else if rest.starts_with("<a ") || rest.starts_with("<http") {
            let end = if rest.starts_with("<a ") { "</a>" } else { ">" };
            let width = rest.find(end)? + end.len();
            let target = rest.split_once("href=").map_or(rest, |(_, target)| target);
            (target.trim_start_matches(['"', '\'']), width)
        } else {
            return found.filter(|_| rest.is_empty());
        };
        let is_here = target.starts_with('#') && found != Some(LinkTarget::Elsewhere);
        found = Some(if is_here { LinkTarget::Page } else { LinkTarget::Elsewhere });
        rest = &rest[width..];
    }
}

/// Returns what kind of section a heading opens, if it is no question and has only links below it:
/// a table of contents, or links for further reading.
pub(super) fn find_link_section(doc: &Document<'_>, heading: &Heading) -> Option<&'static str> {
    if has_question_mark(&doc.text[heading.title.clone()]) {
        return None;
    }
    let after = doc.headings.partition_point(|other| other.line <= heading.line);
    let next = doc.headings.get(after);
    let end = next.map_or(doc.lines.len(), |next| next.line);
    match find_common_target(doc, heading.below..end)? {
        LinkTarget::Page => Some("table of contents"),
        LinkTarget::Elsewhere => {
            let is_numbered = number_width(&doc.text[heading.title.clone()]).is_some();
            let is_end = is_noise(doc, heading) || (next.is_none() && !is_numbered);
            is_end.then_some("where to read on")
        }
    }
}

/// Returns the line that the footer of a page begins on, or else the end of the page. A footer
/// stands below the last thematic break and has images or links in every line, two or more in all.
pub(super) fn find_footer(doc: &Document<'_>) -> usize {
    let end = doc.lines.len();
    let is_text =
        |line: &usize| is_thematic_break(doc.open_text(*line)) || doc.heading_at(*line).is_some();
    let Some(rule) = (0..end).rev().find(is_text).filter(|line| doc.heading_at(*line).is_none())
    else {
        return end;
    };
    let signs = ["](http", "href=", "<img"];
    let below = (rule + 1..end).filter(|line| !doc.line_text(*line).is_empty());
    let leads = |line: usize| -> usize {
        signs.iter().map(|sign| doc.open_text(line).matches(sign).count()).sum()
    };
    let counts = below.map(leads);
    let is_foot = counts.clone().all(|count| count > 0) && counts.sum::<usize>() > 1;
    if is_foot { rule } else { end }
}

/// Returns whether a heading opens a section that holds no questions, as `License` does.
pub(super) fn is_noise(doc: &Document<'_>, heading: &Heading) -> bool {
    find_noise(doc, heading).is_some()
}

/// Returns what kind of section without questions a heading opens.
pub(super) fn find_noise(doc: &Document<'_>, heading: &Heading) -> Option<&'static str> {
    let snippet = doc.plain_title(heading).to_lowercase();
    let bare = snippet.trim_matches(|c: char| !c.is_alphanumeric());
    let known = vocabulary::NOISE.iter().find(|(_, titles)| titles.contains(&bare));
    known.map(|(what, _)| *what)
}

/// Returns whether the name or the title of a file promises questions, as `interview-questions.md`
/// does.
pub(super) fn is_question_bank(doc: &Document<'_>) -> bool {
    // The heading `Question` is the label of one question, not the title of a collection.
    let is_title = |heading: &&Heading| !heading_label::is_question(doc, heading);
    let first = doc.headings.first().filter(is_title);
    let first = first.map(|heading| &doc.text[heading.title.clone()]);
    let holds = |text: &str| {
        let lower = text.to_lowercase();
        let mut parts = lower.split(|c: char| !c.is_alphanumeric());
        vocabulary::BANK.iter().any(|word| lower.contains(word))
            || parts.any(|part| vocabulary::BANK_WHOLE.contains(&part))
    };
    let top = &doc.text[..doc.line_start(0)];
    let title = top.lines().find_map(|line| line.strip_prefix("title:"));
    holds(doc.path) || first.is_some_and(holds) || title.is_some_and(holds)
}

/// Returns whether a heading says no more than that questions follow, as `Git Questions` does in a
/// file with the title `Git`.
pub(super) fn is_container(doc: &Document<'_>, heading: &Heading, name: Option<&Heading>) -> bool {
    let snippet = doc.plain_title(heading).to_lowercase();
    let name =
        name.map(|name| doc.plain_title(name).to_lowercase()).filter(|name| !name.is_empty());
    let rest =
        name.and_then(|name| snippet.strip_prefix(&name).map(str::to_owned)).unwrap_or(snippet);
    let bare = rest.trim_matches(|c: char| !c.is_alphanumeric());
    // One for each: `Flashcard 1`.
    let bare = bare.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    vocabulary::CONTAINER.contains(&bare)
}

/// Returns whether the questions and their answers are at least one `parts`-th of the lines of a
/// file.
pub(super) fn covers_enough(
    input: &RecognizerInput<'_>,
    candidates: &[Candidate],
    parts: usize,
) -> bool {
    let doc = input.doc;
    let visible = |range: Range<usize>| {
        let lines = doc.lines.get(range).unwrap_or_default();
        lines.iter().filter(|line| !line.inner.is_empty()).count()
    };
    let mut covered = 0;
    for (at, candidate) in candidates.iter().enumerate() {
        let next = candidates.get(at + 1).map_or(doc.lines.len(), |next| next.line);
        let level = match candidate.extent {
            AnswerExtent::Below { level, .. } => level,
            AnswerExtent::Within { below, .. } => {
                let end = below.min(next);
                covered += visible(candidate.line..end);
                covered += candidate.detached_lines(doc, end).map_or(0, visible);
                continue;
            }
            AnswerExtent::Card(ref back) => {
                covered += visible(candidate.line..back.below.min(next));
                continue;
            }
        };
        let after = doc.headings.partition_point(|heading| heading.line <= candidate.line);
        let ends = doc.headings[after..].iter().take_while(|heading| heading.line < next);
        let end =
            ends.into_iter().find(|heading| heading.level < level.min(3) || heading.level == 1);
        covered += visible(candidate.line..end.map_or(next, |heading| heading.line));
    }
    covered * parts >= visible(0..doc.lines.len())
}
