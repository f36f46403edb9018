//! What a learner edited in Anki, as edits of the files that it came from.
//!
//! A field is made of texts that stand in the source; [`parts`] says which, and [`split`] gives
//! each of them its share of what the field holds now, by its [`blocks`]. [`merge`] puts what was
//! edited into the `words` of the author, so that all else stays as it is written, and [`edit`] says
//! which bytes of which file that changes, with the quotes that `cells` of a table of values need.
//! A [`recall`] list is edited where its points stand. Whether an edit is good is not argued here: it is
//! compiled, and [`outcome`] compares what comes of it with what is in Anki. A [`reason`] says why one
//! stays there.

pub mod blocks;
mod cells;
pub mod edit;
pub mod merge;
pub mod outcome;
pub mod parts;
pub mod reason;
pub mod recall;
pub mod split;
pub mod tags;
mod words;
