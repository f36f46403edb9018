//! The names of files that a field shows.

use crate::slug::percent_decode;

/// Returns whether a source is no file of the collection.
pub(super) fn is_elsewhere(source: &str) -> bool {
    let lower = source.trim_start().to_ascii_lowercase();
    ["http:", "https:", "//", "data:", "file:"].iter().any(|start| lower.starts_with(start))
}

/// Returns the name of the file that a source names, as Anki finds it.
pub(super) fn media_name(source: &str) -> String {
    safe_name(&percent_decode(source))
}

/// Returns the address of a file, which is below the media folder unless it is elsewhere.
pub(super) fn address(source: &str, folder: &str) -> String {
    if is_elsewhere(source) {
        return source.to_owned();
    }
    // In an address these signs have another meaning.
    let name = media_name(source).replace('%', "%25").replace('#', "%23");
    format!("{folder}{name}")
}

/// Returns a name under which a file may lie in the media folder, however it was called.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '-' } else { c })
        .collect();
    let name = name.trim().trim_start_matches('.');
    let name = name.trim_end_matches('.');
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}
