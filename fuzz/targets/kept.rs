//! Outputs that an app or a person has written into.
#![no_main]

mod common;

use std::io::{self, Write};

use common::press;
use deckpress::config::Export;
use deckpress::export::{self, Outputs};
use deckpress::identity;
use deckpress::target::Target;
use libfuzzer_sys::fuzz_target;
use tempfile::NamedTempFile;

/// Outputs at each of which there is the same already.
struct Kept<'i>(&'i [u8]);

impl Outputs for Kept<'_> {
    fn add(
        &self,
        _: &str,
        write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        write(&mut io::sink())
    }

    fn previous(&self, _: &str) -> Option<Vec<u8>> {
        Some(self.0.to_vec())
    }

    fn remove(&self, _: &str, _: bool) {}

    fn scratch(&self) -> anyhow::Result<NamedTempFile> {
        Ok(NamedTempFile::new()?)
    }
}

const TARGETS: &[Target] = &[
    Target::Hashcards,
    Target::ObsidianSr,
    Target::ObsidianToAnki,
    Target::FlashcardsObsidian,
    Target::Inka2,
    Target::OrgDrill,
    Target::Logseq,
];

const NOTES: &[u8] =
    b"\0\0# D\n## T\n### Q: One? {#one}\nA.\n### Q: Two {{c1::gaps}}? {#two .cloze}\nB.\n";

fuzz_target!(|input: &[u8]| {
    let pressed = press(NOTES).expect("settings and notes");
    let notes = identity::notes(&pressed.library, &pressed.identities);
    for target in TARGETS {
        let export = &Export::of(*target);
        let input_of = pressed.input(export, &notes, "deck");
        export::export(&input_of, &Kept(input)).expect("all is taken");
    }
});
