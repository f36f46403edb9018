//! Images, sounds and other files beside the notes, and their names in a study app.
//!
//! Anki keeps all media of all decks in one folder, and does not replace a file whose name it
//! knows. So a name holds a hash of the content: a changed picture is another file, and two
//! pictures never collide.

use std::collections::BTreeMap;

/// A file that the notes refer to.
#[derive(Debug)]
pub struct MediaFile {
    /// Its name in the outputs: ASCII letters, digits, dots and dashes.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Whether a card shows it; otherwise something only links to it.
    pub embedded: bool,
    hash: String,
}

impl MediaFile {
    /// The hash of its content that its name holds.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

/// Every file that the notes refer to, by its path below the content folder.
#[derive(Debug, Default)]
pub struct Media {
    files: BTreeMap<String, MediaFile>,
}

impl Media {
    /// Adds the file at `path`.
    pub fn add(&mut self, path: &str, bytes: Vec<u8>, embedded: bool) {
        let hash = hash(&bytes);
        let name = name(path, &hash);
        self.files.insert(path.to_owned(), MediaFile { name, bytes, embedded, hash });
    }

    /// The file at `path`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&MediaFile> {
        self.files.get(path)
    }

    /// Every file once by name, in the order of the names.
    #[must_use]
    pub fn by_name(&self) -> BTreeMap<&str, (&str, &MediaFile)> {
        let entry = |(path, file)| {
            let (path, file): (&String, &MediaFile) = (path, file);
            (file.name.as_str(), (path.as_str(), file))
        };
        self.files.iter().rev().map(entry).collect()
    }
}

/// The name of a file in the outputs, such as `attention-1f0a….svg`.
fn name(path: &str, hash: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or_default();
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let mut stem = crate::slug::ascii(stem);
    stem.truncate(60);
    let mut extension = crate::slug::ascii(extension);
    extension.truncate(10);
    let stem = if stem.is_empty() { "media" } else { stem.trim_end_matches('-') };
    let dot = if extension.is_empty() { "" } else { "." };
    format!("{stem}-{hash}{dot}{extension}")
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..16].to_owned()
}

/// Whether a file in an output folder is there because of us: its name holds its hash.
#[must_use]
pub fn is_ours(name: &str, bytes: &[u8]) -> bool {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    stem.ends_with(&format!("-{}", hash(bytes)))
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn names_are_safe() {
        let check = |path, starts, ends| {
            let name = name(path, &super::hash(b"x"));
            assert!(name.starts_with(starts) && name.ends_with(ends), "{path} → {name}");
            assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b)));
        };
        check("img/Attention Map.PNG", "attention-map-", ".png");
        check("图.jpg", "tu-", ".jpg");
        check("😀😀", "", "");
        check(".hidden", "media-", ".hidden");
        check("_style.css", "style-", ".css");
    }
}
