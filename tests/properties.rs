//! What must hold for every input, tried on many.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail loudly")]

#[path = "properties/document.rs"]
mod document;
#[path = "spec/press.rs"]
mod press;
#[path = "properties/soup.rs"]
mod soup;

use std::collections::BTreeSet;

use deckpress::config::Format;
use deckpress::export::Artifacts;
use deckpress::identity;
use deckpress::model::{Question, SectionKind};
use deckpress::render::card;
use deckpress::report::{Reporter, Style};
use deckpress::source::Span;
use document::{Part, document};
use press::Pressed;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// The same inputs each time, unless `PROPTEST_RNG_SEED` says otherwise; how many of them says
/// `PROPTEST_CASES`.
fn configuration() -> ProptestConfig {
    let config = ProptestConfig::default();
    let rng_seed = match config.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    ProptestConfig { rng_seed, failure_persistence: None, ..config }
}

proptest! {
    #![proptest_config(configuration())]

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&press(&bytes));
    }

    #[test]
    fn any_markup_is_read(bytes in soup::notes()) {
        check(&press(&bytes));
    }

    #[test]
    fn any_configuration_is_read(bytes in soup::settings()) {
        let note = b"### Q: One?\nA.\n".to_vec();
        let front_matter = [b"---\n", &*bytes, b"\n---\n", &note].concat();
        let files = [("deckpress.toml", bytes), ("a.md", front_matter), ("b.md", note)];
        check(&Pressed::new(&files.map(|(path, bytes)| (path.to_owned(), bytes))));
    }

    #[test]
    fn the_same_input_gives_the_same_bytes(bytes in soup::notes()) {
        prop_assert!(exported(&press(&bytes)) == exported(&press(&bytes)));
    }

    #[test]
    fn documents_have_nothing_wrong(document in document()) {
        let pressed = press(document.text.as_bytes());
        prop_assert_eq!(&pressed.diagnostics, &[], "{}", document.text);
    }

    #[test]
    fn bodies_hold_the_words_that_were_written(document in document()) {
        let pressed = press(document.text.as_bytes());
        let questions: Vec<&Question> = pressed.bank.questions().map(|(_, _, q)| q).collect();
        prop_assert_eq!(questions.len(), document.questions.len());
        for (question, expect) in questions.into_iter().zip(&document.questions) {
            prop_assert_eq!(&parts(&pressed, question), expect, "{}", document.text);
        }
    }

    #[test]
    fn markdown_decks_are_read_back(document in document()) {
        let pressed = press(document.text.as_bytes());
        let again = read_back(&pressed);
        prop_assert_eq!(&again.diagnostics, &[], "{}", document.text);
        prop_assert_eq!(cards(&pressed), cards(&again), "{}", document.text);
    }

    #[test]
    fn a_markdown_deck_of_a_markdown_deck_is_the_same(document in document()) {
        let once = read_back(&press(document.text.as_bytes()));
        let twice = read_back(&once);
        prop_assert_eq!(cards(&once), cards(&twice));
        prop_assert!(once.export(Format::Markdown) == twice.export(Format::Markdown));
    }
}

fn press(bytes: &[u8]) -> Pressed {
    let picture = ("i i.png".to_owned(), b"png".to_vec());
    Pressed::new(&[("notes.md".to_owned(), bytes.to_vec()), picture])
}

/// Whatever the input: messages point into it, in order, and everything can be written.
fn check(pressed: &Pressed) {
    let Pressed { sources, diagnostics, .. } = pressed;
    for diagnostic in diagnostics {
        let related = diagnostic.related.iter().map(|(span, _)| *span);
        for span in related.chain([diagnostic.span]) {
            assert!(span.start <= span.end);
            assert!(sources.text(span.file).get(span.range()).is_some(), "{diagnostic:?}");
        }
    }
    let places: Vec<Span> = diagnostics.iter().map(|diagnostic| diagnostic.span).collect();
    assert!(places.is_sorted());
    for style in [Style::Human, Style::Short, Style::Json] {
        let mut reporter = Reporter { to: Vec::new(), style, color: false, quiet: false };
        reporter.diagnostics(sources, diagnostics).unwrap();
    }
    exported(pressed);
}

fn exported(pressed: &Pressed) -> Vec<Artifacts> {
    Format::ALL.iter().map(|&(_, format)| pressed.export(format)).collect()
}

/// The Markdown deck as it is read again.
fn read_back(pressed: &Pressed) -> Pressed {
    let artifacts = pressed.export(Format::Markdown);
    Pressed::new(&artifacts.into_iter().collect::<Vec<_>>())
}

/// Which words each part of a question holds in the source.
fn parts(pressed: &Pressed, question: &Question) -> Vec<(Part, Vec<String>)> {
    let words = |span| document::words(pressed.sources.slice(span));
    let prompt = question.prompt.iter().flat_map(|body| words(body.span())).collect();
    let section = |kind| match kind {
        SectionKind::Answer => Part::Answer,
        SectionKind::KeyPoints => Part::KeyPoints,
        SectionKind::Extra => Part::Extra,
    };
    let sections = question.sections.iter();
    let sections = sections.map(|part| (section(part.kind), words(part.body.span())));
    [(Part::Prompt, prompt)].into_iter().chain(sections).collect()
}

/// Everything of every question that must survive.
fn cards(pressed: &Pressed) -> Vec<String> {
    let notes = identity::notes(&pressed.bank, &pressed.identities);
    let show = |note: &identity::Note<'_>| {
        let tags: BTreeSet<&String> = note.question.tags.iter().collect();
        let lang = (&note.question.lang, note.question.dir);
        let card = card::render(&pressed.context(), note.question);
        let (deck, topic) = (&note.deck.title, &note.topic.path);
        format!("{} {tags:?} {lang:?} {deck} {topic:?} {card:#?}", note.id)
    };
    notes.iter().map(show).collect()
}
