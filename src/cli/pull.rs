//! `deckpress pull`.

use super::input::{Anki, Input};
use super::{FINE, Output, PENDING, PROBLEMS};
use crate::driver::pull::{Draft, Outcome, Pull, pull};

/// Write into the files what was edited in a running Anki
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
    /// Show what would be written, and write nothing; exit code 3 if something would
    #[arg(long)]
    dry_run: bool,
    /// Bring home the tags too that notes were given in Anki, and that were taken off them
    #[arg(long)]
    tags: bool,
    #[command(flatten)]
    anki: Anki,
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let job = args.input.job(false);
    let wish = Pull { address: args.anki.address(), has_tags: args.tags };
    let mut reporter = output.reporter();
    let mut code = FINE;
    let mut spinner = Some(output.spinner(&job.progress));
    let outcome = pull(&job, &wish, |draft: &Draft<'_>| {
        spinner = None;
        reporter.diagnostics(&draft.compiled.sources, &draft.compiled.diagnostics)?;
        output.on_stdout().pull_draft(draft, args.dry_run)?;
        if !draft.left.is_empty() {
            code = PROBLEMS;
        } else if args.dry_run && !draft.brought.is_empty() {
            code = PENDING;
        }
        Ok(!args.dry_run)
    })?;
    drop(spinner);
    match outcome {
        Outcome::Stopped(compiled) => {
            reporter.diagnostics(&compiled.sources, &compiled.diagnostics)?;
            Ok(PROBLEMS)
        }
        Outcome::Pulled => Ok(code),
    }
}
