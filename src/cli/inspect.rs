//! `deckpress inspect`.

use std::path::PathBuf;

use super::Output;
use crate::driver::{Job, LockPlace};
use crate::progress::Progress;

/// Show what is recognised as a question, in which convention, and what is left out
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A folder of Markdown files, or a single one
    #[arg(default_value = "content")]
    content: PathBuf,
    /// The output folder; inside the content folder it is not content
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let (content, out) = (args.content.clone(), args.out.clone());
    let (lock, progress) = (LockPlace::Nowhere, Progress::default());
    let job = Job { content, out, lock, refresh: false, rehash: false, progress };
    let compiled = output.read(&job)?;
    output.on_stdout().inspected(&compiled)?;
    // What is doubtful is listed already; `check` says it at length.
    output.report_errors(&compiled)
}
