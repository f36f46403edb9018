//! `deckpress.toml` and front matter: an input is both.
#![no_main]

mod common;

use common::{compile, export_one, report};
use deckpress::target::Target;
use libfuzzer_sys::fuzz_target;

const NOTE: &[u8] = b"### Q: One?\nA.\n";

fuzz_target!(|input: &[u8]| {
    let front_matter = [b"---\n", input, b"\n---\n", NOTE].concat();
    let files = [("deckpress.toml", input), ("a.md", &*front_matter), ("b/c.md", NOTE)];
    let pressed = compile(&files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec())));
    report(&pressed);
    for (_, target) in Target::all().filter(|(_, target)| target.has_columns()) {
        export_one(&pressed, target);
    }
});
