//! The layers and other rules of the design that the compiler does not know.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test may fail loudly, and reads the sources from the disk"
)]

#[path = "architecture/circles.rs"]
mod circles;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use deckpress::diagnostic::Code;

/// Every module of the crate, from the lowest layer to the highest. A module may use those before
/// it.
const LAYERS: &[&str] = &[
    "named",
    "source",
    "entities",
    "slug",
    "template",
    "zip",
    "diagnostic",
    "event_cache",
    "model",
    "target",
    "config",
    "media",
    "vault",
    "markdown",
    "parse",
    "check",
    "identity",
    "stats",
    "render",
    "dom",
    "html_to_markdown",
    "anki",
    "export",
    "import",
    "progress",
    "compile",
    "disk",
    "watch",
    "connect",
    "pull",
    "driver",
    "report",
    "preview",
    "cli",
];

/// What reaches out of the program, and the modules that may name it.
const EFFECTS: &[(&str, &[&str])] = &[
    ("fs", &["disk"]),
    ("env", &["driver", "cli"]),
    ("net", &["preview"]),
    // To wait for another build; to answer requests.
    ("thread", &["disk", "preview"]),
    ("process", &["cli", "main"]),
    // The time of a build; how old a file is.
    ("SystemTime", &["driver", "disk"]),
    // How long a build took; how long a change goes on.
    ("Instant", &["cli", "watch"]),
    ("stdout", &["cli"]),
    ("stderr", &["cli"]),
    ("print", &[]),
    ("println", &[]),
    ("eprint", &[]),
    ("eprintln", &[]),
    ("annotate_snippets", &["report"]),
    ("indicatif", &["report"]),
    ("notify", &["watch"]),
    ("ureq", &["connect"]),
    ("ctrlc", &["cli"]),
];

/// A source file of the program.
struct Source {
    /// Its path below `src/`.
    path: String,
    text: String,
}

impl Source {
    /// The module of the crate that it is or belongs to.
    fn module(&self) -> &str {
        let end = self.path.find(['/', '.']).unwrap();
        &self.path[..end]
    }

    /// The names and signs of its code.
    fn tokens(&self) -> Vec<&str> {
        let code = self.text.lines().map(|line| match line.find("//") {
            Some(comment) => &line[..comment],
            None => line,
        });
        code.flat_map(tokens).collect()
    }
}

/// Cuts a line into names, `::` and single signs.
fn tokens(line: &str) -> Vec<&str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match rest.find(|c| !is_name(c)).unwrap_or(rest.len()) {
            0 if rest.starts_with("::") => 2,
            0 => first.len_utf8(),
            length => length,
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}

/// What follows `root::` in a file, each time: one name, or those of a list in braces.
fn named_after<'s>(source: &'s Source, root: &str) -> BTreeSet<&'s str> {
    let tokens = source.tokens();
    let mut names = BTreeSet::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        if pair != [root, "::"] {
            continue;
        }
        let mut depth = 0;
        for (before, token) in tokens[at + 1..].iter().zip(&tokens[at + 2..]) {
            match *token {
                "{" => depth += 1,
                "}" => depth -= 1,
                name if *before == "::" && depth == 0 => {
                    names.insert(name);
                }
                name if depth == 1 && matches!(*before, "{" | ",") => {
                    names.insert(name);
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    names
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    collect(&root, "", &mut sources);
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(sources.len() > 30, "the sources are not where they were");
    sources
}

fn collect(folder: &Path, prefix: &str, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{path}/"), sources);
        } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(entry.path()).unwrap();
            sources.push(Source { path, text });
        }
    }
}

/// Fails with all files that break a rule, and how.
fn check(breaks: impl Fn(&Source) -> Vec<String>) {
    let broken: Vec<String> = sources()
        .iter()
        .flat_map(|source| {
            breaks(source).into_iter().map(|what| format!("src/{}: {what}", source.path))
        })
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_reader_of_sources_sees_every_form_of_import() {
    let text =
        "use crate::{a, b::{c, d}, e};\nlet x = crate::f::g();\n// crate::no\nself::h(crate::i)";
    let source = Source { path: "x/y.rs".to_owned(), text: text.to_owned() };
    assert_eq!(named_after(&source, "crate"), BTreeSet::from(["a", "b", "e", "f", "i"]));
    assert_eq!(source.module(), "x");
}

#[test]
fn every_module_has_a_layer() {
    let sources = sources();
    let modules: BTreeSet<&str> = sources.iter().map(Source::module).collect();
    let known = LAYERS.iter().copied().chain(["lib", "main"]).collect();
    assert_eq!(modules, known);
}

#[test]
fn nothing_imports_upward() {
    let layer = |name: &str| LAYERS.iter().position(|known| *known == name);
    check(|source| {
        let Some(own) = layer(source.module()) else { return Vec::new() };
        let names = named_after(source, "crate").into_iter();
        let above = names.filter(|name| layer(name).is_none_or(|used| used > own));
        above.map(|name| format!("uses `{name}` of a higher layer")).collect()
    });
}

#[test]
fn exporters_do_not_know_each_other() {
    let sources = sources();
    let is_exporter = |source: &&Source| {
        source.module() == "export" && source.text.contains("pub(super) fn export(")
    };
    let exporters: Vec<&Source> = sources.iter().filter(is_exporter).collect();
    let name = |source: &Source| source.path["export/".len()..].trim_end_matches(".rs").to_owned();
    let names: BTreeSet<String> = exporters.iter().map(|source| name(source)).collect();
    assert!(names.len() > 4, "{names:?}");
    for source in exporters {
        let mut used = named_after(source, "super");
        used.append(&mut named_after(source, "export"));
        let others: Vec<&String> =
            names.iter().filter(|other| used.contains(other.as_str())).collect();
        assert!(others.is_empty(), "src/{} uses {others:?}", source.path);
    }
}

/// What a file names of the world outside, and must not.
fn effects(source: &Source) -> Vec<String> {
    let tokens = source.tokens();
    let is_sign = |at: Option<usize>| {
        let sign = at.and_then(|at| tokens.get(at));
        sign.is_some_and(|sign| ["::", "!", "("].contains(sign))
    };
    // A path leads to it or on from it, or it is called.
    let is_named = |at: usize| is_sign(at.checked_sub(1)) || is_sign(Some(at + 1));
    let forbidden = EFFECTS.iter().filter(|(_, modules)| !modules.contains(&source.module()));
    let found = forbidden
        .filter(|(what, _)| (0..tokens.len()).any(|at| tokens[at] == *what && is_named(at)));
    found.map(|(what, _)| format!("names `{what}`")).collect()
}

#[test]
fn effects_are_seen_in_every_form() {
    let check = |text: &str, expect: &[&str]| {
        let source = Source { path: "render/html.rs".to_owned(), text: text.to_owned() };
        let expect: Vec<String> = expect.iter().map(|what| format!("names `{what}`")).collect();
        assert_eq!(effects(&source), expect, "{text}");
    };
    check("use std::fs;", &["fs"]);
    check("let now = Instant::now();", &["Instant"]);
    check("println!(\"x\");", &["println"]);
    check("let env = 1; // std::env::var", &[]);
}

#[test]
fn the_core_is_pure() {
    check(effects);
}

#[test]
fn no_order_of_a_hash_table_reaches_an_output() {
    check(|source| {
        let tokens = source.tokens();
        // What ammonia is set up with, what is known of scopes, and which ids are given, is asked
        // for and never looked through.
        let is_table = |token: &&&str| ["HashMap", "HashSet"].contains(*token);
        let allowed = [
            "identity/assign.rs",
            "render/highlight.rs",
            "render/highlight/scopes.rs",
            "render/sanitize.rs",
        ];
        let is_allowed = allowed.contains(&&*source.path);
        let found = tokens.iter().find(is_table).filter(|_| !is_allowed);
        found.map(|token| format!("uses a `{token}`")).into_iter().collect()
    });
}

#[test]
fn imports_say_what_they_import() {
    check(|source| {
        let has_glob = named_after(source, "super").contains("*");
        has_glob.then(|| "has `use super::*`".to_owned()).into_iter().collect()
    });
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    check(|source| {
        let lines = source.text.lines().count();
        let mut broken = Vec::new();
        if lines > 500 {
            broken.push(format!("has {lines} lines"));
        }
        if !source.text.starts_with("//! ") {
            broken.push("does not begin with its docs".to_owned());
        }
        broken
    });
}

#[test]
fn every_code_is_explained_with_an_example() {
    for code in Code::ALL {
        let text = code.explanation();
        assert!(text.starts_with("# "), "{} has no title", code.name());
        assert!(text.contains("\n```"), "{} has no example", code.name());
    }
}

#[test]
fn codes_are_in_the_order_of_their_names() {
    assert!(Code::ALL.is_sorted_by_key(|code| code.name()));
}
