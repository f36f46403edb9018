//! `deckpress lock`.

use clap::Subcommand;

use super::input::Input;
use super::{FINE, Output, PROBLEMS};
use crate::diagnostic;

/// Look after the lock
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Forget the questions that were taken out of the content
    Prune(Input),
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let Command::Prune(input) = &args.command;
    let mut reporter = output.reporter();
    let project = output.read(&input.job(false))?;
    if diagnostic::any_error(&project.diagnostics) {
        reporter.diagnostics(&project.sources, &project.diagnostics)?;
        return Ok(PROBLEMS);
    }
    reporter.pruned(project.prune()?)?;
    Ok(FINE)
}
