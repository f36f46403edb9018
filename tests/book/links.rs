//! Links of the book, the README and the other pages for people.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::pages::{self, root};

/// Pages outside the book whose links are followed, too, where they exist.
const OTHERS: &[&str] = &[
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "benches/README.md",
    "fuzz/README.md",
    "tests/README.md",
    "tests/anki/README.md",
    "tests/apps/README.md",
];

#[test]
fn every_link_leads_somewhere() {
    let mut paths: Vec<String> = pages::read().into_iter().map(|page| page.path).collect();
    paths.push("docs/src/SUMMARY.md".to_owned());
    paths.extend(OTHERS.iter().map(|path| (*path).to_owned()));
    let mut dead = Vec::new();
    for path in paths.iter().filter(|path| root().join(path).exists()) {
        let (links, _) = look(&fs::read_to_string(root().join(path)).unwrap());
        dead.extend(
            links.iter().filter_map(|link| Some(format!("{path}: {link}: {}", fault(path, link)?))),
        );
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

/// Why a link leads nowhere, if it does not.
fn fault(page: &str, link: &str) -> Option<&'static str> {
    if link.starts_with("https://") || link.starts_with("http://") {
        return None;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = match path {
        "" => PathBuf::from(page),
        _ => plain(&Path::new(page).parent().unwrap().join(path)),
    };
    if page.starts_with("docs/src/") && !target.starts_with("docs/src") {
        return Some("a page of the book may only lead into the book");
    }
    let file = root().join(&target);
    if !file.exists() {
        return Some("there is no such file");
    }
    let is_there =
        anchor.is_empty() || look(&fs::read_to_string(&file).unwrap()).1.contains(anchor);
    (!is_there).then_some("the page has no such heading")
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// The links of a page, and the names of its headings.
fn look(text: &str) -> (Vec<String>, BTreeSet<String>) {
    let (mut links, mut names) = (Vec::new(), BTreeSet::new());
    let mut heading = None;
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                links.push(dest_url.to_string());
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                for attribute in ["href=\"", "src=\""] {
                    let values =
                        html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
                    links.extend(values.map(str::to_owned));
                }
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let name = heading.take().map(|name: String| slug(&name)).unwrap();
                let same = names.iter().filter(|known: &&String| known.starts_with(&name)).count();
                names.insert(if names.contains(&name) { format!("{name}-{same}") } else { name });
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    *heading += &text;
                }
            }
            _ => {}
        }
    }
    (links, names)
}

/// The name that mdBook gives a heading.
fn slug(heading: &str) -> String {
    let sign = |c: char| match c {
        c if c.is_whitespace() => Some('-'),
        c if c.is_alphanumeric() || "-_".contains(c) => Some(c),
        _ => None,
    };
    heading.trim().to_lowercase().chars().filter_map(sign).collect()
}
