//! Whether an edit of the source comes out as it was meant: what is edited shows what it does in
//! Anki, and all else is as it was.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::shows_same;
use super::reason::Reason;
use crate::anki::Kind;
use crate::connect::canonical::{ESCAPES, find_markers};
use crate::export::package_notes::PackageNote;

/// What edits are to bring about.
#[derive(Debug, Default)]
pub struct Wanted<'w> {
    /// What fields show in Anki, by the note and the name of the field.
    pub fields: BTreeMap<(&'w str, &'w str), &'w str>,
    /// Fields that follow from these, and may be others: the right options from the question.
    pub following: BTreeSet<(&'w str, &'w str)>,
    /// The tags that notes get.
    pub tags: BTreeMap<&'w str, &'w [String]>,
    /// The tags that are taken off them.
    pub untagged: BTreeMap<&'w str, Vec<String>>,
}

/// Something that comes out otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The note.
    pub id: String,
    /// Its field, if it is one that was edited.
    pub field: Option<String>,
    /// What is wrong.
    pub reason: Reason,
}

/// Compares the notes of the content before and after edits of it.
#[must_use]
pub fn compare(before: &[PackageNote], after: &[PackageNote], wanted: &Wanted<'_>) -> Vec<Fault> {
    let new: BTreeMap<&str, &PackageNote> = after.iter().map(|it| (it.id.as_str(), it)).collect();
    let tagged = wanted.tags.keys().chain(wanted.untagged.keys()).copied();
    let edited: BTreeSet<&str> = wanted.fields.keys().map(|(id, _)| *id).chain(tagged).collect();
    let questions: BTreeSet<usize> =
        before.iter().filter(|it| edited.contains(it.id.as_str())).map(|it| it.question).collect();
    let mut faults = Vec::new();
    for note in before {
        let mut add = |field: Option<&str>, reason| {
            let field = field.map(str::to_owned);
            faults.push(Fault { id: note.id.clone(), field, reason });
        };
        let is_edited = edited.contains(note.id.as_str());
        let is_of_edited = questions.contains(&note.question);
        match new.get(note.id.as_str()) {
            // The list of key points goes with them.
            _ if is_of_edited && !is_edited => {}
            None => add(None, Reason::ChangesOthers),
            Some(new) => compare_note(note, new, is_edited, wanted, add),
        }
    }
    let old: BTreeSet<&str> = before.iter().map(|note| note.id.as_str()).collect();
    for note in after.iter().filter(|note| !old.contains(note.id.as_str())) {
        if !questions.contains(&note.question) {
            let id = note.id.clone();
            faults.push(Fault { id, field: None, reason: Reason::ChangesOthers });
        }
    }
    faults
}

fn compare_note(
    old: &PackageNote,
    new: &PackageNote,
    is_edited: bool,
    wanted: &Wanted<'_>,
    mut add: impl FnMut(Option<&str>, Reason),
) {
    let is_ours = old.note_type.kind.is_some();
    let is_made_of_others = |name: &str| match name {
        // Where the question stands, and what is to be typed.
        "Source" => is_ours,
        "Type" => is_ours && is_edited,
        _ => false,
    };
    let given = wanted.tags.get(old.id.as_str()).copied().unwrap_or_default();
    let tags = |tags: &[String]| tags.iter().map(|it| it.to_lowercase()).collect::<BTreeSet<_>>();
    let taken = wanted.untagged.get(old.id.as_str()).map_or(&[][..], Vec::as_slice);
    let expected = tags(&old.tags).union(&tags(given)).cloned().collect::<BTreeSet<_>>();
    let expected: BTreeSet<String> = expected.difference(&tags(taken)).cloned().collect();
    let is_same = (&old.guid, old.note_type.id, &old.deck, &expected)
        == (&new.guid, new.note_type.id, &new.deck, &tags(&new.tags));
    if !is_same || old.fields.len() != new.fields.len() {
        add(None, Reason::ChangesOthers);
        return;
    }
    for ((name, old_html), (_, new_html)) in old.named_fields().zip(new.named_fields()) {
        if let Some(live) = wanted.fields.get(&(old.id.as_str(), name)) {
            let has_gaps = old.note_type.kind != Some(Kind::Qa);
            if !shows_same(live, new_html) || loses_anki_syntax(live, old_html, new_html, has_gaps)
            {
                add(Some(name), Reason::ShowsOther);
            }
        } else if old_html != new_html
            && !is_made_of_others(name)
            && !wanted.following.contains(&(old.id.as_str(), name))
        {
            add(None, Reason::ChangesOthers);
        }
    }
}

/// Returns whether an edit has syntax of Anki's, such as that of a hint, which a build would escape.
/// What was escaped before the edit stays so, although Anki's editor may have removed the escapes; it
/// removes all of a field.
fn loses_anki_syntax(live: &str, old: &str, new: &str, has_gaps: bool) -> bool {
    let count =
        |html: &str| ESCAPES.iter().map(|(sign, _)| html.matches(sign).count()).sum::<usize>();
    let is_same = find_markers(live, has_gaps) == find_markers(new, has_gaps);
    !is_same && (count(new) > count(old) || count(live) > 0)
}

#[cfg(test)]
mod tests {
    use super::loses_anki_syntax;

    #[test]
    fn what_was_text_stays_text() {
        let check = |live, old, new, expect| {
            assert_eq!(loses_anki_syntax(live, old, new, true), expect, "{live:?} {old:?} {new:?}");
        };
        check("{{c1::a::b}}", "{{c1::a}}", "{{c1::a&#58;&#58;b}}", true);
        check("{{c1::a::b}}", "{{c1::a}}", "{{c1::a::b}}", false);
        check("{{c1::a::b}} d", "{{c1::a&#58;&#58;b}} c", "{{c1::a&#58;&#58;b}} d", false);
        check("[sound:a] d", "&#91;sound:a] c", "&#91;sound:a] d", false);
        let (live, old) = ("{{c1::a&#58;&#58;b::h}}", "{{c1::a&#58;&#58;b}}");
        check(live, old, "{{c1::a::b&#58;&#58;h}}", true);
        check(live, old, "{{c1::a&#58;&#58;b::h}}", false);
    }
}
