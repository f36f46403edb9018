//! Presses Markdown questions and answers into study decks.
//!
//! In reading order: [`source`] and [`diagnostic`] say where and what; [`event_cache`], [`model`],
//! [`target`], [`config`] and [`vault`] are the data; [`markdown`] and [`parse`] read it, [`check`] looks at
//! all of it together, [`identity`] gives every question its id, [`stats`] counts; [`render`] and
//! [`export`] make the outputs; [`driver`] puts the phases in order.
//!
//! An arrow points from a later module to an earlier one, never back. Up to [`export`] everything
//! is pure: no file system, clock, environment or printing; the same input gives the same bytes.

pub mod anki;
pub mod check;
pub mod cli;
pub mod compile;
pub mod config;
pub mod connect;
pub mod diagnostic;
pub mod disk;
mod dom;
pub mod driver;
pub mod entities;
pub mod event_cache;
pub mod export;
pub mod html_to_markdown;
pub mod identity;
pub mod import;
pub mod markdown;
pub mod media;
pub mod model;
mod named;
pub mod parse;
pub mod preview;
pub mod progress;
pub mod pull;
pub mod render;
pub mod report;
pub mod slug;
pub mod source;
pub mod stats;
pub mod target;
pub mod template;
pub mod vault;
pub mod watch;
mod zip;
