//! Outputs for apps with a syntax of their own.
#![no_main]

mod common;

use common::export;
use deckpress::target::Target;
use libfuzzer_sys::fuzz_target;

const TARGETS: &[Target] = &[
    Target::Mochi,
    Target::MochiMd,
    Target::RemNote,
    Target::RemNoteMd,
    Target::OrgDrill,
    Target::Logseq,
];

fuzz_target!(|input: &[u8]| export(input, TARGETS));
