//! Pairs that rest on evidence: said by each build until their author decides.

use snapbox::str;

use crate::test::{Done, test};

const BEFORE: &str = "\
# Algorithms
### Q: How does quicksort work?
**Answer:** It puts each element on its side of a pivot, then does the same to both sides.
### Q: When is insertion sort fast?
**Answer:** On input that is nearly sorted.
### Q: What does a heap keep true?
**Answer:** No child comes before its parent.
";

/// A folder of which one question was reworded and answered anew, and built.
fn reworded(asks: &str) -> Done {
    let after = BEFORE
        .replace("How does quicksort work?", asks)
        .replace("then does the same", "and then does just the same");
    test(&["build", "-q"])
        .file("content/a.md", BEFORE)
        .run()
        .then(&["build", "-q"])
        .file("content/a.md", after)
        .any_output()
        .run()
}

#[test]
fn a_plan_shows_what_decided() {
    reworded("What does quicksort do?").then(&["plan"]).stderr(str![[r#"
warning[near-match]: this question is taken for an earlier one that read otherwise
  --> content/a.md:2 {#1ckbr6n2yfxx} was: How does quicksort work?
  = help: `deckpress lock accept` confirms it, or those whose ids follow it, and `deckpress check --fix` writes the ids into the content; `{id=new}` behind a heading says that the question is a new one

1 warning

"#]]).stdout(str![[r#"
Not confirmed
  ? How does quicksort work?
    → What does quicksort do?  content/a.md:2
    → both: quicksort, does; before: work, How; now: What, do; another answer

  `deckpress lock accept` confirms them, or those whose ids follow it; a question
  with `{id=new}` behind its heading is taken for a new one.

3 unchanged

"#]]).run();
}

#[test]
fn each_build_says_it_until_it_is_confirmed() {
    let done = reworded("What does quicksort do?");
    let done = done.then(&["build", "-q"]).stderr(str![[r#"
warning[near-match]: this question is taken for an earlier one that read otherwise
  --> content/a.md:2 {#1ckbr6n2yfxx} was: How does quicksort work?
  = help: `deckpress lock accept` confirms it, or those whose ids follow it, and `deckpress check --fix` writes the ids into the content; `{id=new}` behind a heading says that the question is a new one

1 warning

"#]]).run();
    let done = done.then(&["lock", "accept", "-q"]).run();
    done.then(&["build", "-q"]).run().then(&["plan", "-q"]).run();
}

#[test]
fn a_fix_writes_the_id() {
    let done = reworded("What does quicksort do?").then(&["check", "--fix", "-q"]).run();
    let done = done.then(&["build", "-q"]).run();
    assert!(done.text("content/a.md").contains("What does quicksort do? {#"));
    assert!(!done.text("content/deckpress.lock").contains("\"open\""));
}

/// The earlier question is retired as it last read, and comes back as that.
#[test]
fn a_new_question_is_said_to_be_one() {
    let done = reworded("What does quicksort do?");
    let text = done.text("content/a.md");
    let new = text.replace("quicksort do?", "quicksort do? {id=new}");
    let done = done.then(&["build", "-q"]).file("content/a.md", &new).run();
    let lock = done.text("content/deckpress.lock");
    assert!(lock.contains("\"new\":true"), "{lock}");
    let retired = lock.lines().find(|line| line.contains("removed")).unwrap().to_owned();
    assert!(retired.contains("How does quicksort work?"), "{lock}");
    // It acts once, whether it stays or goes.
    let done = done.then(&["build", "-q"]).run();
    assert_eq!(done.text("content/deckpress.lock"), lock);
    let done = done.then(&["build", "-q"]).file("content/a.md", &text).run();
    let id = |line: &str| line.split('"').nth(3).unwrap().to_owned();
    let line = |lock: &str| id(lock.lines().find(|it| it.contains("quicksort do")).unwrap());
    assert_eq!(line(&done.text("content/deckpress.lock")), line(&lock));
    assert_ne!(line(&lock), id(&retired));
}

#[test]
fn the_earlier_question_is_back() {
    let done = reworded("What does quicksort do?");
    let (old, rest) = BEFORE.split_at(BEFORE.find("### Q: When").unwrap());
    let new = done.text("content/a.md");
    let new = new.strip_prefix("# Algorithms\n").unwrap().replace(rest, "");
    let done = done.then(&["build", "-q"]).file("content/a.md", format!("{old}{new}{rest}"));
    let done = done
        .stderr(str![[r#"
warning[ambiguous-match]: this question is back, and has its id again
 --> content/a.md:2:1
  |
2 | ### Q: How does quicksort work?
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ another one was taken for it

warning[ambiguous-match]: this question was taken for an earlier one, which is back
 --> content/a.md:4:1
  |
4 | ### Q: What does quicksort do?
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a new question now

2 warnings

"#]])
        .run();
    done.then(&["plan"])
        .stdout(str![[r#"
4 unchanged

"#]])
        .run();
}

#[test]
fn an_id_of_a_question_that_still_stands() {
    let done = test(&["build", "-q"]).file("content/a.md", BEFORE).run();
    let copy = format!(
        "{BEFORE}### Q: How does mergesort work? {{#1ckbr6n2yfxx}}\n**Answer:** It merges.\n"
    );
    done.then(&["check"])
        .file("content/a.md", copy)
        .status(1)
        .stderr(str![[r#"
error[duplicate-id]: this id belongs to a question that still stands with its own words
 --> content/a.md:8:1
  |
2 | ### Q: How does quicksort work?
  | ------------------------------- the question that has it
...
8 | ### Q: How does mergesort work? {#1ckbr6n2yfxx}
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ written here
  |
  = help: take the id away, or give this question one of its own

1 error

"#]])
        .run();
}
