//! `deckpress stats`.

use super::Output;
use super::input::Input;

/// Count what there is, and show what is long, unanswered, alike or in no topic
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let compiled = output.read(&args.input.job(false))?;
    let stats = compiled.stats();
    let limits = compiled.config.lint.limits();
    output.on_stdout().stats(&compiled.sources, compiled.counts(), &stats, limits)?;
    // What is doubtful is `check`'s concern.
    output.report_errors(&compiled)
}
