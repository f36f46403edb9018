//! `deckpress plan`.

use super::input::Input;
use super::{FINE, Output, PENDING, PROBLEMS};
use crate::diagnostic;

/// Show what a build would add, reword, change, move and retire, and write nothing
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
    /// Count every note as changed, as `build --refresh` does
    #[arg(long)]
    refresh: bool,
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let project = output.read(&args.input.job(args.refresh))?;
    output.reporter().diagnostics(&project.sources, &project.diagnostics)?;
    if diagnostic::any_error(&project.diagnostics) {
        return Ok(PROBLEMS);
    }
    let plan = &project.identities.plan;
    output.on_stdout().plan(&project.sources, plan)?;
    Ok(if plan.is_empty() { FINE } else { PENDING })
}
