//! `deckpress plan`.

use super::input::Input;
use super::{FINE, Output, PENDING, PROBLEMS};

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
    let compiled = output.read(&args.input.job(args.refresh))?;
    output.reporter().diagnostics(&compiled.sources, &compiled.diagnostics)?;
    if compiled.has_errors() {
        return Ok(PROBLEMS);
    }
    let plan = &compiled.identities.plan;
    output.on_stdout().plan(&compiled.sources, plan)?;
    Ok(if plan.is_empty() { FINE } else { PENDING })
}
