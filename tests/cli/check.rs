//! `deckpress check`: one test per diagnostic, as a person sees it.

use std::fs;
use std::process::Command;

use deckpress::diagnostic::Code;
use snapbox::data::Inline;
use snapbox::str;

use crate::test::test;

/// Checks a single note.
fn check(text: impl AsRef<[u8]>, status: i32, expect: Inline) {
    test(&["check"]).file("content/notes.md", text).stderr(expect).status(status).run();
}

#[test]
fn every_code_has_a_test() {
    let tests = concat!(include_str!("check.rs"), include_str!("note_types.rs"));
    for code in Code::ALL {
        let is_shown = |line: &str| {
            let mut severities = ["error", "warning"].into_iter();
            severities.any(|severity| line.starts_with(&format!("{severity}[{}]: ", code.name())))
        };
        assert!(tests.lines().any(is_shown), "no test shows [{}]", code.name());
    }
}

#[test]
fn nothing_wrong() {
    check(
        "### Q: One?\nA.\n",
        0,
        str![[r#"
1 question: no problems

"#]],
    );
}

#[test]
fn values_that_ask_nothing() {
    let rows = "Bend,Anna\nHitch,Ben\nLoop,Chris\n";
    test(&["check"])
        .file("content/knots.csv", rows)
        .stderr(str![[r#"
warning[no-questions]: no row of this file asks anything
 --> content/knots.csv:1:1
  |
1 | Bend,Anna
  | ^^^^^^^^^ left out of every deck
  |
  = help: `convention = "csv"` in `deckpress.toml` makes each row a question with the answer behind it; names above the columns, as `question` and `answer`, do too

1 warning

"#]])
        .run()
        .then(&["check"])
        .file("content/notes.md", "### Q: One?\nA.\n")
        .stderr(str![[r#"
1 question: no problems

"#]])
        .run();
}

#[test]
fn ambiguous_match() {
    let answer = "A long answer with enough words in it to be told apart from all of the others.";
    test(&["build", "-q"])
        .file(
            "content/notes.md",
            format!("### Q: First of two?\n{answer}\n### Q: Second of two?\n{answer}\n"),
        )
        .run()
        .then(&["check"])
        .file("content/notes.md", format!("### Q: Reworded?\n{answer}\n"))
        .stderr(str![[r#"
warning[ambiguous-match]: this question may be an earlier one that is gone
 --> content/notes.md:1:1
  |
1 | ### Q: Reworded?
  | ^^^^^^^^^^^^^^^^ taken for a new question
  |
  = help: if it is the earlier one, write its id: `{#mk7wcxaygyw8}` was: First of two?; `{#cze4269er6nv}` was: Second of two?

1 warning

"#]])
        .run();
}

#[test]
fn damaged_lock() {
    test(&["check"])
        .file("content/notes.md", "### Q: One?\nA.\n")
        .file("content/deckpress.lock", "{\"deckpress_lock\":1}\n<<<<<<< HEAD\n")
        .stderr(str![[r#"
error[damaged-lock]: the lock cannot be used: a conflict of git is not resolved
 --> content/deckpress.lock:2:1
  |
2 | <<<<<<< HEAD
  | ^^^^^^^^^^^^
  |
  = help: restore it from version control; after a merge, keep the lines of both sides, each id once; without it, reworded questions become new ones

1 error

"#]])
        .status(1)
        .run();
}

#[test]
fn duplicate_id() {
    test(&["check"])
        .file("content/a.md", "### Q: One? {#same}\nA.\n")
        .file("content/b.md", "\n### Q: Two? {#same}\nB.\n")
        .stderr(str![[r#"
error[duplicate-id]: two questions have the id `same`
 --> content/b.md:2:14
  |
2 | ### Q: Two? {#same}
  |              ^^^^^ here again
  |
 ::: content/a.md:1:14
  |
1 | ### Q: One? {#same}
  |              ----- first here
  |
  = help: an id names one question for ever; give one of them another

1 error

"#]])
        .status(1)
        .run();
}

#[test]
fn duplicate_question() {
    check(
        "### Q: What is *it*?\nA.\n\n### Q: Two?\nB.\n\n### Q: What is it?\nC.\n",
        0,
        str![[r#"
warning[duplicate-question]: this question stands twice in its topic
 --> content/notes.md:7:1
  |
1 | ### Q: What is *it*?
  | -------------------- first here
...
7 | ### Q: What is it?
  | ^^^^^^^^^^^^^^^^^^ here again
  |
  = help: take one out, reword it, or give each an id: `{#my-id}`

1 warning

"#]],
    );
}

#[test]
fn empty_key_points() {
    check(
        "### Q: One?\nA.\n\n**Key points to hit:**\n\n### Q: Two?\nB.\n",
        0,
        str![[r#"
warning[empty-key-points]: no key points below this label
 --> content/notes.md:4:1
  |
4 | **Key points to hit:**
  | ^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: list them below it, or take the label out

1 warning

"#]],
    );
}

#[test]
fn empty_question() {
    check(
        "### Q: {#id}\n**Answer:** A.\n",
        1,
        str![[r#"
error[empty-question]: empty question
 --> content/notes.md:1:1
  |
1 | ### Q: {#id}
  | ^^^^^^^^^^^^
  |
  = help: write the question after `Q:`

1 error

"#]],
    );
}

#[test]
fn one_foreign_question_is_left_out() {
    let good = "# Q1. What is one?\nThe number after zero.\n\n\
                # Q2. The {{c1::first}} prime is two. {.cloze}\nIt is even.\n\n\
                # Q3. What is three?\nThe first odd prime.\n";
    let bad = good
        .replace("{{c1::first}}", "{{c1::first")
        .replace("What is three?", "What is three? {#a/b}")
        .replace("Q1. What is one?", "Q1. <b></b>");
    let bad = format!("{bad}\n# Q4. What is <T>?\nAn open type.\n");
    test(&["check"])
        .file("content/a.md", &bad)
        .stderr(str![[r#"
warning[empty-question]: empty question
 --> content/a.md:1:7
  |
1 | # Q1. <b></b>
  |       ^^^^^^^ left out of every deck until it is mended
  |
  = help: write the question after `Q:`

warning[broken-cloze]: this is no gap
 --> content/a.md:4:11
  |
4 | # Q2. The {{c1::first prime is two. {.cloze}
  |           ^^^^^^ this gap is not closed in the block and the markup in which it begins; left out of every deck until it is mended
  |
  = help: write a gap as `{{c1::text}}` or `{{c1::text::hint}}`; `\{{c1::` is no gap

warning[invalid-id]: `a/b` is no id
 --> content/a.md:7:23
  |
7 | # Q3. What is three? {#a/b}
  |                       ^^^^ left out of every deck until it is mended
  |
  = help: a question has one id, made of letters, digits, `-`, `_`, `.` and `:`

3 warnings

"#]])
        .run()
        .then(&["inspect"])
        .stdout(str![[r#"
a.md
  a
       10  question-word     13  What is <T>?
        1  left out: a question that has to be mended (2 lines): <b></b> The number after zero.
        4  left out: a question that has to be mended (2 lines): The {{c1::first prime is two. {.cloze} It is even.
        7  left out: a question that has to be mended (2 lines): What is three? {#a/b} The first odd prime.

1 question in 1 file, 6 lines left out

"#]])
        .run();
    let build = ["build", "--to", "csv"];
    let built = test(&build).file("content/a.md", good).any_output().run();
    let lock = built.text("content/deckpress.lock");
    let left = built.then(&build).file("content/a.md", &bad).any_output().run();
    assert!(!left.text("content/deckpress.lock").contains("removed"));
    let left = left.holds(
        "out/a.csv",
        str![[r#"
front,back,topic,tags,id␍
What is <T>?,An open type.,,,d1w7ksfy81gr␍

"#]],
    );
    let mended = left.then(&build).file("content/a.md", good).any_output().run();
    let after = mended.text("content/deckpress.lock");
    assert!(lock.lines().all(|line| after.contains(line)), "{after}");
}

#[test]
fn front_matter() {
    check(
        "---\ndeck: [a\n---\n### Q: One?\nA.\n",
        1,
        str![[r#"
error[front-matter]: while parsing a flow sequence, expected ',' or ']'
 --> content/notes.md:3:1
  |
3 | ---
  | ^

1 error

"#]],
    );
}

#[test]
fn front_matter_without_an_end() {
    check(
        "---\ntags: a\n\n### Q: One?\nA.\n",
        1,
        str![[r#"
error[front-matter]: this front matter has no end
 --> content/notes.md:1:1
  |
1 | ---
  | ^^^
  |
  = help: end it with a line `---`, or put a blank line below a rule

1 error

"#]],
    );
}

#[test]
fn heading_by_separator() {
    check(
        "### Q: One?\n**Answer:** A.\n---\n### Q: Two?\nB.\n",
        0,
        str![[r#"
warning[heading-by-separator]: this line makes a heading of the paragraph above it
 --> content/notes.md:3:1
  |
3 | ---
  | ^^^ read as a separator between questions
  |
  = help: put a blank line above it; write a topic as `## Topic`

1 warning

"#]],
    );
}

#[test]
fn internal_error() {
    test(&["check"])
        .env("DECKPRESS_FAULT", "read b.md")
        .file("content/a.md", "### Q: One?\nA.\n")
        .file("content/b.md", "### Q: Two?\nB.\n")
        .file("content/c.md", "### Q: Three?\n")
        .stderr(str![[r#"
error[internal-error]: deckpress fails at this file: a test wanted it (src/driver/fault.rs:0)
 --> content/b.md:1:1
  |
1 | ### Q: Two?
  | ^ left out
  |
  = help: this is a fault of deckpress: please report it, if you can with what it fails at

warning[unanswered-question]: this question has no answer
 --> content/c.md:1:1
  |
1 | ### Q: Three?
  | ^^^^^^^^^^^^^ left out of every deck until it has one
  |
  = help: write the answer below it, after `**Answer:**`

1 error, 1 warning

"#]])
        .status(1)
        .run();
}

#[test]
fn invalid_config() {
    test(&["check"])
        .file("content/deckpress.toml", "html = \"sanitise\"\nname = \"collection\"\ncsv = 1\n")
        .stderr(str![[r#"
error[invalid-config]: unknown value `sanitise`
 --> content/deckpress.toml:1:8
  |
1 | html = "sanitise"
  |        ^^^^^^^^^^
  |
  = help: did you mean `sanitize`?

error[invalid-config]: `collection` cannot be the name of the outputs
 --> content/deckpress.toml:2:8
  |
2 | name = "collection"
  |        ^^^^^^^^^^^^
  |
  = help: Anki would take a package of that name for a backup and replace the whole collection

error[invalid-config]: expected a table, as in `[csv]`
 --> content/deckpress.toml:3:7
  |
3 | csv = 1
  |       ^

3 errors

"#]])
        .status(1)
        .run();
}

#[test]
fn a_column_that_no_note_type_has() {
    test(&["check"])
        .file(
            "content/deckpress.toml",
            "[[export]]\nto = \"csv\"\nfields = [\"word\", \"Kana\", \"Redding\"]\n",
        )
        .file(
            "content/note-types/word.toml",
            "fields = [\"Word\", \"Reading\"]\n[[card]]\nfront = \"f.html\"\nback = \"b.html\"\n",
        )
        .file("content/note-types/f.html", "{{Word}}")
        .file("content/note-types/b.html", "{{Reading}}")
        .file("content/a.md", "### Q: One? {type=word}\n**Reading:** two\n")
        .stderr(str![[r#"
error[invalid-config]: unknown value `Kana`
 --> content/deckpress.toml:3:19
  |
3 | fields = ["word", "Kana", "Redding"]
  |                   ^^^^^^
  |
  = help: expected one of `front`, `back`, `question`, `answer`, `key_points`, `extra`, `hint`, `topic`, `deck`, `tags`, `id`, `source`, or a field of a note type of your own: `Reading`, `Word`

error[invalid-config]: unknown value `Redding`
 --> content/deckpress.toml:3:27
  |
3 | fields = ["word", "Kana", "Redding"]
  |                           ^^^^^^^^^
  |
  = help: did you mean `Reading`?

2 errors

"#]])
        .status(1)
        .run();
}

#[test]
fn exports_that_are_none() {
    test(&["check"])
        .file(
            "content/deckpress.toml",
            r#"formats = ["quizle"]

[[export]]
to = "quizlett"

[[export]]
name = "a"

[[export]]
to = "csv"
separator = ";;"
fields = []
field = ["id"]

[[export]]
to = "csv"
fields = ["questions", ["answer"]]
"#,
        )
        .stderr(str![[r#"
error[invalid-config]: unknown value `quizle`
 --> content/deckpress.toml:1:12
  |
1 | formats = ["quizle"]
  |            ^^^^^^^^
  |
  = help: did you mean `quizlet`?

error[invalid-config]: unknown value `quizlett`
 --> content/deckpress.toml:4:6
  |
4 | to = "quizlett"
  |      ^^^^^^^^^^
  |
  = help: did you mean `quizlet`?

error[invalid-config]: an export says where it goes, as in `to = "csv"`
 --> content/deckpress.toml:6:1
  |
6 | [[export]]
  | ^^^^^^^^^^

error[invalid-config]: a separator is one character, such as `;` or a tab, and no quote
  --> content/deckpress.toml:11:13
   |
11 | separator = ";;"
   |             ^^^^

error[invalid-config]: expected a list of fields
  --> content/deckpress.toml:12:10
   |
12 | fields = []
   |          ^^

warning[unknown-key]: unknown key `field`
  --> content/deckpress.toml:13:1
   |
13 | field = ["id"]
   | ^^^^^ this setting does nothing
   |
   = help: did you mean `fields`?

error[invalid-config]: another export to the same target has that name too
  --> content/deckpress.toml:15:1
   |
15 | [[export]]
   | ^^^^^^^^^^

error[invalid-config]: unknown value `questions`
  --> content/deckpress.toml:17:11
   |
17 | fields = ["questions", ["answer"]]
   |           ^^^^^^^^^^^
   |
   = help: did you mean `question`?

7 errors, 1 warning

"#]])
        .status(1)
        .run();
}

#[test]
fn exports_with_wrong_columns() {
    test(&["check"])
        .file(
            "content/deckpress.toml",
            r#"[[export]]
to = "apkg"
bom = true
join = ""

[[export]]
to = "mnemosyne"
fields = ["question"]
header = "no"
"#,
        )
        .stderr(str![[r#"
error[invalid-config]: `apkg` has no columns, so `bom` says nothing
 --> content/deckpress.toml:3:1
  |
3 | bom = true
  | ^^^

error[invalid-config]: `apkg` has no columns, so `join` says nothing
 --> content/deckpress.toml:4:1
  |
4 | join = ""
  | ^^^^

error[invalid-config]: Mnemosyne takes two columns, and three or four for its vocabulary cards
 --> content/deckpress.toml:8:10
  |
8 | fields = ["question"]
  |          ^^^^^^^^^^^^

error[invalid-config]: unknown value `no`
 --> content/deckpress.toml:9:10
  |
9 | header = "no"
  |          ^^^^
  |
  = help: expected one of `true`, `false`

4 errors

"#]])
        .status(1)
        .run();
}

#[test]
fn selectors_that_select_nothing() {
    test(&["check"])
        .file("content/a.md", "# LLM\n## RAG\n### Q: One? {.interview}\nA.\n## Evaluation\n### Q: Two? {.draft}\nA.\n")
        .file("content/deckpress.toml", "[[export]]\nto = \"csv\"\nname = \"a\"\nonly = [\"topic:RGA\", \"topic:interview\", \"tag:x\"]\n\
         [[export]]\nto = \"csv\"\nname = \"b\"\nexcept = \"tag:draught\"\n\
         [[export]]\nto = \"csv\"\nname = \"c\"\nonly = \"tag:draft\"\nexcept = \"topic:Evaluation\"\n",
    )
    .status(1)
    .stderr(str![[r#"
error[empty-selection]: `topic:RGA` selects no question
 --> content/deckpress.toml:4:9
  |
4 | only = ["topic:RGA", "topic:interview", "tag:x"]
  |         ^^^^^^^^^^^
  |
  = help: did you mean `topic:RAG`?

error[empty-selection]: `topic:interview` selects no question
 --> content/deckpress.toml:4:22
  |
4 | only = ["topic:RGA", "topic:interview", "tag:x"]
  |                      ^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `tag:interview`?

error[empty-selection]: `tag:x` selects no question
 --> content/deckpress.toml:4:41
  |
4 | only = ["topic:RGA", "topic:interview", "tag:x"]
  |                                         ^^^^^^^
  |
  = help: `deckpress explain empty-selection` says how selectors are written

warning[empty-selection]: `tag:draught` selects no question
 --> content/deckpress.toml:8:10
  |
8 | except = "tag:draught"
  |          ^^^^^^^^^^^^^
  |
  = help: `deckpress explain empty-selection` says how selectors are written

error[empty-selection]: nothing is left for this export to `csv`
  --> content/deckpress.toml:12:8
   |
12 | only = "tag:draft"
   |        ^^^^^^^^^^^
   |
   = help: what `only` selects, `except` leaves out again

4 errors, 1 warning

"#]])
    .run();
}

#[test]
fn exports_that_are_no_list() {
    test(&["check"])
        .file("content/deckpress.toml", "export = \"csv\"\n")
        .stderr(str![[r#"
error[invalid-config]: expected a table, as in `[[export]]`
 --> content/deckpress.toml:1:10
  |
1 | export = "csv"
  |          ^^^^^

1 error

"#]])
        .status(1)
        .run();
}

#[test]
fn lossy_export() {
    test(&["build", "--to", "quizlet"])
        .file(
            "content/notes.md",
            "### Q: One?\n![A curve](x.png)\n### Q: Two? {.reverse}\n![](x.png)\n",
        )
        .file("content/x.png", "png")
        .stderr(str![[r#"
warning[lossy-export]: `quizlet` cannot hold 2 pictures and 1 reversed card
 --> content/notes.md:2:1
  |
2 | ![A curve](x.png)
  | ^^^^^^^^^^^^^^^^^ the first is here
  |
  = help: `deckpress targets` says what each target keeps

1 warning
1 deck, 0 topics, 2 questions, 3 cards, 0 key points
  2 added, 0 unchanged
  out/notes.quizlet.txt  [SIZE] B
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]

"#]])
        .run();
}

#[cfg(unix)]
#[test]
fn circular_link() {
    use std::os::unix::fs::symlink;

    let test = test(&["build", "-q", "--to", "jsonl"])
        .file("content/a.md", "### Q: One?\nA.\n")
        .file("content/b/b.md", "### Q: Two?\nB.\n")
        .file("elsewhere/c.md", "### Q: Three?\nC.\n");
    symlink("..", test.path("content/b/all")).unwrap();
    symlink("self.md", test.path("content/self.md")).unwrap();
    symlink("self", test.path("content/self")).unwrap();
    symlink("../elsewhere", test.path("content/fine")).unwrap();
    let warnings = str![[r#"
warning[circular-link]: this symbolic link leads in a circle
 --> content/b/all:1:1
  |
1 |
  | ^ passed over
  |
  = help: take it out, or let it lead elsewhere

warning[circular-link]: this symbolic link leads in a circle
 --> content/self:1:1
  |
1 |
  | ^ passed over
  |
  = help: take it out, or let it lead elsewhere

warning[circular-link]: this symbolic link leads in a circle
 --> content/self.md:1:1
  |
1 |
  | ^ passed over
  |
  = help: take it out, or let it lead elsewhere

3 warnings

"#]];
    let done = test.stderr(warnings.clone()).run().lists("out", &["content.jsonl"]);
    assert_eq!(done.text("out/content.jsonl").lines().count(), 3);
    done.then(&["build", "-q", "--to", "jsonl"]).stderr(warnings).run();
}

#[cfg(unix)]
#[test]
fn pipes() {
    let check = |path: &str, expect: Inline| {
        let test = test(&["check"])
            .file("content/sub/a.md", "### Q: One?\nA.\n")
            .file("content/sub/b/b.md", "### Q: Two?\nB.\n");
        assert!(Command::new("mkfifo").arg(test.path(path)).status().unwrap().success());
        test.stderr(expect).status(2).run();
    };
    check(
        "content/deckpress.lock",
        str![[r#"
error: cannot read `content/deckpress.lock`: it is a pipe, a socket or a device

"#]],
    );
    check(
        "content/.gitignore",
        str![[r#"
error: cannot read `content/.gitignore`: it is a pipe, a socket or a device

"#]],
    );
    check(
        "content/sub/b/.gitignore",
        str![[r#"
error: cannot read `content/sub/b/.gitignore`: it is a pipe, a socket or a device

"#]],
    );
    check(
        "content/sub/.ignore",
        str![[r#"
error: cannot read `content/sub/.ignore`: it is a pipe, a socket or a device

"#]],
    );
}

#[test]
fn conflict_marks() {
    check(
        "### Q: One?\n<<<<<<< HEAD\nUno.\n=======\nEins.\n>>>>>>> other\n\n```\n<<<<<<< HEAD\na\n=======\n\
         b\n>>>>>>> other\n```\n",
        1,
        str![[r#"
warning[unanswered-question]: this question has no answer
 --> content/notes.md:1:1
  |
1 | ### Q: One?
  | ^^^^^^^^^^^ left out of every deck until it has one
  |
  = help: write the answer below it, after `**Answer:**`

error[conflict-marks]: Git left two versions of this, between its marks
 --> content/notes.md:2:1
  |
2 | <<<<<<< HEAD
  | ^^^^^^^^^^^^ the first begins here
...
6 | >>>>>>> other
  | ------------- the second ends here
  |
  = help: keep what is right of both, and take the marks out

warning[conflict-marks]: Git left two versions of this, between its marks
  --> content/notes.md:9:1
   |
 9 | <<<<<<< HEAD
   | ^^^^^^^^^^^^ the first begins here
...
13 | >>>>>>> other
   | ------------- the second ends here
   |
   = help: keep what is right of both, and take the marks out

1 error, 2 warnings

"#]],
    );
}

#[test]
fn formula_cell() {
    test(&["build"])
        .file(
            "content/notes.md",
            "# Sums\n\n### Q: What is it?\n-5\n### Q: How do you add?\n=A1+B1\n### Q: @one\n+1\n",
        )
        .stderr(str![[r#"
warning[formula-cell]: a spreadsheet would calculate 3 cells of `csv`
 --> content/notes.md:5:1
  |
5 | ### Q: How do you add?
  | ^^^^^^^^^^^^^^^^^^^^^^ the first is here
  |
  = help: open what `--to spreadsheet` writes: there every cell is text

1 warning
1 deck, 0 topics, 3 questions, 3 cards, 0 key points
  3 added, 0 unchanged
  out/markdown/  [SIZE] B, 1 file
  out/sums.apkg  [SIZE] KiB
  out/sums.csv   [SIZE] B
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]

"#]])
        .run()
        .holds(
            "out/sums.csv",
            str![[r#"
front,back,topic,tags,id␍
What is it?,-5,,,hz4jg3kff0qm␍
How do you add?,=A1+B1,,,ja3yn7ct2v5t␍
@one,+1,,,85znheqxjy20␍

"#]],
        )
        .then(&["build", "-q", "--to", "anki-csv,jsonl"])
        .stderr(str![[r#"
warning[formula-cell]: a spreadsheet would calculate 1 cell of `anki-csv`
 --> content/notes.md:7:1
  |
7 | ### Q: @one
  | ^^^^^^^^^^^ the first is here
  |
  = help: open what `--to spreadsheet` writes: there every cell is text

1 warning

"#]])
        .run();
}

#[test]
fn invalid_language_and_direction() {
    check(
        "---\ndir: right\n---\n### Q: One? {lang=de/at dir=RTL}\nA.\n",
        1,
        str![[r#"
error[invalid-config]: unknown value `right`
 --> content/notes.md:2:6
  |
2 | dir: right
  |      ^^^^^
  |
  = help: expected one of `ltr`, `rtl`, `auto`

error[invalid-config]: `de/at` is no language
 --> content/notes.md:4:14
  |
4 | ### Q: One? {lang=de/at dir=RTL}
  |              ^^^^^^^^^^
  |
  = help: a language is a tag such as `en` or `pt-BR`

error[invalid-config]: unknown value `RTL`
 --> content/notes.md:4:25
  |
4 | ### Q: One? {lang=de/at dir=RTL}
  |                         ^^^^^^^
  |
  = help: did you mean `rtl`?

3 errors

"#]],
    );
}

#[test]
fn invalid_id() {
    check(
        "### Q: 注意 *is*? {#a/b #c #d}\nA.\n",
        1,
        str![[r#"
error[invalid-id]: `a/b` is no id
 --> content/notes.md:1:18
  |
1 | ### Q: 注意 *is*? {#a/b #c #d}
  |                    ^^^^
  |
  = help: a question has one id, made of letters, digits, `-`, `_`, `.` and `:`

error[invalid-id]: a second id
 --> content/notes.md:1:26
  |
1 | ### Q: 注意 *is*? {#a/b #c #d}
  |                            ^^
  |
  = help: a question has one id, made of letters, digits, `-`, `_`, `.` and `:`

2 errors

"#]],
    );
}

#[test]
fn invalid_tag() {
    check(
        "---\ntags: [\"two words\"]\n---\n### Q: One? {.it's}\nA.\n",
        0,
        str![[r#"
warning[invalid-tag]: `two words` cannot be a tag; it is written as `two-words`
 --> content/notes.md:2:8
  |
2 | tags: ["two words"]
  |        ^^^^^^^^^^^
  |
  = help: tags hold no spaces, commas, quotes, braces or empty levels; in double quotes, a tag is taken as it is

warning[invalid-tag]: `it's` cannot be a tag; it is written as `it-s`
 --> content/notes.md:4:14
  |
4 | ### Q: One? {.it's}
  |              ^^^^^
  |
  = help: tags hold no spaces, commas, quotes, braces or empty levels; in double quotes, a tag is taken as it is

2 warnings

"#]],
    );
}

#[test]
fn missing_media() {
    check(
        "### Q: One?\na\t![a plot](img/plot.png) and <img\nsrc=\"../x.png\">\n",
        1,
        str![[r#"
error[missing-media]: cannot use `img/plot.png`
 --> content/notes.md:2:3
  |
2 | a    ![a plot](img/plot.png) and <img
  |      ^^^^^^^^^^^^^^^^^^^^^^^ there is no such file
  |
  = help: looked for `img/plot.png` in the content folder

error[missing-media]: cannot use `../x.png`
 --> content/notes.md:2:31
  |
2 |   a    ![a plot](img/plot.png) and <img
  |  __________________________________^
3 | | src="../x.png">
  | |_______________^ it is outside the content folder
  |
  = help: put it beside the notes and refer to it there

2 errors

"#]],
    );
}

#[test]
fn media_whose_name_differs() {
    test(&["check"])
        .file(
            "content/notes.md",
            "### Q: One?\n![](IMG/plot.png) ![](C#.png) ![](img) ![](plot.png/x.png)\n",
        )
        .file("content/img/Plot.PNG", "png")
        .file("content/C#.png", "png")
        .file("content/plot.png", "png")
        .stderr(str![[r#"
error[missing-media]: cannot use `IMG/plot.png`
 --> content/notes.md:2:1
  |
2 | ![](IMG/plot.png) ![](C#.png) ![](img) ![](plot.png/x.png)
  | ^^^^^^^^^^^^^^^^^ there is no such file
  |
  = help: there is `img/Plot.PNG`, which differs in case

error[missing-media]: cannot use `C#.png`
 --> content/notes.md:2:19
  |
2 | ![](IMG/plot.png) ![](C#.png) ![](img) ![](plot.png/x.png)
  |                   ^^^^^^^^^^^ there is no such file
  |
  = help: looked for `C` in the content folder; in a name, `#` is `%23` and `?` is `%3F`

error[missing-media]: cannot use `img`
 --> content/notes.md:2:31
  |
2 | ![](IMG/plot.png) ![](C#.png) ![](img) ![](plot.png/x.png)
  |                               ^^^^^^^^ it is a folder
  |
  = help: looked for `img` in the content folder

error[missing-media]: cannot use `plot.png/x.png`
 --> content/notes.md:2:40
  |
2 | ![](IMG/plot.png) ![](C#.png) ![](img) ![](plot.png/x.png)
  |                                        ^^^^^^^^^^^^^^^^^^^ there is no such file
  |
  = help: looked for `plot.png/x.png` in the content folder

4 errors

"#]])
        .status(1)
        .run();
}

#[cfg(unix)]
#[test]
fn media_that_a_deck_should_not_hold() {
    let test = test(&["check"])
        .file(
            "content/notes.md",
            "### Q: One?\n![](.env) [a](.git/config) ![b](key.png)\n\n![c](annex.png) ![d](d.txt)\n\
             ![e](.files/e.png) ![f](f.pdf)\n",
        )
        .file("content/.env", "SECRET=1")
        .file("content/.git/config", "[remote]")
        .file("content/.git/annex/c.png", "png")
        .file("content/.files/e.png", "png")
        .file("content/d.txt", "text")
        .file("content/f.pdf", "pdf");
    std::os::unix::fs::symlink(".env", test.path("content/key.png")).unwrap();
    std::os::unix::fs::symlink(".git/annex/c.png", test.path("content/annex.png")).unwrap();
    test.stderr(str![[r#"
error[missing-media]: cannot use `.env`
 --> content/notes.md:2:1
  |
2 | ![](.env) [a](.git/config) ![b](key.png)
  | ^^^^^^^^^ it is a hidden file
  |
  = help: a deck is shared, and such files often hold secrets

warning[missing-file]: nobody can follow this link to `.git/config`
 --> content/notes.md:2:11
  |
2 | ![](.env) [a](.git/config) ![b](key.png)
  |           ^^^^^^^^^^^^^^^^ it is Git's own
  |
  = help: a deck is shared, and such files often hold secrets

error[missing-media]: cannot use `key.png`
 --> content/notes.md:2:28
  |
2 | ![](.env) [a](.git/config) ![b](key.png)
  |                            ^^^^^^^^^^^^^ it is a hidden file
  |
  = help: a deck is shared, and such files often hold secrets

error[missing-media]: cannot use `d.txt`
 --> content/notes.md:4:17
  |
4 | ![c](annex.png) ![d](d.txt)
  |                 ^^^^^^^^^^^ it is no picture, sound or film, by its ending
  |
  = help: a card cannot show it: link to it, as in `[d.txt](d.txt)`

warning[embedded-document]: `f.pdf` is no picture, sound or film
 --> content/notes.md:5:20
  |
5 | ![e](.files/e.png) ![f](f.pdf)
  |                    ^^^^^^^^^^^ shown as a link
  |
  = help: in Anki the link leads nowhere: say what is in it, or show a picture of it

3 errors, 2 warnings

"#]])
        .status(1)
        .run();
}

#[test]
fn ignored_media() {
    test(&["check"])
        .file("content/.gitignore", "*.png\n/large/\n!b.png\n")
        .file("content/img/.gitignore", "!a.png\n")
        .file("content/a.png", "png")
        .file("content/b.png", "png")
        .file("content/img/a.png", "png")
        .file("content/large/c.jpg", "jpg")
        .file("content/large.jpg", "jpg")
        .file(
            "content/notes.md",
            "### Q: One?\n![](a.png) ![](b.png) ![](img/a.png)\n![](large/c.jpg) ![](large.jpg)\n",
        )
        .stderr(str![[r#"
warning[ignored-media]: `a.png` is in the deck and not under version control
 --> content/notes.md:2:1
  |
2 | ![](a.png) ![](b.png) ![](img/a.png)
  | ^^^^^^^^^^ `.gitignore` names it
  |
  = help: whoever builds a copy of the repository does not have it

warning[ignored-media]: `large/c.jpg` is in the deck and not under version control
 --> content/notes.md:3:1
  |
3 | ![](large/c.jpg) ![](large.jpg)
  | ^^^^^^^^^^^^^^^^ `.gitignore` names it
  |
  = help: whoever builds a copy of the repository does not have it

2 warnings

"#]])
        .run();
}

#[cfg(unix)]
#[test]
fn media_that_is_no_file() {
    use std::os::unix::fs::symlink;

    let names = ["out", "gone", "circle", "pipe", "folder", "fine"];
    let text = names.map(|name| format!("![]({name}.png)\n")).concat();
    let test = test(&["check"])
        .file("content/notes.md", format!("### Q: One?\n{text}"))
        .file("content/folder.png/x", "")
        .file("content/img/x.png", "png")
        .file("secret.png", "png");
    let path = |name: &str| test.path(&format!("content/{name}.png"));
    symlink("../secret.png", path("out")).unwrap();
    symlink("nothing.png", path("gone")).unwrap();
    symlink("circle.png", path("circle")).unwrap();
    symlink("img/x.png", path("fine")).unwrap();
    let made = Command::new("mkfifo").arg(path("pipe")).status().unwrap();
    assert!(made.success());
    test.stderr(str![[r#"
error[missing-media]: cannot use `out.png`
 --> content/notes.md:2:1
  |
2 | ![](out.png)
  | ^^^^^^^^^^^^ it is outside the content folder
  |
  = help: put it beside the notes and refer to it there

error[missing-media]: cannot use `gone.png`
 --> content/notes.md:3:1
  |
3 | ![](gone.png)
  | ^^^^^^^^^^^^^ it is a symbolic link to nothing
  |
  = help: looked for `gone.png` in the content folder

error[missing-media]: cannot use `circle.png`
 --> content/notes.md:4:1
  |
4 | ![](circle.png)
  | ^^^^^^^^^^^^^^^ it is a symbolic link that leads in a circle
  |
  = help: looked for `circle.png` in the content folder

error[missing-media]: cannot use `pipe.png`
 --> content/notes.md:5:1
  |
5 | ![](pipe.png)
  | ^^^^^^^^^^^^^ it is a pipe, a socket or a device
  |
  = help: looked for `pipe.png` in the content folder

error[missing-media]: cannot use `folder.png`
 --> content/notes.md:6:1
  |
6 | ![](folder.png)
  | ^^^^^^^^^^^^^^^ it is a folder
  |
  = help: looked for `folder.png` in the content folder

5 errors

"#]])
        .status(1)
        .run();
}

#[test]
fn denied_media() {
    test(&["check"])
        .file("content/deckpress.toml", "remote_media = \"deny\"\n")
        .file("content/notes.md", "### Q: One?\n![far](https://example.org/x.png)\n")
        .stderr(str![[r#"
error[denied-media]: `https://example.org/x.png` is not part of the deck
 --> content/notes.md:2:1
  |
2 | ![far](https://example.org/x.png)
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ only who is online will see or hear it
  |
  = help: put the file beside the notes; `deckpress.toml` says `remote_media = "deny"`

1 error

"#]])
        .status(1)
        .run();
}

#[test]
fn remote_media() {
    check(
        "### Q: One?\n![far][ref], <img src=\"//example.org/y.png\"> and [a link](https://x.org).\n\n\
         <video controls>\n  <source\n    src=\"HTTP://example.org/z.mp4\">\n</video>\n\n\
         [ref]: https://example.org/x.mp3\n",
        0,
        str![[r#"
warning[remote-media]: `https://example.org/x.mp3` is not part of the deck
 --> content/notes.md:2:1
  |
2 | ![far][ref], <img src="//example.org/y.png"> and [a link](https://x.org).
  | ^^^^^^^^^^^ only who is online will see or hear it
  |
  = help: put the file beside the notes, or set `remote_media = "allow"` in `deckpress.toml`

warning[remote-media]: `//example.org/y.png` is not part of the deck
 --> content/notes.md:2:14
  |
2 | ![far][ref], <img src="//example.org/y.png"> and [a link](https://x.org).
  |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ only who is online will see or hear it
  |
  = help: put the file beside the notes, or set `remote_media = "allow"` in `deckpress.toml`

warning[remote-media]: `HTTP://example.org/z.mp4` is not part of the deck
 --> content/notes.md:5:3
  |
5 | /   <source
6 | |     src="HTTP://example.org/z.mp4">
  | |___________________________________^ only who is online will see or hear it
  |
  = help: put the file beside the notes, or set `remote_media = "allow"` in `deckpress.toml`

3 warnings

"#]],
    );
}

#[test]
fn remote_media_that_is_wanted() {
    test(&["check"])
        .file("content/deckpress.toml", "remote_media = \"allow\"\n")
        .file("content/notes.md", "### Q: One?\n![far](https://example.org/x.png)\n")
        .stderr(str![[r#"
1 question: no problems

"#]])
        .run();
}

#[test]
fn embedded_document() {
    test(&["check"])
        .file("content/notes.md", "### Q: One?\n![A paper](a.pdf)\n")
        .file("content/a.pdf", "%PDF")
        .stderr(str![[r#"
warning[embedded-document]: `a.pdf` is no picture, sound or film
 --> content/notes.md:2:1
  |
2 | ![A paper](a.pdf)
  | ^^^^^^^^^^^^^^^^^ shown as a link
  |
  = help: in Anki the link leads nowhere: say what is in it, or show a picture of it

1 warning

"#]])
        .run();
}

#[test]
fn dropped_link() {
    check(
        "### Q: One?\n[a](zotero://select/b) and <a href=\"javascript:c\">d</a>\n",
        0,
        str![[r#"
warning[dropped-link]: a link to `zotero://select/b` is not kept
 --> content/notes.md:2:1
  |
2 | [a](zotero://select/b) and <a href="javascript:c">d</a>
  | ^^^^^^^^^^^^^^^^^^^^^^ leads nowhere on a card
  |
  = help: web and mail addresses stay; `html = "allow"` keeps every link

warning[dropped-link]: a link to `javascript:c` is not kept
 --> content/notes.md:2:28
  |
2 | [a](zotero://select/b) and <a href="javascript:c">d</a>
  |                            ^^^^^^^^^^^^^^^^^^^^^^^ leads nowhere on a card
  |
  = help: web and mail addresses stay; `html = "allow"` keeps every link

2 warnings

"#]],
    );
}

#[test]
fn dropped_style() {
    check(
        "### Q: One?\n<b style=\"color: red; position: fixed; font-size: 9em\">x</b> \
         <i style=\"color: red\" align=\"left\" hidden>y</i>\n",
        0,
        str![[r#"
warning[dropped-style]: `position: fixed; font-size: 9em` is not kept
 --> content/notes.md:2:1
  |
2 | <b style="color: red; position: fixed; font-size: 9em">x</b> <i style="color: red" align="left" hidden>y</i>
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ taken out of this tag
  |
  = help: colour, size, weight and underline stay; `html = "allow"` keeps all of it

warning[dropped-style]: `align="left"`, `hidden` are not kept
 --> content/notes.md:2:62
  |
2 | <b style="color: red; position: fixed; font-size: 9em">x</b> <i style="color: red" align="left" hidden>y</i>
  |                                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ taken out of this tag
  |
  = help: colour, size, weight and underline stay; `html = "allow"` keeps all of it

2 warnings

"#]],
    );
}

#[test]
fn large_media() {
    let test = test(&["check"])
        .file("content/notes.md", "### Q: One?\n![](film.mp4) and ![](fits.mp4)\n")
        .file("content/film.mp4", "")
        .file("content/fits.mp4", "");
    for (name, size) in [("film", (100 << 20) + 1), ("fits", 100 << 20)] {
        let path = test.path(&format!("content/{name}.mp4"));
        fs::File::options().write(true).open(path).unwrap().set_len(size).unwrap();
    }
    test.stderr(str![[r#"
error[large-media]: `film.mp4` is too large: it has 100.1 MiB
 --> content/notes.md:2:1
  |
2 | ![](film.mp4) and ![](fits.mp4)
  | ^^^^^^^^^^^^^
  |
  = help: AnkiWeb takes no file over 100 MiB: make it smaller, or cut it in two

1 error

"#]])
        .status(1)
        .run();
}

#[test]
fn missing_file() {
    test(&["check"])
        .file(
            "content/a/notes.md",
            "### Q: One?\nSee [the paper](paper.pdf), [it](X.pdf), [a page](no.md), [code](../../src/main.rs),\n\
             [a folder](../b), [all](../a.d), [mail](mailto:me@example.org), <me@example.org>.\n",
        )
        .file("content/a/x.PDF", "pdf")
        .file("content/b/x", "")
        .file("content/a.d/x", "")
        .stderr(str![[r#"
warning[missing-file]: nobody can follow this link to `paper.pdf`
 --> content/a/notes.md:2:5
  |
2 | See [the paper](paper.pdf), [it](X.pdf), [a page](no.md), [code](../../src/main.rs),
  |     ^^^^^^^^^^^^^^^^^^^^^^ there is no such file
  |
  = help: looked for `a/paper.pdf` in the content folder

warning[missing-file]: nobody can follow this link to `X.pdf`
 --> content/a/notes.md:2:29
  |
2 | See [the paper](paper.pdf), [it](X.pdf), [a page](no.md), [code](../../src/main.rs),
  |                             ^^^^^^^^^^^ there is no such file
  |
  = help: there is `a/x.PDF`, which differs in case

2 warnings

"#]])
        .run();
}

#[test]
fn near_match() {
    let text = |question, word| {
        format!(
            "### Q: {question}\nThe {word} answer, with enough words in it to be told apart from \
             all of the others that a deck may hold.\n"
        )
    };
    test(&["build", "-q"])
        .file("content/notes.md", text("What is an old question?", "old"))
        .run()
        .then(&["check"])
        .file("content/notes.md", text("What is the new question?", "new"))
        .stderr(str![[r#"
warning[near-match]: this question is taken for an earlier one that read otherwise
  --> content/notes.md:1 {#qqe8qw1pe3gs} was: What is an old question?
  = help: `deckpress lock accept` confirms it, or those whose ids follow it, and `deckpress check --fix` writes the ids into the content; `{id=new}` behind a heading says that the question is a new one

1 warning

"#]])
        .run();
}

#[test]
fn no_questions() {
    check(
        "# Notes\n\nAbout\nthese notes.\n\n## Topic\n\nText.\n",
        0,
        str![[r#"
warning[no-questions]: no question in this file
 --> content/notes.md:1:1
  |
1 | # Notes
  | ^^^^^^^ left out of every deck
  |
  = help: a question is a heading that begins with `### Q:`; `convention = "headings"` in `deckpress.toml` would read 2

1 warning

"#]],
    );
}

#[test]
fn not_utf8() {
    check(
        b"### Q: One?\r\nna\xefve\r\n",
        1,
        str![[r#"
error[not-utf8]: this file is not UTF-8
 --> content/notes.md:2:3
  |
2 | na�ve
  |   ^ the first byte that cannot be read
  |
  = help: save it as UTF-8

1 error

"#]],
    );
}

#[test]
fn orphan_answer() {
    check(
        "# Deck\n\n**Answer:** To what?\n\n### Q: One?\nA.\n",
        1,
        str![[r#"
error[orphan-answer]: answer without a question
 --> content/notes.md:3:1
  |
3 | **Answer:** To what?
  | ^^^^^^^^^^^ no question above it
  |
  = help: ask the question in a heading above: `### Q: …`

1 error

"#]],
    );
}

#[test]
fn orphan_key_points() {
    check(
        "## Topic\n\n**Key points**:\n- a\n\n### Q: One?\nA.\n",
        1,
        str![[r#"
error[orphan-key-points]: key points without a question
 --> content/notes.md:3:1
  |
3 | **Key points**:
  | ^^^^^^^^^^^^^^^ no question above it
  |
  = help: ask the question in a heading above: `### Q: …`

1 error

"#]],
    );
}

#[test]
fn stray_text() {
    check(
        "### Introduction\n\nText.\n\n### Q: One?\nA.\n\n### End\n",
        0,
        str![[r#"
warning[stray-text]: this heading belongs to no question, nor does the text below it
 --> content/notes.md:1:1
  |
1 | ### Introduction
  | ^^^^^^^^^^^^^^^^ left out of every deck
  |
  = help: begin it with `Q:` if it asks a question; inside an answer, use `####`

warning[stray-text]: this heading belongs to no question
 --> content/notes.md:8:1
  |
8 | ### End
  | ^^^^^^^ left out of every deck
  |
  = help: begin it with `Q:` if it asks a question; inside an answer, use `####`

2 warnings

"#]],
    );
}

#[test]
fn swallowed_label() {
    check(
        "### Q: One?\n- a\n- b\n**Key points:**\n- c\n",
        0,
        str![[r#"
warning[swallowed-label]: this label belongs to the block above it
 --> content/notes.md:4:1
  |
4 | **Key points:**
  | ^^^^^^^^^^^^^^^ opens no section
  |
  = help: put a blank line above it

1 warning

"#]],
    );
}

#[test]
fn many_unanswered_questions() {
    let many = "### Q: One?\n### Q: Two?\n### Q: Three?\n### Q: Four?\n### Q: Five?\n### Q: Six?\n";
    test(&["check"])
        .file("content/a.md", format!("{many}### Q: Seven?\nA.\n"))
        .file("content/b.md", many.replace('?', " again?"))
        .file("content/c.csv", "Question,Answer\nWhat is a knot?,\nWhat is a bend?,Two ropes.\n")
        .stderr(str![[r#"
warning[unanswered-question]: this question, and 5 more below, have no answer
 --> content/a.md:1:1
  |
1 | ### Q: One?
  | ^^^^^^^^^^^ left out of every deck until they have one
  |
  = help: write the answer below it, after `**Answer:**`

warning[unanswered-question]: none of the 6 questions in this file has an answer
 --> content/b.md:1:1
  |
1 | ### Q: One again?
  | ^^^^^^^^^^^^^^^^^ left out of every deck until they have one
  |
  = help: write the answer below it, after `**Answer:**`

warning[unanswered-question]: this question has no answer
 --> content/c.csv:2:1
  |
2 | What is a knot?,
  | ^^^^^^^^^^^^^^^ left out of every deck until it has one
  |
  = help: write the answer into its row

3 warnings

"#]])
        .run();
}

#[test]
fn swallowed_question() {
    check(
        "### Q: One?\n```\na\n~~~\n\n### Q: Two?\nb\n### Q: Three?\n```js\nc\n```\n\n### Q: Four?\n<!--\n### Q: Five?\n",
        0,
        str![[r#"
warning[swallowed-question]: 2 lines that look like questions are read as part of this code
  --> content/notes.md:2:1
   |
 2 | ```
   | ^^^ opens here
...
11 | ```
   | --- ends here
   |
   = help: close it above them, by as many of the same sign

warning[unanswered-question]: this question has no answer
  --> content/notes.md:13:1
   |
13 | ### Q: Four?
   | ^^^^^^^^^^^^ left out of every deck until it has one
   |
   = help: write the answer below it, after `**Answer:**`

warning[swallowed-question]: 1 line that looks like a question is read as part of this comment
  --> content/notes.md:14:1
   |
14 | <!--
   | ^^^^ never closed
   |
   = help: close it above them with `-->`

3 warnings

"#]],
    );
}

#[test]
fn unanswered_question() {
    check(
        "### Q: One?\n\n### Q: Two?\n**Key points:**\n- a\n",
        0,
        str![[r#"
warning[unanswered-question]: this question has no answer
 --> content/notes.md:1:1
  |
1 | ### Q: One?
  | ^^^^^^^^^^^ left out of every deck until it has one
  |
  = help: write the answer below it, after `**Answer:**`

warning[unanswered-question]: this question has key points but no answer
 --> content/notes.md:3:1
  |
3 | ### Q: Two?
  | ^^^^^^^^^^^ the card shows the key points alone
  |
  = help: write the answer below it, after `**Answer:**`

2 warnings

"#]],
    );
}

#[test]
fn unknown_key() {
    test(&["check"])
        .file("content/deckpress.toml", "nmae = \"x\"\n[anki]\nfoo = 1\n")
        .file("content/notes.md", "---\ntag: a\n---\n### Q: One?\nA.\n")
        .stderr(str![[r#"
warning[unknown-key]: unknown key `nmae`
 --> content/deckpress.toml:1:1
  |
1 | nmae = "x"
  | ^^^^ this setting does nothing
  |
  = help: did you mean `name`?

warning[unknown-key]: unknown key `foo`
 --> content/deckpress.toml:3:1
  |
3 | foo = 1
  | ^^^ this setting does nothing
  |
  = help: the keys here are `format`, `csv_notetype`, `key_file`

warning[unknown-key]: unknown key `tag`
 --> content/notes.md:2:1
  |
2 | tag: a
  | ^^^ this setting does nothing
  |
  = help: did you mean `tags`?

3 warnings

"#]])
        .run();
}

#[test]
fn unused_footnote() {
    check(
        "### Q: One?\nA.\n\n[^note]: Never\n    used.\n",
        0,
        str![[r#"
warning[unused-footnote]: nothing refers to this footnote
 --> content/notes.md:4:1
  |
4 | [^note]: Never
  | ^^^^^^^^^^^^^^
  |
  = help: refer to it with `[^note]`, or take it out

1 warning

"#]],
    );
}

#[test]
fn windows_line_ends() {
    check(
        "### Q: One?\r\nA.\r\n\r\n### Stray\r\n\r\nText.\r\n",
        0,
        str![[r#"
warning[stray-text]: this heading belongs to no question, nor does the text below it
 --> content/notes.md:4:1
  |
4 | ### Stray
  | ^^^^^^^^^ left out of every deck
  |
  = help: begin it with `Q:` if it asks a question; inside an answer, use `####`

1 warning

"#]],
    );
}

#[test]
fn a_byte_order_mark_moves_no_caret() {
    check(
        "\u{feff}### Stray\n### Q: One?\nA.\n",
        0,
        str![[r#"
warning[stray-text]: this heading belongs to no question
 --> content/notes.md:1:1
  |
1 | ### Stray
  | ^^^^^^^^^ left out of every deck
  |
  = help: begin it with `Q:` if it asks a question; inside an answer, use `####`

1 warning

"#]],
    );
}

#[test]
fn broken_cloze() {
    let source =
        "### Q: {{c1::Paris}} lies on the {{c2::Seine. {.cloze}\n\n### Q: {{c0::None}} {.cloze}\n";
    test(&["check"]).file("content/a.md", source).stderr(str![[r#"
error[broken-cloze]: this is no gap
 --> content/a.md:1:34
  |
1 | ### Q: {{c1::Paris}} lies on the {{c2::Seine. {.cloze}
  |                                  ^^^^^^ this gap is not closed in the block and the markup in which it begins
  |
  = help: write a gap as `{{c1::text}}` or `{{c1::text::hint}}`; `\{{c1::` is no gap

error[broken-cloze]: this is no gap
 --> content/a.md:3:8
  |
3 | ### Q: {{c0::None}} {.cloze}
  |        ^^^^^^ the number of a gap is one from 1 to 499
  |
  = help: write a gap as `{{c1::text}}` or `{{c1::text::hint}}`; `\{{c1::` is no gap

2 errors

"#]]).status(1).run();
}

#[test]
fn idle_class() {
    let source = "### Q: One? {.recall .type}\n\n**Answer:** A.\n\n### Q: Two? {.cloze}\n\nB.\n\n\
                  ### Q: {{c1::Three}} {.reverse}\n\n### Q: Four? {.reverse .no-recall .recall .no-recall}\n\n\
                  **Key points:**\n\n- D\n";
    test(&["check"])
        .file("content/a.md", source)
        .stderr(str![[r#"
warning[idle-class]: this question cannot make `recall` cards
 --> content/a.md:1:14
  |
1 | ### Q: One? {.recall .type}
  |              ^^^^^^^ it has no key points

warning[idle-class]: this question cannot make `cloze` cards
 --> content/a.md:5:14
  |
5 | ### Q: Two? {.cloze}
  |              ^^^^^^ there is no gap in its text

warning[idle-class]: this question cannot make `reverse` cards
 --> content/a.md:9:23
  |
9 | ### Q: {{c1::Three}} {.reverse}
  |                       ^^^^^^^^ a text with gaps has no other side

warning[unanswered-question]: this question has key points but no answer
  --> content/a.md:11:1
   |
11 | ### Q: Four? {.reverse .no-recall .recall .no-recall}
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the card shows the key points alone
   |
   = help: write the answer below it, after `**Answer:**`

warning[idle-class]: this question cannot make `reverse` cards
  --> content/a.md:11:15
   |
11 | ### Q: Four? {.reverse .no-recall .recall .no-recall}
   |               ^^^^^^^^ it has no answer

warning[idle-class]: this question cannot make `recall` cards
  --> content/a.md:11:35
   |
11 | ### Q: Four? {.reverse .no-recall .recall .no-recall}
   |                                   ^^^^^^^ another of its classes says no

6 warnings

"#]])
        .run();
}

#[test]
fn a_lock_that_is_not_utf8() {
    test(&["check"])
        .file("content/notes.md", "### Q: One?\nA.\n")
        .file("content/deckpress.lock", b"{\"deckpress_lock\":1}\n\xff\n".as_slice())
        .stderr(str![[r#"
error[damaged-lock]: the lock cannot be used: it is not UTF-8
 --> content/deckpress.lock:2:1
  |
2 | �
  | ^
  |
  = help: restore it from version control; after a merge, keep the lines of both sides, each id once; without it, reworded questions become new ones

error[damaged-lock]: the lock cannot be used: this line is damaged: expected value
 --> content/deckpress.lock:2:1
  |
2 | �
  | ^
  |
  = help: restore it from version control; after a merge, keep the lines of both sides, each id once; without it, reworded questions become new ones

2 errors

"#]])
        .status(1)
        .run();
}

#[test]
fn left_out() {
    let git = "---\ndeck: Git\n---\n# Git\n\nThanks to all\nwho helped.\n\n## Q1. What is a commit?\n\n\
               A snapshot.\n\n## Q2. What is a branch?\n\nA name.\n\n# Afterword\n\nAll is well.\n";
    let one = "- [What is a tag?](#a-tag)\n\n\n\nRead on.\n\n## Q1. What is a tag?\n\nA name.\n\n\
               [Back to top](#contents)\n\n## Q2. What is an element?\n\nA tag and more.\n\n# License\n\nMIT\n";
    test(&["check"])
        .file("content/git.md", git)
        .file("content/html.md", one)
        .stderr(str![[r#"
warning[left-out]: this text, and 1 more below, belong to no question
 --> content/git.md:6:1
  |
6 | Thanks to all
  | ^^^^^^^^^^^^^ left out of every deck
  |
  = help: `deckpress inspect` lists all that is left out

warning[left-out]: this text belongs to no question
 --> content/html.md:5:1
  |
5 | Read on.
  | ^^^^^^^^ left out of every deck
  |
  = help: `deckpress inspect` lists all that is left out

2 warnings

"#]])
        .run();
}

#[test]
fn own_output() {
    let built = test(&["build", ".", "--to", "csv,markdown,obsidian-sr"])
        .file("a.md", "# Deck\n### Q: One?\nA.\n")
        .any_output()
        .run();
    let checked = built
        .then(&["check", ".", "-o", "elsewhere"])
        .file("out/obsidian-sr/01-deck.md", "## Q1. Edited?\nYes.\n")
        .file("out/mine.md", "### Q: Mine?\nYes.\n")
        .file("b.md", "A page begins so:\n\n    <!-- Pressed by deckpress: -->\n\n### Q: Two?\nB.\n")
        .stderr(str![[r#"
warning[own-output]: an earlier build wrote this file in `out`, and 2 more
 --> ./out/deck.csv:1:1
  |
1 | front,back,topic,tags,id
  | ^^^^^^^^^^^^^^^^^^^^^^^^ left out of every deck
  |
  = help: build into one folder, and delete what is left of others

1 warning

"#]])
        .run()
        .then(&["inspect", ".", "-o", "elsewhere"])
        .stdout(str![[r#"
a.md
  Deck
        2  native             2  One?

b.md
  b
        5  native             2  Two?

out/deck.csv
        1  left out: written by deckpress (2 lines): front,back,topic,tags,id One?,A.,,,j0vsvkwergdd

out/markdown/01-deck.md
        1  left out: written by deckpress (9 lines): <!-- Pressed by deckpress: the next build writes this file a…

out/mine.md
  mine
        1  native             4  Mine?

out/obsidian-sr/01-deck.md
        1  left out: written by deckpress (2 lines): ## Q1. Edited? Yes.

3 questions in 6 files, 13 lines left out

"#]])
        .run();
    // Without the list of what was written, a page is known by how it begins.
    fs::remove_file(checked.path("out/.deckpress-built")).unwrap();
    fs::remove_dir_all(checked.path("out/obsidian-sr")).unwrap();
    fs::remove_file(checked.path("out/deck.csv")).unwrap();
    checked
        .then(&["check", ".", "-o", "elsewhere"])
        .stderr(str![[r#"
warning[own-output]: an earlier build wrote this file in `out/markdown`
 --> ./out/markdown/01-deck.md:1:1
  |
1 | <!-- Pressed by deckpress: the next build writes this file anew. -->
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ left out of every deck
  |
  = help: build into one folder, and delete what is left of others

1 warning

"#]])
        .run();
}

#[test]
fn outputs_beside_the_content() {
    let build = ["build", ".", "-o", ".", "--to", "csv,markdown,logseq"];
    let built = test(&build).file("a.md", "# Deck\n### Q: One?\nA.\n").any_output().run();
    let lock = built.text("deckpress.lock");
    let built = built
        .then(&build)
        .stderr(str![[r#"
1 deck, 0 topics, 1 question, 1 card, 0 key points
  1 unchanged
  ./deck.csv       [SIZE] B
  ./logseq/pages/  [SIZE] B, 1 file
  ./markdown/      [SIZE] B, 1 file
in [TIME]

"#]])
        .run();
    // What another build wrote is there still.
    let built = built.then(&["build", ".", "-o", ".", "--to", "mdanki"]).any_output().run();
    let built = built
        .then(&build)
        .stderr(str![[r#"
1 deck, 0 topics, 1 question, 1 card, 0 key points
  1 unchanged
  ./deck.csv       [SIZE] B
  ./logseq/pages/  [SIZE] B, 1 file
  ./markdown/      [SIZE] B, 1 file
in [TIME]

"#]])
        .run();
    assert_eq!(built.text("deckpress.lock"), lock);
}

#[test]
fn taken_number() {
    test(&["build"])
        .file("content/a.md", "### Q: ==One== and ==two== and ==three==.\n")
        .any_output()
        .run()
        .then(&["check"])
        .file(
            "content/a.md",
            "### Q: ==One== and {{c1::new}} and ==two times== and {{c2::three}}.\n",
        )
        .stderr(str![[r#"
warning[taken-number]: the card of this highlight becomes that of the gap `{{c1::…}}`
 --> content/a.md:1:10
  |
1 | ### Q: ==One== and {{c1::new}} and ==two times== and {{c2::three}}.
  |          ^^^ had number 1 so far
  |
  = help: number the gap `c6`, which is free, and both keep their reviews

warning[near-match]: this question is taken for an earlier one that read otherwise
  --> content/a.md:1 {#tg6vqjg0fwkd} was: ==One== and ==two== and ==three==.
  = help: `deckpress lock accept` confirms it, or those whose ids follow it, and `deckpress check --fix` writes the ids into the content; `{id=new}` behind a heading says that the question is a new one

2 warnings

"#]])
        .run()
        .then(&["check"])
        .file(
            "content/a.md",
            "### Q: {{c1::One::hint}} and ==two== and {{c4::new}} and ==three==.\n",
        )
        .stderr(str![[r#"
warning[near-match]: this question is taken for an earlier one that read otherwise
  --> content/a.md:1 {#tg6vqjg0fwkd} was: ==One== and ==two== and ==three==.
  = help: `deckpress lock accept` confirms it, or those whose ids follow it, and `deckpress check --fix` writes the ids into the content; `{id=new}` behind a heading says that the question is a new one

1 warning

"#]])
        .run();
}

#[test]
fn too_many_cards() {
    let points = (1..=501).map(|number| format!("- point {number}\n")).collect::<Vec<_>>().concat();
    let list = format!("### Q: Which? {{.recall}}\n\n**Key points to hit:**\n\n{points}");
    let gaps = (1..=499).map(|number| format!(" =={number}==")).collect::<Vec<_>>().concat();
    let cloze = format!("### Q: {{{{c3::The}}}} numbers:{gaps} {{.cloze}}\n");
    let source = format!("{list}\n{cloze}");
    test(&["check"])
        .file("content/a.md", &source)
        .stderr(str![[r#"
warning[unanswered-question]: this question has key points but no answer
 --> content/a.md:1:1
  |
1 | ### Q: Which? {.recall}
  | ^^^^^^^^^^^^^^^^^^^^^^^ the card shows the key points alone
  |
  = help: write the answer below it, after `**Answer:**`

error[too-many-cards]: 501 key points, 2 of them without a card: Anki's numbers end at 499
   --> content/a.md:504:3
    |
504 | - point 500
    |   ^^^^^^^^^ the first one without a number
    |
    = help: split the question

error[too-many-cards]: 499 highlights, 1 of them without a card: Anki's numbers end at 499
   --> content/a.md:507:3907
    |
507 | ...93== ==494== ==495== ==496== ==497== ==498== ==499== {.cloze}
    |                                                   ^^^ the first one without a number
    |
    = help: split the question

2 errors, 1 warning

"#]])
        .status(1)
        .run();
    // One card for all highlights needs one number.
    test(&["check"])
        .file("content/a.md", &cloze)
        .file("content/deckpress.toml", "highlights = \"together\"\n")
        .stderr(str![[r#"
1 question: no problems

"#]])
        .run();
}

#[test]
fn ambiguous_name() {
    test(&["check"])
        .file("content/.obsidian/app.json", "{}")
        .file("content/a.md", "### Q: One?\n![[x.png]]\n")
        .file("content/b/x.png", "x")
        .file("content/c/x.png", "y")
        .stderr(str![[r#"
warning[ambiguous-name]: `x.png` is the name of two files
 --> content/a.md:2:1
  |
2 | ![[x.png]]
  | ^^^^^^^^^^ taken for `b/x.png`; there is `c/x.png`, too
  |
  = help: write enough of the path to tell them apart

1 warning

"#]])
        .run();
}

#[test]
fn circular_embed() {
    test(&["check"])
        .file("content/.obsidian/app.json", "{}")
        .file("content/a.md", "### Q: One?\n![[b]]\n")
        .file("content/b.md", "Text.\n\n![[c]]\n")
        .file("content/c.md", "More.\n\n![[b]]\n")
        .stderr(str![[r#"
error[circular-embed]: this note is embedded in itself
 --> content/c.md:3:1
  |
3 | ![[b]]
  | ^^^^^^ `b.md` → `c.md` → `b.md`
  |
  = help: link to it here, as in `[[Note]]`, or embed only a section of it

1 error

"#]])
        .status(1)
        .run();
}

#[test]
fn deep_embed() {
    let mut it = test(&["check"])
        .file("content/.obsidian/app.json", "{}")
        .file("content/a.md", "### Q: One?\n![[n1]]\n");
    for at in 1..10 {
        it = it.file(&format!("content/n{at}.md"), format!("{at} ![[n{}]]\n", at + 1));
    }
    it.file("content/n10.md", "end\n")
        .stderr(str![[r#"
warning[deep-embed]: notes are embedded in each other more than eight deep
 --> content/n8.md:1:3
  |
1 | 8 ![[n9]]
  |   ^^^^^^^ only its name is shown
  |
  = help: embed the section or the block that is needed

1 warning

"#]])
        .run();
}

#[test]
fn foreign_syntax() {
    test(&["check"])
        .file("content/a.md", "### Q: What is [[One]]?\nSee [[Two]].\n\n> [!faq]- Why?\n> So.\n")
        .stderr(str![[r#"
warning[foreign-syntax]: Obsidian's syntax is not read here: links in double brackets (2 times)
 --> content/a.md:1:16
  |
1 | ### Q: What is [[One]]?
  |                ^^^^^^^ stands on a card as it is
  |
  = help: `dialect = "obsidian"` in `deckpress.toml` reads it, and `dialect = "commonmark"` says that it is meant so

warning[foreign-syntax]: Obsidian's syntax is not read here: callouts
 --> content/a.md:4:1
  |
4 | > [!faq]- Why?
  | ^^^^^^^^^^^^^^ stands on a card as it is
  |
  = help: `dialect = "obsidian"` in `deckpress.toml` reads it, and `dialect = "commonmark"` says that it is meant so

2 warnings

"#]])
        .run();
}

#[test]
fn missing_embed() {
    test(&["check"])
        .file("content/.obsidian/app.json", "{}")
        .file("content/a.md", "### Q: One?\n![[None]] and ![[b#Two]], ![[Plan.canvas]].\n")
        .file("content/b.md", "# One\n")
        .stderr(str![[r#"
warning[missing-embed]: there is no note `None`
 --> content/a.md:2:1
  |
2 | ![[None]] and ![[b#Two]], ![[Plan.canvas]].
  | ^^^^^^^^^ only its name is shown
  |
  = help: names are looked up as in Obsidian: by the path, or anywhere in the vault by the bare name

warning[missing-embed]: `content/b.md` has no heading `Two`
 --> content/a.md:2:15
  |
2 | ![[None]] and ![[b#Two]], ![[Plan.canvas]].
  |               ^^^^^^^^^^ only its name is shown
  |
  = help: name a heading as it reads, or a block by the id at its end

warning[missing-embed]: `Plan.canvas` cannot be shown on a card
 --> content/a.md:2:27
  |
2 | ![[None]] and ![[b#Two]], ![[Plan.canvas]].
  |                           ^^^^^^^^^^^^^^^^ only its name is shown
  |
  = help: export it as a picture beside it: `Plan.canvas.svg` or `Plan.canvas.png`

3 warnings

"#]])
        .run();
}

/// Warnings that the settings ask for; without them there are none.
#[test]
fn lint() {
    let long = format!(
        "# Trees\n### Q: What is long?\n{}\n**Key points:**\n- a\n- b\n- c\n## Heaps\n\
         ### Q: What is a heap, and what is it for?\nIt sorts, and keeps what is most urgent.\n\n\
         ![](x.png)\n\n\
         ### Q: So what is a heap, and what is it for?\nIt sorts, and keeps what is most urgent.\n",
        "word ".repeat(12)
    );
    test(&["check"])
        .file("content/notes.md", &long)
        .file("content/x.png", vec![0; (1 << 20) + 1])
        .stderr(str![[r#"
3 questions: no problems

"#]])
        .run()
        .then(&["check"])
        .file(
            "content/deckpress.toml",
            "[lint]\nanswer_words = 10\nkey_points = 2\nmedia_mib = 1\nno_topic = true\nalike = true\n",
        )
        .stderr(str![[r#"
warning[long-answer]: an answer of 12 words
 --> content/notes.md:2:1
  |
2 | ### Q: What is long?
  | ^^^^^^^^^^^^^^^^^^^^
  |
  = help: shorten it, or make two questions of it

warning[many-key-points]: 3 key points
 --> content/notes.md:2:1
  |
2 | ### Q: What is long?
  | ^^^^^^^^^^^^^^^^^^^^
  |
  = help: leave the least important ones out

warning[no-topic]: this question is in no topic
 --> content/notes.md:2:1
  |
2 | ### Q: What is long?
  | ^^^^^^^^^^^^^^^^^^^^
  |
  = help: put it below a `##` heading

warning[large-file]: `x.png` has 1 MiB
  --> content/notes.md:12:1
   |
12 | ![](x.png)
   | ^^^^^^^^^^
   |
   = help: make it smaller: every learner downloads it

warning[alike-questions]: nearly the same question
  --> content/notes.md:14:1
   |
 9 | ### Q: What is a heap, and what is it for?
   | ------------------------------------------ first here
...
14 | ### Q: So what is a heap, and what is it for?
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ here again
   |
   = help: take one of them out, or make them differ

5 warnings

"#]])
        .run()
        .then(&["check"])
        .file(
            "content/deckpress.toml",
            "[lint]\nanswer_words = true\nkey_points = false\nmedia_mib = \"some\"\nanswers = 3\n",
        )
        .status(1)
        .stderr(str![[r#"
error[invalid-config]: expected a number, `true` or `false`
 --> content/deckpress.toml:4:13
  |
4 | media_mib = "some"
  |             ^^^^^^

warning[unknown-key]: unknown key `answers`
 --> content/deckpress.toml:5:1
  |
5 | answers = 3
  | ^^^^^^^ this setting does nothing
  |
  = help: the keys here are `answer_words`, `key_points`, `media_mib`, `no_topic`, `alike`

1 error, 1 warning

"#]])
        .run();
}

#[test]
fn broken_math() {
    test(&["check"])
        .file(
            "content/a.md",
            "### Q: One?\nIt is $\\left( \\frac{a}{b}$ and $x^2$.\n\n> $$\n> \\begin{aligned}\n> a\n> \\end{align}\n> $$\n\n### Q: Two?\n$x^2^3$, $\\frac{1}$ and `$x^2^3$`\n",
        )
        .stdout(str![])
        .stderr(str![[r#"
warning[broken-math]: this formula cannot be typeset
 --> content/a.md:2:8
  |
2 | It is $\left( \frac{a}{b}$ and $x^2$.
  |        ^^^^^ this `\left` has no `\right`
  |
  = help: Anki shows it as it is written; `\$` is a dollar sign that begins none

warning[broken-math]: this formula cannot be typeset
 --> content/a.md:4:3
  |
4 |   > $$
  |  ___^
5 | | > \begin{aligned}
6 | | > a
7 | | > \end{align}
8 | | > $$
  | |____^ `\end{align}` ends nothing that has begun here
  |
  = help: Anki shows it as it is written; `\$` is a dollar sign that begins none

warning[broken-math]: this formula cannot be typeset
  --> content/a.md:11:5
   |
11 | $x^2^3$, $\frac{1}$ and `$x^2^3$`
   |     ^ a second exponent: braces say what it belongs to
   |
   = help: Anki shows it as it is written; `\$` is a dollar sign that begins none

warning[broken-math]: this formula cannot be typeset
  --> content/a.md:11:18
   |
11 | $x^2^3$, $\frac{1}$ and `$x^2^3$`
   |                  ^ `\frac` has too few arguments
   |
   = help: Anki shows it as it is written; `\$` is a dollar sign that begins none

4 warnings

"#]])
        .run();
}

#[test]
fn unread_question() {
    check(
        "# Knots\n\n## Q1. What is a bend?\n\nIt joins two ropes.\n\n## Q2. What is a hitch?\n\nIt ties a rope to a thing.\n\n# More\n\n- What is a splice? Strands woven\n- Which loop holds\n- What is a bight?\n- Where is the working end?\n",
        0,
        str![[r#"
warning[left-out]: this text belongs to no question
  --> content/notes.md:11:1
   |
11 | # More
   | ^^^^^^ left out of every deck
   |
   = help: `deckpress inspect` lists all that is left out

warning[unread-question]: 3 lines look like questions and are not read
  --> content/notes.md:13:1
   |
13 | - What is a splice? Strands woven
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ left out of every deck
...
16 | - Where is the working end?
   | --------------------------- the last of them
   |
   = help: write them as the other questions of this file, or say by `convention = "…"` how they are written; `deckpress inspect` lists all that is left out

2 warnings

"#]],
    );
}

#[test]
fn unread_question_within_an_answer() {
    check(
        "1. **What is a bend?** It joins two ropes.\n2. **What is a hitch?** It ties a rope to a thing.\n\n    - Which one holds?\n\n3. **What is a bight?** A fold.\n1. *What is a splice?*\n",
        0,
        str![[r#"
warning[unread-question]: this line looks like a question and is read as part of an answer
 --> content/notes.md:7:1
  |
7 | 1. *What is a splice?*
  | ^^^^^^^^^^^^^^^^^^^^^^ part of an answer
  |
  = help: if it is one, write it as the other questions of this file

1 warning

"#]],
    );
}

#[test]
fn no_questions_though_lines_ask() {
    check(
        "# Knots\n\nWhat is a bend?\n\nWhat is a hitch?\n\nSomething else about knots.\n\n* What is a splice? And why?\n",
        0,
        str![[r#"
warning[no-questions]: no question in this file, though 3 lines look like questions
 --> content/notes.md:1:1
  |
1 | # Knots
  | ^^^^^^^ left out of every deck
2 |
3 | What is a bend?
  | --------------- the first of them
  |
  = help: a question is a heading that begins with `### Q:`

1 warning

"#]],
    );
}
