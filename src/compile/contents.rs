//! What was read, for those who build again and again.

use super::Compiled;
use crate::vault::ABOVE;

impl Compiled {
    /// Returns the files that were read or looked for, by their paths below the content folder.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        let sources = self.contents().map(|(path, _)| path);
        let media = self.library.media.iter().filter_map(|media| media.path());
        let css = self.config.css.as_ref().map(|(path, _)| path.as_str());
        let notes = self.notes_beside().map(|(path, _)| path);
        let prefix = self.vault.as_deref().unwrap_or_default();
        sources
            .chain(media)
            .chain(css)
            .chain(notes)
            .map(|path| from_content(path, prefix))
            .collect()
    }

    /// Returns a hash of all that was read, but for the lock.
    #[must_use]
    pub fn hash(&self) -> String {
        let media = self.media.iter().map(|(path, file)| (path, file.hash()));
        let mut hash = blake3::Hasher::new();
        let names = ("", self.names.as_deref().unwrap_or_default());
        let notes = self.notes_beside();
        let all = self.contents().chain(media).chain([("", self.css.as_str())]);
        for (path, text) in all.chain(notes).chain([names]) {
            for part in [path, text] {
                hash.update(&(part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
        }
        hash.finalize().to_hex().to_string()
    }

    /// Returns the notes of the vault that questions embed and that are no content, by their paths.
    pub fn notes_beside(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.sources.iter().map(|(_, source)| source);
        let beside = all.filter(|source| source.is_beside);
        beside.map(|source| (source.path.as_str(), source.original.as_str()))
    }

    fn contents(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.sources.iter().map(|(_, source)| source);
        let own = all.filter(|source| !source.is_outside());
        own.map(|source| (source.path.as_str(), source.original.as_str()))
    }
}

/// Returns the path from the content folder of a file that may be elsewhere in the vault, in which
/// the content folder is at `prefix`.
fn from_content(path: &str, prefix: &str) -> String {
    match path.strip_prefix(ABOVE) {
        Some(path) => format!("{}{path}", "../".repeat(prefix.matches('/').count())),
        None => path.to_owned(),
    }
}
