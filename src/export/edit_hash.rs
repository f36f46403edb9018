//! Detects whether a person has edited a file into which an app writes as well.
//!
//! The app may change such a file between two builds, and the next build still overwrites it. The
//! exporter stores a hash of the file's text without the app's lines. If the hash differs at the
//! next build, a person has edited the file, and the build keeps the old one under another name.

/// Hashes the words of some lines. White space does not count, as apps and editors change it; the
/// caller leaves out the lines that an app writes.
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
