//! The author's own note types from build to build: ids are made once, and the layout is frozen.
//!
//! Anki knows a note type by its id, and takes one with other fields or card templates for another
//! type, whose notes it does not update. So the lock remembers what was built first. Texts of
//! templates and the style sheet may change: then the time of the note type rises.

use super::lock::{IdByName, LockedNoteType};
use crate::config::NoteType;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Where ids of note types begin, in milliseconds since 1970, and how many follow. Anki makes them
/// of the time; ours are of a year before it had a package like this.
const FIRST_ID: i64 = 1_400_000_000_000;
const IDS: i64 = 100_000_000_000;

/// A name of a layout, the one before, and where it stands.
struct Named<'n> {
    name: &'n str,
    was: Option<&'n str>,
    span: Span,
}

/// Returns what the lock must remember of all note types, those that are not there any more among
/// them. `is_used` says whether notes have a type.
pub(super) fn freeze(
    note_types: &[NoteType],
    old: &[LockedNoteType],
    is_used: impl Fn(&NoteType) -> bool,
    (namespace, now): (Option<&str>, i64),
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<LockedNoteType> {
    let mut kept = old.to_vec();
    for note_type in note_types {
        match find_line(note_type, old) {
            None if is_used(note_type) => kept.push(first(note_type, namespace, now)),
            None => {}
            Some(at) => kept[at] = next(note_type, &old[at], now, diagnostics),
        }
    }
    kept.sort_by(|a, b| a.name.cmp(&b.name));
    kept
}

/// Returns where the line of a note type is. One of its name goes before one that it had before:
/// `was` may stay there for ever.
fn find_line(note_type: &NoteType, old: &[LockedNoteType]) -> Option<usize> {
    let named = |name: &str| old.iter().position(|line| line.name == name);
    named(&note_type.name).or_else(|| note_type.was.as_deref().and_then(named))
}

/// Returns the line of a note type.
pub(super) fn line_of<'l>(
    note_type: &NoteType,
    old: &'l [LockedNoteType],
) -> Option<&'l LockedNoteType> {
    find_line(note_type, old).map(|at| &old[at])
}

/// Returns the line of a note type that is built for the first time. Its ids are of what it is, so
/// that two people who build the same content have the same ones.
fn first(note_type: &NoteType, namespace: Option<&str>, now: i64) -> LockedNoteType {
    let hash = note_type.hash();
    let made = |parts: &[&str]| {
        let mut hasher = blake3::Hasher::new();
        let all = [namespace.unwrap_or_default(), &note_type.name, &hash];
        for part in all.iter().chain(parts) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let head = hasher.finalize();
        let head = head.as_bytes().iter().take(8);
        (head.fold(0u64, |number, &byte| number << 8 | u64::from(byte)) >> 1).cast_signed()
    };
    let fields: Vec<&str> = fields(note_type).iter().map(|field| field.name).collect();
    let cards: Vec<&str> = cards(note_type).iter().map(|card| card.name).collect();
    let ids = |kind: &str, names: &[&str]| -> Vec<IdByName> {
        names.iter().map(|name| ((*name).to_owned(), Some(made(&[kind, name])))).collect()
    };
    LockedNoteType {
        name: note_type.name.clone(),
        id: FIRST_ID + made(&[&fields[..], &["cards"], &cards[..]].concat()).rem_euclid(IDS),
        modified: now,
        is_cloze: note_type.is_cloze,
        fields: ids("field", &fields),
        cards: ids("card", &cards),
        settings: None,
        rest: Vec::new(),
        hash,
    }
}

/// Returns the line of a note type that was built before. If its layout has changed, that is
/// reported and the line stays.
fn next(
    note_type: &NoteType,
    old: &LockedNoteType,
    now: i64,
    diagnostics: &mut Vec<Diagnostic>,
) -> LockedNoteType {
    let before = diagnostics.len();
    if note_type.is_cloze != old.is_cloze {
        let what = if old.is_cloze {
            "it was a cloze type and is none now"
        } else {
            "it was no cloze type and is one now"
        };
        diagnostics.push(changed(note_type, note_type.span, what));
    }
    let fields = compare(note_type, &old.fields, &fields(note_type), "field", diagnostics);
    let cards = compare(note_type, &old.cards, &cards(note_type), "card template", diagnostics);
    if diagnostics.len() > before {
        return old.clone();
    }
    let hash = note_type.hash();
    let is_same = (old.hash.is_empty() || old.hash == hash)
        && (&old.name, &old.fields, &old.cards) == (&note_type.name, &fields, &cards);
    LockedNoteType {
        name: note_type.name.clone(),
        modified: if is_same { old.modified } else { now.max(old.modified.saturating_add(1)) },
        hash,
        fields,
        cards,
        ..old.clone()
    }
}

/// Returns today's names with their ids, and reports what is not as it was.
fn compare(
    note_type: &NoteType,
    old: &[IdByName],
    new: &[Named<'_>],
    what: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<IdByName> {
    let is_of = |named: &Named<'_>, old: &str| named.name == old || named.was == Some(old);
    let mut ids = Vec::with_capacity(new.len());
    let mut taken = vec![false; old.len()];
    for (at, named) in new.iter().enumerate() {
        let name = named.name;
        let known = old.iter().position(|(old, _)| old == name);
        let known = known.or_else(|| old.iter().position(|(old, _)| is_of(named, old)));
        let Some(place) = known.filter(|place| !std::mem::replace(&mut taken[*place], true)) else {
            let message = format!("the {what} `{name}` was not there when it was first built");
            diagnostics.push(changed(note_type, named.span, &message));
            continue;
        };
        let (former, id) = &old[place];
        if former != name && id.is_none() {
            let message = format!(
                "the {what} `{former}` came without an id, so that Anki would not know it as `{name}`"
            );
            diagnostics.push(changed(note_type, named.span, &message));
        } else if place != at && old.len() == new.len() {
            let message = format!(
                "the {what} `{name}` was number {} and is number {} now",
                place + 1,
                at + 1
            );
            diagnostics.push(changed(note_type, named.span, &message));
        }
        ids.push((name.to_owned(), *id));
    }
    for ((name, _), _) in old.iter().zip(taken).filter(|(_, taken)| !taken) {
        let message = format!("the {what} `{name}` is not there any more");
        diagnostics.push(changed(note_type, note_type.span, &message));
    }
    ids
}

fn fields(note_type: &NoteType) -> Vec<Named<'_>> {
    let fields = note_type.fields.iter();
    fields.map(|it| Named { name: &it.name, was: it.was.as_deref(), span: it.span }).collect()
}

fn cards(note_type: &NoteType) -> Vec<Named<'_>> {
    let cards = note_type.cards.iter();
    cards.map(|it| Named { name: &it.name, was: it.was.as_deref(), span: it.span }).collect()
}

fn changed(note_type: &NoteType, span: Span, what: &str) -> Diagnostic {
    let message = format!("the layout of the note type `{}` has changed", note_type.name);
    Diagnostic::new(Code::NoteTypeChanged, span, message).label(what).help(
        "Anki would take it for another note type and update no note; `was = \"Old\"` renames, and \
         `deckpress explain note-type-changed` names the other ways",
    )
}

#[cfg(test)]
mod tests {
    use super::freeze;
    use crate::config::{Config, NoteType, note_type};
    use crate::diagnostic::Diagnostic;
    use crate::identity::lock::LockedNoteType;
    use crate::source::Sources;

    fn read(toml: &str, front: &str) -> NoteType {
        let mut sources = Sources::new("");
        sources.add("note-types/a.toml", toml.to_owned());
        sources.add("note-types/f.html", front.to_owned());
        sources.add("note-types/g.html", "{{A}} again".to_owned());
        let (mut config, mut diagnostics) = (Config::default(), Vec::new());
        note_type::read_all(&sources, &mut config, &mut diagnostics);
        assert_eq!(diagnostics, []);
        config.note_types.remove(0)
    }

    fn toml(head: &str, fields: &str, cards: &[&str]) -> String {
        let card = |name: &&str| {
            format!("[[card]]\nname = {name}\nfront = \"f.html\"\nback = \"g.html\"\n")
        };
        let cards: Vec<String> = cards.iter().map(card).collect();
        format!("{head}\nfields = [{fields}]\n{}", cards.join(""))
    }

    fn run(
        note_type: &NoteType,
        old: &[LockedNoteType],
        now: i64,
    ) -> (Vec<LockedNoteType>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let types = std::slice::from_ref(note_type);
        let lines = freeze(types, old, |_| true, (None, now), &mut diagnostics);
        (lines, diagnostics)
    }

    #[test]
    fn ids_are_made_once() {
        let before = read(&toml("", "\"A\", \"B\"", &["\"C\""]), "{{A}}");
        let (old, problems) = run(&before, &[], 100);
        assert_eq!((old.len(), problems.len(), old[0].modified), (1, 0, 100));
        assert_eq!(run(&before, &old, 200).0, old, "nothing has changed");
        assert_eq!(run(&before, &[], 100).0, old, "without the lock too");

        let styled = read(&toml("", "\"A\", \"B\"", &["\"C\""]), "<b>{{A}}</b>");
        let (new, problems) = run(&styled, &old, 50);
        assert_eq!((new[0].modified, problems.len()), (101, 0));
        assert_eq!((new[0].id, &new[0].fields), (old[0].id, &old[0].fields));

        let renamed = toml(
            "name = \"New\"\nwas = \"a\"",
            "\"A\", { name = \"X\", was = \"B\" }",
            &["\"D\"\nwas = \"C\""],
        );
        let (new, problems) = run(&read(&renamed, "{{A}}"), &old, 200);
        assert_eq!((problems.len(), new[0].modified, new[0].id), (0, 200, old[0].id));
        assert_eq!(new[0].fields[1], ("X".to_owned(), old[0].fields[1].1));
        assert_eq!(new[0].cards[0], ("D".to_owned(), old[0].cards[0].1));
        assert_eq!(run(&read(&renamed, "{{A}}"), &new, 300).0, new, "`was` may stay");
    }

    #[test]
    fn the_layout_is_frozen() {
        let before = read(&toml("", "\"A\", \"B\"", &["\"C\""]), "{{A}}");
        let (old, _) = run(&before, &[], 100);
        let check = |text: &str, expect: &[&str]| {
            let (new, problems) = run(&read(text, "{{A}}"), &old, 200);
            let labels: Vec<&str> = problems.iter().map(|problem| &*problem.label).collect();
            assert_eq!(labels, expect, "{text}");
            assert_eq!(new, old, "{text}");
        };
        let c = &["\"C\""];
        check(
            &toml("", "\"A\", \"B\", \"X\"", c),
            &["the field `X` was not there when it was first built"],
        );
        check(&toml("", "\"A\"", c), &["the field `B` is not there any more"]);
        check(
            &toml("", "\"B\", \"A\"", c),
            &[
                "the field `B` was number 2 and is number 1 now",
                "the field `A` was number 1 and is number 2 now",
            ],
        );
        check(
            &toml("", "\"A\", \"X\"", c),
            &[
                "the field `X` was not there when it was first built",
                "the field `B` is not there any more",
            ],
        );
        check(&toml("cloze = true", "\"A\", \"B\"", c), &["it was no cloze type and is one now"]);
        check(
            &toml("", "\"A\", \"B\"", &["\"D\"", "\"C\""]),
            &["the card template `D` was not there when it was first built"],
        );
    }
}
