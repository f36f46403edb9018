//! `deckpress watch`.

use std::process;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::build::{self as build_command, report};
use super::{Output, STOPPED, complain, is_broken_pipe};
use crate::disk::places::Places;
use crate::driver::build::{Draft, Outcome, build};
use crate::driver::built::Built;
use crate::driver::{self, Job, Wanted};
use crate::progress::{Phase, Progress};
use crate::watch::{CALM, Change, Signal, Watch};

/// Build the decks, and again whenever the content changes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    wanted: build_command::Wanted,
    #[command(flatten)]
    poll: Poll,
}

/// How changes are noticed.
#[derive(Debug, clap::Args)]
pub(super) struct Poll {
    /// Look at the files every two seconds, or so many, where the system tells of no changes, as in
    /// folders on other machines
    #[arg(
        long,
        value_name = "SECONDS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "2",
        value_parser = seconds
    )]
    pub(super) poll: Option<Duration>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let is_sensible = |time: &Duration| (0.1..=86_400.0).contains(&time.as_secs_f64());
    seconds.filter(is_sensible).ok_or_else(|| "it is between 0.1 seconds and a day".to_owned())
}

/// What was reported last; the same is not reported again.
#[derive(Debug, PartialEq, Eq)]
enum Reported {
    Nothing,
    /// A build, whatever became of it.
    Build(State),
    /// Content that cannot be read.
    Failure(String),
}

/// The hashes of what a build read, and of the lock after it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    content: String,
    lock: Option<String>,
}

/// The result of one look at the content.
enum Look {
    /// It refers to files in folders that are not watched yet.
    Elsewhere,
    /// It is as it was when it was last built.
    Same,
    /// It was built, or has errors, or its outputs cannot be written.
    Built(State),
    /// It cannot be read.
    Unreadable(anyhow::Error),
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let job = args.wanted.input.job(false);
    let mut reporter = output.reporter();
    let mut files = Vec::new();
    let mut watch = Watch::new(places(&job, &files), args.poll.poll, CALM);
    stop_on_interrupt(&watch, job.progress.clone())?;
    let mut reported = Reported::Nothing;
    let mut is_first = true;
    loop {
        watch.begin(places(&job, &files))?;
        match look(&job, args.wanted.outputs(), output, &reported, (&mut files, watch.places()))? {
            Look::Elsewhere => continue,
            Look::Same => {}
            Look::Built(state) => reported = Reported::Build(state),
            Look::Unreadable(error) if is_first && !watch.places().are_there() => {
                return Err(error);
            }
            Look::Unreadable(error) => {
                let failure = Reported::Failure(format!("{error:#}"));
                if watch.places().are_there() && reported != failure {
                    reported = failure;
                    complain(&error);
                }
            }
        }
        if std::mem::take(&mut is_first) {
            reporter.watching(&job.content)?;
        }
        let mut change = watch.wait();
        if change == Change::Gone {
            reporter.gone(&job.content)?;
            reported = Reported::Nothing;
            change = watch.until_back()?;
        }
        if change == Change::Stop {
            return Ok(STOPPED);
        }
    }
}

/// Builds the content once, unless it is as it was; notes down the files that it is made of.
///
/// # Errors
/// If nobody listens any more, or the outputs would be content.
fn look(
    job: &Job,
    wanted: Wanted<'_>,
    output: &Output,
    reported: &Reported,
    (files, watched): (&mut Vec<String>, &Places),
) -> anyhow::Result<Look> {
    let start = now();
    let mut reporter = output.reporter();
    let mut spinner = Some(output.spinner(&job.progress));
    let mut seen = Look::Same;
    let outcome = build(job, wanted, false, |Draft { compiled, lock }| {
        spinner = None;
        *files = compiled.files();
        if places(job, files) != *watched {
            seen = Look::Elsewhere;
            return Ok(false);
        }
        let state = State { content: compiled.hash(), lock: lock.map(str::to_owned) };
        if *reported == Reported::Build(state.clone()) {
            return Ok(false);
        }
        seen = Look::Built(state);
        reporter.diagnostics(&compiled.sources, &compiled.diagnostics)?;
        spinner = Some(output.spinner(&job.progress));
        Ok(true)
    });
    drop(spinner);
    let built = outcome.and_then(|outcome| {
        let Outcome::Built(compiled, built) = outcome else { return Ok(None) };
        let plan = &compiled.identities.plan;
        report(&mut reporter, &compiled.sources, plan, &built, start)?;
        Ok(Some(built))
    });
    match (built, &mut seen) {
        (Ok(Some(built)), Look::Built(state)) => {
            outputs_are_no_content(&built, watched)?;
            // That the build wrote the lock is no change.
            if built.new_lock.is_some() {
                state.lock = built.new_lock;
            }
        }
        (Ok(_), _) => {}
        (Err(error), _) if is_broken_pipe(&error) => return Err(error),
        // The next build may be better.
        (Err(error), Look::Built(_)) => complain(&error),
        (Err(error), _) => return Ok(Look::Unreadable(error)),
    }
    Ok(seen)
}

/// Returns where a change can be seen that matters to this job.
pub(super) fn places(job: &Job, files: &[String]) -> Places {
    let lock = driver::lock_of(job).ok().flatten();
    Places::find(&job.content, &job.out, lock.as_deref(), files)
}

#[expect(clippy::disallowed_methods, reason = "the summary says how long a build took")]
fn now() -> Instant {
    Instant::now()
}

/// Refuses outputs that are content themselves, since each build would begin the next one.
fn outputs_are_no_content(built: &Built, places: &Places) -> anyhow::Result<()> {
    match built.written.iter().find(|(path, _)| places.would_read(path)) {
        None => Ok(()),
        Some((path, _)) => bail!(
            "`{}` was written into the content itself, and each build would begin the next one; \
             choose another folder with `--out`",
            path.display()
        ),
    }
}

/// Ctrl-C lets a build that is writing come to its end, so that nothing is left half done; the
/// second one does not.
pub(super) fn stop_on_interrupt(watch: &Watch, progress: Progress) -> anyhow::Result<()> {
    let stop = watch.sender();
    let mut is_asked = false;
    let ask = move || {
        let is_writing = matches!(progress.phase(), Phase::Pressing | Phase::Writing);
        let can_wait = is_writing && !std::mem::replace(&mut is_asked, true);
        if !can_wait || stop.send(Signal::Stop).is_err() {
            process::exit(STOPPED.into());
        }
    };
    ctrlc::set_handler(ask).context("cannot wait for Ctrl-C")
}
