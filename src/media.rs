//! Images, sounds and other files beside the notes, and their names in a study app.
//!
//! Anki keeps all media of all decks in one folder, and does not replace a file whose name it
//! knows. So a name holds a hash of the content: a changed picture is another file, and two
//! pictures never collide.

mod file;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use file::{Content, Digest, Known, MediaFile, Stat};

/// Every file that the notes refer to, by its path below the content folder.
#[derive(Debug, Default)]
pub struct Media {
    files: BTreeMap<String, MediaFile>,
}

impl Media {
    /// Adds the file at `path`.
    pub fn add(&mut self, path: &str, known: Known, content: Arc<dyn Content>) {
        self.files.insert(path.to_owned(), MediaFile::new(path, known, content));
    }

    /// Returns the file at `path`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&MediaFile> {
        self.files.get(path)
    }

    /// Returns every file with its path, in path order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &MediaFile)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }
}

/// The size beyond which `AnkiWeb` takes no file (`rslib/src/sync/media/mod.rs`).
pub const LARGEST: u64 = 100 << 20;

/// Why a file cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is none; perhaps one whose name differs in case alone.
    Absent(Option<String>),
    /// A symbolic link on the way leads out of the content folder.
    Outside,
    /// A symbolic link leads to nothing.
    Dangling,
    /// Symbolic links lead in a circle.
    Circle,
    /// It is a folder.
    Folder,
    /// It is a pipe, a device or the like.
    Special,
    /// It is larger than [`LARGEST`]: its size in bytes.
    Large(u64),
    /// The system refuses.
    Unreadable(String),
    /// It is hidden: what is secret has such names.
    Hidden,
    /// It is Git's own.
    Git,
    /// It is no picture, sound or film, going by its name.
    Kind,
    /// It can be had, but Git is told to leave it out.
    Ignored,
}

/// What a file is to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// Something to look at.
    Image,
    /// Something to listen to.
    Audio,
    /// Something to watch.
    Video,
}

/// Returns why a deck that is shared may not hold a file, going by its path: because of what it is,
/// or because a card shows it that cannot.
#[must_use]
pub fn refusal(path: &str, is_shown: bool) -> Option<Problem> {
    let mut names = path.split('/');
    let is_hidden = path.rsplit('/').next().is_some_and(|name| name.starts_with('.'));
    if names.any(|name| name.eq_ignore_ascii_case(".git")) {
        Some(Problem::Git)
    } else if is_hidden {
        Some(Problem::Hidden)
    } else {
        (is_shown && !is_media(path) && !is_document(path)).then_some(Problem::Kind)
    }
}

/// Returns whether a file is a picture, a sound or a film by the ending of its name.
#[must_use]
pub fn is_media(path: &str) -> bool {
    const PICTURES: &[&str] = &[
        "apng", "avif", "bmp", "gif", "heic", "heif", "ico", "jfif", "jpe", "jpeg", "jpg", "jxl",
        "png", "svg", "tif", "tiff", "webp",
    ];
    let extension = extension(path).unwrap_or_default();
    let is_picture = PICTURES.iter().any(|known| extension.eq_ignore_ascii_case(known));
    is_picture || media_kind(path) != MediaKind::Image
}

/// Returns whether a file is a document for people, which a link may lead to and a card cannot
/// show.
#[must_use]
pub fn is_document(target: &str) -> bool {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    extension(path).is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
}

/// Returns what a target shows or plays, by the ending of its name; Anki plays all of these.
#[must_use]
pub fn media_kind(target: &str) -> MediaKind {
    const SOUNDS: &[&str] = &[
        "aac", "aif", "aiff", "flac", "m4a", "m4b", "mka", "mp2", "mp3", "oga", "ogg", "opus",
        "spx", "wav", "weba", "wma",
    ];
    const FILMS: &[&str] =
        &["3gp", "avi", "flv", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "ogv", "webm", "wmv"];
    let file = target.split(['?', '#']).next().unwrap_or_default();
    let extension = extension(file).unwrap_or_default();
    let is_one_of =
        |known: &[&str]| known.iter().any(|known| extension.eq_ignore_ascii_case(known));
    if is_one_of(SOUNDS) {
        MediaKind::Audio
    } else if is_one_of(FILMS) {
        MediaKind::Video
    } else {
        MediaKind::Image
    }
}

/// Returns the media type of a file by the ending of its name, as a browser wants it.
#[must_use]
pub fn mime_type(name: &str) -> &'static str {
    match extension(name).unwrap_or_default().to_ascii_lowercase().as_str() {
        "apng" | "png" => "image/png",
        "avif" => "image/avif",
        "bmp" => "image/bmp",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "jfif" | "jpe" | "jpeg" | "jpg" => "image/jpeg",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "aac" => "audio/aac",
        "flac" => "audio/flac",
        "m4a" | "m4b" => "audio/mp4",
        "mp2" | "mp3" => "audio/mpeg",
        "oga" | "ogg" | "opus" | "spx" => "audio/ogg",
        "wav" => "audio/wav",
        "weba" => "audio/webm",
        "m4v" | "mp4" => "video/mp4",
        "mkv" => "video/x-matroska",
        "ogv" => "video/ogg",
        "webm" => "video/webm",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

/// Returns whether a file holds notes, going by its name.
#[must_use]
pub fn is_markdown(path: &str) -> bool {
    let extension = extension(path).unwrap_or_default();
    ["md", "markdown"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Returns the ending of a file's name, if it has one that looks like that of a kind of files.
#[must_use]
pub fn extension(path: &str) -> Option<&str> {
    let (stem, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
    let is_kind = !stem.is_empty()
        && extension.len() <= 10
        && extension.chars().all(|c| c.is_ascii_alphanumeric())
        && extension.contains(|c: char| c.is_ascii_alphabetic());
    is_kind.then_some(extension)
}

/// Returns the name of a file in the outputs, such as `attention-1f0a….svg`. A file that came out
/// of such a name keeps it.
fn name(path: &str, hash: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or_default();
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let stem = stem.strip_suffix(hash).unwrap_or(stem);
    let mut stem = crate::slug::ascii(stem);
    stem.truncate(60);
    let mut extension = crate::slug::ascii(extension);
    extension.truncate(10);
    let stem = if stem.is_empty() { "media" } else { stem.trim_end_matches('-') };
    let dot = if extension.is_empty() { "" } else { "." };
    format!("{stem}-{hash}{dot}{extension}")
}

/// How many letters of a hash tell contents apart.
const HASH: usize = 16;

/// Returns the letters that tell this content from any other.
#[must_use]
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..HASH].to_owned()
}

/// Returns whether a file in an output folder is there because of us: its name holds its hash.
#[must_use]
pub fn is_ours(name: &str, bytes: &[u8]) -> bool {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    stem.ends_with(&format!("-{}", hash(bytes)))
}

#[cfg(test)]
mod tests {
    use super::{MediaKind, extension, media_kind, name};

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
        let once = name("a b.png", &super::hash(b"x"));
        assert_eq!(name(&format!("media/{once}"), &super::hash(b"x")), once);
    }

    #[test]
    fn endings_tell_what_a_file_is() {
        let check = |target, expect| assert_eq!(media_kind(target), expect, "{target}");
        check("a/x.mp3", MediaKind::Audio);
        check("X.OGG", MediaKind::Audio);
        check("https://example.org/x.mp4?a=b.png#t=1", MediaKind::Video);
        check("x.svg", MediaKind::Image);
        check("mp3", MediaKind::Image);
        let check = |path, expect| assert_eq!(extension(path), expect, "{path}");
        check("a.b/x.tar.gz", Some("gz"));
        check("a.b/x", None);
        check("v1.5", None);
        check("x.7z", Some("7z"));
        check(".gitignore", None);
        check("x.", None);
    }
}
