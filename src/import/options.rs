//! The options of multiple-choice questions that an earlier build made notes of.
//!
//! The note's question shows them without boxes, and its answer once more, with marks at the right
//! ones. As a question they have boxes again, and are in it alone.

use super::model::{Note, NoteType};
use super::ours;

/// Stands before a right option.
const RIGHT: &str = "<span class=\"right\">✓</span> ";

/// How lists of options begin, and end.
const LISTS: [(&str, &str); 2] =
    [("<ul class=\"choices\">", "</ul>"), ("<ol class=\"choices\">", "</ol>")];

/// Returns a note of ours with its options ticked in the question, if it has any.
pub(super) fn tick(note: &Note, note_type: &NoteType) -> Option<Note> {
    ours::kind(note_type).filter(|_| !note_type.is_markdown)?;
    let answer = note_type.fields.iter().position(|(name, _)| name == "Answer")?;
    let [mut asked, mut answered] =
        [note.fields.first()?.clone(), note.fields.get(answer)?.clone()];
    let mut is_found = false;
    while let Some(list) = find_list(&answered).filter(|list| list.contains(RIGHT)) {
        let list = list.to_owned();
        let plain = list.replace(RIGHT, "");
        if !asked.contains(&plain) {
            break;
        }
        asked = asked.replacen(&plain, &add_boxes(&list), 1);
        answered = answered.replacen(&list, "", 1);
        is_found = true;
    }
    is_found.then(|| {
        let mut note = note.clone();
        note.fields[0] = asked;
        note.fields[answer] = answered;
        note
    })
}

/// Returns the first list of options in a field.
fn find_list(html: &str) -> Option<&str> {
    let found = LISTS.iter().filter_map(|(open, _)| html.find(open));
    let list = &html[found.min()?..];
    let mut depth = 0_usize;
    for (at, _) in list.match_indices('<') {
        let rest = &list[at..];
        if LISTS.iter().any(|(open, _)| rest.starts_with(&open[..3])) {
            depth += 1;
        } else if let Some((_, close)) = LISTS.iter().find(|(_, close)| rest.starts_with(close)) {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(&list[..at + close.len()]);
            }
        }
    }
    None
}

/// Puts a box before each option, ticked before a right one.
fn add_boxes(list: &str) -> String {
    let mut out = String::with_capacity(list.len() * 2);
    let (mut depth, mut at) = (0_usize, 0);
    for (place, _) in list.match_indices('<') {
        let rest = &list[place..];
        if rest.starts_with("<ul") || rest.starts_with("<ol") {
            depth += 1;
        } else if rest.starts_with("</ul") || rest.starts_with("</ol") {
            depth = depth.saturating_sub(1);
        } else if depth == 1 && rest.starts_with("<li>") {
            let inner = &rest["<li>".len()..];
            let inner = inner.strip_prefix("\n<p>").unwrap_or(inner);
            let is_right = inner.starts_with(RIGHT);
            let start = list.len() - inner.len();
            out.push_str(&list[at..start]);
            out.push_str(if is_right {
                "<input type=\"checkbox\" checked> "
            } else {
                "<input type=\"checkbox\"> "
            });
            at = start + if is_right { RIGHT.len() } else { 0 };
        }
    }
    out + &list[at..]
}
