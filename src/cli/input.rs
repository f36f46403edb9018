//! What every command reads.

use std::path::PathBuf;

use crate::driver::collection::Address;
use crate::driver::{Job, LockPlace};
use crate::progress::Progress;

/// The content, and the lock that belongs to it.
#[derive(Debug, clap::Args)]
pub(super) struct Input {
    /// A folder of Markdown files, or a single one
    #[arg(default_value = "content")]
    content: PathBuf,
    /// Where the decks go; inside the content folder it is not content
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    pub(super) out: PathBuf,
    /// Keep the lock in this file, as for a content folder that is read-only; it must then be kept
    /// together with the content by hand
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
    /// Use no lock: reworded questions become new ones, and every note counts as changed
    #[arg(long, conflicts_with = "lock")]
    no_lock: bool,
    /// Read every media file and output again, even if its size and times are as they were
    #[arg(long)]
    rehash: bool,
}

impl Input {
    pub(super) fn job(&self, refresh: bool) -> Job {
        let lock = match &self.lock {
            _ if self.no_lock => LockPlace::Nowhere,
            Some(path) => LockPlace::At(path.clone()),
            None => LockPlace::Beside,
        };
        let (content, out) = (self.content.clone(), self.out.clone());
        let rehash = self.rehash;
        Job { content, out, lock, refresh, rehash, progress: Progress::default() }
    }
}

/// A running Anki.
#[derive(Debug, clap::Args)]
pub(super) struct Anki {
    /// Fail unless Anki has this profile open
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Where AnkiConnect listens, if not on port 8765 of this machine
    #[arg(long)]
    url: Option<String>,
}

impl Anki {
    pub(super) fn address(&self) -> Address {
        Address { url: self.url.clone(), profile: self.profile.clone() }
    }
}
