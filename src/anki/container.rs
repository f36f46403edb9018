//! The zip around a collection and its media.

use std::io::{Cursor, Write};

use anyhow::Result;
use serde::Serializer;
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

use super::Media;

/// The legacy container: `collection.anki2`, the files under their numbers,
/// and `media`, which maps the numbers to names. It has no `meta`, which only
/// later versions need. Images and sounds are compressed already.
pub(super) fn legacy(collection: &[u8], media: &[Media<'_>]) -> Result<Vec<u8>> {
    let stored = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644);
    let deflated = stored.compression_method(CompressionMethod::Deflated);

    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("collection.anki2", deflated)?;
    zip.write_all(collection)?;
    for (number, file) in media.iter().enumerate() {
        zip.start_file(number.to_string(), stored)?;
        zip.write_all(file.bytes)?;
    }
    zip.start_file("media", deflated)?;
    zip.write_all(&media_names(media)?)?;
    Ok(zip.finish()?.into_inner())
}

fn media_names(media: &[Media<'_>]) -> Result<Vec<u8>> {
    let mut json = Vec::new();
    let names = media.iter().map(|file| file.name).enumerate();
    serde_json::Serializer::new(&mut json).collect_map(names)?;
    Ok(json)
}
