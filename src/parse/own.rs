//! Files that an earlier build wrote: their questions are those of the content once more.

use std::collections::BTreeMap;

use super::blocks::first_line;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Sources, Span};

/// The first line below the front matter of a page that the next build will write anew, or remove.
pub const MARK: &str = "<!-- Pressed by deckpress: the next build writes this file anew. -->";

/// Whether a text, from below its front matter, is that of a page of ours.
#[must_use]
pub fn is_page(text: &str) -> bool {
    text.trim_start().lines().next().is_some_and(|line| line.trim_end() == MARK)
}

/// Why such a file is left out.
pub(super) const WHY: &str = "written by deckpress";

/// Says once for each folder that files in it are left out.
pub(super) fn report(sources: &Sources, files: &[FileId], diagnostics: &mut Vec<Diagnostic>) {
    let mut folders: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
    for file in files {
        let path = sources.path(*file);
        let beside = || path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folder = sources.output_folder(*file).unwrap_or_else(beside);
        folders.entry(folder).or_default().push(*file);
    }
    for (folder, files) in folders {
        let span = first_line(sources, Span::new(files[0], 0..sources.text(files[0]).len()));
        let place = if folder.is_empty() { "the content folder" } else { &format!("`{folder}`") };
        let message = match files.len() {
            1 => format!("an earlier build wrote this file in {place}"),
            more => format!("an earlier build wrote this file in {place}, and {} more", more - 1),
        };
        diagnostics.push(
            Diagnostic::new(Code::OwnOutput, span, message)
                .label("left out of every deck")
                .help("build into one folder, and delete what is left of others"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{MARK, is_page};

    #[test]
    fn a_page_begins_with_its_mark() {
        assert!(is_page(&format!("{MARK}\n\n# Deck\n")));
        assert!(is_page(&format!("\r\n{MARK}\r\n# Deck\r\n")));
        assert!(!is_page(&format!("Pages begin so:\n\n{MARK}\n")));
        assert!(!is_page(&format!("```\n{MARK}\n```\n")));
        assert!(!is_page("# Pressed by deckpress\n"));
        assert!(!is_page(""));
    }
}
