//! The files that texts refer to, wherever they are.

use std::collections::BTreeMap;

use crate::media::{Media, Problem, is_markdown, refusal};
use crate::model::MediaRef;

/// A file that texts refer to.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Whether Git is told to leave it out.
    pub is_ignored: bool,
}

/// Reads files by their paths below the content folder.
pub trait Attachments: Sync {
    /// Reads a file that is named in the settings.
    ///
    /// # Errors
    /// If it cannot be had.
    fn read(&self, path: &str) -> Result<Vec<u8>, Problem>;

    /// Returns the paths of all files of the vault, or of the content folder where there is none,
    /// from its root.
    fn names(&self) -> Vec<String>;

    /// Reads a file that goes into a deck which may be shared.
    ///
    /// # Errors
    /// If it cannot be had, or must not be shared.
    fn read_shared(&mut self, path: &str) -> Result<Attachment, Problem>;
}

/// Reads the files that questions refer to, and says why one cannot be had.
pub(super) fn read(
    attachments: &mut dyn Attachments,
    refs: &[MediaRef],
) -> (Media, BTreeMap<String, Problem>) {
    let mut wanted: BTreeMap<&str, bool> = BTreeMap::new();
    for media in refs {
        if let Some(path) = media.path() {
            *wanted.entry(path).or_default() |= media.embedded;
        }
    }
    let mut media = Media::default();
    let mut problems = BTreeMap::new();
    for (path, is_shown) in wanted {
        if !is_shown && is_markdown(path) {
            continue;
        }
        let file = match (refusal(path, false), refusal(path, is_shown)) {
            (Some(secret), _) => Err(secret),
            (None, Some(odd)) => attachments.read_shared(path).and(Err(odd)),
            (None, None) => attachments.read_shared(path),
        };
        match file {
            Ok(Attachment { bytes, is_ignored }) => {
                media.add(path, bytes);
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
