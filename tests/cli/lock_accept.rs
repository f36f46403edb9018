//! `deckpress lock accept`.

use snapbox::str;

use crate::test::{Done, test};

const TEXT: &str = "\
# Deck
### Q: What does a lexer make of text?
**Answer:** Tokens.
### Q: What does a parser make of tokens? {#parse}
**Answer:** A tree.
### Q: What does a linker do? {#link}
**Answer:** It puts objects together.
";

/// A folder of whose questions the first two are open.
fn open() -> Done {
    let nameless = TEXT.replace(" {#parse}", "");
    let done = test(&["build", "-q"]).file("content/a.md", nameless).run();
    let done = done.then(&["build", "-q"]).file("content/a.md", TEXT).run();
    let lock = done.text("content/deckpress.lock");
    let lines = lock.split_inclusive('\n').map(|line| {
        let Some(from) = line.find("\"fingerprint\"") else { return line.to_owned() };
        let to = line.find(",\"created\"").unwrap();
        let open = |old| {
            let former = format!("\"open\":{{\"question\":\"{old}\",{}}}}}", &line[from..to]);
            line.replace("}\n", &format!(",{former}\n"))
        };
        if line.contains("lexer") {
            open("What makes\\ntokens?")
        } else if line.contains("parser") {
            open("What makes trees?")
        } else {
            line.to_owned()
        }
    });
    let lock: String = lines.collect();
    done.then(&["plan", "-q"]).file("content/deckpress.lock", lock).any_output().status(3).run()
}

#[test]
fn all_open_pairs() {
    open()
        .then(&["lock", "accept"])
        .stderr(str![[r#"
  as2y25cm9ves  What makes tokens? → What does a lexer make of text?
  8hsqr8arw4ry  What makes trees? → What does a parser make of tokens?
2 questions confirmed

"#]])
        .run()
        .holds("content/deckpress.lock", str![[r#"
{"deckpress_lock":3}
{"id":"as2y25cm9ves","question":"What does a lexer make of text?","deck":"Deck","file":"a.md","fingerprint":"z4gyt8p0-dqs4emf1------","sketch":"mbn3","created":1700000000001,"modified":1700000000}
{"id":"8hsqr8arw4ry","name":"parse","question":"What does a parser make of tokens?","deck":"Deck","file":"a.md","fingerprint":"1sme740f-tesammsv------","sketch":"h1bcse2g","created":1700000000002,"modified":1700000000}
{"id":"link","name":"link","question":"What does a linker do?","deck":"Deck","file":"a.md","fingerprint":"4tm45jke-akg3tdcd------","sketch":"0zbd6ydab67sdw0q","created":1700000000003,"modified":1700000000}
{"end":true}

"#]])
        .then(&["lock", "accept"])
        .stderr(str![[r#"
0 questions confirmed

"#]])
        .run()
        .then(&["build", "--locked", "-q"])
        .run();
}

#[test]
fn for_programs() {
    open().then(&["lock", "accept", "--message-format", "json"]).stdout(str![[r#"
{"id":"as2y25cm9ves","old":"What makes\ntokens?","question":"What does a lexer make of text?","reason":"confirmed"}
{"id":"8hsqr8arw4ry","old":"What makes trees?","question":"What does a parser make of tokens?","reason":"confirmed"}
{"questions":2,"reason":"accepted"}

"#]]).run();
}

#[test]
fn one_open_pair() {
    let done = open()
        .then(&["lock", "accept", "parse"])
        .stderr(str![[r#"
  8hsqr8arw4ry  What makes trees? → What does a parser make of tokens?
1 question confirmed

"#]])
        .run();
    assert_eq!(done.text("content/deckpress.lock").matches("\"open\"").count(), 1);
}

#[test]
fn what_is_not_open() {
    let done = open();
    let before = done.text("content/deckpress.lock");
    let done = done
        .then(&["lock", "accept", "parse", "link"])
        .status(2)
        .stderr(str![[r#"
error: nothing was confirmed in `content/deckpress.lock`: `link` is not open, so there is nothing to confirm

"#]])
        .run()
        .then(&["lock", "accept", "parse", "pars", "lin"])
        .status(2)
        .stderr(str![[r#"
error: nothing was confirmed in `content/deckpress.lock`: the lock has no question `pars`, `lin`

"#]])
        .run();
    assert_eq!(done.text("content/deckpress.lock"), before);
}

#[test]
fn where_no_lock_is() {
    test(&["lock", "accept"])
        .file("content/a.md", TEXT)
        .status(2)
        .stderr(str![[r#"
error: there is no lock at `content/deckpress.lock`; a build makes it

"#]])
        .run()
        .then(&["lock", "accept", "--content", "other"])
        .status(2)
        .stderr(str![[r#"
error: there is no file or folder `other`

"#]])
        .run();
}
