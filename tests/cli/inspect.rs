//! `deckpress inspect`.

use snapbox::str;

use crate::test::test;

const GIT: &str = "# Git\n\nThanks to all\nwho helped.\n\n## Table of Contents\n\n1. [One](#one)\n\n\
                   ## Basics\n\n### Q1. What is a `commit`?\n\nA snapshot.\n\n\
                   [⬆ Back to top](#git)\n\n### Q2. What is a branch?\n\nTODO\n";

#[test]
fn a_folder() {
    test(&["inspect"])
        .file("content/git.md", GIT)
        .file("content/web/html.md", "<details><summary>What is a tag?</summary>\n\nA name.\n\n</details>\n<details><summary>What is an element?</summary>\n\nA tag and what is in it.\n\n</details>\n")
        .file("content/notes.md", "### Q: One?\n\nYes.\n")
        .file("content/readme.md", "# Read this\n\nThere is nothing here.\n")
        .stdout(str![[r#"
git.md
  Git ▸ Basics
       12  question-word     11  What is a commit?
       18  question-word      0  What is a branch?
        3  left out: text outside any question (2 lines): Thanks to all who helped.
        6  left out: table of contents (3 lines): ## Table of Contents 1. [One](#one)
       16  left out: a link back to the top: [⬆ Back to top](#git)
       20  left out: a placeholder: TODO

notes.md
  notes
        1  native             4  One?

readme.md
        1  left out: no question in this file (3 lines): # Read this There is nothing here.

web/html.md
  web ▸ html
        1  details            7  What is a tag?
        6  details           24  What is an element?

5 questions in 4 files, 10 lines left out

"#]])
        .stderr(str![""])
        .run();
}

#[test]
fn what_a_folder_has_in_common() {
    let knots = |args: &[&'static str]| {
        test(args)
            .file(
                "content/knots/What is a bend.md",
                "A knot between ropes.\n\n[Every knot](all.md)\n",
            )
            .file(
                "content/knots/What is a hitch.md",
                "A knot around a post.\n\n[Every knot](x.md)\n",
            )
            .file("content/knots/What is a loop.md", "A closed bight.\n\n[Every knot](all.md)\n")
            .file("content/Monday.md", "Rain.\n")
    };
    knots(&["inspect"])
        .stdout(str![[r#"
content/: a question a file, as its name asks (3 of 4 files)
content/: `every knot` at the end of a file is left out (3 of 4 files)
content/knots/: a question a file, as its name asks (3 of 3 files)
content/knots/: `every knot` at the end of a file is left out (3 of 3 files)

Monday.md
        1  left out: no question in this file: Rain.

knots/What is a bend.md
  knots
        1  file              21  What is a bend
        3  left out: a line that most answers end with: [Every knot](all.md)

knots/What is a hitch.md
  knots
        1  file              21  What is a hitch
        3  left out: a line that most answers end with: [Every knot](x.md)

knots/What is a loop.md
  knots
        1  file              15  What is a loop
        3  left out: a line that most answers end with: [Every knot](all.md)

3 questions in 4 files, 4 lines left out

"#]])
        .stderr(str![""])
        .run();
    knots(&["inspect", "--message-format", "json"]).stdout(str![[r#"
{"files":3,"folder":"content/","of":4,"reason":"folder","what":"a question a file, as its name asks"}
{"files":3,"folder":"content/","of":4,"reason":"folder","what":"`every knot` at the end of a file is left out"}
{"files":3,"folder":"content/knots/","of":3,"reason":"folder","what":"a question a file, as its name asks"}
{"files":3,"folder":"content/knots/","of":3,"reason":"folder","what":"`every knot` at the end of a file is left out"}
{"end_line":1,"file":"content/Monday.md","line":1,"lines":1,"reason":"left-out","text":"Rain.","why":"no question in this file"}
{"answer_length":21,"convention":"file","deck":"knots","file":"content/knots/What is a bend.md","line":1,"question":"What is a bend","reason":"question","topic":[]}
{"end_line":3,"file":"content/knots/What is a bend.md","line":3,"lines":1,"reason":"left-out","text":"[Every knot](all.md)","why":"a line that most answers end with"}
{"answer_length":21,"convention":"file","deck":"knots","file":"content/knots/What is a hitch.md","line":1,"question":"What is a hitch","reason":"question","topic":[]}
{"end_line":3,"file":"content/knots/What is a hitch.md","line":3,"lines":1,"reason":"left-out","text":"[Every knot](x.md)","why":"a line that most answers end with"}
{"answer_length":15,"convention":"file","deck":"knots","file":"content/knots/What is a loop.md","line":1,"question":"What is a loop","reason":"question","topic":[]}
{"end_line":3,"file":"content/knots/What is a loop.md","line":3,"lines":1,"reason":"left-out","text":"[Every knot](all.md)","why":"a line that most answers end with"}
{"left_out_lines":4,"questions":3,"reason":"summary"}

"#]]).stderr(str![""]).run();
}

#[test]
fn a_folder_for_programs() {
    test(&["inspect", "--message-format", "json"])
        .file("content/git.md", GIT)
        .file("content/notes.md", "### Q: One?\n\nYes.\n")
        .stdout(str![[r###"
{"answer_length":11,"convention":"question-word","deck":"Git","file":"content/git.md","line":12,"question":"What is a commit?","reason":"question","topic":["Basics"]}
{"answer_length":0,"convention":"question-word","deck":"Git","file":"content/git.md","line":18,"question":"What is a branch?","reason":"question","topic":["Basics"]}
{"end_line":4,"file":"content/git.md","line":3,"lines":2,"reason":"left-out","text":"Thanks to all who helped.","why":"text outside any question"}
{"end_line":8,"file":"content/git.md","line":6,"lines":3,"reason":"left-out","text":"## Table of Contents 1. [One](#one)","why":"table of contents"}
{"end_line":16,"file":"content/git.md","line":16,"lines":1,"reason":"left-out","text":"[⬆ Back to top](#git)","why":"a link back to the top"}
{"end_line":20,"file":"content/git.md","line":20,"lines":1,"reason":"left-out","text":"TODO","why":"a placeholder"}
{"answer_length":4,"convention":"native","deck":"notes","file":"content/notes.md","line":1,"question":"One?","reason":"question","topic":[]}
{"left_out_lines":7,"questions":3,"reason":"summary"}

"###]])
        .run();
}

#[test]
fn a_file() {
    test(&["inspect", "notes/git.md"])
        .file("notes/git.md", GIT)
        .file("notes/other.md", "### Q: One?\n\nYes.\n")
        .stdout(str![[r#"
git.md
  Git ▸ Basics
       12  question-word     11  What is a commit?
       18  question-word      0  What is a branch?
        3  left out: text outside any question (2 lines): Thanks to all who helped.
        6  left out: table of contents (3 lines): ## Table of Contents 1. [One](#one)
       16  left out: a link back to the top: [⬆ Back to top](#git)
       20  left out: a placeholder: TODO

2 questions in 1 file, 7 lines left out

"#]])
        .stderr(str![""])
        .run()
        .lists("out", &[])
        .lists("notes", &["git.md", "other.md"]);
}

/// What it is asked for is said all the same.
#[test]
fn quiet() {
    test(&["inspect", "--quiet"])
        .file("content/git.md", GIT)
        .stdout(str![[r#"
git.md
  Git ▸ Basics
       12  question-word     11  What is a commit?
       18  question-word      0  What is a branch?
        3  left out: text outside any question (2 lines): Thanks to all who helped.
        6  left out: table of contents (3 lines): ## Table of Contents 1. [One](#one)
       16  left out: a link back to the top: [⬆ Back to top](#git)
       20  left out: a placeholder: TODO

2 questions in 1 file, 7 lines left out

"#]])
        .stderr(str![""])
        .run();
}

#[test]
fn an_error() {
    test(&["inspect"])
        .file(
            "content/a.md",
            "## Q1. One? {#one}\n\n![](absent.png)\n\n## Q2. Two? {#one}\n\nYes.\n",
        )
        .stdout(str![[r#"
a.md
  a
        1  question-word     10  One?
        5  question-word      4  Two?

2 questions in 1 file, 0 lines left out

"#]])
        .stderr(str![[r#"
error[duplicate-id]: two questions have the id `one`
 --> content/a.md:5:14
  |
1 | ## Q1. One? {#one}
  |              ---- first here
...
5 | ## Q2. Two? {#one}
  |              ^^^^ here again
  |
  = help: an id names one question for ever; give one of them another

1 error

"#]])
        .status(1)
        .run();
}

#[test]
fn an_empty_folder() {
    test(&["inspect", "notes"])
        .file("notes/picture.svg", "<svg/>")
        .stdout(str![[r#"
0 questions in 0 files, 0 lines left out

"#]])
        .stderr(str![])
        .run();
}

#[test]
fn no_folder() {
    test(&["inspect"])
        .stderr(str![[r#"
error: there is no file or folder `content`

"#]])
        .status(2)
        .run();
}

/// Front matter and `deckpress.toml` say which convention it is.
#[test]
fn what_is_told() {
    test(&["inspect"])
        .file("content/deckpress.toml", "convention = \"headings\"\n")
        .file("content/a.md", "# Terms\n\n## Commit\n\nA snapshot.\n")
        .file("content/b.md", "---\nconvention: native\n---\n# Terms\n\n## Branch\n\nA name.\n")
        .stdout(str![[r#"
a.md
  Terms
        3  headings          11  Commit

b.md
        4  left out: no question in this file (5 lines): # Terms ## Branch A name.

1 question in 2 files, 5 lines left out

"#]])
        .stderr(str![""])
        .run();
}

#[test]
fn the_other_files_of_one_that_the_program_fails_at() {
    test(&["inspect"])
        .env("DECKPRESS_FAULT", "read b.md")
        .file("content/a.md", "### Q: One?\nA.\n")
        .file("content/b.md", "### Q: Two?\nB.\n")
        .file("content/c.md", "### Q: Three?\nC.\n")
        .stdout(str![[r#"
a.md
  a
        1  native             2  One?

b.md

c.md
  c
        1  native             2  Three?

2 questions in 3 files, 0 lines left out

"#]])
        .stderr(str![[r#"
error[internal-error]: deckpress fails at this file: a test wanted it (src/driver/fault.rs:0)
 --> content/b.md:1:1
  |
1 | ### Q: Two?
  | ^ left out
  |
  = help: this is a fault of deckpress: please report it, if you can with what it fails at

1 error

"#]])
        .status(1)
        .run();
}
