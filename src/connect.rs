//! A running Anki, through its add-on AnkiConnect.
//!
//! In reading order: [`client`] asks and understands the answers, and [`collection`] is what Anki
//! has of our notes. [`state`] remembers what a collection got last, by hashes of the [`canonical`] HTML of
//! each field. From these and what the content says now, [`plan`] makes out what is to be done,
//! with [`decision`] for each field: it is pure, and all that a person is shown before anything is
//! sent. [`adoption`] does the same for notes of other note types. [`sending`] does it.

pub mod adoption;
pub mod canonical;
pub mod client;
pub mod collection;
pub mod decision;
pub mod diff;
pub mod plan;
pub mod sending;
pub mod state;
