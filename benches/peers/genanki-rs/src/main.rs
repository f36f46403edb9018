//! `genanki-rs-peer IN.md OUT.apkg`: what one would write with genanki-rs and pulldown-cmark.
//!
//! It reads what the limit program reads, in the same way.

#[path = "../../../limit/src/questions.rs"]
mod questions;

use std::collections::BTreeMap;
use std::error::Error;
use std::{env, fs};

use genanki_rs::{Deck, Field, Model, Note, Package, Template};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [from, to] = &arguments[..] else {
        return Err("usage: genanki-rs-peer IN.md OUT.apkg".into());
    };
    let text = fs::read_to_string(from)?;
    let fields = ["Question", "Answer", "Key Points"].map(Field::new).to_vec();
    let back = "{{Question}}<hr>{{Answer}}<hr>{{Key Points}}";
    let template = Template::new("Recall").qfmt("{{Question}}").afmt(back);
    let model = Model::new(1_700_000_000_001, "Peer", fields, vec![template]);
    let mut decks = BTreeMap::new();
    for question in questions::split(&text) {
        let id = 1_600_000_000_000 + i64::try_from(decks.len())?;
        let deck = decks.entry(question.topic).or_insert_with(|| Deck::new(id, question.topic, ""));
        let parts = [question.prompt, question.answer, question.key_points];
        let html = parts.map(questions::html);
        let note = Note::new(model.clone(), html.iter().map(String::as_str).collect())?;
        deck.add_note(note.tags([question.topic.replace(' ', "-")]));
    }
    Package::new(decks.into_values().collect(), Vec::new())?.write_to_file(to)?;
    Ok(())
}
