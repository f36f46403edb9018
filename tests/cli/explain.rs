//! `deckpress explain`.

use std::fmt::Write as _;

use deckpress::diagnostic::Code;
use snapbox::str;

use crate::test::test;

#[test]
fn a_list_of_all_codes() {
    let mut list = String::new();
    for code in Code::ALL {
        let title = code.explanation().lines().next().unwrap().strip_prefix("# ").unwrap();
        let _ = writeln!(list, "{:22} {:8} {title}", code.name(), code.severity().name());
    }
    let done = test(&["explain"]).any_output().run();
    assert_eq!(done.stdout, list);
}

#[test]
fn every_code() {
    for code in Code::ALL {
        let done = test(&["explain", code.name()]).any_output().run();
        assert_eq!(done.stdout, code.explanation());
    }
}

#[test]
fn a_misspelled_code() {
    test(&["explain", "empty-keypoint"])
        .stderr(str![[r#"
error: there is no code `empty-keypoint`; did you mean `empty-key-points`?

"#]])
        .status(2)
        .run();
}

#[test]
fn an_unknown_code() {
    test(&["explain", "E0308"])
        .stderr(str![[r#"
error: there is no code `E0308`; `deckpress explain` lists them

"#]])
        .status(2)
        .run();
}
