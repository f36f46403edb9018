//! Files that templates and style sheets name: fonts, scripts and pictures that begin with `_`, by
//! which Anki knows that they belong to a note type.

use std::collections::BTreeMap;

use super::attachments::Attachments;
use crate::config::note_type::{FOLDER, NoteType, TemplateText};
use crate::diagnostic::{Code, Diagnostic};
use crate::media::{Media, Problem};
use crate::source::{FileId, Sources, Span};

/// Where such a file may lie: with the note types, or with the other media.
const FOLDERS: [&str; 4] = [FOLDER, "note-types/media/", "media/", ""];

/// Reads the files; returns their paths by the names that templates call them. One that is nowhere
/// is reported, as Anki would show nothing in its place.
pub(super) fn read(
    attachments: &dyn Attachments,
    sources: &Sources,
    note_types: &[NoteType],
    (media, problems): (&mut Media, &mut BTreeMap<String, Problem>),
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut missed: BTreeMap<String, Span> = BTreeMap::new();
    for TemplateText { file, .. } in note_types.iter().flat_map(texts) {
        for (name, span) in names(sources.original(*file), *file) {
            if found.contains_key(name) || missed.contains_key(name) {
                continue;
            }
            let paths = FOLDERS.map(|folder| format!("{folder}{name}"));
            let read = |path: &String| Some((path.clone(), attachments.find_shared(path).ok()?));
            if let Some((path, file)) = paths.iter().find_map(read) {
                media.add(&path, file.known, file.content);
                found.insert(name.to_owned(), path);
            } else {
                problems.insert(paths[0].clone(), Problem::Absent(None));
                missed.insert(name.to_owned(), span);
            }
        }
    }
    for (name, span) in missed {
        diagnostics.push(
            Diagnostic::new(Code::MissingFile, span, format!("cannot find `{name}`"))
                .label("named by a note type, and not in the deck")
                .help("put it into `note-types/`, or into `media/`"),
        );
    }
    found
}

fn texts(note_type: &NoteType) -> impl Iterator<Item = &TemplateText> {
    let cards = note_type.cards.iter().flat_map(|card| [&card.front, &card.back]);
    note_type.css.iter().chain(cards)
}

/// Returns the names of files in a template or a style sheet: what begins with `_` behind a quote, a
/// bracket or a sign of equality, and ends as a file does.
fn names(text: &str, file: FileId) -> Vec<(&str, Span)> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices('_') {
        let before = text[..at].chars().next_back();
        if !before.is_some_and(|c| "\"'(=".contains(c)) {
            continue;
        }
        let is_end = |c: char| c.is_whitespace() || "\"'()<>?#{}/".contains(c);
        let end = text[at..].find(is_end).map_or(text.len(), |length| at + length);
        let name = &text[at..end];
        let is_file = name.rsplit_once('.').is_some_and(|(stem, ending)| {
            stem.len() > 1
                && (2..=5).contains(&ending.len())
                && ending.chars().all(|c| c.is_ascii_alphanumeric())
        });
        if is_file {
            names.push((name, Span::new(file, at..end)));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::names;
    use crate::source::Sources;

    #[test]
    fn files_of_templates_are_found() {
        let file = Sources::new("").add("a.css", String::new());
        let check = |text: &str, expect: &[&str]| {
            let found: Vec<&str> = names(text, file).into_iter().map(|(name, _)| name).collect();
            assert_eq!(found, expect, "{text}");
        };
        check("@font-face { src: url(_a-b.woff2) }", &["_a-b.woff2"]);
        check("url('_ü.ttf?#iefix') url(\"_b.TTF\")", &["_ü.ttf", "_b.TTF"]);
        check("<script src=_x.js></script><img src='_y.png'>", &["_x.js", "_y.png"]);
        check("a_b.png x='_' '_a' \"_b c.png\" __x.js _z.js ('_.js'", &[]);
        check("<img src='{{_Field.x}}'>", &[]);
    }
}
