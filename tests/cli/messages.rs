//! How messages are written.

use snapbox::str;

use crate::test::test;

const WRONG: &str = "### Stray\n\n### Q: One? {#a/b}\n![](no.png)\n";
const FINE: &str = "# Deck\n## Topic\n### Q: One?\n**Answer:** A.\n**Key points:**\n- b\n";

#[test]
fn short() {
    test(&["check", "--message-format", "short"])
        .file("content/a.md", WRONG)
        .stderr(str![[r#"
content/a.md:1:1: warning[stray-text]: this heading belongs to no question
content/a.md:3:14: error[invalid-id]: `a/b` is no id
content/a.md:4:1: error[missing-media]: cannot use `no.png`
2 errors, 1 warning

"#]])
        .status(1)
        .run();
}

#[test]
fn json() {
    test(&["check", "--message-format", "json"])
        .file("content/a.md", WRONG)
        .stdout(str![[r#"
{"code":"stray-text","help":"begin it with `Q:` if it asks a question; inside an answer, use `####`","label":"left out of every deck","message":"this heading belongs to no question","place":{"column":1,"end":9,"end_column":10,"end_line":1,"file":"content/a.md","line":1,"start":0},"reason":"diagnostic","related":[],"severity":"warning"}
{"code":"invalid-id","help":"a question has one id, made of letters, digits, `-`, `_`, `.` and `:`","label":"","message":"`a/b` is no id","place":{"column":14,"end":28,"end_column":18,"end_line":3,"file":"content/a.md","line":3,"start":24},"reason":"diagnostic","related":[],"severity":"error"}
{"code":"missing-media","help":"looked for `no.png` in the content folder","label":"there is no such file","message":"cannot use `no.png`","place":{"column":1,"end":41,"end_column":12,"end_line":4,"file":"content/a.md","line":4,"start":30},"reason":"diagnostic","related":[],"severity":"error"}
{"cards":1,"decks":1,"key_points":0,"questions":1,"reason":"summary","topics":0}

"#]])
        .status(1)
        .run();
}

#[test]
fn json_of_a_build() {
    test(&["build", "--message-format", "json"])
        .file("content/a.md", FINE)
        .stdout(str![[r#"
{"bytes":0,"path":"out/deck.apkg","reason":"artifact"}
{"bytes":0,"path":"out/deck.csv","reason":"artifact"}
{"bytes":0,"path":"out/markdown/01-topic.md","reason":"artifact"}
{"added":1,"blank_cards":0,"changed":0,"lock_changes":true,"moved":0,"moves":{},"reason":"plan","retired":0,"retired_search":null,"revived":0,"reworded":0,"unchanged":0,"unmade_search":null}
{"cards":1,"decks":1,"key_points":1,"questions":1,"reason":"summary","seconds":0,"topics":1}

"#]])
        .run();
}

#[test]
fn json_of_what_is_related() {
    test(&["check", "--message-format", "json"])
        .file("content/a.md", "### Q: One?\nA.\n### Q: One?\nB.\n")
        .stdout(str![[r#"
{"code":"duplicate-question","help":"take one out, reword it, or give each an id: `{#my-id}`","label":"here again","message":"this question stands twice in its topic","place":{"column":1,"end":26,"end_column":12,"end_line":3,"file":"content/a.md","line":3,"start":15},"reason":"diagnostic","related":[{"column":1,"end":11,"end_column":12,"end_line":1,"file":"content/a.md","label":"first here","line":1,"start":0}],"severity":"warning"}
{"cards":2,"decks":1,"key_points":0,"questions":2,"reason":"summary","topics":0}

"#]])
        .run();
}

#[test]
fn quiet_says_what_is_wrong() {
    test(&["check", "--quiet", "--message-format", "short"])
        .file("content/a.md", "### Stray\n### Q: One?\nA.\n")
        .stderr(str![[r#"
content/a.md:1:1: warning[stray-text]: this heading belongs to no question
1 warning

"#]])
        .run();
}

/// A line that names the phases is for people at a terminal.
#[test]
fn long_work_shows_nothing_in_a_pipe() {
    let notes = |count| format!("### Q: {count}?\nA {count}.\n");
    let notes: String = (0..10_000).map(notes).collect();
    test(&["build", "-f", "csv", "--no-lock", "--color", "always"])
        .file("content/a.md", notes)
        .stderr(str![[r#"
1 deck, 0 topics, 10000 questions, 10000 cards, 0 key points
  10000 added, 0 unchanged
  out/a.csv  [SIZE] KiB
  built without a lock: reworded questions will be new ones, and an import overwrites what learners changed in their notes
in [TIME]

"#]])
        .run();
}

#[test]
fn quiet_says_nothing_else() {
    test(&["check", "-q"]).file("content/a.md", FINE).run().then(&["build", "-q"]).run();
}

#[test]
fn colours_on_demand() {
    let done = |color| {
        test(&["check", "--color", color]).file("content/a.md", "### Stray\n### Q: One?\nA.\n")
    };
    done("always")
        .stderr(str![[r#"
[1m[33mwarning[stray-text][0m[1m: this heading belongs to no question[0m
 [1m[94m--> [0mcontent/a.md:1:1
  [1m[94m|[0m
[1m[94m1[0m [1m[94m|[0m ### Stray
  [1m[94m|[0m [1m[33m^^^^^^^^^[0m [1m[33mleft out of every deck[0m
  [1m[94m|[0m
  [1m[94m= [0m[1mhelp[0m: begin it with `Q:` if it asks a question; inside an answer, use `####`

1 warning

"#]])
        .run();
    done("never")
        .stderr(str![[r#"
warning[stray-text]: this heading belongs to no question
 --> content/a.md:1:1
  |
1 | ### Stray
  | ^^^^^^^^^ left out of every deck
  |
  = help: begin it with `Q:` if it asks a question; inside an answer, use `####`

1 warning

"#]])
        .run();
}
