//! The files that texts refer to, wherever they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::media::{Content, Digest, Known, Media, Problem, is_markdown, refusal};
use crate::model::MediaRef;
use crate::progress::Progress;

/// A file that texts refer to.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// What tells whether it has changed.
    pub known: Known,
    /// What it holds.
    pub content: Arc<dyn Content>,
    /// Whether Git is told to leave it out.
    pub is_ignored: bool,
}

impl Attachment {
    /// Returns one that is in memory.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        let known = Known { digest: Digest::of(&bytes), stat: None };
        Self { known, content: Arc::new(bytes), is_ignored: false }
    }
}

/// Reads files by their paths below the content folder, several at once.
pub trait Attachments: Sync {
    /// Reads a file that is named in the settings.
    ///
    /// # Errors
    /// If it cannot be had.
    fn read(&self, path: &str) -> Result<Vec<u8>, Problem>;

    /// Returns the paths of all files of the vault, or of the content folder where there is none,
    /// from its root.
    fn names(&self) -> Vec<String>;

    /// Finds a file that goes into a deck which may be shared.
    ///
    /// # Errors
    /// If it cannot be had, or must not be shared.
    fn find_shared(&self, path: &str) -> Result<Attachment, Problem>;

    /// Returns how many bytes must be read to find a file.
    fn size_unread(&self, _path: &str) -> u64 {
        0
    }
}

/// Finds the files that questions refer to, and says why one cannot be had.
pub(super) fn find(
    attachments: &dyn Attachments,
    refs: &[MediaRef],
    progress: &Progress,
) -> (Media, BTreeMap<String, Problem>) {
    let mut wanted: BTreeMap<&str, bool> = BTreeMap::new();
    for media in refs {
        if let Some(path) = media.path() {
            *wanted.entry(path).or_default() |= media.embedded;
        }
    }
    let mut media = Media::default();
    let mut problems = BTreeMap::new();
    let wanted: Vec<(&str, bool)> =
        wanted.into_iter().filter(|(path, is_shown)| *is_shown || !is_markdown(path)).collect();
    let find =
        |&(path, is_shown): &(&str, bool)| match (refusal(path, false), refusal(path, is_shown)) {
            (Some(secret), _) => Err(secret),
            (None, Some(odd)) => attachments.find_shared(path).and(Err(odd)),
            (None, None) => attachments.find_shared(path),
        };
    let sizes: Vec<u64> =
        wanted.par_iter().map(|(path, _)| attachments.size_unread(path)).collect();
    progress.expect(sizes.iter().sum());
    let find = |(wanted, size): (&(&str, bool), &u64)| {
        let found = find(wanted);
        progress.advance(*size);
        found
    };
    // A file may be large.
    let found: Vec<_> = wanted.par_iter().zip(&sizes).with_max_len(1).map(find).collect();
    for ((path, _), file) in wanted.into_iter().zip(found) {
        match file {
            Ok(Attachment { known, content, is_ignored }) => {
                media.add(path, known, content);
                if is_ignored {
                    problems.insert(path.to_owned(), Problem::Ignored);
                }
            }
            Err(problem) => {
                problems.insert(path.to_owned(), problem);
            }
        }
    }
    (media, problems)
}
