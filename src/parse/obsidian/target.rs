//! Targets of links and embeds: a note, a section or a block of it, and the text that is shown.

use std::ops::Range;

use crate::model::{Place, resolve};
use crate::vault::ABOVE;

/// The parts of the text between double brackets, as places in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The name of the note; empty for the same note.
    pub(super) name: Range<usize>,
    /// The headings, outermost first.
    pub(super) headings: Vec<Range<usize>>,
    /// The id of a block, without `^`.
    pub(super) block: Option<Range<usize>>,
    /// The text behind the bar.
    pub(super) shown: Option<Range<usize>>,
}

impl Target {
    /// Reads the text between the brackets at a place.
    pub(super) fn parse(text: &str, inner: Range<usize>) -> Self {
        let snippet = &text[inner.clone()];
        let bar = snippet.find('|');
        let trimmed = |range: Range<usize>| {
            let part = &text[range.clone()];
            let start = range.start + part.len() - part.trim_start().len();
            start..start + part.trim().len()
        };
        let shown = bar.map(|bar| trimmed(inner.start + bar + 1..inner.end));
        let link_end = inner.start + bar.unwrap_or(snippet.len());
        let link = inner.start..link_end;
        // In a table the bar is escaped.
        let link = link.start..link.start + text[link].trim_end_matches('\\').len();
        let mut at = link.start;
        let mut parts = text[link].split('#').map(|part| {
            let range = at..at + part.len();
            at = range.end + 1;
            trimmed(range)
        });
        let name = parts.next().unwrap_or(inner.start..inner.start);
        let (mut headings, mut block) = (Vec::new(), None);
        for part in parts {
            match text[part.clone()].strip_prefix('^') {
                Some(id) => block = Some(part.end - id.len()..part.end),
                None if part.is_empty() => {}
                None => headings.push(part),
            }
        }
        Self { name, headings, block, shown: shown.filter(|shown| !shown.is_empty()) }
    }

    /// Returns the target as it is written in another note, given the path of its own.
    pub(super) fn show_elsewhere(&self, text: &str, path: &str) -> String {
        let name = self.note(text);
        let path = path.strip_prefix(ABOVE).unwrap_or(path);
        let name = match resolve(path, name).and_then(Place::inside) {
            _ if name.is_empty() => path.trim_end_matches(".md").to_owned(),
            Some(path) if name.starts_with('.') => path,
            _ => name.trim_start_matches("../").to_owned(),
        };
        let headings = self.headings.iter().map(|heading| format!("#{}", &text[heading.clone()]));
        let block = self.block.iter().map(|block| format!("#^{}", &text[block.clone()]));
        name + &headings.chain(block).collect::<String>()
    }

    /// Returns the name of the note.
    pub(super) fn note<'t>(&self, text: &'t str) -> &'t str {
        &text[self.name.clone()]
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn targets_have_parts() {
        let check = |text: &str,
                     name: &str,
                     headings: &[&str],
                     block: Option<&str>,
                     shown: Option<&str>| {
            let target = Target::parse(text, 0..text.len());
            let of = |range: &std::ops::Range<usize>| text[range.clone()].to_owned();
            assert_eq!(of(&target.name), name, "{text}");
            assert_eq!(target.headings.iter().map(of).collect::<Vec<_>>(), headings, "{text}");
            assert_eq!(target.block.as_ref().map(of).as_deref(), block, "{text}");
            assert_eq!(target.shown.as_ref().map(of).as_deref(), shown, "{text}");
        };
        check("A b", "A b", &[], None, None);
        check("a/B#C d#E|f|g", "a/B", &["C d", "E"], None, Some("f|g"));
        check("A#^x-1", "A", &[], Some("x-1"), None);
        check("#C", "", &["C"], None, None);
        check("A\\|b", "A", &[], None, Some("b"));
        check("A|", "A", &[], None, None);
    }
}
