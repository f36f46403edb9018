//! `deckpress preview`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use super::input::Input;
use super::watch::{Poll, places, stop_on_interrupt};
use super::{Output, STOPPED, complain, is_broken_pipe};
use crate::compile::Compiled;
use crate::disk;
use crate::driver::Job;
use crate::preview::{Editor, Preview, Server, serve};
use crate::watch::{Change, Watch};

/// Content is read when nothing has changed for so long: most editors are done then.
const CALM: Duration = Duration::from_millis(4);

/// How long the content must stay unchanged after it was read, to be shown. Nothing is written, so a file
/// that was half saved is shown for a moment at most.
const CALM_AFTER: Duration = Duration::from_millis(11);

/// Some editors empty a file before they write it, which takes longer on a busy machine.
const CALM_IF_EMPTIED: Duration = Duration::from_millis(300);

/// Show every card in a browser, and each change of the content at once; write nothing
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
    /// Use this port of this machine [default: any that is free]
    #[arg(short, long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
    /// What opens a place of the content, as in `--editor 'code -g {path}:{line}:{column}'` or
    /// `--editor 'vscode://file{path}:{line}'` [env: `DECKPRESS_EDITOR`]
    #[arg(long, value_name = "CMD")]
    editor: Option<String>,
    #[command(flatten)]
    poll: Poll,
}

/// What was reported last; the same is not reported again.
#[derive(Debug, PartialEq, Eq)]
enum Reported {
    Nothing,
    Content { hash: String, plan: String },
    Failure(String),
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let job = args.input.job(false);
    let mut reporter = output.reporter();
    let mut files = Vec::new();
    let mut emptied = BTreeSet::new();
    let mut watch = Watch::new(places(&job, &files), args.poll.poll, CALM);
    stop_on_interrupt(&watch, job.progress.clone())?;
    let preview = Arc::new(Preview::default());
    let mut server = Some(Server::new(args.port)?);
    let mut reported = Reported::Nothing;
    loop {
        watch.begin(places(&job, &files))?;
        let read = output.read(&job);
        // It is read while an editor may still be saving, and again if it was.
        let now_empty = read.as_ref().map_or_else(|_| BTreeSet::new(), empty_files);
        let calm = if now_empty.is_subset(&emptied) { CALM_AFTER } else { CALM_IF_EMPTIED };
        if server.is_none() && !watch.is_over(calm) {
            continue;
        }
        emptied = now_empty;
        match read {
            Ok(compiled) => {
                files = compiled.files();
                if places(&job, &files) != *watch.places() {
                    continue;
                }
                let hash = compiled.hash();
                let plan = format!("{:?}", compiled.identities.plan.counts());
                let now = Reported::Content { hash, plan };
                if reported != now {
                    reported = now;
                    reporter.diagnostics(&compiled.sources, &compiled.diagnostics)?;
                    preview.show(compiled);
                }
            }
            Err(error) if is_broken_pipe(&error) => return Err(error),
            Err(error) if server.is_some() && !watch.places().are_there() => return Err(error),
            Err(error) => {
                let failure = format!("{error:#}");
                if reported != Reported::Failure(failure.clone()) {
                    complain(&error);
                    preview.fail(failure.clone());
                    reported = Reported::Failure(failure);
                }
            }
        }
        if let Some(server) = server.take() {
            let address = server.address();
            let (link, editor) = editor(args, &job);
            serve(server, Arc::clone(&preview), link, editor);
            reporter.previewing(&job.content, &address)?;
            if args.open && !open(&address) {
                complain(&anyhow::anyhow!("no browser could be opened"));
            }
        }
        let mut change = watch.wait();
        if change == Change::Gone {
            reporter.gone(&job.content)?;
            preview.fail(format!("`{}` is not there", job.content.display()));
            reported = Reported::Nothing;
            change = watch.until_back()?;
        }
        if change == Change::Stop {
            preview.end();
            return Ok(STOPPED);
        }
    }
}

/// Returns the paths of the files in which there is nothing.
fn empty_files(compiled: &Compiled) -> BTreeSet<String> {
    let sources = compiled.sources.iter().map(|(_, source)| source);
    let empty = sources.filter(|source| source.original.is_empty() && !source.is_outside());
    empty.map(|source| source.path.clone()).collect()
}

/// Returns how the page opens an editor: by an address, or by a command that is run here. Only who
/// starts the program says which; content may be a stranger's.
#[expect(clippy::disallowed_methods, reason = "the editor is the reader's own, as EDITOR is")]
fn editor(args: &Args, job: &Job) -> (Option<String>, Option<Box<Editor>>) {
    let wanted = args.editor.clone().or_else(|| std::env::var("DECKPRESS_EDITOR").ok());
    let Some(wanted) = wanted.filter(|wanted| !wanted.trim().is_empty()) else {
        return (None, None);
    };
    let root = disk::full_path(disk::root_of(&job.content));
    if wanted.contains("://") {
        let shown = root.to_string_lossy().replace('\\', "/");
        let shown = if shown.starts_with('/') { shown } else { format!("/{shown}") };
        return (Some(wanted.replace("{path}", &format!("{shown}/{{path}}"))), None);
    }
    let editor = move |path: &str, line: &str, column: &str| {
        run_editor(&wanted, &root.join(path), line, column)
    };
    (None, Some(Box::new(editor)))
}

/// Runs the editor's command, without a shell; returns whether it could be started.
fn run_editor(command: &str, path: &Path, line: &str, column: &str) -> bool {
    let shown = path.to_string_lossy();
    let fill = |word: &str| {
        word.replace("{line}", line).replace("{column}", column).replace("{path}", &shown)
    };
    let mut words: Vec<String> = command.split_whitespace().map(fill).collect();
    if !command.contains("{path}") {
        words.push(shown.clone().into_owned());
    }
    start(&words)
}

/// Opens the page in the browser; returns whether that could be tried.
fn open(address: &str) -> bool {
    let words: &[&str] = if cfg!(windows) {
        &["cmd", "/c", "start", address]
    } else if cfg!(target_os = "macos") {
        &["open", address]
    } else {
        &["xdg-open", address]
    };
    start(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
}

fn start(words: &[String]) -> bool {
    let Some((program, arguments)) = words.split_first() else { return false };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return false };
    // Somebody has to wait for it, or it stays on the system's list when it is over.
    crate::preview::in_background(move || drop(child.wait()));
    true
}
