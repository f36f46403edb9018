//! `deckpress watch`.

use std::process;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::build::{self, Wanted};
use super::{Output, STOPPED, complain, is_broken_pipe};
use crate::disk::exclusive::FolderLock;
use crate::disk::places::Places;
use crate::driver::build::Built;
use crate::driver::receipt::Inputs;
use crate::driver::{self, Job, Project};
use crate::progress::{Phase, Progress};
use crate::watch::{Change, Signal, Watch};

/// Build the decks, and again whenever the content changes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    wanted: Wanted,
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
    poll: Option<Duration>,
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
    /// A build of this state of the content, whatever became of it, after which the lock was this
    /// one.
    Build {
        content: String,
        lock: Option<String>,
    },
    /// Content that cannot be read.
    Failure(String),
}

/// A project with its inputs, the hash of its lock, and the claim that keeps other builds away.
type Read = (Project, Option<Inputs>, Option<String>, Option<FolderLock>);

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let job = args.wanted.input.job(false);
    let mut reporter = output.reporter();
    let mut files = Vec::new();
    let mut watch = Watch::new(places(&job, &files), args.poll);
    stop_on_interrupt(&watch, job.progress.clone())?;
    let mut reported = Reported::Nothing;
    let mut is_first = true;
    loop {
        watch.begin(places(&job, &files))?;
        let start = now();
        match read(&job, &args.wanted, output) {
            Ok((project, inputs, lock, _claim)) => {
                files = project.files();
                if places(&job, &files) != *watch.places() {
                    continue;
                }
                let content = project.state();
                let state = Reported::Build { content: content.clone(), lock: lock.clone() };
                if reported != state {
                    let built =
                        build::finish(&project, &args.wanted, inputs.as_ref(), output, start);
                    let built = survive(built)?.flatten();
                    if let Some(built) = &built {
                        outputs_are_no_content(built, watch.places())?;
                    }
                    // That the build wrote the lock is no change.
                    let lock = built.and_then(|built| built.new_lock).or(lock);
                    reported = Reported::Build { content, lock };
                }
            }
            Err(error) if is_first && !watch.places().are_there() => return Err(error),
            Err(error) => {
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

/// Where a change can be seen that matters to this job.
fn places(job: &Job, files: &[String]) -> Places {
    let lock = driver::lock_of(job).ok().flatten();
    Places::find(&job.content, &job.out, lock.as_deref(), files)
}

/// Reads the content, and what the next build depends on: all inputs, if they are known, and the
/// hash of the lock.
fn read(job: &Job, wanted: &Wanted, output: &Output) -> anyhow::Result<Read> {
    let claim = driver::claim(job)?;
    let found = driver::find(job)?;
    let inputs = Inputs::of(job, &found, &wanted.to);
    let lock = found.lock_hash();
    Ok((output.read_found(job, found)?, inputs, lock, claim))
}

#[expect(clippy::disallowed_methods, reason = "the summary says how long a build took")]
fn now() -> Instant {
    Instant::now()
}

/// Reports what has gone wrong with one build, as the next may be better, unless nobody listens.
fn survive<T>(built: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
    match built {
        Ok(built) => Ok(Some(built)),
        Err(error) if is_broken_pipe(&error) => Err(error),
        Err(error) => {
            complain(&error);
            Ok(None)
        }
    }
}

/// Each build would change what is watched.
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

/// Ctrl-C lets a build that is writing come to its end, so that nothing is left half done; the second
/// one does not.
fn stop_on_interrupt(watch: &Watch, progress: Progress) -> anyhow::Result<()> {
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
