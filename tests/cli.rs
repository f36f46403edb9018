//! The program as a user meets it: files in, arguments, and exactly what comes out.
//!
//! `tests/README.md` says how to add a test and how to rewrite expectations.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::needless_raw_string_hashes,
    missing_docs,
    reason = "a test may fail loudly, makes its own folders, and snapbox writes `str![[r#\"…\"#]]`"
)]

#[path = "cli/again.rs"]
mod again;
#[path = "cli/at_once.rs"]
mod at_once;
#[path = "cli/build.rs"]
mod build;
#[path = "cli/check.rs"]
mod check;
#[path = "cli/choosing.rs"]
mod choosing;
#[path = "cli/completions.rs"]
mod completions;
#[path = "cli/csv.rs"]
mod csv;
#[path = "cli/explain.rs"]
mod explain;
#[path = "cli/exports.rs"]
mod exports;
#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/import.rs"]
mod import;
#[path = "cli/import_again.rs"]
mod import_again;
#[path = "cli/import_into.rs"]
mod import_into;
#[path = "cli/import_mochi.rs"]
mod import_mochi;
#[path = "cli/import_qa.rs"]
mod import_qa;
#[path = "cli/import_text.rs"]
mod import_text;
#[path = "cli/init.rs"]
mod init;
#[path = "cli/inspect.rs"]
mod inspect;
#[path = "cli/json.rs"]
mod json;
#[path = "cli/kept.rs"]
mod kept;
#[path = "cli/lock.rs"]
mod lock;
#[path = "cli/lock_accept.rs"]
mod lock_accept;
#[path = "cli/lock_move.rs"]
mod lock_move;
#[path = "cli/markdown.rs"]
mod markdown;
#[path = "cli/messages.rs"]
mod messages;
#[path = "cli/names.rs"]
mod names;
#[path = "cli/note_types.rs"]
mod note_types;
#[path = "cli/notes.rs"]
mod notes;
#[path = "cli/open_pairs.rs"]
mod open_pairs;
#[path = "cli/push.rs"]
mod push;
#[path = "cli/stats.rs"]
mod stats;
#[path = "cli/surroundings.rs"]
mod surroundings;
#[path = "cli/targets.rs"]
mod targets;
#[path = "cli/test.rs"]
mod test;
#[path = "cli/vault.rs"]
mod vault;
#[path = "cli/watch.rs"]
mod watch;
