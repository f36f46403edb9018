//! What is known of each question before anything is compared.
//!
//! Each part of a question is parsed once, and all that identity asks of it is read off the same
//! events. Questions know nothing of each other here, so all cores work on them.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::fingerprint::{self, Fingerprint, QuestionEvents};
use super::lock::{Entry, Lock, LockedNoteType};
use super::note_types;
use super::numbering::Numbered;
use super::rarity::Card;
use super::sketch::{Sketch, SketchVersion};
use crate::config::NoteType;
use crate::markdown;
use crate::markdown::cloze::Cloze;
use crate::media::Media;
use crate::model::{CardKind, Deck, Excerpt, Library, Question, SectionKind, Topic};
use crate::source::{Sources, Span};

/// What identity needs to know of a question.
#[derive(Debug)]
pub struct QuestionFacts<'f> {
    /// What it asks, without markup.
    pub text: String,
    /// The deck's title.
    pub deck: &'f str,
    /// The topic below the deck.
    pub topic: &'f [String],
    /// The file it stands in.
    pub file: &'f str,
    /// The id that the author wrote.
    pub explicit: Option<&'f str>,
    /// Whether it reaches the outputs.
    pub is_answered: bool,
    /// What a learner studies.
    pub fingerprint: Fingerprint,
    /// The same as the lock has it, if nothing in it was edited since.
    pub former_fingerprint: Option<Fingerprint>,
    /// What the answer is like.
    pub sketch: Sketch,
    /// The same as older locks drew it, where they hold such sketches and not this answer.
    pub older: Vec<Sketch>,
    /// Whether its heading says that it is a new question.
    pub wants_new_id: bool,
    /// Its heading.
    pub span: Span,
    /// Where an id can be written, and whether braces are there already.
    pub id_place: (Span, bool),
    /// The note type of the author's own that it fills.
    pub note_type: Option<&'f str>,
    /// The name that this had before.
    pub former_type: Option<&'f str>,
    /// The ordinals of the cards that it makes with this.
    pub own_cards: Vec<u16>,
    /// The names of the templates of this; none of a cloze type.
    pub templates: Vec<&'f str>,
    /// Which cards it makes besides, or in place of, question and answer.
    pub kinds: BTreeSet<CardKind>,
    /// What its gaps hide that have no number of their own.
    pub highlights: Vec<String>,
    /// Where these stand.
    pub highlight_spans: Vec<Span>,
    /// What its gaps hide that have one.
    pub numbered: Vec<Numbered>,
    /// Its key points, if each has a card.
    pub points: Vec<String>,
    /// Where these stand.
    pub point_spans: Vec<Span>,
    /// How many key points it has.
    pub key_points: usize,
}

impl QuestionFacts<'_> {
    /// Returns whether it fills the same note type as in the lock.
    pub(super) fn has_type_of(&self, entry: &Entry) -> bool {
        let before = entry.note_type.as_deref();
        before == self.note_type || (before.is_some() && before == self.former_type)
    }

    /// Returns what of it is compared.
    pub(super) fn card(&self) -> Card<'_> {
        Card::new(&self.text, self.fingerprint, &self.sketch)
    }
}

/// Returns what identity needs to know of every question, in source order.
#[must_use]
pub fn facts<'f>(
    sources: &'f Sources,
    library: &'f Library,
    media: &Media,
    note_types: &'f [NoteType],
    old: &Lock,
) -> Vec<QuestionFacts<'f>> {
    let known = Known::of(old);
    let questions: Vec<_> = library.questions().collect();
    let each = questions.into_par_iter().with_max_len(64);
    let renamed = renamed_fields(note_types, &old.note_types);
    let one = |(deck, topic, question): (_, &'f Topic, &'f Question)| {
        let mut facts = one(sources, library, media, &known, (deck, topic, question));
        let own = note_types.iter().find(|own| Some(own.name.as_str()) == facts.note_type);
        facts.former_fingerprint = own.and_then(|own| {
            let built = (&known.fingerprints, facts.fingerprint);
            former_fingerprint(
                (sources, library, media),
                renamed.get(&*own.name),
                topic,
                question,
                built,
            )
        });
        facts.former_type = own.and_then(|own| own.was.as_deref());
        let cards = own.filter(|own| !own.is_cloze).map(|own| own.cards.iter());
        facts.templates = cards.into_iter().flatten().map(|card| card.name.as_str()).collect();
        facts
    };
    each.map(one).collect()
}

/// The sketches of the answers in the lock: drawing one takes longer than all else here, and most
/// answers are those of the last build.
struct Known<'l> {
    sketches: Vec<([u64; 2], &'l Sketch)>,
    /// How those were drawn that cannot be compared with today's.
    older: BTreeSet<SketchVersion>,
    /// The fingerprints of questions of the author's own note types.
    fingerprints: BTreeSet<Fingerprint>,
}

impl<'l> Known<'l> {
    fn of(lock: &'l Lock) -> Self {
        let sketches = lock.entries.iter().flat_map(sketches);
        let (today, older): (Vec<_>, Vec<_>) =
            sketches.partition(|(_, sketch)| sketch.drawn() == SketchVersion::default());
        let answers = today
            .into_iter()
            .filter_map(|(fingerprint, sketch)| Some((fingerprint.answer()?, sketch)));
        let mut sketches: Vec<_> = answers.collect();
        sketches.sort_unstable_by_key(|(answer, _)| *answer);
        let own = lock.entries.iter().filter(|entry| entry.note_type.is_some());
        Self {
            sketches,
            older: older.into_iter().map(|(_, sketch)| sketch.drawn()).collect(),
            fingerprints: own.map(|entry| entry.fingerprint).collect(),
        }
    }

    fn sketch(&self, answer: Option<[u64; 2]>) -> Option<&'l Sketch> {
        let at = self.sketches.binary_search_by_key(&answer?, |(answer, _)| *answer).ok()?;
        Some(self.sketches[at].1)
    }
}

fn sketches(entry: &Entry) -> impl Iterator<Item = (Fingerprint, &Sketch)> {
    let former = entry.open.iter().map(|former| (former.fingerprint, &former.sketch));
    std::iter::once((entry.fingerprint, &entry.sketch)).chain(former)
}

fn one<'f>(
    sources: &'f Sources,
    library: &'f Library,
    media: &Media,
    known: &Known<'_>,
    (deck, topic, question): (&'f Deck, &'f Topic, &'f Question),
) -> QuestionFacts<'f> {
    let definitions = &library.definitions[question.span.file.index()];
    let parts = read_events(sources, library, question);
    let text: Vec<String> =
        parts.prompt.iter().map(|events| markdown::text_content(events)).collect();
    let sections = question.sections.iter().zip(&parts.sections);
    let told = sections.filter(|(section, _)| section.kind != SectionKind::Extra);
    let answer: Vec<String> = told.map(|(_, events)| markdown::raw_text(events)).collect();
    let answer = answer.join(" ");
    let listed = question.sections.iter().zip(&parts.sections);
    let listed = listed.filter(|(section, _)| section.kind == SectionKind::KeyPoints);
    let key_points =
        listed.map(|(section, events)| markdown::points_in(events, &section.body).len());
    let key_points = key_points.sum();
    let mut numbered = Vec::new();
    let mut highlights = Vec::new();
    let mut highlight_spans = Vec::new();
    for body in question.prompt.iter().filter(|_| question.makes(CardKind::Cloze)) {
        let clozes = markdown::clozes(sources, definitions, body).0;
        let content = |cloze: &Cloze| Excerpt { content: cloze.content(), ..body.clone() };
        let contents: Vec<Excerpt> = clozes.iter().map(content).collect();
        let hidden = markdown::events_of_parts(sources, definitions, body, &contents);
        for ((cloze, content), hidden) in clozes.iter().zip(contents).zip(hidden) {
            let says = markdown::text_content(&hidden);
            if let Some(number) = cloze.number {
                numbered.push((number, says));
            } else {
                highlights.push(says);
                highlight_spans.push(sources.locate(content.span()));
            }
        }
    }
    let lists = question.of(SectionKind::KeyPoints).filter(|_| question.makes(CardKind::Recall));
    let points =
        lists.flat_map(|section| markdown::point_events(sources, definitions, &section.body));
    let says = |(point, events): (Excerpt, Vec<_>)| {
        (markdown::text_content(&events), sources.locate(point.span()))
    };
    let (points, point_spans) = points.map(says).unzip();
    let of = (sources, library, media);
    let fingerprint = fingerprint::of(of, topic, question, parts, &BTreeMap::new());
    let (sketch, older) = if let Some(sketch) = known.sketch(fingerprint.answer()) {
        (sketch.clone(), Vec::new())
    } else {
        let answer = markdown::composed(&answer);
        let older = known.older.iter().map(|&drawn| Sketch::of(&answer, drawn));
        (Sketch::of(&answer, SketchVersion::default()), older.collect())
    };
    let kinds = question.kinds.iter().copied().filter(|kind| *kind != CardKind::Choice);
    QuestionFacts {
        text: text.join("\n"),
        deck: &deck.title,
        topic: &topic.path,
        file: sources.path(question.span.file),
        explicit: question.id.as_ref().map(|(id, _)| id.as_str()),
        is_answered: question.is_shown(),
        sketch,
        older,
        wants_new_id: question.wants_new_id,
        span: question.span,
        id_place: (sources.locate(question.id_place.0), question.id_place.1),
        note_type: question.note_type.as_deref(),
        former_type: None,
        own_cards: question.own_cards.clone(),
        templates: Vec::new(),
        kinds: kinds.collect(),
        highlights,
        highlight_spans,
        numbered,
        points,
        point_spans,
        key_points,
        fingerprint,
        former_fingerprint: None,
    }
}

/// Returns the fingerprint that the lock has of a question of the author's own note type in which
/// nothing was edited: fields may be called otherwise now, and media that were missing when its note
/// was imported may be there.
fn former_fingerprint(
    (sources, library, media): (&Sources, &Library, &Media),
    former_names: Option<&BTreeMap<&str, &str>>,
    topic: &Topic,
    question: &Question,
    (built, today): (&BTreeSet<Fingerprint>, Fingerprint),
) -> Option<Fingerprint> {
    if built.contains(&today) {
        return None;
    }
    let (same, none) = (BTreeMap::new(), Media::default());
    let names = former_names.unwrap_or(&same);
    let mut ways = [media, &none].into_iter().map(|media| {
        let events = read_events(sources, library, question);
        fingerprint::of((sources, library, media), topic, question, events, names)
    });
    ways.find(|former| built.contains(former))
}

/// Reads all parts of a question.
fn read_events<'f>(
    sources: &'f Sources,
    library: &'f Library,
    question: &Question,
) -> QuestionEvents<'f> {
    let definitions = &library.definitions[question.span.file.index()];
    let events = |body: &Excerpt| markdown::events(sources, definitions, body);
    QuestionEvents {
        prompt: question.prompt.iter().map(events).collect(),
        sections: question.sections.iter().map(|section| events(&section.body)).collect(),
    }
}

/// The names that the fields of note types have in the lock, by those that they have today.
type Renamed<'n> = BTreeMap<&'n str, BTreeMap<&'n str, &'n str>>;

fn renamed_fields<'n>(note_types: &'n [NoteType], old: &'n [LockedNoteType]) -> Renamed<'n> {
    let of = |own: &'n NoteType| {
        let line = note_types::line_of(own, old)?;
        let pairs = own.fields.iter().zip(&line.fields);
        let others = pairs.filter(|(field, (former, _))| field.name != *former);
        let others: BTreeMap<&str, &str> =
            others.map(|(field, (former, _))| (field.name.as_str(), former.as_str())).collect();
        (!others.is_empty()).then_some((own.name.as_str(), others))
    };
    note_types.iter().filter_map(of).collect()
}

/// Gives the lines of the lock the fingerprints that their questions have today, where nothing was
/// edited.
pub fn renew_fingerprints(facts: &[QuestionFacts<'_>], old: &mut Lock) {
    let renamed = facts.iter().filter_map(|it| Some((it.former_fingerprint?, it.fingerprint)));
    let renamed: BTreeMap<Fingerprint, Fingerprint> = renamed.collect();
    if renamed.is_empty() {
        return;
    }
    for entry in &mut old.entries {
        let former = entry.open.iter_mut().map(|former| &mut former.fingerprint);
        for fingerprint in std::iter::once(&mut entry.fingerprint).chain(former) {
            *fingerprint = renamed.get(fingerprint).copied().unwrap_or(*fingerprint);
        }
    }
}
