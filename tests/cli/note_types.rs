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
  = help: a style sheet is a file in the folder of its note type, which is named here

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
    .stderr(str![[r#"
error[invalid-template]: there is no field `word`
 --> content/note-types/b.html:1:14
  |
1 | {{FrontSide}}{{hint:word}} {{Tags}} {{Far}}
  |              ^^^^^^^^^^^^^
  |
  = help: did you mean `Word`?

error[invalid-template]: there is no field `Far`
 --> content/note-types/b.html:1:37
  |
1 | {{FrontSide}}{{hint:word}} {{Tags}} {{Far}}
  |                                     ^^^^^^^
  |
  = help: the fields of `word` are `Word`, `Reading`

error[invalid-template]: there is no field `Raeding`
 --> content/note-types/f.html:2:3
  |
2 |   {{Raeding}}</b> {{#c1}}{{/c1}}
  |   ^^^^^^^^^^^
  |
  = help: did you mean `Reading`?

3 errors

"#]])
    .run();
}

#[test]
fn templates_have_sections_that_do_not_end() {
    templates("{{Word}}{{#Reading}}", "é {{^Word}}{{/Reading}}{{/Word}}")
        .stderr(str![[r#"
error[invalid-template]: `{{/Reading}}` stands where `{{/Word}}` is expected
 --> content/note-types/b.html:1:12
  |
1 | é {{^Word}}{{/Reading}}{{/Word}}
  |            ^^^^^^^^^^^^

error[invalid-template]: this section has no end `{{/Reading}}`
 --> content/note-types/f.html:1:9
  |
1 | {{Word}}{{#Reading}}
  |         ^^^^^^^^^^^^

2 errors

"#]])
        .run();
}

#[test]
fn a_front_shows_no_field() {
    templates("What?", "{{Word}}")
        .stderr(str![[r#"
error[invalid-template]: the front of `Card 1` shows no field
 --> content/note-types/f.html:1:1
  |
1 | What?
  | ^
  |
  = help: put one in, as in `{{Front}}`

1 error

"#]])
        .run();
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
        .stderr(str![[r#"
error[invalid-template]: the front of `Card 1` shows no gap
 --> content/note-types/f.html:1:1
  |
1 | {{Word}}
  | ^
  |
  = help: a cloze type shows a field as `{{cloze:Text}}` on both sides

error[invalid-template]: the back of `Card 1` shows no gap
 --> content/note-types/f.html:1:1
  |
1 | {{Word}}
  | ^
  |
  = help: a cloze type shows a field as `{{cloze:Text}}` on both sides

error[invalid-template]: `Card 1` and `Card 2` have the same front
 --> content/note-types/word.toml:6:1
  |
3 | [[card]]
  | -------- and this one
...
6 | [[card]]
  | ^^^^^^^^ this one
  |
  = help: Anki refuses two cards that ask the same; take one of them out

3 errors

"#]])
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
        .stderr(str![[r#"
warning[missing-file]: cannot find `_kana.woff2`
 --> content/note-types/w.css:1:23
  |
1 | @font-face { src: url(_kana.woff2); }
  |                       ^^^^^^^^^^^ named by a note type, and not in the deck
  |
  = help: put it into `note-types/`, or into `media/`

1 warning

"#]])
        .run();
}

#[test]
fn a_section_names_no_field() {
    templates("{{Word}}", "{{Reading}}")
        .file("content/notes.md", "### Q: 猫 {type=word}\n**Raeding:** ねこ\n")
        .stderr(str![[r#"
error[unknown-field]: `Raeding` opens no field of the note type `word`
 --> content/notes.md:2:1
  |
2 | **Raeding:** ねこ
  | ^^^^^^^^^^^^ did you mean `Reading`?
  |
  = help: the fields of `word` are `Word`, `Reading`

1 error

"#]])
        .run();
}

#[test]
fn a_section_may_be_meant_and_be_text() {
    templates("{{Word}}", "{{Reading}}")
        .file("content/notes.md", "### Q: 猫 {type=word}\n**Reading:** ねこ\n\n**Example:** x\n")
        .stderr(str![[r#"
warning[unknown-field]: `Example` opens no field of the note type `word`
 --> content/notes.md:4:1
  |
4 | **Example:** x
  | ^^^^^^^^^^^^ text of the field above
  |
  = help: the fields of `word` are `Word`, `Reading`

1 warning

"#]])
        .status(0)
        .run();
}

#[test]
fn braces_nearly_name_a_note_type() {
    templates("{{Word}}", "{{Reading}}")
        .file(
            "content/notes.md",
            "### Q: One {note_type=word}\n**Reading:** a\n\n### Q: Two {.x type: \"Word\"}\n\
             **Reading:** b\n\n### Q: Three {.type=word}\n**Reading:** c\n\n\
             ### Q: What is `{type: int}` in {type: other}\n**Answer:** d\n",
        )
        .stderr(str![[r#"
error[unknown-note-type]: `{note_type=word}` names no note type
 --> content/notes.md:1:12
  |
1 | ### Q: One {note_type=word}
  |            ^^^^^^^^^^^^^^^^
  |
  = help: write `{type=word}`

error[unknown-note-type]: `{.x type: "Word"}` names no note type
 --> content/notes.md:4:12
  |
4 | ### Q: Two {.x type: "Word"}
  |            ^^^^^^^^^^^^^^^^^
  |
  = help: write `{type=Word}`

error[unknown-note-type]: `{.type=word}` names no note type
 --> content/notes.md:7:14
  |
7 | ### Q: Three {.type=word}
  |              ^^^^^^^^^^^^
  |
  = help: write `{type=word}`

3 errors

"#]])
        .status(1)
        .run();
}

#[test]
fn a_note_type_is_not_there() {
    templates("{{Word}}", "{{Reading}}")
        .file("content/notes.md", "### Q: 猫 {type=wrod}\n**Reading:** ねこ\n")
        .stderr(str![[r#"
error[unknown-note-type]: there is no note type `wrod`
 --> content/notes.md:1:11
  |
1 | ### Q: 猫 {type=wrod}
  |            ^^^^^^^^^
  |
  = help: did you mean `word`?

1 error

"#]])
        .run();
}

#[test]
fn a_note_has_no_card() {
    templates("{{Reading}}", "{{Word}}")
        .file("content/notes.md", "### Q: 猫 {type=word}\n")
        .stderr(str![[r#"
error[note-without-cards]: this note of the type `word` would have no card
 --> content/notes.md:1:1
  |
1 | ### Q: 猫 {type=word}
  | ^^^^^^^^^^^^^^^^^^^^^ Anki would show it nowhere
  |
  = help: Anki makes a card if a field on the front of its template is filled

1 error

"#]])
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
        .stderr(str![[r#"
1 deck, 0 topics, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  out/notes.apkg  [SIZE] KiB
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]

"#]])
        .run()
        .then(&["build", "--to", "apkg"])
        .file("content/note-types/word.toml", toml("\"Word\", \"Reading\", \"Meaning\""))
        .stderr(str![[r#"
error[note-type-changed]: the layout of the note type `word` has changed
 --> content/note-types/word.toml:1:30
  |
1 | fields = ["Word", "Reading", "Meaning"]
  |                              ^^^^^^^^^ the field `Meaning` was not there when it was first built
  |
  = help: Anki would take it for another note type and update no note; `was = "Old"` renames, and `deckpress explain note-type-changed` names the other ways

1 error

"#]])
        .status(1)
        .run()
        .then(&["plan"])
        .file(
            "content/note-types/word.toml",
            toml("\"Word\", { name = \"Kana\", was = \"Reading\" }"),
        )
        .file("content/notes.md", WORD.replace("Reading", "Kana"))
        .file("content/note-types/b.html", "{{Kana}}")
        .stdout(str![[r#"
1 unchanged; only the lock is brought up to date

"#]])
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
        .stderr(str![[r#"
1 deck, 0 topics, 2 questions, 2 cards, 0 key points
  2 added, 0 unchanged
  out/notes.apkg  [SIZE] KiB
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]

"#]])
        .run()
        .then(&["plan"])
        .file("content/deckpress.toml", "note_type = \"word\"\n")
        .stderr(str![[r#"
warning[note-type-changed]: this note, and 1 more, were of the type `Deckpress Q&A` and are of the type `word` now
 --> content/notes.md:1:1
  |
1 | ### Q: 猫
  | ^^^^^^^^^ Anki does not update it as it is
  |
  = help: select it in Anki's browser, Notes ▸ Change Note Type, and import with *Update notes: Always* once; or write `{id=new}` for a new note beside the old one

1 warning

"#]])
        .stdout(str![[r#"
Changed
  ~ 猫 (answer, note type)  content/notes.md:1
  ~ 犬 (answer, note type)  content/notes.md:4

2 changed, 0 unchanged

"#]])
        .status(3)
        .run();
}

#[test]
fn a_label_is_no_name_of_another_field() {
    test(&["check"])
        .file("content/notes.md", "# D\n\n### Q: w {type=Word}\n**Reading:** r\n**Meaning:** m\n")
        .file(
            "content/note-types/word.toml",
            "name = \"Word\"\n\
             fields = [\"Word\", \"Reading\", \"Meaning\"]\n\
             labels = { Meaning = [\"Reading\"] }\n\
             [[card]]\n\
             name = \"A\"\n\
             front = \"f.html\"\n\
             back = \"b.html\"\n",
        )
        .file("content/note-types/f.html", "{{Word}}")
        .file("content/note-types/b.html", "{{Reading}} {{Meaning}}")
        .stderr(str![[r#"
error[invalid-note-type]: `reading` opens two fields
 --> content/note-types/word.toml:3:22
  |
2 | fields = ["Word", "Reading", "Meaning"]
  |                   --------- a field of this name
3 | labels = { Meaning = ["Reading"] }
  |                      ^^^^^^^^^^^

1 error

"#]])
        .status(1)
        .run();
}
