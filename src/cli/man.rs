//! `deckpress man`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Command;

use super::FINE;
use crate::disk;

/// Write a page for `man` for each command
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder that they go to
    dir: PathBuf,
}

pub(super) fn run(args: &Args, command: Command) -> anyhow::Result<u8> {
    let dir = &args.dir;
    disk::make_folder(dir)?;
    clap_mangen::generate_to(command, dir)
        .with_context(|| format!("cannot write to `{}`", dir.display()))?;
    Ok(FINE)
}
