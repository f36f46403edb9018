//! How reading grows with the file: a million lines of anything take ten times as long as a
//! hundred thousand.
//!
//! `cargo bench --bench conventions -- details` reads the inputs whose names hold `details`. The
//! throughput is in lines (of an input on one line, in pieces); it should not fall from one size
//! to the next. All of them take an hour.
#![allow(missing_docs, reason = "criterion's macros write functions without any")]

#[path = "conventions/inputs.rs"]
mod inputs;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use deckpress::config::Config;
use deckpress::parse;
use deckpress::source::Sources;
use deckpress::vault::Vault;

fn growth(criterion: &mut Criterion) {
    let config = Config::default();
    for (name, input) in inputs::all() {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10);
        group.warm_up_time(Duration::from_millis(1));
        group.measurement_time(Duration::from_millis(1));
        for lines in [10_000, 100_000, 1_000_000] {
            let sources = || {
                let mut sources = Sources::new("");
                sources.add("interview.md", input.lines(lines));
                sources
            };
            group.throughput(Throughput::Elements(lines as u64));
            group.bench_function(BenchmarkId::from_parameter(lines), |bencher| {
                let read = |mut sources: Sources| {
                    let library =
                        parse::library(&mut sources, &config, &Vault::empty(), &mut Vec::new());
                    (black_box(library), sources)
                };
                bencher.iter_batched(sources, read, BatchSize::PerIteration);
            });
        }
        group.finish();
    }
}

criterion_group!(benches, growth);
criterion_main!(benches);
