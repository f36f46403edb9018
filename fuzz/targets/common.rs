//! What the targets have in common: an input becomes files, and these are pressed.
#![allow(dead_code, reason = "no target needs all of it")]

#[path = "../../tests/spec/press.rs"]
mod press;

use deckpress::compile::Compiled;
use deckpress::model::Convention;
use deckpress::report::{Reporter, Style};
use deckpress::target::Target;

pub(crate) use press::{compile, export as export_one};

/// The first two bytes of an input choose the settings, the rest is the text of a file.
pub(crate) fn press(input: &[u8]) -> Option<Compiled> {
    let (&[convention, others], text) = input.split_first_chunk()?;
    let bit = |at: u8| others >> at & 1 == 1;
    let mut settings = String::new();
    let names = std::iter::once("").chain(Convention::ALL.iter().map(|(name, _)| *name));
    let convention = names.cycle().nth(usize::from(convention))?;
    if !convention.is_empty() {
        settings += &format!("convention = \"{convention}\"\n");
    }
    let html = ["sanitize", "escape", "allow", "sanitize"][usize::from(others & 3)];
    settings += &format!("html = \"{html}\"\n");
    let highlights = if bit(2) { "together" } else { "each" };
    settings += &format!("highlights = \"{highlights}\"\n");
    if bit(3) {
        settings += "reverse = true\nkey_points = true\nemoji_tags = { \"👶\" = \"easy\" }\n";
    }
    if bit(4) {
        settings += "anki = { format = \"latest\", csv_notetype = \"Basic\" }\n";
        settings += "csv = { text = \"html\" }\n";
    }
    let path = ["notes.md", "a b/notes.md", "notes.csv", "notes.tsv"][usize::from(others >> 6)];
    Some(compile(&[
        ("deckpress.toml".to_owned(), settings.into_bytes()),
        (path.to_owned(), text.to_vec()),
        ("i.png".to_owned(), b"png".to_vec()),
    ]))
}

/// Writes every message in every style.
pub(crate) fn report(pressed: &Compiled) {
    for style in [Style::Human, Style::Short, Style::Json] {
        let mut reporter = Reporter { to: Vec::new(), style, color: false, quiet: false };
        let written = reporter.diagnostics(&pressed.sources, &pressed.diagnostics);
        written.expect("a vector takes all");
    }
}

/// Writes the files of some targets.
pub(crate) fn export(input: &[u8], targets: &[Target]) {
    let Some(pressed) = press(input) else { return };
    for target in targets {
        export_one(&pressed, *target);
    }
}
