//! The lock and the plan, as a user meets them.

use snapbox::str;

use crate::test::{Done, test};

const BEFORE: &str = "\
# Algorithms
## Sorting
### Q: How does quicksort work?
**Answer:** It puts each element on its side of a pivot, then does the same to both sides.
### Q: When is insertion sort fast?
**Answer:** On input that is nearly sorted: each element moves only a little.
### Q: What is a stable sort?
**Answer:** One that keeps equal elements in the order in which they came.
### Q: How does bubble sort work?
**Answer:** It swaps neighbours until none is out of order.
### Q: What does a heap keep true?
**Answer:** No child comes before its parent.
";

const AFTER: &str = "\
# Algorithms
## Sorting
### Q: How does quicksort work?
**Answer:** It puts each element on its side of a pivot, and then does the same to both sides.
### Q: When exactly is insertion sort fast?
**Answer:** On input that is nearly sorted: each element moves only a little.
### Q: What is a stable sort?
**Answer:** One that keeps equal elements in the order in which they came.
### Q: Which sorts are stable?
**Answer:** Insertion sort and merge sort, as they are usually written.
## Data structures
### Q: What does a heap keep true?
**Answer:** No child comes before its parent.
";

/// A folder that was built, and edited since.
fn edited() -> Done {
    test(&["build", "-q"])
        .file("content/a.md", BEFORE)
        .run()
        .then(&["--version"])
        .file("content/a.md", AFTER)
        .any_output()
        .run()
}

#[test]
fn a_plan() {
    edited()
        .then(&["plan"])
        .status(3)
        .stdout(str![[r#"
Added
  + Which sorts are stable?  content/a.md:9

Reworded
  ~ When is insertion sort fast?
    → When exactly is insertion sort fast?  content/a.md:5

Changed
  ~ How does quicksort work? (answer)  content/a.md:3

Moved
  > What does a heap keep true?: Algorithms::Sorting → Algorithms::Data structures  content/a.md:12

  Anki leaves cards where they are. In its browser, search for
    ID:brhaqt5451n9
  and move what it finds to Algorithms::Data structures (Cards ▸ Change Deck).

Retired
  - How does bubble sort work?

  Anki never deletes on import. In its browser, search for
    ID:84zzjwcb94nd
  and delete or suspend what it finds (1 in all);
  `deckpress lock prune` then forgets them.

1 added, 1 reworded, 1 changed, 1 moved, 1 retired, 1 unchanged

"#]])
        .run();
}

#[test]
fn a_plan_for_programs() {
    edited().then(&["plan", "--message-format", "json"]).status(3).stdout(str![[r#"
{"file":"content/a.md","id":"9968hda8ycck","line":9,"question":"Which sorts are stable?","reason":"added"}
{"file":"content/a.md","id":"f50gs2esk9k9","line":5,"old":"When is insertion sort fast?","question":"When exactly is insertion sort fast?","reason":"reworded"}
{"file":"content/a.md","id":"1ckbr6n2yfxx","line":3,"parts":["answer"],"question":"How does quicksort work?","reason":"changed"}
{"file":"content/a.md","from":"Algorithms::Sorting","id":"brhaqt5451n9","line":12,"question":"What does a heap keep true?","reason":"moved","to":"Algorithms::Data structures"}
{"id":"84zzjwcb94nd","question":"How does bubble sort work?","reason":"retired"}
{"added":1,"blank_cards":0,"changed":1,"lock_changes":true,"moved":1,"moves":{"Algorithms::Data structures":"ID:brhaqt5451n9"},"reason":"plan","retired":1,"retired_search":"ID:84zzjwcb94nd","revived":0,"reworded":1,"unchanged":1,"unmade_search":null}

"#]]).run();
}

#[test]
fn a_plan_in_colour() {
    let done = edited().then(&["plan", "--color", "always"]).status(3).any_output().run();
    assert!(
        done.stdout.contains("\u{1b}[32m+ Which sorts are stable?\u{1b}[0m"),
        "{}",
        done.stdout
    );
}

#[test]
fn nothing_to_do() {
    edited()
        .then(&["build", "-q"])
        .run()
        .then(&["plan"])
        .stdout(str![[r#"
  Anki never deletes on import. In its browser, search for
    ID:84zzjwcb94nd
  and delete or suspend what it finds (1 in all, 1 of them retired before);
  `deckpress lock prune` then forgets them.

5 unchanged

"#]])
        .run()
        .then(&["build", "--locked", "-q"])
        .run();
}

#[test]
fn a_locked_build_writes_nothing() {
    let done = edited();
    let lock = done.text("content/deckpress.lock");
    let package = std::fs::read(done.path("out/algorithms.apkg")).unwrap();
    let done = done
        .then(&["build", "--locked", "-q"])
        .status(1)
        .stderr(str![[r#"
error: the lock would change; build without `--locked` and commit the lock

"#]])
        .run();
    assert_eq!(done.text("content/deckpress.lock"), lock);
    assert_eq!(std::fs::read(done.path("out/algorithms.apkg")).unwrap(), package);
}

#[test]
fn the_lock_mirrors_the_content() {
    edited().then(&["build", "-q"]).run().holds("content/deckpress.lock", str![[r#"
{"deckpress_lock":3}
{"id":"1ckbr6n2yfxx","question":"How does quicksort work?","deck":"Algorithms","topic":["Sorting"],"file":"a.md","fingerprint":"nk3rgq77-gxh7bsgc---zj3b8c2z---","sketch":"0ksb0zbd1qmm33jk4hqd5v036z9g8y72bks1bvj8dw0qdy20exxjh1bcj63krd17s80zx6dw","created":1700000000001,"modified":1700000001}
{"id":"f50gs2esk9k9","question":"When exactly is insertion sort fast?","deck":"Algorithms","topic":["Sorting"],"file":"a.md","fingerprint":"3hyb0bjp-p85a9j4k---zj3b8c2z---","sketch":"0ksb9m93acvvbt6hg80eh1bcj63kkgzcmrxhs80zsaxmvjs4","created":1700000000002,"modified":1700000001}
{"id":"yttmq0fq04q8","question":"What is a stable sort?","deck":"Algorithms","topic":["Sorting"],"file":"a.md","fingerprint":"z3rby04s-2n26zeca---zj3b8c2z---","sketch":"0wd71d1733jk3rsp73gt85sd8q06cchyf33avjs4wbq7","created":1700000000003,"modified":1700000000}
{"id":"9968hda8ycck","question":"Which sorts are stable?","deck":"Algorithms","topic":["Sorting"],"file":"a.md","fingerprint":"v1vvgrtz-xwzqj2qy---zj3b8c2z---","sketch":"1d171qmmc5qgfqzqhfyemakwnxt0wev5xqtj","created":1700000000006,"modified":1700000000}
{"id":"brhaqt5451n9","question":"What does a heap keep true?","deck":"Algorithms","topic":["Data structures"],"file":"a.md","fingerprint":"vpn5t53t-tn4mk0ym---1h3xncn2---","sketch":"1y5xcasndy20psycvf3ryahw","created":1700000000005,"modified":1700000001}
{"id":"84zzjwcb94nd","question":"How does bubble sort work?","deck":"Algorithms","topic":["Sorting"],"file":"a.md","fingerprint":"wk09v7sy-d5dxv7qt---zj3b8c2z---","sketch":"0zbd85sdacvvg1xrgnjgj3cppm7aqayhrd17","created":1700000000004,"modified":1700000000,"removed":"2023-11-14"}
{"end":true}

"#]]);
}

#[test]
fn retired_questions_are_forgotten_on_request() {
    edited()
        .then(&["lock", "prune"])
        .stderr(str![[r#"
0 retired questions forgotten

"#]])
        .run()
        .then(&["build", "-q"])
        .run()
        .then(&["lock", "prune"])
        .stderr(str![[r#"
1 retired question forgotten

"#]])
        .run()
        .then(&["plan"])
        .stdout(str![[r#"
5 unchanged

"#]])
        .run();
}

#[test]
fn a_fix_writes_the_id_of_a_near_match() {
    const OLD: &str = "### Q: What does the KV cache save?\n**Answer:** Without the cache, each new \
                       token would compute the keys and values of all tokens before it again.\n";
    const NEW: &str = "### Q: What work does a KV cache save? {.kv}\n**Answer:** Without it, each new \
                       token would compute the keys and values of all the tokens before it anew.\n";
    test(&["build", "-q"])
        .file("content/a.md", OLD)
        .run()
        .then(&["check", "--fix"])
        .file("content/a.md", NEW)
        .stderr(str![[r#"
1 edit made
1 question: no problems

"#]])
        .run()
        .holds("content/a.md", str![[r#"
### Q: What work does a KV cache save? {#hc3f6f1shncw .kv}
**Answer:** Without it, each new token would compute the keys and values of all the tokens before it anew.

"#]])
        .then(&["plan"])
        .status(3)
        .stdout(str![[r#"
Reworded
  ~ What does the KV cache save?
    → What work does a KV cache save?  content/a.md:1

Changed
  ~ What work does a KV cache save? (answer, tags)  content/a.md:1

1 reworded, 1 changed, 0 unchanged

"#]])
        .run();
}

#[test]
fn the_lock_may_be_elsewhere() {
    test(&["build", "--lock", "state/my.lock"])
        .file("content/a.md", "### Q: One?\n**Answer:** A.\n")
        .stderr(str![[r#"
1 deck, 0 topics, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  out/a.apkg     [SIZE] KiB
  out/a.csv      [SIZE] B
  out/markdown/  [SIZE] B, 1 file
  state/my.lock is new: keep it under version control, it knows reworded questions again
in [TIME]

"#]])
        .run()
        .then(&["build", "--lock", "state/my.lock"])
        .stderr(str![[r#"
1 deck, 0 topics, 1 question, 1 card, 0 key points
  1 unchanged
  out/a.apkg     [SIZE] KiB
  out/a.csv      [SIZE] B
  out/markdown/  [SIZE] B, 1 file
  the lock is state/my.lock: it is lost to whoever has only the content
in [TIME]

"#]])
        .run()
        .lists("content", &["a.md"])
        .lists("state", &["my.lock"]);
}

#[test]
fn a_build_without_a_lock_says_what_it_costs() {
    test(&["build", "--no-lock"])
        .file("content/a.md", "### Q: One?\n**Answer:** A.\n")
        .stderr(str![[r#"
1 deck, 0 topics, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  out/a.apkg     [SIZE] KiB
  out/a.csv      [SIZE] B
  out/markdown/  [SIZE] B, 1 file
  built without a lock: reworded questions will be new ones, and an import overwrites what learners changed in their notes
in [TIME]

"#]])
        .run()
        .lists("content", &["a.md"]);
}

#[test]
fn where_no_lock_can_be_the_build_goes_on() {
    test(&["build", "--lock", "content/a.md/x"])
        .file("content/a.md", "### Q: One?\n**Answer:** A.\n")
        .stderr(str![[r#"
warning: no lock could be made at `content/a.md/x`: File exists (os error 17)
  reworded questions will be new ones, and an import overwrites what learners changed in their notes; `--lock FILE` keeps it elsewhere
1 deck, 0 topics, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  out/a.apkg     [SIZE] KiB
  out/a.csv      [SIZE] B
  out/markdown/  [SIZE] B, 1 file
in [TIME]

"#]])
        .run()
        .lists("out", &["a.apkg", "a.csv", "markdown/01-a.md"]);
}

#[test]
fn a_single_file_has_a_lock_of_its_own() {
    test(&["build", "-q", "notes/a.md"])
        .file("notes/a.md", "### Q: One?\n**Answer:** A.\n")
        .file("notes/b.md", "### Q: Two?\n**Answer:** B.\n")
        .run()
        .lists("notes", &["a.deckpress.lock", "a.md", "b.md"]);
}

#[test]
fn a_damaged_lock_stops_the_build() {
    let done = edited();
    let lock = done.text("content/deckpress.lock");
    let damaged = lock.replace("\"created\"", "\"creatid\"");
    let done = done
        .then(&["build", "--message-format", "short"])
        .file("content/deckpress.lock", &damaged)
        .status(1)
        .stderr(str![[r#"
content/deckpress.lock:2:1: error[damaged-lock]: the lock cannot be used: this line is damaged: missing field `created`
content/deckpress.lock:3:1: error[damaged-lock]: the lock cannot be used: this line is damaged: missing field `created`
content/deckpress.lock:4:1: error[damaged-lock]: the lock cannot be used: this line is damaged: missing field `created`
content/deckpress.lock:5:1: error[damaged-lock]: the lock cannot be used: this line is damaged: missing field `created`
content/deckpress.lock:6:1: error[damaged-lock]: the lock cannot be used: this line is damaged: missing field `created`
5 errors

"#]])
        .run();
    assert_eq!(done.text("content/deckpress.lock"), damaged, "it is never reset");
}

#[test]
fn refreshing_changes_every_note() {
    test(&["build", "-q"])
        .file("content/a.md", "### Q: One?\n**Answer:** A.\n")
        .run()
        .then(&["plan", "--refresh"])
        .status(3)
        .stdout(str![[r#"
Changed
  ~ One? (refreshed)  content/a.md:1

1 changed, 0 unchanged

"#]])
        .run();
}

/// A line like those that the next version of the program may write.
const UNKNOWN: &str = "{\"tag_colour\": \"Vocabulary\", \"value\":1607392319495}";

#[test]
fn what_a_newer_version_wrote_is_kept() {
    let done = edited();
    let lock = done.text("content/deckpress.lock");
    let lock = lock
        .replace(
            "{\"deckpress_lock\":3}\n",
            &format!("{{\"deckpress_lock\":3,\"x\":[]}}\n{UNKNOWN}\n"),
        )
        .replace(",\"created\"", ",\"origin\":\"H<m&\",\"created\"");
    let done = done.then(&["build", "-q"]).file("content/deckpress.lock", lock).run();
    let lock = done.text("content/deckpress.lock");
    assert!(lock.starts_with(&format!("{{\"deckpress_lock\":3,\"x\":[]}}\n{UNKNOWN}\n")), "{lock}");
    assert_eq!(lock.matches(",\"origin\":\"H<m&\"}\n").count(), 5, "{lock}");
    done.then(&["lock", "prune", "-q"]).run().then(&["build", "--locked", "-q"]).run();
}

/// The second version had no last line.
#[test]
fn an_older_lock_is_raised() {
    let done = test(&["build", "-q"]).file("content/a.md", BEFORE).run();
    let lock = done.text("content/deckpress.lock");
    let old = lock.replace("lock\":3", "lock\":2").replace("{\"end\":true}\n", "");
    let sketch = "knfy3y7x0wwz92bmqea2c0035zzs0k5x9kpha6myzmx728vg";
    let old: Vec<String> = old
        .lines()
        .map(|line| match line.split_once("\"sketch\":\"") {
            Some((start, rest)) => {
                let (_, end) = rest.split_once('"').unwrap();
                format!("{start}\"sketch\":\"{sketch}\"{end}\n")
            }
            None => format!("{line}\n"),
        })
        .collect();
    let old = old.concat();
    done.then(&["build", "--locked"])
        .file("content/deckpress.lock", &old)
        .status(1)
        .stderr(str![[r#"
5 unchanged; only the lock is brought up to date
error: the lock would change; build without `--locked` and commit the lock

"#]])
        .run()
        .then(&["plan"])
        .status(3)
        .stdout(str![[r#"
5 unchanged; only the lock is brought up to date

"#]])
        .run()
        .then(&["build", "-q"])
        .run()
        .holds("content/deckpress.lock", str![[r#"
{"deckpress_lock":3}
{"id":"1ckbr6n2yfxx","question":"How does quicksort work?","deck":"Algorithms","topic":["Sorting"],"file":"a.md","fingerprint":"nk3rgq77-877qhqbr---zj3b8c2z---","sketch":"0ksb0zbd33jk4hqd5v036z9g8y72bks1bvj8dw0qdy20exxjh1bcj63krd17s80zx6dw","created":1700000000001,"modified":1700000000}
{"id":"f50gs2esk9k9","question":"When is insertion sort fast?","deck":"Algorithms","topic":["Sorting"],"file":"a.md","fingerprint":"k9rc0q3t-p85a9j4k---zj3b8c2z---","sketch":"0ksb9m93acvvbt6hg80eh1bcj63kkgzcmrxhs80zsaxmvjs4","created":1700000000002,"modified":1700000000}
{"id":"yttmq0fq04q8","question":"What is a stable sort?","deck":"Algorithms","topic":["Sorting"],"file":"a.md","fingerprint":"z3rby04s-2n26zeca---zj3b8c2z---","sketch":"0wd71d1733jk3rsp73gt85sd8q06cchyf33avjs4wbq7","created":1700000000003,"modified":1700000000}
{"id":"84zzjwcb94nd","question":"How does bubble sort work?","deck":"Algorithms","topic":["Sorting"],"file":"a.md","fingerprint":"wk09v7sy-d5dxv7qt---zj3b8c2z---","sketch":"0zbd85sdacvvg1xrgnjgj3cppm7aqayhrd17","created":1700000000004,"modified":1700000000}
{"id":"brhaqt5451n9","question":"What does a heap keep true?","deck":"Algorithms","topic":["Sorting"],"file":"a.md","fingerprint":"vpn5t53t-tn4mk0ym---zj3b8c2z---","sketch":"1y5xcasndy20psycvf3ryahw","created":1700000000005,"modified":1700000000}
{"end":true}

"#]]);
}

#[test]
fn a_lock_with_a_byte_order_mark() {
    let done = test(&["build", "-q"]).file("content/a.md", BEFORE).run();
    let lock = done.text("content/deckpress.lock");
    let done = done
        .then(&["build", "--locked", "-q"])
        .file("content/deckpress.lock", format!("\u{feff}{lock}"))
        .run()
        .then(&["build", "-q"])
        .file("content/a.md", AFTER)
        .run();
    assert!(done.text("content/deckpress.lock").starts_with("{\"deckpress_lock\":3}\n"));
}

#[test]
fn a_lock_that_is_cut_off() {
    let done = edited();
    let lock = done.text("content/deckpress.lock").replace("{\"end\":true}\n", "");
    done.then(&["plan"])
        .file("content/deckpress.lock", &lock)
        .status(1)
        .stderr(str![[r#"
error[damaged-lock]: the lock cannot be used: it is cut off: its last line, `{"end":true}`, is missing
 --> content/deckpress.lock:6:1
  |
6 | {"id":"brhaqt5451n9","question":"What does a heap keep true?","deck":"Algorithms","topic":["Sorting"],"file":"a.md","fingerprint":"vpn5t53t-tn4mk0ym---zj3b8c2z---","sketch":"1y5xcasndy20psycvf3ryahw","created":1700000000005,"modified":1700000000}
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: restore it from version control; after a merge, keep the lines of both sides, each id once; without it, reworded questions become new ones

1 error

"#]])
        .run()
        .then(&["lock", "accept", "--message-format", "short"])
        .status(1)
        .stderr(str![[r#"
content/deckpress.lock:6:1: error[damaged-lock]: the lock cannot be used: it is cut off: its last line, `{"end":true}`, is missing
1 error

"#]])
        .run();
}

/// A link stays, wherever it leads.
#[cfg(unix)]
#[test]
fn a_lock_that_is_a_link() {
    use std::fs;
    use std::os::unix::fs::symlink;

    let in_place = test(&["build", "-q"]).file("content/a.md", BEFORE);
    fs::create_dir(in_place.path("state")).unwrap();
    symlink("../state/first", in_place.path("content/deckpress.lock")).unwrap();
    symlink("my.lock", in_place.path("state/first")).unwrap();
    let is_link = |done: &Done| {
        let links = ["content/deckpress.lock", "state/first"].map(|path| done.path(path));
        assert!(links.iter().all(|link| link.is_symlink()));
    };
    let done = in_place.run().lists("state", &["first", "my.lock"]);
    is_link(&done);
    let before = done.text("state/my.lock");
    let done = done.then(&["build", "-q"]).file("content/a.md", AFTER).run();
    is_link(&done);
    assert_ne!(done.text("state/my.lock"), before);
    let done = done
        .then(&["lock", "prune"])
        .stderr(str![[r#"
1 retired question forgotten

"#]])
        .run();
    is_link(&done);
    assert!(!done.text("state/my.lock").contains("removed"));
}

#[test]
fn plan_names_cards_that_are_no_longer_made() {
    let source = |gaps: &str, points: &str| {
        format!(
            "### Q: {gaps} are parts of a compiler. {{#parts .cloze}}\n\n### Q: Which parts has a compiler? \
             {{.recall .reverse}}\n\n**Answer:** Three.\n\n**Key points to hit:**\n\n{points}"
        )
    };
    let before =
        source("The ==lexer== and the ==Serivce==", "- front end\n- optimizer\n- back end\n");
    let after = source(
        "The ==parser== and the ==Service==",
        "- a linker\n- the back end\n- the front end\n",
    );
    let after = after.replace(" .reverse", "");
    test(&["build"])
        .file("content/a.md", &before)
        .stderr(str![[r#"
1 deck, 0 topics, 2 questions, 7 cards, 3 key points
  2 added, 0 unchanged
  out/a.apkg     [SIZE] KiB
  out/a.csv      [SIZE] B
  out/markdown/  [SIZE] B, 1 file
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]

"#]])
        .run()
        .then(&["plan"])
        .file("content/a.md", &after)
        .stdout(str![[r#"
Reworded
  ~ The ==lexer== and the ==Serivce== are parts of a compiler.
    → The ==parser== and the ==Service== are parts of a compiler.  content/a.md:1

Changed
  ~ Which parts has a compiler? (key points, card kinds)  content/a.md:3

Cards left blank
  - The ==parser== and the ==Service== are parts of a compiler. (card 1: "lexer")  content/a.md:1
  - Which parts has a compiler? (card 2: reverse)  content/a.md:3
  - Which parts has a compiler? (card 2: "optimizer")  content/a.md:3

  After the import, Tools ▸ Empty Cards removes them.

1 reworded, 1 changed, 0 unchanged

"#]])
        .status(3)
        .run()
        .then(&["plan", "--message-format", "json"])
        .stdout(str![[r#"
{"file":"content/a.md","id":"parts","line":1,"old":"The ==lexer== and the ==Serivce== are parts of a compiler.","question":"The ==parser== and the ==Service== are parts of a compiler.","reason":"reworded"}
{"file":"content/a.md","id":"18j830dajm0n","line":3,"parts":["key points","card kinds"],"question":"Which parts has a compiler?","reason":"changed"}
{"asked":[{"card":1,"text":"lexer"}],"cards":1,"file":"content/a.md","id":"parts","line":1,"question":"The ==parser== and the ==Service== are parts of a compiler.","reason":"blank"}
{"asked":[{"card":2,"text":null},{"card":2,"text":"optimizer"}],"cards":2,"file":"content/a.md","id":"18j830dajm0n","line":3,"question":"Which parts has a compiler?","reason":"blank"}
{"added":0,"blank_cards":3,"changed":1,"lock_changes":true,"moved":0,"moves":{},"reason":"plan","retired":0,"retired_search":null,"revived":0,"reworded":1,"unchanged":0,"unmade_search":null}

"#]])
        .status(3)
        .run();
}
