//! Output of earlier builds among the content: its questions would be doubles.

use std::collections::BTreeMap;

use super::blocks::first_line;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Sources, Span};

/// The first line, below the front matter, of a page that deckpress writes.
pub const MARK: &str = "<!-- Pressed by deckpress: the next build writes this file anew. -->";

/// Returns whether a text, without its front matter, is a page that deckpress has written.
#[must_use]
pub fn is_page(text: &str) -> bool {
    text.trim_start().lines().next().is_some_and(|line| line.trim_end() == MARK)
}

/// The reason why such a file is left out.
pub(super) const WHY: &str = "written by deckpress";

/// Reports the files that are left out, once for each folder.
pub(super) fn report(sources: &Sources, files: &[FileId], diagnostics: &mut Vec<Diagnostic>) {
    let mut folders: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
    for file in files {
        let path = sources.path(*file);
        let beside = || path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folder = sources.output_folder(*file).unwrap_or_else(beside);
        folders.entry(folder).or_default().push(*file);
    }
    for (folder, files) in folders {
        let text = sources.original(files[0]);
        let span = Span::new(files[0], first_line(text, &(0..text.len())));
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
