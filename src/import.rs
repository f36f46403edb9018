//! Reads the decks that people have, and writes them as content.
//!
//! ```text
//! package ─► container (zip) ─► collection (SQLite) ─► notes ─► content (Markdown, note types)
//! ```
//!
//! A package comes from a stranger. So all that it says of sizes and names is doubted: what is read
//! has limits, no name of a file leads anywhere, and of the database only plain tables are read.

mod collection;
mod container;
pub mod content;
mod markup;
mod model;
mod note_type;
pub mod ours;
mod qa;
mod schema;

pub use collection::read;
pub use container::{Container, MediaFile};
pub use markup::write_tag;
pub use model::{Collection, Note, NoteType, Template};
