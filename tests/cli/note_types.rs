//! Note types of the author's own.

use snapbox::str;

use crate::test::test;

const NOTE: &str = "### Q: One?\nA.\n";

#[test]
fn a_note_type_that_nobody_uses_changes_nothing() {
    test(&["check"])
        .file("content/notes.md", NOTE)
        .file(
            "content/note-types/word.toml",
            "fields = [\"Word\"]\nextra = 1\n[[card]]\nfront = \"f.html\"\nback = \"sub/b.htm\"\n",
        )
        .file("content/note-types/f.html", "{{Word}}")
        .file("content/note-types/sub/b.htm", "{{FrontSide}}")
        .stderr(str![[r#"
warning[unknown-key]: unknown key `extra`
 --> content/note-types/word.toml:2:1
  |
2 | extra = 1
  | ^^^^^ this setting does nothing
  |
  = help: the keys here are `name`, `fields`, `labels`, `css`, `cloze`, `was`, `card`

1 warning

"#]])
        .run();
}

#[test]
fn a_note_type_lacks_everything() {
    test(&["check"])
        .file("content/notes.md", NOTE)
        .file("content/note-types/word.toml", "")
        .stderr(str![[r#"
error[invalid-note-type]: this note type has no fields
 --> content/note-types/word.toml:1:1
  |
1 |
  | ^
  |
  = help: add `fields = ["Front", "Back"]`

error[invalid-note-type]: this note type has no card templates
 --> content/note-types/word.toml:1:1
  |
1 |
  | ^
  |
  = help: add `[[card]]`

2 errors

"#]])
        .status(1)
        .run();
}

#[test]
#[expect(clippy::too_many_lines, reason = "there is much that can be wrong")]
fn what_a_note_type_says_cannot_be() {
    test(&["check"])
        .file("content/notes.md", NOTE)
        .file(
            "content/note-types/word.toml",
            "name = \"Deckpress Q&A\"\n\
             fields = [\"Word\", \"Re:ading\", \"#x\", \"word\", { was = \"y\" }, 5, [1]]\n\
             labels = { Meaning = \"Answer\", Word = [\"W\", \"Q\"], 5 = \"w:\" }\n\
             css = \"word.sass\"\n\
             cloze = \"yes\"\n\
             [[card]]\n\
             name = \"A\"\n\
             front = \"word.frnt.html\"\n\
             [[card]]\n\
             name = \"a\"\n\
             front = \"word.front.html\"\n\
             back = \"../word.front.html\"\n",
        )
        .file("content/note-types/word.front.html", "{{Word}}")
        .stderr(str![[r##"
error[invalid-note-type]: `Deckpress Q&A` cannot be the name of a note type
 --> content/note-types/word.toml:1:8
  |
1 | name = "Deckpress Q&A"
  |        ^^^^^^^^^^^^^^^ that is a note type of deckpress itself

error[invalid-note-type]: `Re:ading` cannot be the name of a field
 --> content/note-types/word.toml:2:19
  |
2 | fields = ["Word", "Re:ading", "#x", "word", { was = "y" }, 5, [1]]
  |                   ^^^^^^^^^^ it cannot hold any of `:`, `{`, `}` and `"`

error[invalid-note-type]: `#x` cannot be the name of a field
 --> content/note-types/word.toml:2:31
  |
2 | fields = ["Word", "Re:ading", "#x", "word", { was = "y" }, 5, [1]]
  |                               ^^^^ it cannot begin with `#`, `/` or `^`

error[invalid-note-type]: `word` stands twice
 --> content/note-types/word.toml:2:37
  |
2 | fields = ["Word", "Re:ading", "#x", "word", { was = "y" }, 5, [1]]
  |           ------ first here         ^^^^^^

error[invalid-note-type]: this field has no name
 --> content/note-types/word.toml:2:45
  |
2 | fields = ["Word", "Re:ading", "#x", "word", { was = "y" }, 5, [1]]
  |                                             ^^^^^^^^^^^^^

error[invalid-note-type]: expected a text that is not empty
 --> content/note-types/word.toml:2:63
  |
2 | fields = ["Word", "Re:ading", "#x", "word", { was = "y" }, 5, [1]]
  |                                                               ^^^

error[invalid-note-type]: `Meaning` is no field of this note type
 --> content/note-types/word.toml:3:12
  |
3 | labels = { Meaning = "Answer", Word = ["W", "Q"], 5 = "w:" }
  |            ^^^^^^^
  |
  = help: its fields are `Word`, `Re:ading`, `#x`, `word`, `5`

error[invalid-note-type]: `w` opens two fields
 --> content/note-types/word.toml:3:55
  |
3 | labels = { Meaning = "Answer", Word = ["W", "Q"], 5 = "w:" }
  |                                       ----------      ^^^^
  |                                       |
  |                                       first here

error[invalid-note-type]: cannot use `word.sass`
 --> content/note-types/word.toml:4:7
  |
4 | css = "word.sass"
  |       ^^^^^^^^^^^ a template ends in `.html`, a style sheet in `.css`
  |
  = help: a style sheet lies in the folder of its note type

error[invalid-note-type]: unknown value `yes`
 --> content/note-types/word.toml:5:9
  |
5 | cloze = "yes"
  |         ^^^^^
  |
  = help: expected one of `true`, `false`

error[invalid-note-type]: the card template `A` has no `back`
 --> content/note-types/word.toml:7:8
  |
7 | name = "A"
  |        ^^^
  |
  = help: name a file beside this one, as in `back = "back.html"`

error[invalid-note-type]: cannot use `word.frnt.html`
 --> content/note-types/word.toml:8:9
  |
8 | front = "word.frnt.html"
  |         ^^^^^^^^^^^^^^^^ there is no such file in `note-types/`
  |
  = help: did you mean `word.front.html`?

error[invalid-note-type]: cannot use `../word.front.html`
  --> content/note-types/word.toml:12:8
   |
12 | back = "../word.front.html"
   |        ^^^^^^^^^^^^^^^^^^^^ there is no such file in `note-types/`
   |
   = help: did you mean `word.front.html`?

13 errors

"##]])
        .status(1)
        .run();
}

#[test]
fn a_note_type_is_no_toml() {
    test(&["check"])
        .file("content/notes.md", NOTE)
        .file("content/note-types/word.toml", "fields = [\"Word\"\n[[card]\n")
        .stderr(str![[r#"
error[invalid-note-type]: missing comma between array elements, expected `,`
 --> content/note-types/word.toml:2:1
  |
2 | [[card]
  | ^

1 error

"#]])
        .status(1)
        .run();
}

#[test]
fn two_note_types_have_one_name() {
    let word = "fields = [\"Word\"]\n[[card]]\nfront = \"f.html\"\nback = \"f.html\"\n";
    test(&["check"])
        .file("content/notes.md", NOTE)
        .file("content/note-types/a.toml", word)
        .file("content/note-types/b.toml", format!("name = \"A\"\n{word}"))
        .file("content/note-types/f.html", "{{Word}}")
        .stderr(str![[r#"
error[invalid-note-type]: a second note type `A`
 --> content/note-types/b.toml:1:8
  |
1 | name = "A"
  |        ^^^
  |
 ::: content/note-types/a.toml:1:1
  |
1 | fields = ["Word"]
  | - first here
  |
  = help: Anki knows note types by their names; give one of them another

1 error

"#]])
        .status(1)
        .run();
}

/// A note type with two fields, and templates in which something may be wrong.
fn templates(front: &str, back: &str) -> crate::test::Test {
    test(&["check"])
        .file("content/notes.md", NOTE)
        .file(
            "content/note-types/word.toml",
            "fields = [\"Word\", \"Reading\"]\n[[card]]\nfront = \"f.html\"\nback = \"b.html\"\n",
        )
        .file("content/note-types/f.html", front)
        .file("content/note-types/b.html", back)
        .status(1)
}

#[test]
fn templates_name_fields_that_are_not_there() {
    templates(
        "<b>\n  {{Raeding}}</b> {{#c1}}{{/c1}}",
        "{{FrontSide}}{{hint:word}} {{Tags}} {{Far}}",
    )
    .stderr(str![])
    .run();
}

#[test]
fn templates_have_sections_that_do_not_end() {
    templates("{{Word}}{{#Reading}}", "é {{^Word}}{{/Reading}}{{/Word}}").stderr(str![]).run();
}

#[test]
fn a_front_shows_no_field() {
    templates("What?", "{{Word}}").stderr(str![]).run();
}

#[test]
fn card_templates_have_one_front_and_a_cloze_type_no_gap() {
    test(&["check"])
        .file("content/notes.md", NOTE)
        .file(
            "content/note-types/word.toml",
            "fields = [\"Word\"]\ncloze = true\n\
             [[card]]\nfront = \"f.html\"\nback = \"f.html\"\n\
             [[card]]\nfront = \"f.html\"\nback = \"f.html\"\n",
        )
        .file("content/note-types/f.html", "{{Word}}")
        .status(1)
        .stderr(str![])
        .run();
}

#[test]
fn files_that_templates_name_are_missing() {
    test(&["check"])
        .file("content/notes.md", NOTE)
        .file(
            "content/note-types/word.toml",
            "fields = [\"Word\"]\ncss = \"w.css\"\n[[card]]\nfront = \"f.html\"\nback = \"f.html\"\n",
        )
        .file("content/note-types/f.html", "{{Word}}<img src=\"_here.png\">")
        .file("content/media/_here.png", "png")
        .file("content/note-types/w.css", "@font-face { src: url(_kana.woff2); }\n")
        .stderr(str![])
        .run();
}

#[test]
fn a_section_names_no_field() {
    templates("{{Word}}", "{{Reading}}")
        .file("content/notes.md", "### Q: 猫 {type=word}\n**Raeding:** ねこ\n")
        .stderr(str![])
        .run();
}

#[test]
fn a_note_type_is_not_there() {
    templates("{{Word}}", "{{Reading}}")
        .file("content/notes.md", "### Q: 猫 {type=wrod}\n**Reading:** ねこ\n")
        .stderr(str![])
        .run();
}

#[test]
fn a_note_has_no_card() {
    templates("{{Reading}}", "{{Word}}")
        .file("content/notes.md", "### Q: 猫 {type=word}\n")
        .stderr(str![])
        .run();
}

const WORD: &str = "### Q: 猫 {type=word}\n**Reading:** ねこ\n";

#[test]
fn a_layout_changes_after_the_first_build() {
    let toml = |fields: &str| {
        format!("fields = [{fields}]\n[[card]]\nfront = \"f.html\"\nback = \"b.html\"\n")
    };
    test(&["build", "--to", "apkg"])
        .file("content/notes.md", WORD)
        .file("content/note-types/word.toml", toml("\"Word\", \"Reading\""))
        .file("content/note-types/f.html", "{{Word}}")
        .file("content/note-types/b.html", "{{Reading}}")
        .stderr(str![])
        .run()
        .then(&["build", "--to", "apkg"])
        .file("content/note-types/word.toml", toml("\"Word\", \"Reading\", \"Meaning\""))
        .stderr(str![])
        .status(1)
        .run()
        .then(&["plan"])
        .file(
            "content/note-types/word.toml",
            toml("\"Word\", { name = \"Kana\", was = \"Reading\" }"),
        )
        .file("content/notes.md", WORD.replace("Reading", "Kana"))
        .file("content/note-types/b.html", "{{Kana}}")
        .stderr(str![])
        .status(3)
        .run();
}

#[test]
fn a_note_gets_another_type() {
    test(&["build", "--to", "apkg"])
        .file("content/notes.md", "### Q: 猫\n**Answer:** ねこ\n\n### Q: 犬\n**Answer:** いぬ\n")
        .file(
            "content/note-types/word.toml",
            "fields = [\"Word\", \"Answer\"]\n[[card]]\nfront = \"f.html\"\nback = \"f.html\"\n",
        )
        .file("content/note-types/f.html", "{{Word}}")
        .stderr(str![])
        .run()
        .then(&["plan"])
        .file("content/deckpress.toml", "note_type = \"word\"\n")
        .stderr(str![])
        .status(3)
        .run();
}
