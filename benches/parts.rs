//! What each part of a build costs, and how it grows: from 1,000 questions to 10,000 to 100,000 the
//! throughput should not fall.
//!
//! `cargo bench --bench parts -- render` measures the parts whose names hold `render`. `identify`
//! compares with a lock in which every tenth question was worded otherwise; the other parts know
//! nothing of a lock. How whole builds do is told by `benches/compare`.
#![allow(missing_docs, reason = "criterion's macros write functions without any")]

#[path = "corpus/src/questions.rs"]
mod corpus;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Mutex;

use corpus::Question;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use deckpress::anki::Style;
use deckpress::config::{Config, Export, Highlights};
use deckpress::export::{self, Artifacts, Input};
use deckpress::identity::lock::Lock;
use deckpress::identity::{self, IdentityOptions, facts, identify};
use deckpress::media::Media;
use deckpress::model::Library;
use deckpress::parse;
use deckpress::render::{Context, card};
use deckpress::source::Sources;
use deckpress::target::Target;
use deckpress::vault::Vault;

const MOMENT: IdentityOptions<'static> = IdentityOptions {
    now: 1_790_000_000,
    namespace: None,
    refresh: false,
    highlights: Highlights::Each,
    style: None,
    note_types: &[],
};

/// So many questions without code: what is coloured once is remembered, so that only the first of
/// many rounds would show what colours cost.
fn questions(size: usize) -> impl Iterator<Item = Question> {
    let all = corpus::questions(usize::MAX);
    all.filter(|question| !question.answer.contains("```")).take(size)
}

fn sources(questions: impl Iterator<Item = Question>) -> Sources {
    let mut sources = Sources::new("");
    sources.add("corpus.md", corpus::native(questions).collect::<String>());
    sources
}

fn read(sources: &mut Sources) -> Library {
    parse::library(sources, &Config::default(), &Vault::empty(), &mut Vec::new())
}

/// The lock of the same questions when every tenth was worded otherwise.
fn old_lock(size: usize) -> Lock {
    let other = |text: &str| {
        let words = text.split(' ').enumerate();
        let is_other = |at: usize, word: &str| {
            at % 5 == 4 && word.bytes().all(|byte| byte.is_ascii_lowercase())
        };
        let words = words.map(|(at, word)| if is_other(at, word) { "otherwise" } else { word });
        words.collect::<Vec<_>>().join(" ")
    };
    let old = questions(size).enumerate().map(|(at, mut question)| {
        if at % 10 == 0 {
            question.prompt = other(&question.prompt);
            question.answer = other(&question.answer);
        }
        question
    });
    let mut sources = sources(old);
    let library = read(&mut sources);
    let facts = facts(&sources, &library, &Media::default(), &[], &Lock::default());
    identify(&facts, &Lock::default(), MOMENT, &mut Vec::new()).lock
}

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parts");
    group.sample_size(10);
    for size in [1_000, 10_000, 100_000] {
        group.throughput(Throughput::Elements(size as u64));
        let mut sources = sources(questions(size));
        group.bench_function(BenchmarkId::new("parse", size), |bencher| {
            bencher.iter(|| black_box(read(&mut sources)));
        });
        let library = read(&mut sources);
        let (media, config) = (Media::default(), Config::default());
        let lock = old_lock(size);
        group.bench_function(BenchmarkId::new("identify", size), |bencher| {
            bencher.iter(|| {
                let facts = facts(&sources, &library, &media, &[], &lock);
                let identities = identify(&facts, &lock, MOMENT, &mut Vec::new());
                assert_eq!(identities.plan.added.len(), 0);
                black_box(identities)
            });
        });
        let context = Context::new(&sources, &library, &media, config.html);
        group.bench_function(BenchmarkId::new("render", size), |bencher| {
            bencher.iter(|| {
                for (_, _, question) in library.questions() {
                    black_box(card::render(&context, question));
                }
            });
        });
        let facts = facts(&sources, &library, &media, &[], &Lock::default());
        let identities = identify(&facts, &Lock::default(), MOMENT, &mut Vec::new());
        let notes = identity::notes(&library, &identities);
        let style = Style::default();
        let export = &Export::of(Target::Apkg);
        let input = Input {
            context,
            notes: &notes,
            written: None,
            name: "corpus",
            export,
            config: &config,
            style,
            locked: &[],
            template_media: &BTreeMap::new(),
        };
        group.bench_function(BenchmarkId::new("package", size), |bencher| {
            bencher.iter(|| {
                let outputs = Mutex::<Artifacts>::default();
                black_box(export::export(&input, &outputs))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, growth);
criterion_main!(benches);
