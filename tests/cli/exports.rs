//! `--to` and `[[export]]`: targets with settings of their own, and what they cannot hold.

use snapbox::data::Inline;
use snapbox::str;

use crate::test::test;

const NOTES: &str = "\
# Deck
## A topic
### Q: One; or two? {#one .t}
**Answer:** A *line*,
and code:

    x = 1
    y

**Key points:**
- a
- b

**Hint:** No; nothing.
### Q: Which? {#two}
![A curve](x.png)
";

/// Builds with a configuration, and expects a file.
fn check(config: &str, file: &str, expect: Inline) {
    test(&["build", "-q"])
        .file("content/deckpress.toml", format!("formats = []\n{config}"))
        .file("content/a.md", NOTES)
        .file("content/x.png", "png")
        .any_output()
        .run()
        .lists("out", &[file])
        .holds(&format!("out/{file}"), expect);
}

#[test]
fn quizlet() {
    test(&["build", "--to", "quizlet"])
        .file("content/a.md", NOTES)
        .file("content/x.png", "png")
        .stderr(str![[r#"
warning[lossy-export]: `quizlet` cannot hold 1 picture, 1 block of lines and 1 question's tags
  --> content/a.md:16:1
   |
16 | ![A curve](x.png)
   | ^^^^^^^^^^^^^^^^^ the first is here
   |
   = help: `deckpress targets` says what each target keeps

1 warning
1 deck, 1 topic, 2 questions, 2 cards, 2 key points
  2 added, 0 unchanged
  out/deck.quizlet.txt  [SIZE] B
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]

"#]])
        .run()
        .lists("out", &["deck.quizlet.txt"])
        .holds(
            "out/deck.quizlet.txt",
            str![[r#"
One; or two?→A line, and code: x = 1 / y • a • b / Hint: No; nothing.
Which?→[A curve]

"#]],
        );
}

#[test]
fn what_every_build_writes_warns_of_nothing() {
    let done = test(&["build", "-q"])
        .file("content/a.md", NOTES)
        .file("content/x.png", "png")
        .run()
        .then(&["build", "-q", "--to", "csv"])
        .stderr(str![[r#"
warning[lossy-export]: `csv` cannot hold 1 picture
  --> content/a.md:16:1
   |
16 | ![A curve](x.png)
   | ^^^^^^^^^^^^^^^^^ the first is here
   |
   = help: `deckpress targets` says what each target keeps

1 warning

"#]])
        .run();
    assert!(done.text("out/deck.csv").contains("[A curve]"));
}

#[test]
fn what_is_in_the_configuration_warns_again() {
    let warning = str![[r#"
warning[lossy-export]: `spreadsheet` cannot hold 1 picture
  --> content/a.md:16:1
   |
16 | ![A curve](x.png)
   | ^^^^^^^^^^^^^^^^^ the first is here
   |
   = help: `deckpress targets` says what each target keeps

1 warning

"#]];
    test(&["build", "-q"])
        .file("content/deckpress.toml", "formats = [\"spreadsheet\"]\n")
        .file("content/a.md", NOTES)
        .file("content/x.png", "png")
        .stderr(warning.clone())
        .run()
        .then(&["build", "-q"])
        .stderr(warning)
        .run();
}

#[test]
fn columns_of_ones_own() {
    check(
        "[[export]]\nto = \"quizlet\"\nfields = [\"question\", [\"answer\", \"key_points\"], \"tags\"]\n\
         join = \" -- \"\nseparator = \";\"\nheader = true\n",
        "deck.quizlet.txt",
        str![[r#"
question;answer+key_points;tags
One； or two?;A line, and code: x = 1 / y -- • a • b;a-topic t
Which?;[A curve];a-topic

"#]],
    );
}

#[test]
fn a_table_for_excel() {
    check(
        "[[export]]\nto = \"spreadsheet\"\nname = \"for me\"\nbom = true\nseparator = \";\"\n\
         fields = [\"id\", \"question\", \"hint\", \"topic\", \"deck\", \"source\"]\n",
        "for me.spreadsheet.csv",
        str![[r#"
﻿id;question;hint;topic;deck;source␍
one;"One; or two?";"No; nothing.";A topic;Deck::A topic;a.md:3␍
two;Which?;;A topic;Deck::A topic;a.md:15␍

"#]],
    );
}

#[test]
fn without_a_header() {
    check(
        "[[export]]\nto = \"csv\"\nheader = false\nfields = [[\"front\", \"back\"]]\n",
        "deck.csv",
        str![[r#"
"One; or two?

A line, and code:

x = 1
y

• a
• b

Hint:
No; nothing."␍
"Which?

[A curve]"␍

"#]],
    );
}

#[test]
fn brainscape_with_two_columns() {
    check(
        "[[export]]\nto = \"brainscape\"\nfields = [\"front\", \"answer\"]\n",
        "deck.brainscape.csv",
        str![[r#"
"One; or two?","A line, and code:

x = 1
y"␍
Which?,[A curve]␍

"#]],
    );
}

#[test]
fn markdown_to_paste() {
    check(
        "[[export]]\nto = \"knowt\"\ntext = \"markdown\"\n",
        "deck.knowt.txt",
        str![[r#"
One; or two?→A *line*, / and code: /     x = 1 /     y / - a / - b / **Hint:** / No; nothing.
Which?→![A curve](media/x-bad7c9a32d645d0e.png)

"#]],
    );
}

#[test]
fn text_for_mnemosyne() {
    check(
        "[[export]]\nto = \"mnemosyne\"\ntext = \"text\"\n",
        "deck.mnemosyne.txt",
        str![[r#"
One; or two?→A line, and code:<br><br>x = 1<br>y<br><br>• a<br>• b<br><br>Hint:<br>No; nothing.
Which?→[A curve]

"#]],
    );
}

#[test]
fn vocabulary_for_mnemosyne() {
    check(
        "[[export]]\nto = \"mnemosyne\"\ntext = \"text\"\nfields = [\"front\", \"hint\", \"answer\"]\n",
        "deck.mnemosyne.txt",
        str![[r#"
One; or two?→No; nothing.→A line, and code:<br><br>x = 1<br>y
Which?→<br>→[A curve]

"#]],
    );
}

#[test]
fn a_target_takes_its_settings_along() {
    test(&["build", "-q", "--to", "jsonl,quizlet"])
        .file(
            "content/deckpress.toml",
            "[[export]]\nto = \"quizlet\"\n\
             [[export]]\nto = \"quizlet\"\nname = \"short\"\nfields = [\"question\", \"answer\"]\n\
             [[export]]\nto = \"csv\"\nname = \"other\"\n",
        )
        .file("content/a.md", "# Deck\n### Q: One?\nA.\n")
        .run()
        .lists("out", &["deck.jsonl", "deck.quizlet.txt", "short.quizlet.txt"]);
}

#[test]
fn settings_without_a_name_are_those_of_the_usual_file() {
    test(&["build", "-q"])
        .file(
            "content/deckpress.toml",
            "[[export]]\nto = \"csv\"\nheader = false\nfields = [\"question\"]\n",
        )
        .file("content/a.md", "# Deck\n### Q: One?\nA.\n")
        .run()
        .lists("out", &["deck.apkg", "deck.csv", "markdown/01-deck.md"])
        .holds(
            "out/deck.csv",
            str![[r#"
One?␍

"#]],
        );
}

#[test]
fn two_to_one_file() {
    test(&["build", "-q"])
        .file(
            "content/deckpress.toml",
            "name = \"a\"\n[[export]]\nto = \"csv\"\n[[export]]\nto = \"csv\"\nname = \"A\"\n",
        )
        .file("content/a.md", "# Deck\n### Q: One?\nA.\n")
        .stderr(str![[r#"
error: two exports go to `A.csv`: give one a `name` of its own in `deckpress.toml`

"#]])
        .status(2)
        .run()
        .lists("out", &[]);
}
