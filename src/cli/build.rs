//! `deckpress build`.

use std::io::Write;
use std::time::Instant;

use super::input::Input;
use super::{FINE, Output, PROBLEMS};
use crate::config::selector::Selector;
use crate::config::tree::similar;
use crate::driver;
use crate::driver::build::{Draft, Outcome, build};
use crate::driver::build_stamp::Again;
use crate::driver::built::Built;
use crate::identity::plan::Plan;
use crate::report::Reporter;
use crate::source::Sources;
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
    /// Write only questions of a topic, tag, deck or file, as in `--only 'topic:RAG*'`; several are
    /// joined, and all other outputs stay as they are
    #[arg(long, value_name = "SELECTOR")]
    pub(super) only: Vec<Selector>,
}

impl Wanted {
    /// Returns what is to be written.
    pub(super) fn outputs(&self) -> driver::Wanted<'_> {
        driver::Wanted { targets: &self.to, only: &self.only }
    }
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
    let mut spinner = Some(output.spinner(&job.progress));
    let mut reporter = output.reporter();
    let outcome = build(&job, args.wanted.outputs(), true, |Draft { compiled, .. }| {
        spinner = None;
        let plan = &compiled.identities.plan;
        reporter.diagnostics(&compiled.sources, &compiled.diagnostics)?;
        if args.locked && !plan.is_empty() && !compiled.has_errors() {
            reporter.plan(&compiled.sources, plan)?;
            reporter.locked()?;
            return Ok(false);
        }
        spinner = Some(output.spinner(&job.progress));
        Ok(true)
    })?;
    drop(spinner);
    match outcome {
        Outcome::Again(Again { sources, diagnostics, plan, built }) => {
            reporter.diagnostics(&sources, &diagnostics)?;
            report(&mut reporter, &sources, &plan, &built, start)?;
            Ok(FINE)
        }
        Outcome::Stopped(_) => Ok(PROBLEMS),
        Outcome::Built(compiled, built) => {
            report(&mut reporter, &compiled.sources, &compiled.identities.plan, &built, start)?;
            // The process ends here, and tidying up millions of small things takes its time.
            std::mem::forget(compiled);
            Ok(FINE)
        }
    }
}

/// Reports what was built, and what targets could not hold.
pub(super) fn report(
    reporter: &mut Reporter<impl Write>,
    sources: &Sources,
    plan: &Plan,
    built: &Built,
    start: Instant,
) -> anyhow::Result<()> {
    reporter.diagnostics(sources, &built.losses)?;
    Ok(reporter.built(built, plan, start.elapsed())?)
}
