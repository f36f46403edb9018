//! `deckpress import`.

use std::path::PathBuf;

use anyhow::bail;

use super::{FINE, Output, PENDING};
use crate::driver::{import, restore};
use crate::import::content::Form;

/// Bring notes of Anki, and questions that other files hold, into a content folder
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Packages (`.apkg`, `.colpkg`, `.mochi`), Anki's text exports, tables (`.txt`, `.csv`, `.tsv`),
    /// and what the targets `json` and `jsonl` write
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The content folder; made if it is not there, and what is in it stays
    #[arg(short = 'o', long = "content", value_name = "DIR", default_value = "content")]
    content: PathBuf,
    /// What the notes become: `own` keeps their note types, so that an import updates the notes
    /// that you have; `qa` makes questions of deckpress's own cards of them
    #[arg(long = "as", value_name = "FORM", default_value = "own")]
    form: FormArg,
    /// With `--as qa`, take fields along that no card shows
    #[arg(long)]
    all_fields: bool,
    /// Bring no notes: give the questions of the content the ids and times that their notes have in
    /// a package that was built of them, or in a collection, where the lock was lost
    #[arg(long, conflicts_with_all = ["form", "all_fields"])]
    lock_only: bool,
    /// Say what would come, and write nothing; exit code 3 if something would
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum FormArg {
    Own,
    Qa,
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let mut reporter = output.on_stdout();
    let form = match args.form {
        FormArg::Own if args.all_fields => bail!("`--all-fields` is for `--as qa`"),
        FormArg::Own => Form::OwnType,
        FormArg::Qa => Form::Qa { has_all_fields: args.all_fields },
    };
    let (mut is_pending, mut has_reviews) = (false, false);
    for file in &args.files {
        if args.lock_only {
            let restored = restore::restore_lock(file, &args.content, args.dry_run)?;
            is_pending |= restored.questions > 0;
            reporter.restored(file, &restored, args.dry_run)?;
            continue;
        }
        let imported = import::import(file, &args.content, form, args.dry_run)?;
        is_pending |= imported.notes > 0;
        reporter.imported(file, &args.content, &imported, args.dry_run)?;
        has_reviews |= imported.reviews > 0;
    }
    if form != Form::OwnType && is_pending && !args.dry_run && has_reviews {
        reporter.change_of_type()?;
    }
    Ok(if args.dry_run && is_pending { PENDING } else { FINE })
}
