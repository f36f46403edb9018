//! `deckpress stats`.

use super::input::Input;
use super::{FINE, Output, PROBLEMS};
use crate::diagnostic::{self, Diagnostic, Severity};
use crate::stats;

/// Count what there is, and show what is long, unanswered, alike or in no topic
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let project = output.read(&args.input.job(false))?;
    let notes = project.notes();
    let stats = stats::of(&project.sources, &project.bank, &project.identities, &notes);
    output.on_stdout().stats(&project.sources, project.counts(), &stats)?;
    // What is doubtful is `check`'s concern.
    let is_error = |problem: &&Diagnostic| problem.severity == Severity::Error;
    let errors: Vec<Diagnostic> = project.diagnostics.iter().filter(is_error).cloned().collect();
    output.reporter().diagnostics(&project.sources, &errors)?;
    Ok(if diagnostic::any_error(&project.diagnostics) { PROBLEMS } else { FINE })
}
