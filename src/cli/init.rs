//! `deckpress init`.

use std::path::{Path, PathBuf};

use super::{FINE, Output};
use crate::config;
use crate::disk;

/// The first deck of a new folder, which teaches how to write one.
const WELCOME: &str = include_str!("welcome.md");

/// The `.gitignore` of a new folder.
const GITIGNORE: &str = "/out/\n";

/// Begin a folder of notes: a first deck, the settings, and a `.gitignore`; what is there stays
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder; made if it is not there
    #[arg(default_value = ".")]
    dir: PathBuf,
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let here = Some(&*args.dir).filter(|dir| *dir != Path::new("."));
    let root = here.unwrap_or(Path::new(""));
    let content = root.join("content");
    let mut reporter = output.on_stdout();
    let files = [
        (content.join("welcome.md"), WELCOME.to_owned()),
        (content.join(config::FILE_NAME), config::template()),
        (root.join(".gitignore"), GITIGNORE.to_owned()),
    ];
    // Who has notes already wants no others among them.
    let has_notes = disk::has_entries(&content);
    for (path, text) in &files {
        let is_unwanted = has_notes && path.ends_with("welcome.md");
        if !is_unwanted {
            let is_new = disk::write_new(path, text.as_bytes())?;
            reporter.begun(path, is_new)?;
        }
    }
    reporter.next(here)?;
    Ok(FINE)
}
