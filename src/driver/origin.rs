//! Where notes come from: a package with its media, or a text with a folder of media beside it.

use std::io::{self, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use tempfile::NamedTempFile;

use crate::disk::present as on_disk;
use crate::import::{
    self, Collection, Container, MediaFile, MochiPackage, NoteType, records, rows,
};

/// The folder in which our own outputs have their media.
const MEDIA: &str = "media";

/// The endings of the names of our own outputs, which are no part of a deck's name.
const KINDS: [&str; 10] = [
    ".anki",
    ".anki-cloze",
    ".spreadsheet",
    ".quizlet",
    ".knowt",
    ".memrise",
    ".brainscape",
    ".mnemosyne",
    ".supermemo",
    ".decks",
];

/// What is imported.
pub(super) enum Origin {
    Package(Box<Container<on_disk::File>>),
    Mochi(Box<MochiPackage<on_disk::File>>),
    Text { path: PathBuf, is_json: bool },
}

impl Origin {
    /// Opens a file, which its ending tells the kind of.
    ///
    /// # Errors
    /// If it cannot be read, or is no package.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        Ok(match ending.as_deref() {
            Some("json" | "jsonl") => Self::Text { path: path.to_owned(), is_json: true },
            Some("txt" | "csv" | "tsv") => Self::Text { path: path.to_owned(), is_json: false },
            Some("mochi") => {
                let package = MochiPackage::open(on_disk::open(path)?);
                Self::Mochi(Box::new(package.with_context(|| cannot(path))?))
            }
            _ if path.is_dir() => bail!("{}: it is a folder; name the files in it", cannot(path)),
            Some("md" | "markdown") => bail!(
                "{}: Markdown needs no import; put it into the content, and a build reads it",
                cannot(path)
            ),
            Some("org" | "html" | "htm" | "pdf" | "docx" | "xlsx" | "ods") => {
                bail!("{}: `deckpress import --help` lists the files that can be", cannot(path))
            }
            _ => {
                let container = Container::open(on_disk::open(path)?);
                Self::Package(Box::new(container.with_context(|| cannot(path))?))
            }
        })
    }

    /// Reads the notes, which may be of the types that the content has.
    ///
    /// # Errors
    /// If it is damaged.
    pub(super) fn read(&mut self, own: &[NoteType]) -> Result<Collection> {
        match self {
            Self::Package(container) => read_collection(container),
            Self::Mochi(package) => package.read(),
            Self::Text { path, is_json } => {
                let Some(bytes) = crate::disk::read_lock(path)? else {
                    bail!("there is no such file")
                };
                let text = String::from_utf8(bytes).context("it is not UTF-8")?;
                if *is_json { records::read(&text) } else { rows::read(&text, &stem(path), own) }
            }
        }
    }

    /// Lists the media.
    ///
    /// # Errors
    /// If they cannot be listed.
    pub(super) fn media(&mut self) -> Result<Vec<MediaFile>> {
        match self {
            Self::Package(container) => container.media(),
            Self::Mochi(package) => Ok(package.media()),
            Self::Text { path, .. } => {
                let names = on_disk::paths_below(&crate::disk::folder(path).join(MEDIA))?;
                Ok(names.iter().map(|name| MediaFile::beside(name)).collect())
            }
        }
    }

    /// Copies a file of media.
    ///
    /// # Errors
    /// If it cannot be read or written.
    pub(super) fn copy_media(&mut self, file: &MediaFile, to: &mut dyn Write) -> Result<()> {
        match self {
            Self::Package(container) => container.copy_media(file, to),
            Self::Mochi(package) => package.copy_media(file, to),
            Self::Text { path, .. } => {
                let folder = crate::disk::folder(path).join(MEDIA);
                io::copy(&mut on_disk::open(&folder.join(&file.name))?, to)?;
                Ok(())
            }
        }
    }
}

pub(super) fn cannot(path: &Path) -> String {
    format!("`{}` cannot be imported", path.display())
}

/// Returns the name of a deck that a file is called by.
fn stem(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = KINDS.iter().find_map(|kind| stem.strip_suffix(kind)).unwrap_or(&stem).to_owned();
    if plain.is_empty() { stem } else { plain }
}

/// Copies the database out of a package and reads it.
pub(super) fn read_collection<R: io::Read + io::Seek>(
    container: &mut Container<R>,
) -> Result<Collection> {
    read_database(|to| container.copy_collection(to))
}

/// Reads a database that is copied to a file of ours, so that its own is never touched.
pub(super) fn read_database(
    copy: impl FnOnce(&mut NamedTempFile) -> Result<()>,
) -> Result<Collection> {
    let mut file = NamedTempFile::new().context("there is no room for its database")?;
    copy(&mut file)?;
    if file.as_file().metadata()?.len() >= 100 {
        // The header says that there is a log of writes beside it, which there is not.
        file.seek(SeekFrom::Start(18))?;
        file.write_all(&[1, 1])?;
    }
    file.flush()?;
    import::read(file.path())
}
