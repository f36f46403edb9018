//! What is wrong with embedded notes, and syntax that is not read.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

const LOOKED: &str = "names are looked up as in Obsidian: by the path, or anywhere in the vault by the \
                      bare name";

/// Says that no note has a name.
pub(super) fn missing_note(span: Span, name: &str) -> Diagnostic {
    let message = format!("there is no note `{}`", name.trim());
    Diagnostic::new(Code::MissingEmbed, span, message).label("only its name is shown").help(LOOKED)
}

/// Says that an address of the web is no name of a note.
pub(super) fn address(span: Span, name: &str) -> Diagnostic {
    let name = name.trim();
    Diagnostic::new(Code::MissingEmbed, span, format!("`{name}` is an address, and no note"))
        .label("only the address is shown")
        .help(format!("a picture of the web is `![]({name})`"))
}

/// Says that a note has no such section or block.
pub(super) fn missing_part(span: Span, path: &str, what: &str) -> Diagnostic {
    Diagnostic::new(Code::MissingEmbed, span, format!("`{path}` has {what}"))
        .label("only its name is shown")
        .help("name a heading as it reads, or a block by the id at its end")
}

/// Says that no block has an id.
pub(super) fn missing_block(span: Span, id: &str) -> Diagnostic {
    Diagnostic::new(Code::MissingEmbed, span, format!("no block has the id `{id}`"))
        .label("only its id is shown")
        .help("a block has the id that a line `id:: …` in it gives")
}

/// Says that notes embed each other.
pub(super) fn circle(span: Span, chain: &str) -> Diagnostic {
    let message = "this note is embedded in itself";
    Diagnostic::new(Code::CircularEmbed, span, message)
        .label(format!("`{chain}`"))
        .help("link to it here, as in `[[Note]]`, or embed only a section of it")
}

/// Says that too much is embedded.
pub(super) fn deep(span: Span, is_deep: bool) -> Diagnostic {
    let message = if is_deep {
        "notes are embedded in each other more than eight deep"
    } else {
        "this file embeds more than a mebibyte of text"
    };
    Diagnostic::new(Code::DeepEmbed, span, message)
        .label("only its name is shown")
        .help("embed the section or the block that is needed")
}
