//! Whether somebody has edited a file in which an app keeps notes of its own.
//!
//! Such a file may change between two builds, and be written anew all the same. Only if it says
//! something else than what the last build wrote, the notes aside, a person has written in it, and
//! the build keeps what was there.

/// A hash of what a file says, without lines that an app writes, and without white space, which
/// apps and editors change.
pub(super) fn hash(lines: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut hasher = blake3::Hasher::new();
    for line in lines {
        for word in line.as_ref().split_whitespace() {
            hasher.update(word.as_bytes());
            hasher.update(b" ");
        }
    }
    hasher.finalize().to_hex()[..16].to_owned()
}
