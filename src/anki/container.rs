//! Writes the zip container around a collection and its media.

use std::io::{self, BufReader, Read, Seek, Write};

use anyhow::Result;
use rayon::prelude::*;
use serde::Serializer;
use tempfile::NamedTempFile;
use zstd::zstd_safe::CParameter;

use super::Media;
use super::latest::{self, MediaEntry};
use crate::zip::{Zip, deflate};

/// The compression level that Anki uses.
const ZSTD_LEVEL: i32 = 3;
/// The number of bytes that a thread compresses at a time.
const JOB: u32 = 1 << 20;
/// The number of bytes of media that are compressed at once.
const BATCH: u64 = 16 << 20;

/// Writes the legacy container: `collection.anki2`, the media under their numbers, and `media`,
/// which maps the numbers to names. It has no `meta`, which only later versions need. Images and
/// audio are compressed already.
pub(super) fn legacy(
    collection: impl Read + Seek + Send,
    mut scratch: NamedTempFile,
    media: &[Media<'_>],
    out: &mut dyn Write,
) -> Result<()> {
    let mut zip = Zip::new(out);
    let packed = deflate(collection, &mut scratch)?;
    scratch.rewind()?;
    zip.deflated("collection.anki2", &packed, scratch)?;
    for (number, file) in media.iter().enumerate() {
        file.file.store(&mut zip, &number.to_string())?;
    }
    zip.store("media", &media_names(media)?)?;
    zip.finish()
}

/// Writes the latest container: `meta` with the version, and all else compressed with Zstandard,
/// each file separately.
pub(super) fn latest(
    collection: impl Read,
    mut scratch: NamedTempFile,
    media: &[Media<'_>],
    out: &mut dyn Write,
) -> Result<()> {
    let mut zip = Zip::new(out);
    zip.store("meta", &[8, 3])?;
    let mut hashed = Hashed { to: &mut scratch, hasher: crc32fast::Hasher::new(), length: 0 };
    let mut encoder = zstd::Encoder::new(&mut hashed, ZSTD_LEVEL)?;
    // The result does not depend on the number of threads, if it is not zero.
    encoder.multithread(u32::try_from(rayon::current_num_threads())?)?;
    encoder.set_parameter(CParameter::JobSize(JOB))?;
    // The buffer must be large enough to keep all threads busy.
    io::copy(&mut BufReader::with_capacity(4 * JOB as usize, collection), &mut encoder)?;
    encoder.finish()?;
    let Hashed { hasher, length, .. } = hashed;
    scratch.rewind()?;
    zip.stored("collection.anki21b", hasher.finalize(), length, scratch)?;
    let (mut entries, mut rest) = (Vec::new(), media);
    while !rest.is_empty() {
        let (batch, others) = rest.split_at(count_batch(rest));
        rest = others;
        for compressed in batch.par_iter().map(compress).collect::<Vec<_>>() {
            let (entry, bytes) = compressed?;
            zip.store(&entries.len().to_string(), &bytes)?;
            entries.push(entry);
        }
    }
    zip.store("media", &zstd::bulk::compress(&latest::encode_entries(entries), ZSTD_LEVEL)?)?;
    zip.finish()
}

/// Returns how many of these files, which are compressed at once, memory shall hold: at least one.
fn count_batch(media: &[Media<'_>]) -> usize {
    let mut size = 0;
    let fits = |file: &&Media<'_>| {
        size += file.file.known.digest.size;
        size <= BATCH
    };
    media.iter().take_while(fits).count().max(1)
}

/// Compresses a file; returns its entry in the list of media, too.
fn compress(media: &Media<'_>) -> Result<(MediaEntry, Vec<u8>)> {
    let bytes = media.file.read()?;
    let entry = MediaEntry::new(&media.name, &bytes)?;
    Ok((entry, zstd::bulk::compress(&bytes, ZSTD_LEVEL)?))
}

/// A writer that computes the checksum and length of what is written.
struct Hashed<'w> {
    to: &'w mut NamedTempFile,
    hasher: crc32fast::Hasher,
    length: u64,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn media_names(media: &[Media<'_>]) -> Result<Vec<u8>> {
    let mut json = Vec::new();
    let names = media.iter().map(|file| &file.name).enumerate();
    serde_json::Serializer::new(&mut json).collect_map(names)?;
    Ok(json)
}
