//! `deckpress init`.

use snapbox::str;

use crate::test::test;

#[test]
fn a_folder_that_builds_without_a_word() {
    test(&["init"])
        .stdout(str![[r#"
  content/welcome.md
  content/deckpress.toml
  .gitignore

Next:
  deckpress build  presses the decks into `out`: import the `.apkg` file into Anki
  deckpress check  reports what is wrong in your notes
  deckpress watch  builds again whenever you save

"#]])
        .run()
        .lists("", &[".gitignore", "content/deckpress.toml", "content/welcome.md"])
        .then(&["check"])
        .stderr(str![[r#"
4 questions: no problems

"#]])
        .run()
        .then(&["build", "-q"])
        .run()
        .then(&["plan"])
        .stdout(str![[r#"
4 unchanged

"#]])
        .run();
}

#[test]
fn what_is_there_stays() {
    let done = test(&["init", "notes"])
        .file("notes/content/mine.md", "### Q: One?\nA.\n")
        .file("notes/content/deckpress.toml", "name = \"mine\"\n")
        .stdout(str![[r#"
  notes/content/deckpress.toml was there already, and stays as it is
  notes/.gitignore

Next, in `notes`:
  deckpress build  presses the decks into `out`: import the `.apkg` file into Anki
  deckpress check  reports what is wrong in your notes
  deckpress watch  builds again whenever you save

"#]])
        .run()
        .lists("notes", &[".gitignore", "content/deckpress.toml", "content/mine.md"])
        .holds(
            "notes/content/deckpress.toml",
            str![[r#"
name = "mine"

"#]],
        );
    done.then(&["init", "notes", "--message-format", "json"])
        .stdout(str![[r#"
{"path":"notes/content/deckpress.toml","reason":"present"}
{"path":"notes/.gitignore","reason":"present"}

"#]])
        .run()
        .lists("notes", &[".gitignore", "content/deckpress.toml", "content/mine.md"]);
}

#[test]
fn where_a_file_is_in_the_way() {
    test(&["init"])
        .file("content", "no folder")
        .stderr(str![[r#"
error: cannot write to `content`: File exists (os error 17)

"#]])
        .status(2)
        .run();
}
