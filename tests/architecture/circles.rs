//! Files that use each other in a circle can only be understood together.
//!
//! What a file uses of the modules that it lies in does not count: a module declares what all its
//! parts have in common.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, check, sources};

/// A module and those that it uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// Returns every path that is written in some code, those in the braces of a list each for itself.
fn find_paths<'s>(tokens: &[&'s str]) -> Vec<Vec<&'s str>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_start = is_name(tokens[at]) && tokens.get(at + 1) == Some(&"::");
        let is_inner = at > 0 && tokens[at - 1] == "::";
        if is_start && !is_inner {
            at = read_path(tokens, at, &[], &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Reads one path, or the paths of a list; returns the place behind it.
fn read_path<'s>(
    tokens: &[&'s str],
    mut at: usize,
    before: &[&'s str],
    found: &mut Vec<Vec<&'s str>>,
) -> usize {
    let mut path = before.to_vec();
    while let Some(token) = tokens.get(at) {
        at += 1;
        if *token == "{" {
            while tokens.get(at).is_some_and(|token| *token != "}") {
                let end = read_path(tokens, at, &path, found);
                at = end.max(at + 1);
            }
            return at + 1;
        }
        path.push(token);
        let goes_on = tokens.get(at) == Some(&"::")
            && tokens.get(at + 1).is_some_and(|next| is_name(next) || *next == "{");
        if !goes_on {
            break;
        }
        at += 1;
    }
    found.push(path);
    at
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Returns the modules that a module uses, but for itself and those that it lies in.
fn uses(module: &str, tokens: &[&str], modules: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in find_paths(tokens) {
        let mut base: Vec<&str> = module.split("::").collect();
        let mut rest = &path[..];
        match rest[0] {
            "crate" => (base, rest) = (Vec::new(), &rest[1..]),
            "self" => rest = &rest[1..],
            _ => {}
        }
        while let ["super", below @ ..] = rest {
            base.pop();
            rest = below;
        }
        base.extend(rest);
        let used = (1..=base.len()).rev().map(|length| base[..length].join("::"));
        let used = used.into_iter().find(|path| modules.contains(path));
        found.extend(used.filter(|used| !format!("{module}::").starts_with(&format!("{used}::"))));
    }
    found
}

/// Returns all modules that a module uses, directly or by others.
fn reach(module: &str, all: &Uses) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&String> = all.get(module).into_iter().flatten().collect();
    while let Some(next) = open.pop() {
        if reached.insert(next.clone()) {
            open.extend(all.get(next).into_iter().flatten());
        }
    }
    reached
}

fn path_of(source: &Source) -> String {
    source.path.trim_end_matches(".rs").replace('/', "::")
}

/// Returns the tokens of a file without its tests.
fn own_tokens(source: &Source) -> Vec<&str> {
    let mut tokens = source.tokens();
    let tests = tokens.windows(4).position(|four| four == ["#", "[", "cfg", "("]);
    let is_test = |at: &usize| tokens.get(at + 4) == Some(&"test");
    if let Some(at) = tests.filter(is_test) {
        tokens.truncate(at);
    }
    tokens
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let all = sources();
    let modules: BTreeSet<String> = all.iter().map(path_of).collect();
    let of = |source: &Source| {
        let module = path_of(source);
        let used = uses(&module, &own_tokens(source), &modules);
        (module, used)
    };
    let all: Uses = all.iter().map(of).collect();
    check(|source| {
        let module = path_of(source);
        let is_back = |used: &&String| reach(used, &all).contains(&module);
        let back = all[&module].iter().filter(is_back);
        back.map(|used| format!("uses {used}, which uses it")).collect()
    });
}

#[test]
fn circles_are_seen() {
    let modules = ["a", "a::b", "a::c", "d"].map(str::to_owned).into_iter().collect();
    let found = |module, text: &'static str| uses(module, &super::tokens(text), &modules);
    let expect = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(
        found("a::b", "use super::{c::X, Y}; crate::d::f(); super::z()"),
        expect(&["a::c", "d"])
    );
    assert_eq!(found("a", "use b::{self, C as D}; c::f::<u8>()"), expect(&["a::b", "a::c"]));
    let circle: Uses = [("a::b", "a::c"), ("a::c", "d"), ("d", "a::b")]
        .map(|(from, to)| (from.to_owned(), BTreeSet::from([to.to_owned()])))
        .into();
    assert!(reach("d", &circle).contains("d"));
}
