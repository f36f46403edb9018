//! `deckpress build`.

use std::path::PathBuf;
use std::time::Instant;

use super::{FINE, Output, PROBLEMS};
use crate::config::Format;
use crate::diagnostic;
use crate::driver::{self, Job};

/// Build the decks
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A folder of Markdown files, or a single one
    #[arg(default_value = "content")]
    content: PathBuf,
    /// Where the decks go
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
    /// What to write: apkg, csv, anki-csv, markdown, json [default: apkg,csv,markdown]
    #[arg(short, long, value_name = "FORMAT", value_delimiter = ',', value_parser = format)]
    format: Vec<Format>,
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
    let job =
        Job { content: args.content.clone(), out: args.out.clone(), formats: args.format.clone() };
    let mut reporter = output.reporter();
    let project = driver::read(&job.content, &job.out)?;
    reporter.diagnostics(&project.sources, &project.diagnostics)?;
    if diagnostic::any_error(&project.diagnostics) {
        return Ok(PROBLEMS);
    }
    let built = project.build(&job)?;
    reporter.built(&built, start.elapsed())?;
    Ok(FINE)
}
