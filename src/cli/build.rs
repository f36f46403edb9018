//! `deckpress build`.

use std::time::Instant;

use super::input::Input;
use super::{FINE, Output, PROBLEMS};
use crate::config::tree::similar;
use crate::diagnostic;
use crate::driver::build::Built;
use crate::driver::receipt::{Again, Inputs, Receipt};
use crate::driver::{self, Project};
use crate::target::Target;

/// What is built, and from what.
#[derive(Debug, clap::Args)]
pub(super) struct Wanted {
    #[command(flatten)]
    pub(super) input: Input,
    /// What to write, as in `--to apkg,quizlet`; `deckpress targets` lists all that there is
    /// [default: apkg,csv,markdown]
    #[arg(short = 'f', long, visible_alias = "format", value_name = "TARGET")]
    #[arg(value_delimiter = ',', value_parser = target)]
    pub(super) to: Vec<Target>,
}

/// Build the decks
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    wanted: Wanted,
    /// Write nothing and fail if the lock would change, as a check in CI
    #[arg(long, conflicts_with = "no_lock")]
    locked: bool,
    /// Count every note as changed, so that learners get it as this version renders it
    #[arg(long)]
    refresh: bool,
}

fn target(name: &str) -> Result<Target, String> {
    let names: Vec<&str> = Target::all().map(|(name, _)| name).collect();
    Target::named(name).ok_or_else(|| match similar(name, &names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the targets are {}", names.join(", ")),
    })
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    #[expect(clippy::disallowed_methods, reason = "the summary says how long a build took")]
    let start = Instant::now();
    let job = args.wanted.input.job(args.refresh);
    let _claim = driver::claim(&job)?;
    let found = driver::find(&job)?;
    let inputs = Inputs::of(&job, &found, &args.wanted.to);
    if let Some(receipt) = inputs.as_ref().and_then(|inputs| Receipt::read(&job, &found, inputs)) {
        let mut reporter = output.reporter();
        let Again { sources, diagnostics, plan, built } = receipt.again(&job, found)?;
        reporter.diagnostics(&sources, &diagnostics)?;
        reporter.diagnostics(&sources, &built.losses)?;
        reporter.built(&built, &plan, start.elapsed())?;
        return Ok(FINE);
    }
    let project = output.read_found(&job, found)?;
    let plan = &project.identities.plan;
    if args.locked && !plan.is_empty() && !diagnostic::any_error(&project.diagnostics) {
        let mut reporter = output.reporter();
        reporter.diagnostics(&project.sources, &project.diagnostics)?;
        reporter.plan(&project.sources, plan)?;
        reporter.locked()?;
        return Ok(PROBLEMS);
    }
    let built = finish(&project, &args.wanted, inputs.as_ref(), output, start)?;
    // The process ends here, and tidying up millions of small things takes its time.
    std::mem::forget(project);
    Ok(if built.is_some() { FINE } else { PROBLEMS })
}

/// Reports on what was read, and builds it if it is not wrong.
pub(super) fn finish(
    project: &Project,
    wanted: &Wanted,
    inputs: Option<&Inputs>,
    output: &Output,
    start: Instant,
) -> anyhow::Result<Option<Built>> {
    let mut reporter = output.reporter();
    reporter.diagnostics(&project.sources, &project.diagnostics)?;
    if diagnostic::any_error(&project.diagnostics) {
        return Ok(None);
    }
    let spinner = output.spinner(&project.progress);
    let built = project.build(&wanted.input.out, &wanted.to, inputs)?;
    drop(spinner);
    reporter.diagnostics(&project.sources, &built.losses)?;
    reporter.built(&built, &project.identities.plan, start.elapsed())?;
    Ok(Some(built))
}
