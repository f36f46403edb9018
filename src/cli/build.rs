//! `deckpress build`.

use std::time::Instant;

use super::input::Input;
use super::{FINE, Output, PROBLEMS};
use crate::config::Format;
use crate::driver::receipt::{Again, Inputs, Receipt};
use crate::{diagnostic, driver};

/// Build the decks
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
    /// What to write: apkg, csv, anki-csv, markdown, json [default: apkg,csv,markdown]
    #[arg(short, long, value_name = "FORMAT", value_delimiter = ',', value_parser = format)]
    format: Vec<Format>,
    /// Write nothing and fail if the lock would change, as a check in CI
    #[arg(long, conflicts_with = "no_lock")]
    locked: bool,
    /// Count every note as changed, so that learners get it as this version renders it
    #[arg(long)]
    refresh: bool,
}

fn format(name: &str) -> Result<Format, String> {
    let found = Format::ALL.iter().find(|(known, _)| *known == name);
    found.map(|&(_, format)| format).ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|(name, _)| *name).collect();
        format!("the formats are {}", names.join(", "))
    })
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    #[expect(clippy::disallowed_methods, reason = "the summary says how long a build took")]
    let start = Instant::now();
    let mut reporter = output.reporter();
    let job = args.input.job(args.refresh);
    let found = driver::find(&job)?;
    let inputs = Inputs::of(&job, &found, &args.format);
    if let Some(receipt) = inputs.as_ref().and_then(|inputs| Receipt::read(&job, &found, inputs)) {
        let Again { sources, diagnostics, plan, built } = receipt.again(&job, found)?;
        reporter.diagnostics(&sources, &diagnostics)?;
        reporter.built(&built, &plan, start.elapsed())?;
        return Ok(FINE);
    }
    let project = driver::read_found(&job, found)?;
    reporter.diagnostics(&project.sources, &project.diagnostics)?;
    if diagnostic::any_error(&project.diagnostics) {
        return Ok(PROBLEMS);
    }
    let plan = &project.identities.plan;
    if args.locked && !plan.is_empty() {
        reporter.plan(&project.sources, plan)?;
        reporter.locked()?;
        return Ok(PROBLEMS);
    }
    let built = project.build(&args.input.out, &args.format, inputs.as_ref())?;
    reporter.built(&built, plan, start.elapsed())?;
    Ok(FINE)
}
