//! `deckpress push`, as far as no Anki is needed: `tests/connect` has one.

use snapbox::str;

use crate::test::{Test, test};

fn content(args: &[&str]) -> Test {
    test(args).file("content/a.md", "### Q: One?\nA.\n")
}

#[test]
fn an_address_is_one_of_http() {
    content(&["push", "--url", "localhost:8765"])
        .stderr(str![[r#"
error: `localhost:8765` is no address of AnkiConnect; one begins with `http://`

"#]])
        .status(2)
        .run()
        .lists(".", &["content/a.md"]);
}

#[test]
fn only_what_is_in_the_lock_is_pushed() {
    content(&["push", "--no-lock"])
        .stderr(str![[r#"
error: a push needs the lock: only what is in it is touched

"#]])
        .status(2)
        .run();
}

#[test]
fn errors_in_the_content_stop_it() {
    test(&["push"])
        .file("content/a.md", "### Q: One? {#a}\nA.\n### Q: Two? {#a}\nB.\n")
        .stderr(str![[r#"
error[duplicate-id]: two questions have the id `a`
 --> content/a.md:3:14
  |
1 | ### Q: One? {#a}
  |              -- first here
2 | A.
3 | ### Q: Two? {#a}
  |              ^^ here again
  |
  = help: an id names one question for ever; give one of them another

1 error

"#]])
        .status(1)
        .run()
        .lists(".", &["content/a.md"]);
}

#[test]
fn a_side_is_one_of_two() {
    content(&["push", "--conflicts", "both"])
        .stderr(str![[r#"
error: invalid value 'both' for '--conflicts <SIDE>': it is `stop`, `content`, `anki`, `content:ID,…` or `anki:ID,…`

For more information, try '--help'.

"#]])
        .status(2)
        .run();
    content(&["push", "--conflicts", "anki:"])
        .stderr(str![[r#"
error: invalid value 'anki:' for '--conflicts <SIDE>': ids follow the colon

For more information, try '--help'.

"#]])
        .status(2)
        .run();
}
