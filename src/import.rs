//! Reads decks of Anki, Mochi and other apps, and writes them as content.
//!
//! ```text
//! package ─► container (zip) ─► collection (SQLite) ─► notes ─► content (Markdown, note types)
//! ```
//!
//! Texts, tables, records and packages of Mochi become notes likewise: of the type that a note of the
//! content has, or of our own.
//!
//! A package comes from a stranger, so its sizes and names are not trusted: reading has limits, no
//! name of a file leads out of the folder, and of the database only plain tables are read.

mod collection;
mod container;
pub mod content;
mod edn;
mod markdown_text;
mod markup;
mod mochi;
mod mochi_markdown;
mod model;
mod note_text;
mod note_type;
mod options;
pub mod ours;
mod qa;
mod questions;
pub mod records;
pub mod rows;
mod schema;
mod written;

pub use collection::read;
pub use container::{Container, MediaFile};
pub use markup::write_tag;
pub use mochi::MochiPackage;
pub use model::{Collection, Note, NoteType, Template};
pub use note_type::written as written_type;
