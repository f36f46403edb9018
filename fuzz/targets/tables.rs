//! Tables and lines of text.
#![no_main]

mod common;

use common::export;
use deckpress::target::Target;
use libfuzzer_sys::fuzz_target;

const TARGETS: &[Target] = &[
    Target::Csv,
    Target::Spreadsheet,
    Target::Quizlet,
    Target::BrainscapePaste,
    Target::Brainscape,
    Target::Mnemosyne,
    Target::SuperMemo,
];

fuzz_target!(|input: &[u8]| export(input, TARGETS));
