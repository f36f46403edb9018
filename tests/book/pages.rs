//! The pages of the book, and its table of contents.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use deckpress::diagnostic::Code;
use deckpress::target::Target;

/// A page as it is and as it should be.
pub(crate) struct Page {
    /// Its path in the repository.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) wanted: String,
}

/// The folder of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the README and every page of the book, in path order.
pub(crate) fn read() -> Vec<Page> {
    let mut paths = vec!["README.md".to_owned()];
    list("docs/src", &mut paths);
    let page = |path: String| {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        Page { path, wanted: text.clone(), text }
    };
    paths.into_iter().map(page).collect()
}

fn list(folder: &str, paths: &mut Vec<String>) {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let mut names: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    names.sort();
    for path in names {
        let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            list(&name, paths);
        } else if path.extension().is_some_and(|end| end == "md") && !path.ends_with("SUMMARY.md") {
            paths.push(name);
        }
    }
}

/// Returns the lines in which a page is not as it should be.
pub(crate) fn difference(Page { path, text, wanted }: &Page) -> String {
    let (is, should): (Vec<&str>, Vec<&str>) = (text.lines().collect(), wanted.lines().collect());
    let start = is.iter().zip(&should).take_while(|(one, other)| one == other).count();
    let rest = is[start..].iter().rev().zip(should[start..].iter().rev());
    let end = rest.take_while(|(one, other)| one == other).count();
    let part = |lines: &[&str], sign: &str| -> String {
        lines[start..lines.len() - end].iter().map(|line| format!("{sign}{line}\n")).collect()
    };
    format!("{path}:{}\n{}{}", start + 1, part(&is, "-"), part(&should, "+"))
}

#[test]
fn the_table_of_contents_has_every_page() {
    let summary = fs::read_to_string(root().join("docs/src/SUMMARY.md")).unwrap();
    let link = |line: &str| Some(line.split_once("](")?.1.split_once(')')?.0.to_owned());
    let listed: Vec<String> = summary.lines().filter_map(link).collect();
    let distinct: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(distinct.len(), listed.len(), "a page is listed twice");
    let pages =
        read().into_iter().filter_map(|page| Some(page.path.strip_prefix("docs/src/")?.to_owned()));
    let pages: BTreeSet<String> = pages.collect();
    assert_eq!(pages, listed.iter().cloned().collect());
    let of = |folder: &str| -> Vec<&str> {
        let name = |path: &'_ String| -> Option<(usize, usize)> {
            let name = path.strip_prefix(folder)?.strip_suffix(".md")?;
            Some((folder.len(), folder.len() + name.len()))
        };
        listed.iter().filter_map(|path| name(path).map(|(start, end)| &path[start..end])).collect()
    };
    assert_eq!(of("targets/"), Target::all().map(|(name, _)| name).collect::<Vec<_>>());
    assert_eq!(of("messages/"), Code::ALL.iter().map(|code| code.name()).collect::<Vec<_>>());
    assert_eq!(of("commands/"), crate::console::subcommands());
}
