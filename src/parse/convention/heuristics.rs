//! What speaks for headings being questions, and against it.

use std::ops::Range;

use super::candidate::{AnswerExtent, Candidate};
use super::document::is_thematic_break;
use super::document::{Document, Heading, marker};
use super::fold::Summary;
use super::prompt::{asks, closing, has_mark, number};
use super::recognizer_input::RecognizerInput;
use super::{heading_label, vocabulary};

/// The headings of the levels that are made of questions.
///
/// Each level is judged by itself, the deepest first. A heading that has nothing below it but
/// deeper questions is a topic.
pub(super) fn levels<'d>(
    search: &RecognizerInput<'d>,
    is_candidate: impl Fn(&Heading) -> bool,
    is_made_of_questions: impl Fn(&RecognizerInput<'_>, &[&Heading]) -> bool,
) -> Vec<&'d Heading> {
    let doc = search.doc;
    let mut found: Vec<&Heading> = Vec::new();
    for level in (1..=6).rev() {
        let of_level = doc.headings.iter().filter(|heading| heading.level == level);
        let free = of_level.filter(|heading| search.is_free(heading.line) && is_candidate(heading));
        let candidates: Vec<&Heading> = free.collect();
        let leaves: Vec<&Heading> =
            candidates.into_iter().filter(|heading| !is_bare(search, heading, &found)).collect();
        let is_sure = search.is_told && !leaves.is_empty();
        if is_sure || is_made_of_questions(search, &leaves) {
            found.extend(leaves.into_iter().filter(|heading| links_below(doc, heading).is_none()));
            found.sort_by_key(|heading| heading.line);
        }
    }
    found
}

/// Whether nothing stands between a heading and the questions below it.
fn is_bare(search: &RecognizerInput<'_>, heading: &Heading, found: &[&Heading]) -> bool {
    let doc = search.doc;
    let next = doc.visible(heading.below);
    let is_asked = has_mark(&doc.text[heading.title.clone()]);
    let is_found = found.binary_search_by_key(&next, |heading| heading.line).is_ok();
    let is_taken = next < doc.lines.len() && !search.is_free(next);
    let is_above = doc.heading(next).is_some_and(|next| next.level < heading.level);
    let is_fold = search.folds.binary_search_by_key(&next, |fold| doc.line_of(fold.whole.start));
    let asks = |text: &str| has_mark(text) || (super::prompt::asks(text) && !is_asked);
    let is_question = is_fold.is_ok_and(|at| {
        let fold = &search.folds[at];
        fold.means(doc.text, search.answers) == Summary::Own
            && asks(&doc.text[fold.summary.clone()])
    });
    is_found || is_taken || is_above || is_question
}

/// Whether a heading asks. In an outline, where any item may be a heading, it does so by its mark.
pub(super) fn is_asking(doc: &Document<'_>, heading: &Heading) -> bool {
    let title = &doc.text[heading.title.clone()];
    let is_ordered = || doc.line(heading.line).starts_with(|c: char| c.is_ascii_digit());
    if heading.is_item && !is_ordered() { has_mark(title) } else { asks(title) }
}

/// Where links lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// All to places in the same page.
    Page,
    /// At least one to somewhere else.
    Elsewhere,
}

/// Where some lines lead, if there are links in them and nothing else.
pub(super) fn are_links(doc: &Document<'_>, lines: impl Iterator<Item = usize>) -> Option<Target> {
    let mut found = None;
    for line in lines {
        let says = doc.line(line);
        let says = &says[marker(says).unwrap_or_default()..];
        if doc.lines[line].is_closed {
            return None;
        }
        if says.is_empty() || is_thematic_break(says) {
            continue;
        }
        match links(says)? {
            Target::Page => found = found.or(Some(Target::Page)),
            Target::Elsewhere => found = Some(Target::Elsewhere),
        }
    }
    found
}

/// Where the links lead that a line holds and nothing else.
pub(super) fn links(says: &str) -> Option<Target> {
    let mut rest = &says[number(says).unwrap_or_default()..];
    let mut found = None;
    loop {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !"[<".contains(c));
        let is_bare = rest.starts_with("http://") || rest.starts_with("https://");
        let (target, width) = if let Some(link) = rest.strip_prefix('[') {
            let target = link[closing(link)? + 1..].strip_prefix('(')?;
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
        let is_here = target.starts_with('#') && found != Some(Target::Elsewhere);
        found = Some(if is_here { Target::Page } else { Target::Elsewhere });
        rest = &rest[width..];
    }
}

/// What a heading opens that asks nothing and has nothing but links below it: to places in the
/// page, or to what may be read besides.
pub(super) fn links_below(doc: &Document<'_>, heading: &Heading) -> Option<&'static str> {
    if has_mark(&doc.text[heading.title.clone()]) {
        return None;
    }
    let after = doc.headings.partition_point(|other| other.line <= heading.line);
    let next = doc.headings.get(after);
    let end = next.map_or(doc.lines.len(), |next| next.line);
    match are_links(doc, heading.below..end)? {
        Target::Page => Some("table of contents"),
        Target::Elsewhere => {
            let is_numbered = number(&doc.text[heading.title.clone()]).is_some();
            let is_end = is_noise(doc, heading) || (next.is_none() && !is_numbered);
            is_end.then_some("where to read on")
        }
    }
}

/// Where the foot of a page begins that leads elsewhere: below the last rule, with pictures and links
/// in every line, of which there are several; or else its end.
pub(super) fn footer(doc: &Document<'_>) -> usize {
    let end = doc.lines.len();
    let is_text = |line: &usize| is_thematic_break(doc.open(*line)) || doc.heading(*line).is_some();
    let Some(rule) = (0..end).rev().find(is_text).filter(|line| doc.heading(*line).is_none())
    else {
        return end;
    };
    let signs = ["](http", "href=", "<img"];
    let below = (rule + 1..end).filter(|line| !doc.line(*line).is_empty());
    let leads = |line: usize| -> usize {
        signs.iter().map(|sign| doc.open(line).matches(sign).count()).sum()
    };
    let counts = below.map(leads);
    let is_foot = counts.clone().all(|count| count > 0) && counts.sum::<usize>() > 1;
    if is_foot { rule } else { end }
}

/// Whether a heading names a part of the document that is no content.
pub(super) fn is_noise(doc: &Document<'_>, heading: &Heading) -> bool {
    noise(doc, heading).is_some()
}

/// What part of the document that is no content a heading opens.
pub(super) fn noise(doc: &Document<'_>, heading: &Heading) -> Option<&'static str> {
    let says = doc.plain_title(heading).to_lowercase();
    let bare = says.trim_matches(|c: char| !c.is_alphanumeric());
    let known = vocabulary::NOISE.iter().find(|(_, titles)| titles.contains(&bare));
    known.map(|(what, _)| *what)
}

/// Whether the name or the title of a file says that it is made of questions.
pub(super) fn is_bank(doc: &Document<'_>) -> bool {
    // A heading that says no more than that a question is below says it of one.
    let is_title = |heading: &&Heading| !heading_label::is_question(doc, heading);
    let first = doc.headings.first().filter(is_title);
    let first = first.map(|heading| &doc.text[heading.title.clone()]);
    let holds = |text: &str| {
        let lower = text.to_lowercase();
        let mut parts = lower.split(|c: char| !c.is_alphanumeric());
        vocabulary::BANK.iter().any(|word| lower.contains(word))
            || parts.any(|part| vocabulary::BANK_WHOLE.contains(&part))
    };
    let top = &doc.text[..doc.start(0)];
    let title = top.lines().find_map(|line| line.strip_prefix("title:"));
    holds(doc.path) || first.is_some_and(holds) || title.is_some_and(holds)
}

/// Whether a heading says no more than that there are questions below it, as `Git Questions` does
/// in a file that is called `Git`.
pub(super) fn is_container(doc: &Document<'_>, heading: &Heading, name: Option<&Heading>) -> bool {
    let says = doc.plain_title(heading).to_lowercase();
    let name =
        name.map(|name| doc.plain_title(name).to_lowercase()).filter(|name| !name.is_empty());
    let rest = name.and_then(|name| says.strip_prefix(&name).map(str::to_owned)).unwrap_or(says);
    let bare = rest.trim_matches(|c: char| !c.is_alphanumeric());
    // One for each: `Flashcard 1`.
    let bare = bare.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    vocabulary::CONTAINER.contains(&bare)
}

/// Whether the questions and what is below them make up one part in `parts` of a file, or more.
pub(super) fn covers(search: &RecognizerInput<'_>, marks: &[Candidate], parts: usize) -> bool {
    let doc = search.doc;
    let visible = |range: Range<usize>| {
        let lines = doc.lines.get(range).unwrap_or_default();
        lines.iter().filter(|line| !line.inner.is_empty()).count()
    };
    let mut covered = 0;
    for (at, mark) in marks.iter().enumerate() {
        let next = marks.get(at + 1).map_or(doc.lines.len(), |next| next.line);
        let level = match mark.extent {
            AnswerExtent::Below { level, .. } => level,
            AnswerExtent::Within { below, .. } => {
                let end = below.min(next);
                covered += visible(mark.line..end);
                covered += mark.apart(doc, end).map_or(0, visible);
                continue;
            }
            AnswerExtent::Card(ref back) => {
                covered += visible(mark.line..back.below.min(next));
                continue;
            }
        };
        let after = doc.headings.partition_point(|heading| heading.line <= mark.line);
        let ends = doc.headings[after..].iter().take_while(|heading| heading.line < next);
        let end =
            ends.into_iter().find(|heading| heading.level < level.min(3) || heading.level == 1);
        covered += visible(mark.line..end.map_or(next, |heading| heading.line));
    }
    covered * parts >= visible(0..doc.lines.len())
}
