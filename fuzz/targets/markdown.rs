//! Markdown written anew.
#![no_main]

mod common;

use common::export;
use deckpress::target::Target;
use libfuzzer_sys::fuzz_target;

const TARGETS: &[Target] = &[
    Target::Markdown,
    Target::Hashcards,
    Target::ObsidianSr,
    Target::ObsidianToAnki,
    Target::FlashcardsObsidian,
    Target::Inka2,
    Target::MdAnki,
];

fuzz_target!(|input: &[u8]| export(input, TARGETS));
