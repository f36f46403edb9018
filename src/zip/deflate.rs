//! Deflate on all cores.
//!
//! Blocks are compressed apart, each with the end of the one before it as dictionary, and end on
//! whole bytes, so that one after the other they are one valid stream. Where they are cut does not
//! depend on the number of cores, so neither does the result.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use crc32fast::Hasher;
use flate2::{Compress, Compression, FlushCompress};
use rayon::prelude::*;

/// How long a block is at most.
const LONGEST: usize = 1 << 18;
/// How long it is at least: as long as what it is given of the one before it.
const SHORTEST: usize = 1 << 15;
/// Into how many even a short file is cut, for that many cores.
const FEW: usize = 4;
/// How many are compressed before they are written: no core waits for another but at their end.
const ROW: usize = 64;
/// What comes out is three in a hundred larger than at level 6, in about half the time.
const LEVEL: Compression = Compression::new(3);
/// How far back a block may refer.
const WINDOW: u64 = 1 << 15;

/// What is known of a stream once it has been compressed.
pub(crate) struct Deflated {
    /// How long it is.
    pub(crate) packed: u64,
    /// How long it was.
    pub(crate) length: u64,
    /// The CRC-32 of what it was.
    pub(crate) checksum: u32,
}

/// Compresses all that can be read.
pub(crate) fn deflate(mut from: impl Read + Seek + Send, to: &mut impl Write) -> Result<Deflated> {
    let length = from.seek(SeekFrom::End(0))?;
    let from = Mutex::new(from);
    let step = small(length).div_ceil(FEW).clamp(SHORTEST, LONGEST);
    let starts = (0..length.max(1)).step_by(step);
    let places: Vec<_> = starts.map(|start| start..length.min(start + step as u64)).collect();
    let mut packed = 0;
    let mut hasher = Hasher::new();
    for row in places.chunks(ROW) {
        let blocks = row.par_iter().with_max_len(1).map(|place| block(&from, place, length));
        for (part, block) in blocks.collect::<io::Result<Vec<_>>>()? {
            to.write_all(&part)?;
            packed += part.len() as u64;
            hasher.combine(&block);
        }
    }
    Ok(Deflated { packed, length, checksum: hasher.finalize() })
}

/// The block at a place, compressed, with what the checksum takes of it.
fn block(
    from: &Mutex<impl Read + Seek>,
    &Range { start, end }: &Range<u64>,
    length: u64,
) -> io::Result<(Vec<u8>, Hasher)> {
    let begin = start.saturating_sub(WINDOW);
    let mut bytes = vec![0; small(end - begin)];
    {
        let mut from = from.lock().unwrap_or_else(PoisonError::into_inner);
        from.seek(SeekFrom::Start(begin))?;
        from.read_exact(&mut bytes)?;
    }
    let (dictionary, bytes) = bytes.split_at(small(start - begin));
    let flush = if end == length { FlushCompress::Finish } else { FlushCompress::Sync };
    let mut hasher = Hasher::new();
    hasher.update(bytes);
    Ok((compressed(dictionary, bytes, flush)?, hasher))
}

/// Returns a length as one in memory, which that of a block is.
fn small(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

fn compressed(dictionary: &[u8], bytes: &[u8], flush: FlushCompress) -> io::Result<Vec<u8>> {
    // One that was used before remembers so much that it does not always make the same.
    let mut compress = Compress::new(LEVEL, false);
    if !dictionary.is_empty() {
        compress.set_dictionary(dictionary)?;
    }
    // Even what cannot be compressed grows by a few bytes only.
    let mut part = Vec::with_capacity(bytes.len() + bytes.len() / 1000 + 64);
    compress.compress_vec(bytes, &mut part, flush)?;
    if compress.total_in() == bytes.len() as u64 {
        Ok(part)
    } else {
        Err(io::Error::other("a block did not fit"))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::{LONGEST, ROW, SHORTEST, deflate};

    /// Bytes that cannot be compressed.
    fn noise(size: usize) -> Vec<u8> {
        let mut state = 7u64;
        let next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state.to_le_bytes()[7]
        };
        std::iter::repeat_with(next).take(size).collect()
    }

    /// Text in which each line differs from the others.
    fn text(size: usize) -> Vec<u8> {
        let words = ["note", "card", "field", "deck", "tag", "template", "cloze", "review"];
        let mut text = Vec::with_capacity(size + 80);
        for byte in noise(size) {
            text.extend(words[usize::from(byte % 8)].as_bytes());
            text.extend([b' ', b'a' + byte / 10]);
            if text.len() > size {
                break;
            }
        }
        text.truncate(size);
        text
    }

    #[test]
    fn the_number_of_cores_changes_nothing() {
        let bytes = text(ROW * LONGEST + 7 * LONGEST);
        let on = |cores| {
            let mut stream = Vec::new();
            let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().expect("a pool");
            pool.install(|| deflate(Cursor::new(&*bytes), &mut stream)).expect("a stream");
            stream
        };
        let one = on(1);
        assert!([2, 3, 5, 7].into_iter().all(|cores| on(cores) == one));
    }

    #[test]
    fn blocks_are_one_stream() {
        let near = |size| [size - 1, size, size + 1];
        let sizes = [1, SHORTEST, 4 * SHORTEST, 4 * LONGEST].into_iter().flat_map(near);
        let sizes = sizes.chain([ROW * LONGEST, ROW * LONGEST * 2 + 5]);
        for size in sizes {
            for bytes in [text(size), noise(size)] {
                let mut stream = Vec::new();
                let deflated = deflate(Cursor::new(&*bytes), &mut stream).expect("a stream");
                assert_eq!(deflated.packed, stream.len() as u64);
                assert_eq!(deflated.length, size as u64);
                assert_eq!(deflated.checksum, crc32fast::hash(&bytes));
                let mut back = Vec::new();
                let mut decoder = flate2::read::DeflateDecoder::new(&*stream);
                decoder.read_to_end(&mut back).expect("a whole stream");
                assert!(back == bytes, "{size}");
            }
        }
    }
}
