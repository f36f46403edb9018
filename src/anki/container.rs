//! The zip around a collection and its media.

use std::io::{Read, Seek as _, Write};

use anyhow::Result;
use serde::Serializer;
use tempfile::NamedTempFile;

use super::Media;
use super::deflate::deflate;
use super::zip::Zip;

/// The legacy container: `collection.anki2`, the files under their numbers,
/// and `media`, which maps the numbers to names. It has no `meta`, which only
/// later versions need. Images and sounds are compressed already.
pub(super) fn legacy(
    collection: impl Read,
    mut scratch: NamedTempFile,
    media: &[Media<'_>],
    out: &mut dyn Write,
) -> Result<()> {
    let mut zip = Zip::new(out);
    let packed = deflate(collection, &mut scratch)?;
    scratch.rewind()?;
    zip.deflated("collection.anki2", &packed, scratch)?;
    for (number, file) in media.iter().enumerate() {
        zip.store(&number.to_string(), file.bytes)?;
    }
    let mut stream = Vec::new();
    let names = deflate(&*media_names(media)?, &mut stream)?;
    zip.deflated("media", &names, &*stream)?;
    zip.finish()
}

fn media_names(media: &[Media<'_>]) -> Result<Vec<u8>> {
    let mut json = Vec::new();
    let names = media.iter().map(|file| file.name).enumerate();
    serde_json::Serializer::new(&mut json).collect_map(names)?;
    Ok(json)
}
