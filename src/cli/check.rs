//! `deckpress check`.

use super::input::Input;
use super::{FINE, Output, PROBLEMS};
use crate::driver;

/// Report every problem in the content, and write nothing
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
    /// Mend in the content what can be mended, such as ids for reworded questions
    #[arg(long)]
    fix: bool,
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let mut reporter = output.reporter();
    let job = args.input.job(false);
    let mut compiled = output.read(&job)?;
    if args.fix {
        let fixed = driver::fix(&job, &compiled)?;
        reporter.fixed(fixed)?;
        compiled = output.read(&job)?;
    }
    reporter.diagnostics(&compiled.sources, &compiled.diagnostics)?;
    reporter.checked(compiled.counts(), &compiled.diagnostics)?;
    Ok(if compiled.has_errors() { PROBLEMS } else { FINE })
}
