//! What was read, for those who build again and again.

use super::Compiled;

impl Compiled {
    /// Returns the files that were read or looked for, by their paths below the content folder.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        let sources = self.contents().map(|(path, _)| path);
        let media = self.library.media.iter().filter_map(|media| media.path());
        let css = self.config.css.as_ref().map(|(path, _)| path.as_str());
        sources.chain(media).chain(css).map(str::to_owned).collect()
    }

    /// Returns a hash of all that was read, but for the lock.
    #[must_use]
    pub fn hash(&self) -> String {
        let media = self.media.iter().map(|(path, file)| (path, file.hash()));
        let mut hash = blake3::Hasher::new();
        for (path, text) in self.contents().chain(media).chain([("", self.css.as_str())]) {
            for part in [path, text] {
                hash.update(&(part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
        }
        hash.finalize().to_hex().to_string()
    }

    fn contents(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self
            .sources
            .iter()
            .filter(|(file, source)| !self.sources.is_translation(*file) && !source.is_outside());
        own.map(|(_, source)| (source.path.as_str(), source.text.as_str()))
    }
}
