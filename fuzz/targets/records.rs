//! Outputs for programs.
#![no_main]

mod common;

use common::export;
use deckpress::target::Target;
use libfuzzer_sys::fuzz_target;

const TARGETS: &[Target] = &[Target::Json, Target::Jsonl];

fuzz_target!(|input: &[u8]| export(input, TARGETS));
