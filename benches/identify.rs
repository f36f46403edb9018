//! How identifying grows with the bank: 10 % of its questions were reworded and answered anew.
//!
//! `parse` is there to compare with: identifying should take about as long.
#![allow(missing_docs, reason = "criterion's macros write functions without any")]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use deckpress::config::Config;
use deckpress::identity::lock::Lock;
use deckpress::identity::{Facts, Moment, facts, identify};
use deckpress::media::Media;
use deckpress::model::Bank;
use deckpress::parse;
use deckpress::source::Sources;

fn word(seed: u64) -> String {
    const SYLLABLES: [&str; 16] = [
        "ka", "to", "mi", "ren", "sol", "ve", "dun", "pa", "lis", "gor", "ze", "chi", "nam", "bu",
        "fer", "ix",
    ];
    let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut bits = (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40;
    let mut word = String::new();
    for _ in 0..3 {
        word.push_str(SYLLABLES[usize::try_from(bits & 15).unwrap_or(0)]);
        bits >>= 4;
    }
    word
}

/// A bank of `size` questions, every tenth in the words of an `edition`.
fn sources(size: u64, edition: u64) -> Sources {
    let mut text = String::from("# Deck\n");
    for at in 0..size {
        if at % 50 == 0 {
            let _ = writeln!(text, "## Topic {}", at / 50);
        }
        let seed = |place: u64| {
            let is_new = at % 10 == 0 && place % 5 == edition;
            at * 1000 + place + if is_new { 500 } else { 0 }
        };
        let words = |range: std::ops::Range<u64>| {
            range.map(|place| word(seed(place))).collect::<Vec<_>>().join(" ")
        };
        let _ = writeln!(text, "### Q: What is {}?\n**Answer:** {}.\n", words(0..8), words(10..90));
    }
    let mut sources = Sources::new("");
    sources.add("bank.md", text);
    sources
}

fn read(sources: &mut Sources) -> Bank {
    parse::bank(sources, &Config::default(), &mut Vec::new())
}

fn know<'f>(sources: &'f Sources, bank: &'f Bank) -> Vec<Facts<'f>> {
    facts(sources, bank, &Media::default(), &Lock::default())
}

fn growth(criterion: &mut Criterion) {
    let moment = Moment {
        now: 1_790_000_000,
        namespace: None,
        refresh: false,
        highlights: deckpress::config::Highlights::Each,
        style: None,
    };
    let mut group = criterion.benchmark_group("questions");
    group.sample_size(10);
    for size in [1_000, 10_000, 100_000] {
        let mut old = sources(size, 9);
        let bank = read(&mut old);
        let before = know(&old, &bank);
        let lock = identify(&before, &Lock::default(), moment, &mut Vec::new()).lock;
        let mut edited = sources(size, 0);
        group.throughput(Throughput::Elements(size));
        group.bench_function(BenchmarkId::new("parse", size), |bencher| {
            bencher.iter(|| black_box(read(&mut edited)));
        });
        let bank = read(&mut edited);
        let after = know(&edited, &bank);
        group.bench_function(BenchmarkId::new("identify", size), |bencher| {
            bencher.iter(|| {
                let identities = identify(&after, &lock, moment, &mut Vec::new());
                assert_eq!(identities.plan.added.len(), 0);
                black_box(identities)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, growth);
criterion_main!(benches);
