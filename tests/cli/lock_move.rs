//! `deckpress lock move`.

use snapbox::str;

use crate::test::{Done, Test, test};

const STAYS: &str = "### Q: What is a heap?\n**Answer:** A tree in an array.\n";
const MOVED: &str = "### Q: What is a bloom filter?\n**Answer:** Bits that hashes set.\n";

/// One of several wordings.
fn reworded(asks: &str) -> String {
    format!(
        "### Q: {asks}\n**Answer:** It keeps equal elements in their order, as merge sort does.\n"
    )
}

fn build(done: Done, folder: &str, out: &str) -> Test {
    done.then(&["build", folder, "-q", "--out", out])
}

/// Two folders, and a question in the first that was reworded twice.
fn two_folders() -> Done {
    let mut done = test(&["build", "b", "-q", "--out", "out/b"])
        .file("b/b.md", "# B\n### Q: What is a trie?\n**Answer:** A tree of prefixes.\n")
        .env("SOURCE_DATE_EPOCH", "1690000000")
        .run();
    for asks in [
        "What is meant by stable sorting?",
        "What is meant by stable sorting of rows?",
        "What is meant by stable sorting of rows, and why?",
    ] {
        let text = format!("# A\n{}{STAYS}{MOVED}", reworded(asks));
        done = build(done, "a", "out/a").file("a/a.md", text).any_output().run();
    }
    done
}

/// The same after the Markdown of two questions was moved from one to the other.
fn moved() -> Done {
    let done = two_folders();
    let text = done.text("b/b.md")
        + &reworded("What is meant by stable sorting of rows, and why?")
        + MOVED;
    done.then(&["--version"])
        .file("a/a.md", format!("# A\n{STAYS}"))
        .file("b/b.md", text)
        .any_output()
        .run()
}

/// The id, and all else that is for ever, of a question.
fn kept(done: &Done, folder: &str, question: &str) -> String {
    let lock = done.text(&format!("{folder}/deckpress.lock"));
    let line = lock.lines().find(|line| line.contains(question)).unwrap();
    let from = line.find("\"created\"").unwrap();
    format!("{}{}", &line[..line.find(",\"question\"").unwrap()], &line[from..])
}

#[test]
fn questions_keep_their_ids_in_another_folder() {
    let done = moved();
    let ask = ["What is meant by stable sorting of rows, and why?", "What is a bloom filter?"];
    let before = ask.map(|question| kept(&done, "a", question));
    let id = |kept: &String| kept.split('"').nth(3).unwrap().to_owned();
    let ids = before.each_ref().map(id);
    let done = done
        .then(&["lock", "move", &ids[0], &ids[1], "--to", "b", "--content", "a"])
        .stderr(str![[r#"
  47mwz2asba4x  What is meant by stable sorting of rows, and why?
  7670yd1c0fdk  What is a bloom filter?
2 questions carried over to `b/deckpress.lock`

"#]])
        .run();
    let done = build(build(done, "a", "out/a").run(), "b", "out/b").run();
    assert_eq!(ask.map(|question| kept(&done, "b", question)), before);
    for (folder, questions) in [("a", 1), ("b", 3)] {
        let lock = done.text(&format!("{folder}/deckpress.lock"));
        assert_eq!(lock.lines().count(), questions + 2, "{lock}");
        assert!(!lock.contains("removed"), "{lock}");
    }
}

/// As it was until now: the reworded one would have been another card.
#[test]
fn without_it_a_reworded_question_is_a_new_one() {
    let done = moved();
    let before = kept(&done, "a", "What is meant by stable sorting of rows, and why?");
    let done = build(build(done, "a", "out/a").run(), "b", "out/b").run();
    assert_ne!(kept(&done, "b", "What is meant by stable sorting of rows, and why?"), before);
    assert!(done.text("a/deckpress.lock").contains("removed"));
}

#[test]
fn for_programs() {
    two_folders()
        .then(&[
            "lock",
            "move",
            "7670yd1c0fdk",
            "--to",
            "b",
            "--content",
            "a",
            "--message-format",
            "json",
        ])
        .stdout(str![[r#"
{"id":"7670yd1c0fdk","question":"What is a bloom filter?","reason":"carried","to":"b/deckpress.lock"}

"#]])
        .run();
}

#[test]
fn a_folder_without_a_lock_gets_one() {
    two_folders()
        .then(&["lock", "move", "7670yd1c0fdk", "--to", "c", "--content", "a"])
        .file("c/c.md", MOVED)
        .stderr(str![[r#"
  7670yd1c0fdk  What is a bloom filter?
1 question carried over to `c/deckpress.lock`

"#]])
        .run()
        .holds("c/deckpress.lock", str![[r#"
{"deckpress_lock":3}
{"id":"7670yd1c0fdk","question":"What is a bloom filter?","deck":"A","file":"a.md","fingerprint":"q95yay9k-x2m31jr3------","sketch":"4nwafn6pv78fvjs4","created":1700000000003,"modified":1700000000}
{"end":true}

"#]]);
}

/// The lines are in both locks then.
#[test]
fn after_a_kill_between_the_two_it_is_done_again() {
    let done = two_folders();
    let source = done.text("a/deckpress.lock");
    let arguments = ["lock", "move", "7670yd1c0fdk", "--to", "b", "--content", "a", "-q"];
    let done = done.then(&arguments).run();
    let (source_after, target) = (done.text("a/deckpress.lock"), done.text("b/deckpress.lock"));
    let done = done.then(&arguments).file("a/deckpress.lock", source).run();
    assert_eq!(done.text("a/deckpress.lock"), source_after);
    assert_eq!(done.text("b/deckpress.lock"), target);
}

#[test]
fn what_cannot_be_moved() {
    let done = two_folders();
    let locks = |done: &Done| [done.text("a/deckpress.lock"), done.text("b/deckpress.lock")];
    let before = locks(&done);
    let done = done
        .then(&["lock", "move", "x", "7670yd1c0fdk", "y", "--to", "b", "--content", "a"])
        .status(2)
        .stderr(str![[r#"
error: nothing was moved from `a/deckpress.lock` to `b/deckpress.lock`: the lock has no question `x`, `y`

"#]])
        .run()
        .then(&["lock", "move", "7670yd1c0fdk", "--to", "a", "--content", "a/../a"])
        .status(2)
        .stderr(str![[r#"
error: `a/../a/deckpress.lock` and `a/deckpress.lock` are one lock

"#]])
        .run()
        .then(&["lock", "move", "7670yd1c0fdk", "--to", "c", "--content", "a"])
        .status(2)
        .stderr(str![[r#"
error: there is no file or folder `c`

"#]])
        .run();
    assert_eq!(locks(&done), before);
    let same_id = before[0].replace("bloom filter", "hash table");
    let done = done
        .then(&["lock", "move", "7670yd1c0fdk", "--to", "b", "--content", "a"])
        .file("b/deckpress.lock", &same_id)
        .status(2)
        .stderr(str![[r#"
error: nothing was moved from `a/deckpress.lock` to `b/deckpress.lock`: `7670yd1c0fdk` (What is a bloom filter?) is called as another question of that lock is, `7670yd1c0fdk` (What is a hash table?)

"#]])
        .run()
        .then(&[
            "lock",
            "move",
            "7670yd1c0fdk",
            "--to",
            "b",
            "--content",
            "a",
            "--message-format",
            "short",
        ])
        .file("b/deckpress.lock", "{}")
        .status(1)
        .stderr(str![[r#"
b/deckpress.lock:1:1: error[damaged-lock]: the lock cannot be used: the first line is not the header of a lock
1 error

"#]])
        .run();
    assert_eq!(done.text("a/deckpress.lock"), before[0]);
}

/// Anki knows a note by its time, so it gets another one where a question of that folder has it.
#[test]
fn two_questions_of_the_same_millisecond_are_parted() {
    let done = two_folders();
    let same_time = done.text("b/deckpress.lock").replace("1690000000001,", "1700000000003,");
    let done = done
        .then(&["lock", "move", "7670yd1c0fdk", "--to", "b", "--content", "a"])
        .file("b/deckpress.lock", &same_time)
        .any_output()
        .run();
    let moved = done.text("b/deckpress.lock");
    let time = |id: &str| {
        let line = moved.lines().find(|line| line.contains(id)).expect("it is there");
        line[line.find("\"created\":").expect("it has a time")..][10..23].to_owned()
    };
    assert_ne!(time("7670yd1c0fdk"), time("yjrgv2m46x0x"));
}
