//! The `deckpress` program; see [`deckpress::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    deckpress::cli::run()
}
