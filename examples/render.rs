//! Renders a card: templates and fields come in as JSON, both sides go out. The tests hold that
//! against Anki.
#![allow(clippy::print_stdout, missing_docs, reason = "it is a program of the tests")]

use std::error::Error;
use std::io;

use deckpress::template::{self, Card};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Ask {
    front: String,
    back: String,
    fields: Vec<(String, String)>,
    tags: String,
    note_type: String,
    deck: String,
    template: String,
    ordinal: u16,
    is_cloze: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let ask: Ask = serde_json::from_reader(io::stdin())?;
    let fields: Vec<(&str, &str)> =
        ask.fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let card = Card {
        fields: &fields,
        tags: &ask.tags,
        note_type: &ask.note_type,
        deck: &ask.deck,
        template: &ask.template,
        ordinal: ask.ordinal,
        is_cloze: ask.is_cloze,
    };
    let (front, back) = (template::parse(&ask.front)?, template::parse(&ask.back)?);
    let sides = template::render(&front, &back, &card)?;
    let sides = sides.map(|sides| json!({ "front": sides.front, "back": sides.back }));
    println!("{}", json!(sides));
    Ok(())
}
