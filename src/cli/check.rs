//! `deckpress check`.

use super::input::Input;
use super::{FINE, Output, PROBLEMS};
use crate::diagnostic;

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
    let mut project = output.read(&job)?;
    if args.fix {
        let fixed = project.fix()?;
        reporter.fixed(fixed)?;
        project = output.read(&job)?;
    }
    reporter.diagnostics(&project.sources, &project.diagnostics)?;
    reporter.checked(project.counts(), &project.diagnostics)?;
    Ok(if diagnostic::any_error(&project.diagnostics) { PROBLEMS } else { FINE })
}
