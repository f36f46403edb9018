//! `deckpress import`.

use std::path::PathBuf;

use super::{FINE, Output, PENDING};
use crate::driver::import;

/// Bring the notes of Anki packages into a content folder, each with its identity
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Packages, `.apkg` or `.colpkg`
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The content folder; made if it is not there, and what is in it stays
    #[arg(short = 'o', long = "content", value_name = "DIR", default_value = "content")]
    content: PathBuf,
    /// Say what would come, and write nothing; exit code 3 if something would
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let mut reporter = output.on_stdout();
    let mut is_pending = false;
    for file in &args.files {
        let imported = import::import(file, &args.content, args.dry_run)?;
        is_pending |= imported.notes > 0;
        reporter.imported(file, &args.content, &imported, args.dry_run)?;
    }
    Ok(if args.dry_run && is_pending { PENDING } else { FINE })
}
