//! `deckpress check`.

use std::path::{Path, PathBuf};

use super::{FINE, Output, PROBLEMS};
use crate::diagnostic;
use crate::driver;

/// Report every problem in the content, and write nothing
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A folder of Markdown files, or a single one
    #[arg(default_value = "content")]
    content: PathBuf,
    /// The output folder of builds, which is not content
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let mut reporter = output.reporter();
    let project = driver::read(Path::new(&args.content), &args.out)?;
    reporter.diagnostics(&project.sources, &project.diagnostics)?;
    reporter.checked(project.counts(), &project.diagnostics)?;
    Ok(if diagnostic::any_error(&project.diagnostics) { PROBLEMS } else { FINE })
}
