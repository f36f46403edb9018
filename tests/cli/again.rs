//! A build after which nothing has changed: it says the same and touches nothing.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::test::{Done, Test, test};

const MANIFEST: &str = "out/.deckpress-built";
const PACKAGE: &str = "out/deck.apkg";

/// A build with something of everything: a warning, media, one that is missed, a style sheet, a
/// question that was taken out, one that is changed and one that has no answer.
fn built() -> Done {
    let text = "# Deck\n## One\n### Q: 1?\n![](x.png) [none](none.pdf)\n";
    test(&["build"])
        .file("content/deckpress.toml", "css = \"extra.css\"\n")
        .file("content/extra.css", ".card { color: red }\n")
        .file("content/x.png", "png")
        .file("content/a.md", format!("{text}### Q: 2?\nA.\n### Q: 3?\nB.\n"))
        .any_output()
        .run()
        .then(&["build"])
        .file(
            "content/a.md",
            format!("{text}### Q: 2?\nC.\n### Q: 4? {{#four}}\n**Key points:**\n- a\n"),
        )
        .any_output()
        .run()
}

/// Makes the outputs old, so that it is seen whether a build writes them.
fn aged(done: Done) -> Done {
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for path in [
        "out/deck.apkg",
        "out/deck.csv",
        "out/markdown/01-one.md",
        "content/deckpress.lock",
        MANIFEST,
    ] {
        let file = fs::File::options().write(true).open(done.path(path)).unwrap();
        file.set_modified(old).unwrap();
    }
    done
}

fn is_old(done: &Done, path: &str) -> bool {
    let modified = fs::metadata(done.path(path)).unwrap().modified().unwrap();
    modified < SystemTime::now() - Duration::from_secs(1_000_000)
}

#[test]
fn it_says_what_a_full_build_says() {
    for args in [&["build"][..], &["build", "--message-format", "json"], &["build", "--locked"]] {
        let again = aged(built()).then(args).any_output().run();
        assert!(is_old(&again, MANIFEST), "this is a full build");
        assert!(is_old(&again, PACKAGE));
        let said = (redacted(&again.stdout), again.stderr.clone());
        fs::remove_file(again.path(MANIFEST)).unwrap();
        let full = again.then(args).any_output().run();
        assert_eq!(said, (redacted(&full.stdout), full.stderr.clone()));
        assert!(!is_old(&full, MANIFEST));
    }
}

/// Without the time that a build took.
fn redacted(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("\"seconds\"").next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

/// Fails if a build after a change is not a full one.
fn voids(what: &str, change: impl FnOnce(Test) -> Test) {
    let done = change(aged(built()).then(&["build"])).any_output().run();
    assert!(!is_old(&done, MANIFEST), "{what}");
}

#[test]
fn any_change_makes_it_a_full_build() {
    voids("text", |test| test.file("content/b.md", "### Q: 5?\nA.\n"));
    voids("media", |test| test.file("content/x.png", "other"));
    voids("media that was missed", |test| test.file("content/none.pdf", "pdf"));
    voids("style sheet", |test| test.file("content/extra.css", ".card { color: blue }\n"));
    voids("configuration", |test| test.file("content/deckpress.toml", "name = \"other\"\n"));
    voids("manifest", |test| test.file(MANIFEST, "damaged"));
    voids("lock", |test| {
        let lock = fs::read_to_string(test.path("content/deckpress.lock")).unwrap();
        test.file("content/deckpress.lock", lock.replace("C.", "D.") + "\n")
    });
}

#[test]
fn outputs_are_mended() {
    for path in [PACKAGE, "out/deck.csv", "out/markdown/01-one.md"] {
        let done = built();
        let bytes = fs::read(done.path(path)).unwrap();
        let done = done.then(&["build"]).file(path, "damaged").any_output().run();
        assert!(fs::read(done.path(path)).unwrap() == bytes, "{path}");
        fs::remove_file(done.path(path)).unwrap();
        let done = done.then(&["build"]).any_output().run();
        assert!(fs::read(done.path(path)).unwrap() == bytes, "{path}");
    }
}

#[test]
fn without_a_manifest_it_is_a_full_build_each_time() {
    let done = built();
    fs::remove_file(done.path(MANIFEST)).unwrap();
    fs::create_dir(done.path(MANIFEST)).unwrap();
    let done = done
        .then(&["build", "-q"])
        .file("content/b.md", "# Deck\n### Q: 5?\nA.\n")
        .any_output()
        .run();
    assert!(done.text("out/deck.csv").contains("5?"));
}

#[test]
fn what_was_changed_back_is_built() {
    let done = built();
    let (package, text) = (fs::read(done.path(PACKAGE)).unwrap(), done.text("content/a.md"));
    let done =
        done.then(&["build"]).file("content/a.md", text.replace("C.", "D.")).any_output().run();
    assert!(fs::read(done.path(PACKAGE)).unwrap() != package);
    let done = done.then(&["build", "-q"]).file("content/a.md", &text).any_output().run();
    let page = done.text("out/markdown/01-one.md");
    assert!(page.contains("C.") && !page.contains("D."), "{page}");
}

#[test]
fn another_format_is_built() {
    let done = aged(built()).then(&["build", "-f", "json"]).any_output().run();
    assert!(done.path("out/deck.json").exists());
    let done = done.then(&["build"]).any_output().run();
    assert!(!is_old(&done, MANIFEST));
}

#[test]
fn asked_for_anew_or_without_a_lock_it_is_never_spared() {
    for flag in ["--refresh", "--no-lock"] {
        let done = aged(built()).then(&["build", flag]).any_output().run();
        assert!(!is_old(&done, PACKAGE), "{flag}");
    }
}

/// What the manifest does not list is somebody else's, whatever it looks like.
#[test]
fn a_copy_of_a_page_is_left() {
    let done = built();
    let page = done.text("out/markdown/01-one.md");
    let done = done.then(&["build"]).file("out/markdown/07-mine.md", page).any_output().run();
    assert!(done.path("out/markdown/07-mine.md").exists());
}

/// Whatever stands in a manifest, the next build says what it should say.
#[test]
fn a_hostile_manifest_is_not_believed() {
    let built = aged(built());
    let manifest = built.text(MANIFEST);
    let said = built.then(&["build", "-q"]).any_output().run();
    let expect = said.stderr.clone();
    assert!(manifest.contains("\"start\":"), "{manifest}");
    let at = manifest.find("\"start\":").unwrap() + "\"start\":".len();
    let number = manifest[at..].find(',').unwrap();
    let changed = |text: &str| format!("{}{text}{}", &manifest[..at], &manifest[at + number..]);
    let mut done = said;
    for hostile in [
        changed("18446744073709551615"),
        changed("999999999999999999999999"),
        changed("1e9"),
        changed("-1"),
        changed("4000"),
        manifest.replace("\"file\":1", "\"file\":4294967295"),
        manifest.replace("\"file\":1", "\"file\":2"),
        manifest.replace("\"made\":[", "\"made\":[\"../content/a.md\","),
        manifest.replace(
            "\"files\":{",
            "\"files\":{\"../content/a.md\":{\"exports\":[\"markdown/\"]},",
        ),
        manifest[..manifest.len() / 2].to_owned(),
        manifest.replace('{', "[").replace('}', "]"),
        "[".repeat(1 << 20),
        "\0\u{feff}\n".to_owned(),
        String::new(),
    ] {
        assert_ne!(hostile, manifest);
        done = done.then(&["build", "-q"]).file(MANIFEST, &hostile).any_output().run();
        let shown = &hostile[..hostile.len().min(300)];
        assert_eq!(done.stderr, expect, "{shown}");
    }
}
