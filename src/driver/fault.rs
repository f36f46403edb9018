//! Faults of the program itself.
//!
//! Nothing that anybody writes may make it panic. A panic that happens all the same is reported as
//! an internal error with the name of the file, which is found by trying half of the files, and
//! half of that half.

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{anyhow, bail};

use super::last_build::Manifest;
use super::{Found, Job, compile_but, find};
use crate::compile::{Compiled, REPORT_IT};
use crate::config;
use crate::disk::Content;

/// The paths of files that cannot be read, and why.
pub(super) type Faults = BTreeMap<String, String>;

/// The longest message of a panic that is shown, in characters.
const SHOWN: usize = 200;

/// Runs a function; if it panics, returns the message with its place.
pub(super) fn catch<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    let said = Arc::new(Mutex::new(None));
    let said_there = Arc::clone(&said);
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        said_there
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert_with(|| describe(info));
    }));
    let result = panic::catch_unwind(AssertUnwindSafe(run));
    panic::set_hook(before);
    result
        .map_err(|_| said.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default())
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let (text, own) = (info.payload().downcast_ref(), info.payload().downcast_ref::<String>());
    let said = text.copied().or_else(|| own.map(String::as_str)).unwrap_or("a panic");
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line()));
    shown + &place.unwrap_or_default()
}

/// Compiles again without the files at which the program panics; `why` is the message of its first
/// panic.
pub(super) fn compile_others(job: &Job, why: &str) -> anyhow::Result<Compiled> {
    let found = find(job)?;
    let mut faults = Faults::new();
    let content = 0..found.content.files.len();
    if fails(job, &found, 0..0).is_none() {
        search(job, &found, content, &mut faults);
    }
    if faults.is_empty() {
        bail!("internal error: {why}; {REPORT_IT}");
    }
    catch(|| compile_but(job, found, &faults))
        .unwrap_or_else(|why| Err(anyhow!("internal error: {why}; {REPORT_IT}")))
}

/// Finds the files of a range at which the program fails.
fn search(job: &Job, found: &Found, range: Range<usize>, faults: &mut Faults) {
    let Some(why) = fails(job, found, range.clone()) else { return };
    if let [(path, _)] = &found.content.files[range.clone()] {
        faults.insert(path.clone(), why);
        return;
    }
    let middle = range.start + range.len() / 2;
    search(job, found, range.start..middle, faults);
    search(job, found, middle..range.end, faults);
}

/// Compiles only a range of the files, with the settings; returns the message if that panics.
fn fails(job: &Job, found: &Found, range: Range<usize>) -> Option<String> {
    let Content { files, root, prefix, name, circles } = &found.content;
    let is_wanted = |(at, (path, _)): &(usize, &(String, Vec<u8>))| {
        range.contains(at) || path == config::FILE_NAME
    };
    let wanted = files.iter().enumerate().filter(is_wanted);
    let files = wanted.map(|(_, file)| file.clone()).collect();
    let (root, prefix, name) = (root.clone(), prefix.clone(), name.clone());
    let circles = circles.clone();
    let content = Content { files, root, prefix, name, circles };
    let part = Found { content, manifest: Manifest::default(), ..found.clone() };
    catch(|| compile_but(job, part, &Faults::new())).err()
}

/// Returns an error that names file and line of the question for which `fails` is true, if there is
/// one such question.
pub(super) fn at_a_question(
    compiled: &Compiled,
    why: &str,
    fails: impl Fn(Range<usize>) -> bool,
) -> anyhow::Error {
    let notes = compiled.notes();
    let mut range = 0..notes.len();
    while range.len() > 1 {
        let middle = range.start + range.len() / 2;
        let halves = [range.start..middle, middle..range.end];
        let Some(half) = halves.into_iter().find(|half| fails(half.clone())) else { break };
        range = half;
    }
    let place = match &notes[range] {
        [note] => {
            let (line, _) = compiled.sources.position(note.question.span);
            format!(" at {}:{line}", compiled.sources.display(note.question.span.file))
        }
        _ => String::new(),
    };
    anyhow!("internal error{place}: {why}; nothing was written; {REPORT_IT}")
}

/// In debug builds, panics where a test wants it to, to see what becomes of the rest.
#[cfg(debug_assertions)]
#[expect(clippy::disallowed_methods, reason = "only tests set it")]
pub(super) fn provoke(phase: &str, path: &str) {
    let wanted = std::env::var("DECKPRESS_FAULT").unwrap_or_default();
    assert!(wanted != format!("{phase} {path}"), "a test wanted it");
}

#[cfg(not(debug_assertions))]
pub(super) fn provoke(_: &str, _: &str) {}
