//! The zip around a collection and its media.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, Write};

use anyhow::{Context as _, Result, bail, ensure};
use prost::Message;
use zip::ZipArchive;
use zip::read::ZipFile;

/// The largest database that is read.
const MAX_COLLECTION: u64 = 4 << 30;
/// The largest list of media that is read.
pub(super) const MAX_LIST: u64 = 64 << 20;
/// The largest file of media that is read, and how much all of them may hold.
pub(super) const MAX_MEDIA: u64 = 2 << 30;
const MAX_ALL_MEDIA: u64 = 64 << 30;

/// The names that a collection may have, the newest first.
const COLLECTIONS: [&str; 3] = ["collection.anki21b", "collection.anki21", "collection.anki2"];

/// The newest layout that is known.
const NEWEST: i32 = 3;

/// A package.
pub struct Container<R> {
    zip: ZipArchive<R>,
    collection: &'static str,
    read: u64,
}

/// A file of media in a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaFile {
    /// The name by which notes refer to it.
    pub name: String,
    /// The member of the zip that holds it.
    member: String,
}

#[derive(Message)]
struct Meta {
    #[prost(int32, tag = "1")]
    version: i32,
}

#[derive(Message)]
struct MediaEntries {
    #[prost(message, repeated, tag = "1")]
    entries: Vec<MediaEntry>,
}

#[derive(Message)]
struct MediaEntry {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(uint32, optional, tag = "255")]
    number: Option<u32>,
}

impl MediaFile {
    /// Returns a file that lies in a folder under its own name.
    #[must_use]
    pub fn beside(name: &str) -> Self {
        Self { name: name.to_owned(), member: name.to_owned() }
    }

    /// Returns a member of a zip that has the name of the file, in whatever folder it is.
    #[must_use]
    pub(super) fn in_folder(member: &str) -> Self {
        let name = member.rsplit(['/', '\\']).next().unwrap_or(member);
        Self { name: name.to_owned(), member: member.to_owned() }
    }

    pub(super) fn member(&self) -> &str {
        &self.member
    }
}

impl<R: Read + Seek> Container<R> {
    /// Opens a package.
    ///
    /// # Errors
    /// If it is none, or of a version that is not known.
    pub fn open(file: R) -> Result<Self> {
        let mut zip = ZipArchive::new(file).context("it is no zip, as packages of Anki are")?;
        let found = COLLECTIONS.iter().find(|name| zip.index_for_name(name).is_some());
        let Some(collection) = found else {
            let first = (!zip.is_empty()).then(|| zip.by_index(0)).and_then(Result::ok);
            let first = first.and_then(|file| Some(file.name().ok()?.into_owned()));
            let first = first
                .map(|name| format!("; it holds `{}`", name.escape_debug()))
                .unwrap_or_default();
            bail!("it holds no collection of Anki{first}");
        };
        let mut container = Self { zip, collection, read: 0 };
        if container.zip.index_for_name("meta").is_some() {
            let meta = container.small("meta", false)?;
            let version = Meta::decode(&*meta).context("its `meta` is damaged")?.version;
            ensure!(
                version <= NEWEST,
                "it was written by a newer version of Anki; export it again with \
                 `Support older Anki versions` ticked"
            );
        }
        Ok(container)
    }

    /// Copies the database to a file.
    ///
    /// # Errors
    /// If it is damaged or too large, or the file cannot be written.
    pub fn copy_collection(&mut self, to: &mut dyn Write) -> Result<()> {
        let name = self.collection;
        let is_packed = self.is_latest();
        copy(self.member(name)?, is_packed, MAX_COLLECTION, to)
            .with_context(|| format!("its `{name}` cannot be read"))?;
        Ok(())
    }

    /// Lists the media.
    ///
    /// # Errors
    /// If the list is damaged.
    pub fn media(&mut self) -> Result<Vec<MediaFile>> {
        if self.zip.index_for_name("media").is_none() {
            return Ok(Vec::new());
        }
        let is_latest = self.is_latest();
        let list = self.small("media", is_latest)?;
        let mut files: Vec<MediaFile> = if is_latest {
            let entries = MediaEntries::decode(&*list).context("its list of media is damaged")?;
            let named = entries.entries.into_iter().zip(0u32..);
            let file = |(entry, at): (MediaEntry, u32)| MediaFile {
                name: entry.name,
                member: entry.number.unwrap_or(at).to_string(),
            };
            named.map(file).collect()
        } else {
            let names: BTreeMap<String, String> =
                serde_json::from_slice(&list).context("its list of media is damaged")?;
            names.into_iter().map(|(member, name)| MediaFile { name, member }).collect()
        };
        files.retain(|file| self.zip.index_for_name(&file.member).is_some());
        files.sort_by(|a, b| a.name.cmp(&b.name));
        files.dedup_by(|a, b| a.name == b.name);
        Ok(files)
    }

    /// Copies a file of media.
    ///
    /// # Errors
    /// If it is damaged or too large, or cannot be written.
    pub fn copy_media(&mut self, file: &MediaFile, to: &mut dyn Write) -> Result<()> {
        let is_packed = self.is_latest();
        let left = MAX_MEDIA.min(MAX_ALL_MEDIA.saturating_sub(self.read));
        let member = self.member(&file.member)?;
        let copied = copy(member, is_packed, left, to)
            .with_context(|| format!("its file `{}` cannot be read", file.name))?;
        self.read += copied;
        Ok(())
    }

    fn is_latest(&self) -> bool {
        self.collection == COLLECTIONS[0]
    }

    fn member(&mut self, name: &str) -> Result<ZipFile<'_, R>> {
        self.zip.by_name(name).with_context(|| format!("its `{name}` cannot be read"))
    }

    fn small(&mut self, name: &str, is_packed: bool) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        copy(self.member(name)?, is_packed, MAX_LIST, &mut bytes)
            .with_context(|| format!("its `{name}` cannot be read"))?;
        Ok(bytes)
    }
}

/// Copies a member, unpacked, and returns its number of bytes. The size that it states is not
/// trusted: more than `most` bytes are an error.
pub(super) fn copy(
    member: impl Read,
    is_packed: bool,
    most: u64,
    to: &mut dyn Write,
) -> Result<u64> {
    let copied = if is_packed {
        let mut decoder = zstd::Decoder::new(member)?;
        // The window that Anki's own reader allows at most.
        decoder.window_log_max(27)?;
        io::copy(&mut decoder.take(most + 1), to)?
    } else {
        io::copy(&mut member.take(most + 1), to)?
    };
    ensure!(copied <= most, "it holds more than {} MB", most >> 20);
    Ok(copied)
}
