//! Tags that a learner gave a note, as classes of its heading.

use super::edit::{Reason, place_change};
use super::merge::FileChange;
use crate::connect::plan::RETIRED_TAG;
use crate::import::write_tag;
use crate::model::Question;
use crate::source::{Sources, VersionSpan};

/// Tags that Anki gives by itself, or that say how a learner gets on.
const STATES: &[&str] = &["leech", "marked", RETIRED_TAG];

/// Returns the tags of a note that the content does not give it.
#[must_use]
pub fn own_tags(live: &[String], given: &[String], last: &[String]) -> Vec<String> {
    let is_in =
        |tags: &[String], tag: &str| tags.iter().any(|it| it.to_lowercase() == tag.to_lowercase());
    let is_own = |tag: &&String| {
        let is_state = STATES.contains(&tag.to_lowercase().as_str());
        !is_state && !is_in(given, tag) && !is_in(last, tag)
    };
    live.iter().filter(is_own).cloned().collect()
}

/// Returns the edit that gives a question tags.
///
/// # Errors
/// If its heading is no place for them.
pub fn write_tags(
    sources: &Sources,
    question: &Question,
    tags: &[String],
) -> Result<FileChange, Reason> {
    let (place, has_braces) = question.id_place;
    let classes: Vec<String> = tags.iter().map(|tag| write_tag(tag)).collect();
    let classes = classes.join(" ");
    let text = if has_braces { format!("{classes} ") } else { format!(" {{{classes}}}") };
    place_change(sources, question, place, &text)
}

/// Returns the tags that the content gives a note, and that were taken off it in Anki.
#[must_use]
pub fn taken_tags(live: &[String], given: &[String], last: &[String]) -> Vec<String> {
    let is_in =
        |tags: &[String], tag: &str| tags.iter().any(|it| it.to_lowercase() == tag.to_lowercase());
    let is_taken = |tag: &&String| is_in(last, tag) && !is_in(live, tag) && **tag != RETIRED_TAG;
    given.iter().filter(is_taken).cloned().collect()
}

/// Returns the edits that take tags out of a heading.
///
/// # Errors
/// If one does not stand there.
pub fn take_tags(
    sources: &Sources,
    question: &Question,
    tags: &[String],
) -> Result<Vec<FileChange>, Reason> {
    let (VersionSpan { file, start: at, .. }, has_braces) = question.id_place;
    let text = sources.text(file);
    let end = text[at..].find(['}', '\n']).map_or(at, |end| at + end);
    let mut changes = Vec::new();
    for tag in tags {
        let class = write_tag(tag).to_lowercase();
        let mut rest = at;
        let found = text[at..end].split_inclusive([' ', '\t']).find_map(|word| {
            let start = rest;
            rest += word.len();
            (word.trim_end().to_lowercase() == class).then_some(start..rest)
        });
        let mut place = found.filter(|_| has_braces).ok_or(Reason::TagElsewhere)?;
        if text[at..end].trim() == text[place.clone()].trim() {
            // Braces without anything in them go, too.
            let open = text[..at].trim_end().trim_end_matches('{').trim_end().len();
            place = open..end + 1;
        } else if place.end == end {
            place.start = text[..place.start].trim_end().len();
        }
        changes.push(place_change(sources, question, VersionSpan::new(file, place), "")?);
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::{own_tags, taken_tags};

    #[test]
    fn only_tags_of_the_content_are_taken_off() {
        let tags = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let (live, given) = (tags("mine One"), tags("one two three"));
        assert_eq!(taken_tags(&live, &given, &tags("one two")), ["two"]);
    }

    #[test]
    fn only_a_learners_own_tags_come_home() {
        let tags = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let live = tags("mine One leech two old::x deckpress::retired");
        assert_eq!(own_tags(&live, &tags("one two"), &tags("old::x")), ["mine"]);
    }
}
