//! A zip whose members may have been compressed by others, on all cores.
//!
//! Written from PKWARE's `APPNOTE` 6.3. Of its extension for large files (zip64) there is what many
//! media need: the package may be larger than four gibibytes, but no member. Each member has its
//! sizes before it, as some readers want of one that is stored.
//!
//! Reading is done by the crate `zip`. Writing is not, as its writer (9.8) compresses each member
//! itself, in one thread: there is no way to hand over a member that is compressed already with its
//! checksum and sizes, but for `raw_copy_file`, which wants it in another archive. If there were
//! one, this file could go but for `deflate`.

mod deflate;

use std::io::{self, BufReader, Read, Write};

use anyhow::{Result, ensure};

pub(crate) use deflate::{Deflated, deflate};

/// The first of January 1980, the beginning of time for a zip.
const DATE: u16 = 1 << 5 | 1;
/// Says of a number that it is too large for its place.
const FAR: u32 = u32::MAX;
/// A regular file that all may read, as Unix has it in the upper half.
const MODE: u32 = 0o100_644 << 16;
/// Made on Unix, by version 2.0 of the format; which is the version that can read it, too.
const VERSION: u16 = 20;
const MADE_BY: u16 = 3 << 8 | VERSION;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;

/// How much is copied at a time.
const COPIED: usize = 1 << 18;

/// A zip that is being written.
pub(crate) struct Zip<'w> {
    out: &'w mut dyn Write,
    length: u64,
    /// What stands at the end for each member.
    directory: Vec<u8>,
    count: u64,
}

impl<'w> Zip<'w> {
    pub(crate) fn new(out: &'w mut dyn Write) -> Self {
        Self { out, length: 0, directory: Vec::new(), count: 0 }
    }

    /// Adds bytes as they are.
    pub(crate) fn store(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let length = bytes.len() as u64;
        let checksum = crc32fast::hash(bytes);
        self.begin(name, 0, &Deflated { packed: length, length, checksum })?;
        self.write(bytes)
    }

    /// Adds bytes that can be read, and of which the CRC-32 is known, as they are.
    pub(crate) fn stored(
        &mut self,
        name: &str,
        checksum: u32,
        length: u64,
        bytes: impl Read,
    ) -> Result<()> {
        self.copy(name, 0, &Deflated { packed: length, length, checksum }, bytes)
    }

    /// Adds what is compressed already, and can be read.
    pub(crate) fn deflated(
        &mut self,
        name: &str,
        file: &Deflated,
        stream: impl Read,
    ) -> Result<()> {
        self.copy(name, 8, file, stream)
    }

    fn copy(&mut self, name: &str, method: u16, file: &Deflated, stream: impl Read) -> Result<()> {
        self.begin(name, method, file)?;
        let copied = io::copy(&mut BufReader::with_capacity(COPIED, stream), &mut self.out)?;
        ensure!(copied == file.packed, "`{name}` was not compressed as a whole");
        self.length += copied;
        Ok(())
    }

    fn begin(&mut self, name: &str, method: u16, file: &Deflated) -> Result<()> {
        let &Deflated { packed, length, checksum } = file;
        let mut fields = Vec::new();
        for half in [VERSION, FLAGS, method, 0, DATE] {
            fields.extend(half.to_le_bytes());
        }
        for word in [checksum, u32::try_from(packed)?, u32::try_from(length)?] {
            fields.extend(word.to_le_bytes());
        }
        fields.extend(u16::try_from(name.len())?.to_le_bytes());

        let far = match small(self.length) {
            FAR => {
                [&1u16.to_le_bytes()[..], &8u16.to_le_bytes(), &self.length.to_le_bytes()].concat()
            }
            _ => Vec::new(),
        };
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(MADE_BY.to_le_bytes());
        self.directory.extend(&fields);
        self.directory.extend(u16::try_from(far.len())?.to_le_bytes());
        // Neither a comment nor another disk, and nothing known of the content.
        self.directory.extend([0; 6]);
        self.directory.extend(MODE.to_le_bytes());
        self.directory.extend(small(self.length).to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.directory.extend(far);
        self.count += 1;

        self.write(&[b"PK\x03\x04", &*fields, &[0, 0], name.as_bytes()].concat())
    }

    /// Writes what stands at the end.
    pub(crate) fn finish(mut self) -> Result<()> {
        let (start, size) = (self.length, self.directory.len() as u64);
        let directory = std::mem::take(&mut self.directory);
        self.write(&directory)?;
        let count = u16::try_from(self.count).unwrap_or(u16::MAX);
        if count == u16::MAX || small(start) == FAR {
            let place = self.length;
            let mut end = b"PK\x06\x06".to_vec();
            end.extend(44u64.to_le_bytes());
            end.extend(MADE_BY.to_le_bytes());
            end.extend(45u16.to_le_bytes());
            end.extend([0; 8]);
            for number in [self.count, self.count, size, start] {
                end.extend(number.to_le_bytes());
            }
            end.extend(b"PK\x06\x07\0\0\0\0");
            end.extend(place.to_le_bytes());
            end.extend(1u32.to_le_bytes());
            self.write(&end)?;
        }
        let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
        for half in [count, count] {
            end.extend(half.to_le_bytes());
        }
        for word in [small(size), small(start)] {
            end.extend(word.to_le_bytes());
        }
        end.extend([0; 2]);
        self.write(&end)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }
}

/// Returns a place or a size, or [`FAR`] if it stands elsewhere.
fn small(size: u64) -> u32 {
    u32::try_from(size).unwrap_or(FAR)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::{Zip, deflate};

    #[test]
    fn members_are_read_back() {
        let mut bytes = Vec::new();
        let mut zip = Zip::new(&mut bytes);
        let mut stream = Vec::new();
        let file = deflate(Cursor::new(b"text text text text"), &mut stream).expect("a stream");
        zip.deflated("a", &file, &*stream).expect("a");
        zip.store("ü.png", b"stored").expect("ü.png");
        zip.finish().expect("a zip");
        let mut zip = ::zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        for (name, expect) in [("a", "text text text text"), ("ü.png", "stored")] {
            let mut text = String::new();
            zip.by_name(name).expect(name).read_to_string(&mut text).expect(name);
            assert_eq!(text, expect);
        }
    }

    #[test]
    fn there_may_be_many() {
        let mut bytes = Vec::new();
        let mut zip = Zip::new(&mut bytes);
        for number in 0..70_000 {
            zip.store(&number.to_string(), b"x").expect("a member");
        }
        zip.finish().expect("a zip");
        let zip = ::zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        assert_eq!(zip.len(), 70_000);
    }

    #[test]
    fn places_beyond_four_gibibytes_are_read_back() {
        use std::io::{Seek as _, SeekFrom};
        // The file has a hole where other members would be.
        let mut file = tempfile::tempfile().expect("a file");
        let start = (4 << 30) - 20;
        file.seek(SeekFrom::Start(start)).expect("a sparse file");
        let mut zip = Zip::new(&mut file);
        zip.length = start;
        zip.store("near", b"first").expect("near");
        zip.store("far", b"second").expect("far");
        zip.finish().expect("a zip");
        let mut zip = ::zip::ZipArchive::new(file).expect("a zip");
        for (name, expect) in [("near", "first"), ("far", "second")] {
            let mut text = String::new();
            zip.by_name(name).expect(name).read_to_string(&mut text).expect(name);
            assert_eq!(text, expect);
        }
    }
}
