//! What links cost in a vault: 10,000 notes, of which 200 hold questions, with links, embeds, block
//! ids, callouts and fields in all of them, are read in at most 1.2 times the time of the same notes
//! without.
//!
//! `cargo bench --bench vault` prints both; the second is the yardstick of the first.
#![allow(missing_docs, reason = "criterion's macros write functions without any")]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use deckpress::config::Config;
use deckpress::parse;
use deckpress::source::Sources;
use deckpress::vault::Vault;

const NOTES: usize = 10_000;
/// One note in so many holds questions.
const EACH: usize = 50;

fn name(number: usize) -> String {
    format!("notes/{}/Note {number}.md", number % 20)
}

/// Returns a note, with or without what only a vault knows.
fn note(number: usize, has_links: bool) -> String {
    let other = (number * 7 + 3) % NOTES;
    let link = |number: usize| {
        if has_links { format!("[[Note {number}|that note]]") } else { "that note".to_owned() }
    };
    let mut text = format!("# Note {number}\n\n");
    for part in 0..6 {
        let _ = writeln!(text, "## Part {part}\n");
        let _ = writeln!(
            text,
            "This is what {} says of step {part}, and it keeps every word in its place while {} \
             holds the rest.{}\n",
            link(other),
            link(other / 2),
            if has_links { format!(" ^id{part}") } else { String::new() },
        );
        // One note in three has code.
        let code = if number.is_multiple_of(3) { "`code`" } else { "words" };
        let _ = writeln!(text, "- an item\n- another one with {code}\n");
    }
    if has_links {
        text += "> [!note] A title\n> Text in it.\n\n";
    } else {
        text += "> A title\n> Text in it.\n\n";
    }
    if number.is_multiple_of(EACH) {
        for question in 0..5 {
            let _ = writeln!(text, "### Q: What is {question} of {number}?\n");
            let _ = writeln!(text, "It is {}.\n", link(other));
            if has_links {
                let _ = writeln!(text, "![[Note {other}#Part 1]]\n");
            } else {
                let _ = writeln!(text, "Part 1\n\nThis is what that note says of step 1.\n");
            }
        }
    }
    text
}

fn vault(criterion: &mut Criterion) {
    let config = Config::default();
    let mut group = criterion.benchmark_group("vault");
    group.sample_size(10);
    group.throughput(Throughput::Elements(NOTES as u64));
    for (title, has_links) in [("with links", true), ("without links", false)] {
        let notes: Vec<String> = (0..NOTES).map(|number| note(number, has_links)).collect();
        let names: Vec<String> = (0..NOTES).map(name).collect();
        let sources = || {
            let mut sources = Sources::new("");
            for (name, text) in names.iter().zip(&notes) {
                sources.add(name, text.clone());
            }
            sources
        };
        group.bench_function(title, |bencher| {
            let read = |mut sources: Sources| {
                let vault = Vault::new("", true, || names.clone(), |_| None);
                let library = parse::library(&mut sources, &config, &vault, &mut Vec::new());
                assert_eq!(library.questions().count(), NOTES / EACH * 5);
                (black_box(library), sources)
            };
            bencher.iter_batched(sources, read, BatchSize::PerIteration);
        });
    }
    group.finish();
}

criterion_group!(benches, vault);
criterion_main!(benches);
