//! What the terminal, the settings of a repository, and earlier builds have to say.

use std::fs;
use std::process::Output;
use std::time::{Duration, SystemTime};

use snapbox::str;

use crate::test::{Test, test};

const BROKEN: &str = "### Q: One?\n";

fn has_color(output: &Output) -> bool {
    [&output.stdout, &output.stderr].iter().any(|text| text.contains(&0x1b))
}

#[test]
fn color_is_a_wish() {
    let check = |args: &[&str], no_color: &str| {
        let test = test(args).file("content/a.md", BROKEN);
        has_color(&test.command().env("NO_COLOR", no_color).output().unwrap())
    };
    assert!(check(&["check", "--color", "always"], ""));
    // What is said on the command line goes before what the surroundings say.
    assert!(check(&["check", "--color", "always"], "1"));
    assert!(!check(&["check", "--color", "never"], ""));
    assert!(!check(&["check"], ""), "a pipe has no colors");
}

#[test]
fn a_dumb_terminal_gets_the_same_words() {
    let said = |test: Test, term: &str| {
        let output = test.command().env("TERM", term).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stderr).unwrap()
    };
    let test = |term: &str| said(test(&["check"]).file("content/a.md", BROKEN), term);
    assert!(test("dumb").contains("unanswered-question"));
    assert_eq!(test("dumb"), test("xterm"));
}

#[test]
fn a_card_links_to_its_source() {
    let settings =
        "formats = [\"anki-csv\"]\nsource_url = \"https://example.org/{path}#L{line}\"\n";
    let done = test(&["build", "-q"])
        .file("content/deckpress.toml", settings)
        .file("content/a b.md", "# D\n\n### Q: One?\nA.\n")
        .any_output()
        .run();
    let rows = fs::read_to_string(done.path("out/d.anki.csv")).unwrap();
    assert!(rows.contains("https://example.org/a%20b.md#L3"), "{rows}");
    assert!(rows.contains(">a b.md</a>"), "{rows}");
}

#[test]
fn an_attachment_with_an_impossible_name_is_missing() {
    let name = "x".repeat(300);
    test(&["check"])
        .file("content/a.md", format!("### Q: One?\n![]({name}.png)\n\n**Answer:** A.\n"))
        .any_output()
        .status(1)
        .run();
}

#[test]
fn what_killed_builds_have_left_is_removed_after_an_hour() {
    let test = test(&["build", "-q", "--to", "csv"])
        .file("content/a.md", "### Q: One?\nA.\n")
        .file("out/.deckpress-old.part", "half")
        .file("out/.deckpress-young.part", "half");
    let old = fs::File::options().write(true).open(test.path("out/.deckpress-old.part")).unwrap();
    old.set_modified(SystemTime::now() - Duration::from_secs(2 * 3600)).unwrap();
    drop(old);
    let done = test.any_output().run();
    done.lists("out", &[".deckpress-young.part", "a.csv"]);
}

#[test]
fn quiet_says_only_what_is_wrong() {
    test(&["check", "-q"]).file("content/a.md", "### Q: One?\nA.\n").stderr(str![]).run();
}
