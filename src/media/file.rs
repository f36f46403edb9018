//! A media file that stays where it is until an output needs what it holds.
//!
//! A deck may have gigabytes of pictures. So a file is read once for its digest, which names it,
//! and once more for each output that holds it; then it must still be the same.

use std::fmt::Debug;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::zip::Zip;

/// How much is read at a time.
const CHUNK: usize = 1 << 17;

/// What must be known of a file before it is written anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Its size in bytes.
    pub size: u64,
    /// Its BLAKE3 hash as 64 hexadecimal digits.
    pub hash: String,
    /// Its CRC-32, which a zip has before the file.
    pub checksum: u32,
}

impl Digest {
    /// Returns that of bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = DigestHasher::default();
        hasher.update(bytes);
        hasher.finish()
    }

    /// Reads a file to its end.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn of_file(mut file: impl Read) -> io::Result<Self> {
        let mut hasher = DigestHasher::default();
        let mut chunk = vec![0; CHUNK];
        loop {
            match file.read(&mut chunk) {
                Ok(0) => return Ok(hasher.finish()),
                Ok(length) => hasher.update(&chunk[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[derive(Default)]
struct DigestHasher {
    hash: blake3::Hasher,
    checksum: crc32fast::Hasher,
}

impl DigestHasher {
    fn update(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.checksum.update(bytes);
    }

    fn finish(self) -> Digest {
        let Self { hash, checksum } = self;
        let (size, hash) = (hash.count(), hash.finalize().to_hex().to_string());
        Digest { size, hash, checksum: checksum.finalize() }
    }
}

/// What the file system says of a file: as long as it says the same, the file is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stat {
    /// Its size in bytes.
    pub size: u64,
    /// When it was last written, in seconds and nanoseconds since 1970.
    pub modified: (u64, u32),
    /// When anything of it last changed, likewise, and its inode, on systems that know it.
    pub changed: Option<(i64, i64, u64)>,
}

/// A file as it was when it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// What it held.
    pub digest: Digest,
    /// What tells whether it still does.
    pub stat: Option<Stat>,
}

/// What a file holds, wherever that is.
pub trait Content: Debug + Send + Sync {
    /// Opens it at its beginning.
    ///
    /// # Errors
    /// If it cannot be opened.
    fn open(&self) -> io::Result<Box<dyn Read + '_>>;

    /// Returns where it is on the disk, if it is there.
    fn path(&self) -> Option<&Path> {
        None
    }
}

impl Content for Vec<u8> {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(&**self))
    }
}

/// A file that the notes refer to.
#[derive(Clone, Debug)]
pub struct MediaFile {
    /// Its name in the outputs: ASCII letters, digits, dots and dashes.
    pub name: String,
    /// What it was when it was read for the first time.
    pub known: Known,
    content: Arc<dyn Content>,
}

impl MediaFile {
    /// Returns the file at `path`.
    #[must_use]
    pub fn new(path: &str, known: Known, content: Arc<dyn Content>) -> Self {
        Self { name: super::name(path, short(&known.digest)), known, content }
    }

    /// Returns the hash of its content that its name holds.
    #[must_use]
    pub fn hash(&self) -> &str {
        short(&self.known.digest)
    }

    /// Returns its size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.known.digest.size
    }

    /// Returns where it is on the disk, if it is there.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.content.path()
    }

    /// Opens it. Reading fails at its end if it is no longer what it was.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn open(&self) -> io::Result<impl Read> {
        let (content, checksum) = (self.content.open()?, crc32fast::Hasher::new());
        Ok(Verified { file: self, content, checksum, size: 0 })
    }

    /// Reads it as a whole.
    ///
    /// # Errors
    /// If it cannot be read, or is no longer what it was.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Adds it to a zip, as it is.
    pub(crate) fn store(&self, zip: &mut Zip<'_>, name: &str) -> anyhow::Result<()> {
        let Digest { checksum, size, .. } = self.known.digest;
        zip.stored(name, checksum, size, self.open()?)
    }

    /// Returns the error that it is no longer what it was.
    #[must_use]
    pub fn change(&self) -> io::Error {
        let at = self.path().map_or_else(|| self.name.clone(), |path| path.display().to_string());
        io::Error::other(format!("`{at}` changed while it was being copied; build again"))
    }
}

/// Returns the part of the hash that names hold.
fn short(digest: &Digest) -> &str {
    digest.hash.get(..super::HASH).unwrap_or(&digest.hash)
}

/// A file that is being read, and compared with its digest.
struct Verified<'f> {
    file: &'f MediaFile,
    content: Box<dyn Read + 'f>,
    checksum: crc32fast::Hasher,
    size: u64,
}

impl Read for Verified<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.content.read(into)?;
        self.checksum.update(&into[..length]);
        self.size += length as u64;
        let Digest { size, checksum, .. } = self.file.known.digest;
        let is_other = || self.size < size || self.checksum.clone().finalize() != checksum;
        let is_over = length == 0 && !into.is_empty();
        if self.size > size || (is_over && is_other()) {
            return Err(self.file.change());
        }
        Ok(length)
    }
}
