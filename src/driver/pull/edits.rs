//! What was edited in Anki, and the ways to write it into the source.

use std::collections::{BTreeMap, BTreeSet};

use super::super::collection::Session;
use super::media::{self, NewFiles};
use crate::anki::Kind;
use crate::compile::Compiled;
use crate::connect::collection::LiveNote;
use crate::connect::plan::Plan;
use crate::export::package_notes::PackageNote;
use crate::html_to_markdown::write_target;
use crate::identity::lock::{Entry, Lock};
use crate::identity::{Note, recall_id};
use crate::model::CardKind;
use crate::pull::blocks::blocks;
use crate::pull::edit::{self, Dialect};
use crate::pull::merge::FileChange;
use crate::pull::reason::{Reason, suspect};
use crate::pull::{parts, recall, split, tags};
use crate::render::card::{self, ClozeNumbers};

/// The content as it is.
pub(super) struct Old<'o> {
    pub(super) compiled: &'o Compiled,
    pub(super) questions: &'o [Note<'o>],
    pub(super) notes: &'o [PackageNote],
    /// Files that are only in Anki.
    pub(super) files: NewFiles,
}

/// Something that was edited in Anki.
pub(super) struct Edit<'e> {
    pub(super) note: usize,
    pub(super) id: &'e str,
    pub(super) live: &'e LiveNote,
    pub(super) what: Edited,
    /// The ways to write it, the smallest change first.
    ways: Vec<Vec<FileChange>>,
    /// Which of them is tried.
    way: usize,
    /// Why those before it are not good.
    reason: Option<Reason>,
    pub(super) failed: Option<Reason>,
}

pub(super) enum Edited {
    /// A field, which holds this once files have the names of a build.
    Field { name: String, html: String },
    /// Tags that were given.
    Tags(Vec<String>),
    /// Tags of the content that were taken off.
    Untagged(Vec<String>),
}

impl Edit<'_> {
    /// Returns the name of the field, or `tags`.
    pub(super) fn name(&self) -> &str {
        match &self.what {
            Edited::Field { name, .. } => name,
            Edited::Tags(_) | Edited::Untagged(_) => "tags",
        }
    }

    /// Returns what the way that is tried changes.
    pub(super) fn changes(&self) -> &[FileChange] {
        self.ways.get(self.way).map_or(&[], Vec::as_slice)
    }

    /// Tries the next way; without one it has failed, for the reason that says most.
    pub(super) fn give_up_way(&mut self, reason: &Reason) {
        self.way += 1;
        if self.reason.as_ref().is_none_or(|it| *it == Reason::ShowsOther) {
            self.reason = Some(reason.clone());
        }
        if self.way >= self.ways.len() {
            self.failed.clone_from(&self.reason);
        }
    }
}

/// Returns the paths of the files with a question that is not as the last build left it.
pub(super) fn edited_files(before: &Lock, after: &Lock) -> BTreeSet<String> {
    let known: BTreeMap<&str, &Entry> =
        before.entries.iter().map(|it| (it.id.as_str(), it)).collect();
    let is_other = |entry: &&Entry| known.get(entry.id.as_str()) != Some(entry);
    after.entries.iter().filter(is_other).map(|entry| entry.file.clone()).collect()
}

impl<'o> Old<'o> {
    /// Returns the fields that were edited in Anki, each with the path of the file that it comes
    /// from.
    pub(super) fn edited_html<'f>(
        &'f self,
        plan: &'f Plan,
        session: &'f Session,
    ) -> impl Iterator<Item = (&'f str, &'f str)> {
        plan.edited.iter().flat_map(move |(at, names)| {
            let note = &self.notes[*at];
            let file = self.questions[note.question].question.span.file;
            let live = session.collection.notes.get(&note.id);
            let html = move |name| live.and_then(|live| live.fields.get(name)).map(String::as_str);
            let path = self.compiled.sources.path(file);
            names.iter().filter_map(move |name| Some((path, html(name)?)))
        })
    }

    /// Returns everything that was edited in Anki, with the ways to write it.
    pub(super) fn find_edits<'e>(
        &self,
        plan: &Plan,
        session: &'e Session,
        edited_files: &BTreeSet<String>,
        has_tags: bool,
    ) -> Vec<Edit<'e>>
    where
        'o: 'e,
    {
        let mut edits = Vec::new();
        let mut add = |at: usize, what: Edited, failed: Option<Reason>| {
            let id = self.notes[at].id.as_str();
            let Some(live) = session.collection.notes.get(id) else { return };
            let mut edit =
                Edit { note: at, id, live, what, ways: Vec::new(), way: 0, reason: None, failed };
            if edit.failed.is_none() {
                let suspected = self.suspect(at, &edit.what);
                match self.find_ways(at, &edit.what, edited_files) {
                    Ok(ways) => (edit.ways, edit.reason) = (ways, suspected),
                    Err(Reason::SeveralSections) if suspected.is_some() => edit.failed = suspected,
                    Err(reason) => edit.failed = Some(reason),
                }
            }
            edits.push(edit);
        };
        let html = |at: usize, name: &str| {
            let live = session.collection.notes.get(&self.notes[at].id);
            let html = live.and_then(|live| live.fields.get(name)).map_or("", String::as_str);
            media::rename(html, &self.files)
        };
        for (at, names) in &plan.edited {
            for name in names {
                let what = Edited::Field { name: name.clone(), html: html(*at, name) };
                add(*at, what, None);
            }
        }
        for conflict in &plan.conflicts {
            for (name, ..) in &conflict.fields {
                let html = html(conflict.note, name);
                let what = Edited::Field { name: name.clone(), html };
                add(conflict.note, what, Some(Reason::BothEdited));
            }
        }
        for (at, note) in self.notes.iter().enumerate().filter(|_| has_tags) {
            let Some(live) = session.collection.notes.get(&note.id) else { continue };
            let last = plan.before.notes.get(&note.id).map_or(&[][..], |base| &base.tags);
            let own = tags::own_tags(&live.tags, &note.tags, last);
            if !own.is_empty() {
                add(at, Edited::Tags(own), None);
            }
            for tag in tags::taken_tags(&live.tags, &note.tags, last) {
                add(at, Edited::Untagged(vec![tag]), None);
            }
        }
        edits
    }

    /// Returns the ways to write an edit into the source.
    fn find_ways(
        &self,
        at: usize,
        what: &Edited,
        edited_files: &BTreeSet<String>,
    ) -> Result<Vec<Vec<FileChange>>, Reason> {
        let note = &self.notes[at];
        let sources = &self.compiled.sources;
        let question = self.questions[note.question].question;
        let path = sources.path(question.span.file);
        if edited_files.contains(path) {
            return Err(Reason::FileEdited(sources.display(question.span.file)));
        }
        let (name, live) = match what {
            Edited::Tags(own) => {
                return Ok(vec![vec![tags::write_tags(sources, question, own)?]]);
            }
            Edited::Untagged(gone) => {
                return Ok(vec![tags::take_tags(sources, question, gone)?]);
            }
            Edited::Field { name, html } => (name, html.as_str()),
        };
        if note.id != recall_id(self.questions[note.question].id) {
            return self.find_field_ways(at, name, live);
        }
        let is_main = |it: &PackageNote| it.question == note.question && it.id != note.id;
        let main = self.notes.iter().position(is_main).ok_or(Reason::NotText)?;
        let fields = recall::find_fields(html_of(note, name), live, &self.notes[main]);
        let fields = fields.filter(|_| is_first_field(note, name)).ok_or(Reason::RecallList)?;
        let mut ways = [Vec::new(), Vec::new()];
        for (name, html) in &fields {
            let found = self.find_field_ways(main, name, html)?;
            ways[0].extend(found.first().cloned().unwrap_or_default());
            ways[1].extend(found.last().cloned().unwrap_or_default());
        }
        Ok(ways.into())
    }

    /// Returns the ways to write a field into the source, the gentlest one first.
    fn find_field_ways(
        &self,
        at: usize,
        name: &str,
        live: &str,
    ) -> Result<Vec<Vec<FileChange>>, Reason> {
        let note = &self.notes[at];
        let sources = &self.compiled.sources;
        let question = self.questions[note.question].question;
        let numbers = self.cloze_numbers(note);
        let context = self.compiled.context();
        let parts = parts::of_field(&context, question, note, &numbers, name);
        let parts = parts.ok_or(Reason::NotText)?;
        let dialect = self.dialect(note, name);
        let is_empty = parts.iter().all(|part| part.blocks.is_empty());
        if is_empty {
            let label = match (note.note_type.kind, name) {
                (Some(_), "Extra") => return Err(Reason::OutsideSections),
                (Some(_), "Key Points") => "Key points",
                _ => name,
            };
            return edit::write_section(sources, question, label, &blocks(live), &dialect);
        }
        let is_choice = question.makes(CardKind::Choice);
        let shares = split::split(&parts, html_of(note, name), live).map_err(|why| match why {
            Reason::OutsideSections if is_choice => Reason::RightOptions,
            why => why,
        })?;
        edit::write_parts(sources, question, &parts, &shares, &dialect)
    }

    /// Returns why an edit may not come out, if its kind says so.
    fn suspect(&self, at: usize, what: &Edited) -> Option<Reason> {
        let Edited::Field { name, html } = what else { return None };
        suspect(html_of(&self.notes[at], name), html)
    }

    fn cloze_numbers(&self, note: &PackageNote) -> ClozeNumbers {
        let note = &self.questions[note.question];
        let context = self.compiled.context();
        let places = card::unnumbered_clozes(&context, note.question).into_iter();
        note.cloze.map(|cloze| places.zip(cloze.given()).collect()).unwrap_or_default()
    }

    /// Returns how Markdown is written in a field of a note.
    pub(super) fn dialect(&self, note: &PackageNote, field: &str) -> Dialect {
        let Compiled { config, library, media, sources, .. } = self.compiled;
        let is_first = is_first_field(note, field);
        let has_gaps = match note.note_type.kind {
            Some(kind) => kind == Kind::Cloze && is_first,
            None => {
                config.note_types.iter().any(|own| own.name == note.note_type.name && own.is_cloze)
            }
        };
        let path = sources.path(self.questions[note.question].question.span.file);
        let of_file = library.media.iter().filter(|it| sources.path(it.span.file) == path);
        let named = of_file.filter_map(|it| {
            let file = media.get(it.path()?)?;
            Some((file.name.clone(), it.target.clone()))
        });
        let new = self.files.values().map(|file| (file.built_name.clone(), file.path.as_str()));
        let others = media.iter().map(|(at, file)| (file.name.clone(), at)).chain(new);
        let others = others.map(|(name, at)| (name, write_target(&media::address(path, at))));
        let media: BTreeMap<String, String> = others.chain(named).collect();
        Dialect { has_gaps, media: media.into_iter().collect() }
    }
}

fn is_first_field(note: &PackageNote, field: &str) -> bool {
    note.note_type.fields.first().is_some_and(|first| first == field)
}

/// Returns what a field of a note holds.
pub(super) fn html_of<'n>(note: &'n PackageNote, name: &str) -> &'n str {
    note.named_fields().find(|(known, _)| *known == name).map_or("", |(_, html)| html)
}
