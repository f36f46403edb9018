//! What must hold for every input, tried on many.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail loudly")]

#[path = "properties/banks.rs"]
mod banks;
#[path = "properties/document.rs"]
mod document;
#[path = "properties/foreign.rs"]
mod foreign;
#[path = "properties/formulas.rs"]
mod formulas;
#[path = "properties/points.rs"]
mod points;
#[path = "spec/press.rs"]
mod press;
#[path = "properties/soup.rs"]
mod soup;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use banks::Card;
use deckpress::compile::Compiled;
use deckpress::config::{Config, Highlights};
use deckpress::diagnostic::{Code, Diagnostic};
use deckpress::export::Artifacts;
use deckpress::identity::lock::Lock;
use deckpress::identity::{self, Identities, IdentityOptions, numbering};
use deckpress::markdown;
use deckpress::media::Media;
use deckpress::model::{Definitions, Excerpt, Question, SectionKind};
use deckpress::parse;
use deckpress::parse::own::MARK;
use deckpress::render::card;
use deckpress::report::{Reporter, Style};
use deckpress::source::{FileId, Sources, Span, VersionSpan};
use deckpress::target::Target;
use deckpress::vault::Vault;
use document::{Part, document};
use points::Edit;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use pulldown_cmark::{CodeBlockKind, Event, Tag};

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
    fn no_key_point_gets_the_number_of_another((old, points) in points::edited(), first in 1_u16..499) {
        let old: Vec<_> = (first..).zip(old).filter(|(number, _)| *number <= 499).collect();
        let texts: Vec<String> = points.iter().map(|point| point.text.clone()).collect();
        let numbers = numbering::assign(&texts, &old, &[], &BTreeSet::new());
        let given: BTreeSet<u16> = numbers.iter().flatten().copied().collect();
        prop_assert_eq!(given.len(), numbers.len(), "{:?}", &numbers);
        prop_assert!(given.iter().all(|number| (1..=499).contains(number)));
        for (point, number) in points.iter().zip(&numbers) {
            let own = old.get(point.from).map(|(number, _)| *number);
            let was = old.iter().map(|(number, _)| *number).find(|was| Some(*was) == *number);
            match point.edit {
                Edit::Keep => prop_assert_eq!(was, own, "{:?}", point),
                Edit::Replace => prop_assert_eq!(was, None, "{:?}", point),
                // A new number is no harm, that of another is.
                _ => prop_assert!(was.is_none() || was == own, "{:?}", point),
            }
        }
    }

    #[test]
    fn any_markup_is_read(bytes in soup::notes()) {
        check(&press(&bytes));
    }

    #[test]
    fn no_card_shows_a_macro_that_does_harm(note in formulas::note()) {
        let pressed = press(note.as_bytes());
        for bytes in press::export(&pressed, Target::AnkiCsv).0.values() {
            let table = str::from_utf8(bytes).unwrap();
            let fields = table.lines().filter(|line| !line.starts_with('#')).collect::<String>();
            for view in formulas::views(&fields) {
                for formula in formulas::formulas(&view) {
                    prop_assert!(!formulas::is_harmful(formula), "{formula:?} in {view:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_runs_in_another_app(bytes in soup::notes()) {
        let pressed = press(&bytes);
        for target in [Target::ObsidianSr, Target::ObsidianToAnki, Target::FlashcardsObsidian] {
            for page in pages(&pressed, target) {
                prop_assert!(!page.contains("<%"), "{page}");
                let definitions = Definitions::default();
                for (event, _) in markdown::parse(&page, &definitions) {
                    let program = match &event {
                        Event::Code(code) => {
                            ["=", "$="].iter().any(|sign| code.trim_start().starts_with(sign))
                        },
                        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                            info.starts_with("dataview")
                        }
                        _ => false,
                    };
                    prop_assert!(!program, "{event:?} in {page}");
                }
            }
        }
        for page in pages(&pressed, Target::OrgDrill) {
            prop_assert!(!page.contains("[[elisp:"), "{page}");
        }
        for page in pages(&pressed, Target::Spreadsheet) {
            for row in csv::Reader::from_reader(page.as_bytes()).records() {
                for cell in &row.unwrap() {
                    let is_number = cell.parse::<f64>().is_ok();
                    let is_formula = cell.trim_start().starts_with(['=', '+', '-', '@']);
                    prop_assert!(!is_formula || is_number, "{cell:?}");
                }
            }
        }
    }

    #[test]
    fn any_configuration_is_read(bytes in soup::settings()) {
        let note = b"### Q: One?\nA.\n".to_vec();
        let front_matter = [b"---\n", &*bytes, b"\n---\n", &note].concat();
        let files = [("deckpress.toml", bytes), ("a.md", front_matter), ("b.md", note)];
        check(&press::compile(&files.map(|(path, bytes)| (path.to_owned(), bytes))));
    }

    #[test]
    fn the_same_input_gives_the_same_bytes(bytes in soup::notes()) {
        prop_assert!(exported(&press(&bytes)) == exported(&press(&bytes)));
    }

    #[test]
    fn a_line_is_a_card(bytes in soup::notes()) {
        let pressed = press(&bytes);
        let notes = identity::notes(&pressed.library, &pressed.identities).len();
        for target in LINES {
            let artifacts = press::export(&pressed, *target).0;
            // Without a note there is no file.
            let text = artifacts.iter().find(|(path, _)| path.starts_with("deck."));
            let text = text.map_or("", |(_, text)| str::from_utf8(text).unwrap());
            prop_assert_eq!(text.split_terminator(is_line_end).count(), notes, "{:?}", text);
            for line in text.lines() {
                let sides: Vec<&str> = line.split('\t').map(str::trim).collect();
                prop_assert_eq!(sides.len(), 2, "{:?}", line);
                prop_assert!(*target != Target::Mnemosyne || !sides.contains(&""), "{:?}", line);
                prop_assert!(*target != Target::Mnemosyne || !line.contains("&#"), "{:?}", line);
            }
        }
    }

    #[test]
    fn lines_with_marks_are_items(bytes in soup::notes()) {
        let pressed = press(&bytes);
        let notes = identity::notes(&pressed.library, &pressed.identities).len();
        let artifacts = press::export(&pressed, Target::SuperMemo).0;
        let text = artifacts.get("deck.supermemo.txt");
        let text = text.map_or("", |text| str::from_utf8(text).unwrap());
        let items: Vec<&str> = text.split_terminator("\r\n\r\n").collect();
        prop_assert_eq!(items.len(), notes, "{:?}", text);
        for item in items {
            let answer = item.lines().skip_while(|line| line.starts_with("Q:"));
            prop_assert!(item.starts_with("Q:") && answer.clone().next().is_some(), "{:?}", item);
            prop_assert!(answer.clone().all(|line| line.starts_with("A:")), "{:?}", item);
            prop_assert!(!item.contains("&#") && !item.contains("src=\""), "{:?}", item);
        }
    }

    #[test]
    fn foreign_files_lose_nothing(text in foreign::file()) {
        check_readings(&press(text.as_bytes()));
    }

    #[test]
    fn a_block_beside_a_label_stays_with_it(
        (text, questions) in foreign::library(proptest::sample::select(foreign::CLOSED))
    ) {
        let pressed = press(text.as_bytes());
        let said = said_in(&pressed);
        prop_assert_eq!(said.len(), questions.len(), "{}", text);
        for (parts, (word, block)) in said.iter().zip(&questions) {
            let says: Vec<&str> = parts.iter().map(|(_, says)| &**says).collect();
            let says = says.join(" ");
            prop_assert!(says.contains(word), "{word} is not in {says:?} of\n{text}");
            let count = |text: &str| text.matches("zz").count();
            prop_assert_eq!(count(&says), count(block) + 1, "{:?} says {:?} in\n{}", word, says, &text);
        }
    }

    #[test]
    fn no_block_beside_a_label_takes_what_follows((text, _) in foreign::library(foreign::block())) {
        check_readings(&press(text.as_bytes()));
    }

    #[test]
    fn no_question_is_swallowed_in_silence(
        (text, count) in prop_oneof![
            foreign::swallower("### Q: What is @?\n%\n"),
            foreign::swallower("### Q: What is @?\n**Answer:** x\n\n%\n"),
            foreign::swallower("Q: What is @?\nA: %\n"),
            foreign::swallower("## Q1. What is @?\n\n%\n"),
        ]
    ) {
        let pressed = press(text.as_bytes());
        let questions = pressed.library.questions().count();
        let of_code = |found: &&Diagnostic| found.code == Code::SwallowedQuestion;
        let told = pressed.diagnostics.iter().filter(of_code).map(|found| {
            let line = pressed.sources.slice(found.span);
            assert!(!line.trim().is_empty());
            found.message.split(' ').next().unwrap().parse::<usize>().unwrap()
        });
        let told: usize = told.sum();
        prop_assert_eq!(questions + told, count, "{} and {} of\n{}", questions, told, text);
    }

    #[test]
    fn native_files_stay_native(document in document(), answer in foreign::answer()) {
        let text = format!("{}\n\n### Q: zzmore?\n\n{answer}", document.text);
        let pressed = press(text.as_bytes());
        let mut files = pressed.sources.iter();
        prop_assert!(files.all(|(file, _)| pressed.sources.other_version(file).is_none()), "{text}");
    }

    #[test]
    fn documents_have_nothing_wrong(document in document()) {
        let pressed = press(document.text.as_bytes());
        prop_assert_eq!(&pressed.diagnostics, &[], "{}", document.text);
    }

    #[test]
    fn bodies_hold_the_words_that_were_written(document in document()) {
        let pressed = press(document.text.as_bytes());
        let questions: Vec<&Question> = pressed.library.questions().map(|(_, _, q)| q).collect();
        prop_assert_eq!(questions.len(), document.questions.len());
        for (question, expect) in questions.into_iter().zip(&document.questions) {
            prop_assert_eq!(&parts(&pressed, question), expect, "{}", document.text);
        }
    }

    #[test]
    fn no_word_of_the_text_is_lost_in_another_markup(document in document()) {
        let pressed = press(document.text.as_bytes());
        let words = |target| {
            let files = press::export(&pressed, target).0.into_values();
            let text: Vec<String> =
                files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect();
            document::words(&text.concat()).into_iter().collect::<BTreeSet<String>>()
        };
        let expect = words(Target::Csv);
        for target in [Target::MochiMd, Target::RemNote, Target::Logseq, Target::OrgDrill] {
            let said = words(target);
            let lost: Vec<&String> = expect.difference(&said).collect();
            prop_assert!(lost.is_empty(), "{lost:?} in {target:?} of\n{}", document.text);
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
    fn no_card_is_taken_for_another_in_silence(versions in banks::history()) {
        let mut lock = Lock::default();
        let mut certain: BTreeMap<String, (Card, bool)> = BTreeMap::new();
        for (day, cards) in versions.iter().enumerate() {
            let (new, marked) = identify(cards, &lock, day);
            let ids: BTreeSet<&String> = new.of.iter().map(|identity| &identity.id).collect();
            prop_assert_eq!(ids.len(), cards.len(), "two cards have one id");
            for ((card, identity), is_marked) in cards.iter().zip(&new.of).zip(marked) {
                if is_marked {
                    continue;
                }
                let heading = card.heading();
                let is_alone = cards.iter().filter(|other| other.heading() == heading).count() == 1;
                let was = certain.insert(identity.id.clone(), (card.clone(), is_alone));
                let Some((was, was_alone)) = was else { continue };
                let is_left = was.asks == card.asks
                    || was.heading() == heading && is_alone && was_alone;
                prop_assert!(was.fact == card.fact || is_left, "{was:?} is taken for {card:?}");
            }
            lock = new.lock;
        }
    }

    #[test]
    fn a_card_that_is_left_as_it_is_keeps_its_id(versions in banks::history()) {
        let mut lock = Lock::default();
        let mut known: Vec<(Card, String)> = Vec::new();
        for (day, cards) in versions.iter().enumerate() {
            let new = identify(cards, &lock, day).0;
            // If what an open pair was taken for is back, it has its id again.
            let is_open = |id: &String| {
                lock.entries.iter().any(|entry| entry.id == *id && entry.open.is_some())
            };
            known.retain(|(_, id)| !is_open(id));
            let ids = new.of.iter().map(|identity| identity.id.clone());
            let now: Vec<(Card, String)> = cards.iter().cloned().zip(ids).collect();
            for (card, id) in &known {
                let of = |library: &[(Card, String)]| {
                    let same = library.iter().filter(|(other, _)| other.asks == card.asks);
                    same.cloned().collect::<Vec<_>>()
                };
                if let ([_], [(same, kept)]) = (&of(&known)[..], &of(&now)[..]) {
                    prop_assert!(same != card || kept == id, "{card:?} has another id");
                }
            }
            (known, lock) = (now, new.lock);
        }
    }

    #[test]
    fn a_markdown_deck_of_a_markdown_deck_is_the_same(document in document()) {
        let once = read_back(&press(document.text.as_bytes()));
        let twice = read_back(&once);
        prop_assert_eq!(cards(&once), cards(&twice));
        prop_assert!(press::export(&once, Target::Markdown).0 == press::export(&twice, Target::Markdown).0);
    }
}

/// The targets that take a line with a tab for each card.
const LINES: &[Target] =
    &[Target::Quizlet, Target::Knowt, Target::Memrise, Target::BrainscapePaste, Target::Mnemosyne];

/// What some reader takes for the end of a line.
fn is_line_end(c: char) -> bool {
    "\n\r\u{b}\u{c}\u{1c}\u{1d}\u{1e}\u{85}\u{2028}\u{2029}".contains(c)
}

fn press(bytes: &[u8]) -> Compiled {
    let picture = ("i i.png".to_owned(), b"png".to_vec());
    press::compile(&[("notes.md".to_owned(), bytes.to_vec()), picture])
}

/// Gives the cards of a bank their identities on a day, and says of each whether its pair is marked
/// as one that its author has to confirm.
fn identify(cards: &[Card], lock: &Lock, day: usize) -> (Identities, Vec<bool>) {
    let mut sources = Sources::new("");
    sources.add("library.md", banks::page(cards));
    let mut diagnostics = Vec::new();
    let library =
        parse::library(&mut sources, &Config::default(), &Vault::empty(), &mut diagnostics);
    assert_eq!((library.questions().count(), &*diagnostics), (cards.len(), &[][..]), "{cards:?}");
    let facts = identity::facts(&sources, &library, &Media::default(), &[], lock);
    let now = 1_790_000_000 + 86_400 * i64::try_from(day).unwrap();
    let highlights = Highlights::Each;
    let moment = IdentityOptions {
        now,
        namespace: None,
        refresh: false,
        highlights,
        style: None,
        note_types: &[],
    };
    let new = identity::identify(&facts, lock, moment, &mut diagnostics);
    let lines = new.lock.entries.iter().filter(|entry| entry.open.is_some());
    let open: BTreeSet<&str> = lines.map(|entry| entry.id.as_str()).collect();
    let marked = new.of.iter().map(|identity| open.contains(&*identity.id)).collect();
    (new, marked)
}

/// Whatever the input: messages point into it, in order, and everything can be written.
fn check(pressed: &Compiled) {
    let Compiled { sources, diagnostics, .. } = pressed;
    for diagnostic in diagnostics {
        let related = diagnostic.related.iter().map(|(span, _)| *span);
        for span in related.chain([diagnostic.span]) {
            assert!(span.start <= span.end);
            assert!(sources.has(span), "{diagnostic:?}");
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

fn check_readings(pressed: &Compiled) {
    check(pressed);
    for (reading, _) in pressed.sources.iter() {
        if pressed.sources.other_version(reading).is_some() {
            check_reading(pressed, reading);
            check_questions(pressed, reading);
        }
    }
}

/// A reading asks what was recognised and no more; each question is made of the text between it and
/// the next; and all of it is in a card, or left out.
fn check_questions(pressed: &Compiled, reading: FileId) {
    let Compiled { sources, library, .. } = pressed;
    let parts = &sources.other_version(reading).unwrap().map;
    let (text, said) = (sources.original(reading), sources.text(reading));
    // Of two definitions the second defines nothing.
    let defined = |at: usize| {
        let spans = &library.definitions[reading.index()].spans;
        said[at..].starts_with("[zzdefined]:") || spans.iter().any(|span| span.contains(&at))
    };
    // For each question, the places in the original that it is made of.
    let mut extents: Vec<Vec<Range<usize>>> = Vec::new();
    let (mut end, mut is_asked) = (0, false);
    for (_, part) in parts {
        let ours = &said[end..part.translated];
        let line = ours.rsplit('\n').next().unwrap_or_default();
        let asked = ours.matches("### Q: ").count();
        extents.extend(vec![Vec::new(); asked]);
        is_asked = (is_asked || asked > 0) && !["# ", "## "].contains(&line);
        end = part.translated + part.len;
        if let Some(last) = extents.last_mut().filter(|_| is_asked && !defined(part.translated)) {
            last.push(part.original..part.original + part.len);
        }
    }
    let of_reading = library.questions().map(|(_, _, question)| question);
    let questions: Vec<_> = of_reading.filter(|asked| asked.span.file == reading).collect();
    assert_eq!(questions.len(), extents.len(), "{text:?} as {said:?}");
    let mut above = 0;
    for extent in &extents {
        let first = extent.iter().map(|part| part.start).min().unwrap_or(above);
        assert!(above <= first, "{extent:?} in {text:?} as {said:?}");
        above = extent.iter().map(|part| part.end).max().unwrap_or(above);
    }
    let bodies = |question: &&Question| {
        let sections = question.sections.iter().map(|section| section.body.content.clone());
        let prompt = question.prompt.iter().map(|body| body.content.clone());
        prompt.chain(sections).collect::<Vec<_>>()
    };
    let shown: Vec<Range<usize>> = questions.iter().flat_map(bodies).collect();
    for (at, _) in said.match_indices("zz") {
        let line = said[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line = said[line..].lines().next().unwrap();
        let place = sources.locate(VersionSpan::new(reading, at..at + 2));
        let is_left = library.left.iter().any(|(left, _)| left.range().contains(&place.start));
        let is_named = ["# ", "## "].iter().any(|sign| line.starts_with(sign))
            || line.contains(['{', '['])
            || line.trim_start().starts_with("**");
        let is_hidden = said[..at].rfind("<!--") > said[..at].rfind("-->");
        let is_shown = is_hidden || shown.iter().any(|shown| shown.contains(&at));
        assert!(is_shown || is_named || is_left || defined(at), "{line:?} of {text:?} as {said:?}");
    }
}

/// A reading says nothing but what the original says, and all of it that is not left out; and it
/// says the same to whoever takes it for a native file.
fn check_reading(pressed: &Compiled, reading: FileId) {
    let Compiled { sources, library, .. } = pressed;
    let parts = &sources.other_version(reading).unwrap().map;
    let (text, said) = (sources.original(reading), sources.text(reading));
    let mut is_said = vec![false; text.len()];
    let mut end = 0;
    for (_, part) in parts {
        assert!(end <= part.translated, "{text:?}");
        end = part.translated + part.len;
        assert_eq!(said[part.translated..end], text[part.original..part.original + part.len]);
        is_said[part.original..part.original + part.len].fill(true);
    }
    for (span, _) in &library.left {
        assert!(span.file == reading && text.get(span.range()).is_some(), "{text:?}");
        is_said[span.range()].fill(true);
    }
    for (at, _) in text.match_indices("zz") {
        assert!(is_said[at], "{:?} is lost from {text:?}", &text[at..].lines().next());
    }
    let native = b"convention = \"native\"\n".to_vec();
    let files = [("deckpress.toml", native), ("notes.md", said.as_bytes().to_vec())];
    let again = press::compile(&files.map(|(path, bytes)| (path.to_owned(), bytes)));
    assert_eq!(said_in(pressed), said_in(&again), "{text:?} as {said:?}");
}

/// What each part of each question says.
fn said_in(pressed: &Compiled) -> Vec<Vec<(Part, String)>> {
    let Compiled { sources, library, .. } = pressed;
    let said = |question: &Question| {
        let definitions = &library.definitions[question.span.file.index()];
        let says = |body: &Excerpt| markdown::plain_text(sources, definitions, body);
        let prompt = question.prompt.iter().map(|body| (Part::Prompt, says(body)));
        let sections = question.sections.iter();
        prompt.chain(sections.map(|part| (kind(part.kind), says(&part.body)))).collect()
    };
    let whole = library.questions().filter(|(_, _, question)| !question.is_broken);
    whole.map(|(_, _, question)| said(question)).collect()
}

/// The texts of a target, without media.
fn pages(pressed: &Compiled, target: Target) -> Vec<String> {
    let files =
        press::export(pressed, target).0.into_iter().filter(|(path, _)| !path.contains("/."));
    files.filter_map(|(_, bytes)| String::from_utf8(bytes).ok()).collect()
}

fn exported(pressed: &Compiled) -> Vec<Artifacts> {
    Target::all().map(|(_, target)| press::export(pressed, target).0).collect()
}

/// The Markdown deck as it is read again, once nothing says that it is an output.
fn read_back(pressed: &Compiled) -> Compiled {
    let artifacts = press::export(pressed, Target::Markdown).0.into_iter();
    let unmarked = |(path, bytes): (String, Vec<u8>)| match String::from_utf8(bytes) {
        Ok(page) => (path, page.replacen(MARK, "", 1).into_bytes()),
        Err(media) => (path, media.into_bytes()),
    };
    press::compile(&artifacts.map(unmarked).collect::<Vec<_>>())
}

/// Which words each part of a question holds in the source.
fn parts(pressed: &Compiled, question: &Question) -> Vec<(Part, Vec<String>)> {
    let words = |span| document::words(pressed.sources.text_at(span));
    let prompt = question.prompt.iter().flat_map(|body| words(body.span())).collect();
    let sections = question.sections.iter();
    let sections = sections.map(|part| (kind(part.kind), words(part.body.span())));
    [(Part::Prompt, prompt)].into_iter().chain(sections).collect()
}

fn kind(kind: SectionKind) -> Part {
    match kind {
        SectionKind::Answer => Part::Answer,
        SectionKind::KeyPoints => Part::KeyPoints,
        SectionKind::Extra => Part::Extra,
    }
}

/// Everything of every question that must survive.
fn cards(pressed: &Compiled) -> Vec<String> {
    let notes = identity::notes(&pressed.library, &pressed.identities);
    let show = |note: &identity::Note<'_>| {
        let tags: BTreeSet<&String> = note.question.tags.iter().collect();
        let lang = (&note.question.lang, note.question.dir);
        let card = card::render(&pressed.context(), note.question);
        let (deck, topic) = (&note.deck.title, &note.topic.path);
        format!("{} {tags:?} {lang:?} {deck} {topic:?} {card:#?}", note.id)
    };
    notes.iter().map(show).collect()
}
