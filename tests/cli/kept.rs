//! What an app has written into a page, and what a person has.

use std::fs;

use snapbox::str;

use crate::test::{Done, Test, test};

const BEFORE: &str = "\
# Deck
## Alpha
### Q: One? {#one}
Uno.

### Q: Two? {#two}
Dos.

## Beta
### Q: Three? {#three}
```text
tres
```

### Q: Four? {#four}
Cuatro.
";

/// One is reworded, two has moved, three is gone, five is new.
const AFTER: &str = "\
# Deck
## Alpha
### Q: Five? {#five}
Cinco.

### Q: Which is the first? {#one}
Uno, *one*.

## Beta
### Q: Four? {#four}
Cuatro.

### Q: Two? {#two}
Dos.
";

/// Builds, lets an app write below (or above) some lines, and builds with other content.
fn edited(target: &'static str, marks: &[(&str, &str)]) -> Done {
    let built = test(&["build", "-q", "--to", target]).file("content/a.md", BEFORE).run();
    for page in ["01-alpha.md", "02-beta.md"] {
        let path = built.path(&format!("out/{target}/{page}"));
        let text = marks.iter().fold(fs::read_to_string(&path).unwrap(), |text, (line, with)| {
            text.replace(line, with)
        });
        fs::write(&path, text).unwrap();
    }
    built.then(&["build", "-q", "--to", target]).file("content/a.md", AFTER).run()
}

#[test]
fn dates_of_obsidian_sr() {
    edited(
        "obsidian-sr",
        &[
            ("\nUno.\n", "\nUno.\n<!--SR:!2025-01-01,3,250-->\n"),
            // As it is with the setting that has them in the same line.
            ("\nDos.\n", "\nDos. <!--SR:!2025-02-02,4,250-->\n"),
            ("tres\n```\n", "tres\n```\n<!--SR:!2025-03-03,5,250-->\n"),
            ("\nCuatro.\n", "\nCuatro.\n> [!sr|card-metadata] \n> <!--SR:!2025-04-04,6,250-->\n"),
        ],
    )
    .lists("out", &["obsidian-sr/01-alpha.md", "obsidian-sr/02-beta.md"])
    .holds(
        "out/obsidian-sr/01-alpha.md",
        str![[r#"
# Alpha

#flashcards/deck/alpha

Five?
?
Cinco.

Which is the first?
?
Uno, *one*.
<!--SR:!2025-01-01,3,250-->

"#]],
    )
    .holds(
        "out/obsidian-sr/02-beta.md",
        str![[r#"
# Beta

#flashcards/deck/beta

Four?
?
Cuatro.
> [!sr|card-metadata]
> <!--SR:!2025-04-04,6,250-->

Two?
?
Dos.
<!--SR:!2025-02-02,4,250-->

"#]],
    );
}

#[test]
fn ids_of_obsidian_to_anki() {
    edited(
        "obsidian-to-anki",
        &[
            ("Back: Uno.\nTags: alpha\n", "Back: Uno.\nTags: alpha\n<!--ID: 1600000000001-->\n"),
            ("Back: Dos.\nTags: alpha\n", "Back: Dos.\nTags: alpha\nID: 1600000000002\n"),
        ],
    )
    .holds(
        "out/obsidian-to-anki/01-alpha.md",
        str![[r#"
TARGET DECK
Deck::Alpha

START
Basic
Five?
Back: Cinco.
Tags: alpha
END

START
Basic
Which is the first?
Back: Uno, *one*.
Tags: alpha
<!--ID: 1600000000001-->
END

"#]],
    )
    .holds(
        "out/obsidian-to-anki/02-beta.md",
        str![[r#"
TARGET DECK
Deck::Beta

START
Basic
Four?
Back: Cuatro.
Tags: beta
END

START
Basic
Two?
Back: Dos.
Tags: beta
ID: 1600000000002
END

"#]],
    );
}

#[test]
fn ids_of_flashcards_obsidian() {
    edited(
        "flashcards-obsidian",
        &[
            ("\nUno.\n", "\nUno.\n^1600000000001\n"),
            ("\nDos.\n", "\nDos.\n^1600000000002\n"),
            ("tres\n```\n", "tres\n```\n^1600000000003\n"),
        ],
    )
    .holds(
        "out/flashcards-obsidian/01-alpha.md",
        str![[r#"
---
tags: []
cards-deck: Deck::Alpha
---

Five? #card
Cinco.

Which is the first? #card
Uno, *one*.
^1600000000001

"#]],
    )
    .holds(
        "out/flashcards-obsidian/02-beta.md",
        str![[r#"
---
tags: []
cards-deck: Deck::Beta
---

Four? #card
Cuatro.

Two? #card
Dos.
^1600000000002

"#]],
    );
}

#[test]
fn ids_of_inka2() {
    edited(
        "inka2",
        &[
            ("1. One?", "<!--ID:1600000000001-->\n1. One?"),
            ("2. Two?", "<!--ID:1600000000002-->\n2. Two?"),
            ("1. Three?", "<!--ID:1600000000003-->\n1. Three?"),
        ],
    )
    .holds(
        "out/inka2/01-alpha.md",
        str![[r#"
---
Deck: Deck::Alpha
Tags: alpha

1. Five?
> Cinco.

<!--ID:1600000000001-->
2. Which is the first?
> Uno, *one*.

---

"#]],
    )
    .holds(
        "out/inka2/02-beta.md",
        str![[r#"
---
Deck: Deck::Beta
Tags: beta

1. Four?
> Cuatro.

<!--ID:1600000000002-->
2. Two?
> Dos.

---

"#]],
    );
}

#[test]
fn a_page_with_marks_is_as_it_was() {
    let args = &["build", "-q", "--to", "obsidian-sr"];
    let built = test(args).file("content/a.md", BEFORE).run();
    let path = built.path("out/obsidian-sr/01-alpha.md");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("\nUno.\n", "\nUno.\n<!--SR:!2025-01-01,3,250-->\n");
    fs::write(&path, &text).unwrap();
    let again = built.then(args).run();
    assert_eq!(again.text("out/obsidian-sr/01-alpha.md"), text);
}

#[test]
fn what_a_person_has_edited_is_kept_beside() {
    let args = &["build", "--to", "obsidian-sr"];
    let built = test(args).file("content/a.md", BEFORE).any_output().run();
    let path = built.path("out/obsidian-sr/01-alpha.md");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("\nUno.\n", "\nUno, corrected.\n<!--SR:!2025-01-01,3,250-->\n");
    fs::write(&path, &text).unwrap();
    built
        .then(&["build", "-q", "--to", "obsidian-sr"])
        .stderr(str![[r#"
warning: somebody has edited `out/obsidian-sr/01-alpha.md`
  it is kept as `out/obsidian-sr/01-alpha.md.edited`, which no app reads

"#]])
        .run()
        .holds(
            "out/obsidian-sr/01-alpha.md",
            str![[r#"
# Alpha

#flashcards/deck/alpha

One?
?
Uno.
<!--SR:!2025-01-01,3,250-->

Two?
?
Dos.

"#]],
        )
        .holds(
            "out/obsidian-sr/01-alpha.md.edited",
            str![[r#"
# Alpha

#flashcards/deck/alpha

One?
?
Uno, corrected.
<!--SR:!2025-01-01,3,250-->

Two?
?
Dos.

"#]],
        );
}

#[test]
fn a_page_that_is_no_more_goes_unless_somebody_has_edited_it() {
    let args = &["build", "-q", "--to", "inka2,hashcards"];
    let built = test(args).file("content/a.md", BEFORE).run();
    for (page, from, to) in [
        ("inka2/02-beta.md", "1. Three?", "<!--ID:1600000000003-->\n1. Three?"),
        ("hashcards/02-beta.md", "Q: Three?", "Q: Three, to my mind?"),
    ] {
        let path = built.path(&format!("out/{page}"));
        let text = fs::read_to_string(&path).unwrap().replace(from, to);
        fs::write(path, text).unwrap();
    }
    let only = BEFORE.split("## Beta").next().unwrap();
    built
        .then(args)
        .file("content/a.md", only)
        .stderr(str![[r#"
warning: somebody has edited `out/hashcards/02-beta.md`
  it is kept as `out/hashcards/02-beta.md.edited`, which no app reads

"#]])
        .run()
        .lists(
            "out",
            &["hashcards/01-alpha.md", "hashcards/02-beta.md.edited", "inka2/01-alpha.md"],
        );
}

#[test]
fn without_the_manifest_cards_are_known_by_what_they_say() {
    let args = &["build", "-q", "--to", "obsidian-sr"];
    let built = test(args).file("content/a.md", BEFORE).run();
    let path = built.path("out/obsidian-sr/01-alpha.md");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("\nUno.\n", "\nUno.\n<!--SR:!2025-01-01,3,250-->\n");
    fs::write(&path, &text).unwrap();
    fs::remove_file(built.path("out/.deckpress-built")).unwrap();
    let again = built.then(args).run();
    assert_eq!(again.text("out/obsidian-sr/01-alpha.md"), text);
}

#[test]
fn a_note_of_somebody_else_is_not_lost() {
    test(&["build", "-q", "--to", "obsidian-sr"])
        .file("content/a.md", BEFORE)
        .file("out/obsidian-sr/01-alpha.md", "My own.\n")
        .stderr(str![[r#"
warning: somebody has edited `out/obsidian-sr/01-alpha.md`
  it is kept as `out/obsidian-sr/01-alpha.md.edited`, which no app reads

"#]])
        .run()
        .holds(
            "out/obsidian-sr/01-alpha.md.edited",
            str![[r#"
My own.

"#]],
        );
}

/// What versions before the manifest wrote into a folder, and what apps have added since.
fn older() -> Test {
    let records = r##"{"page":"01-alpha.md","id":"one","above":"# Alpha\n\n#flashcards/deck/alpha\n\n","text":"One?\n?\nUno.\n"}
{"page":"01-alpha.md","id":"","above":"","text":""}
{"page":"02-beta.md","id":"two","above":"# Beta\n\n#flashcards/deck/beta\n\n","text":"Two?\n?\nDos.\n"}
{"page":"02-beta.md","id":"","above":"","text":""}
"##;
    let mark = "<!-- Pressed by deckpress: the next build writes this file anew. -->";
    let org = "* Deck\n** Alpha\n*** One? :drill:\nSCHEDULED: <2026-12-24 Thu>\n:PROPERTIES:\n\
               :ID: one\n:END:\n# a.md\n\n**** Answer\nUno.\n\n** Beta\n\n*** Two? :drill:\n\
               :PROPERTIES:\n:ID: two\n:END:\n# a.md\n\n**** Answer\nDos.\n";
    test(&["build", "--to", "obsidian-sr,logseq,org-drill,markdown,anki-csv"])
        .file("content/a.md", "# Deck\n## Alpha\n### Q: Which? {#one}\nUno, *one*.\n")
        .file("out/obsidian-sr/.deckpress-cards", records)
        .file(
            "out/obsidian-sr/01-alpha.md",
            "# Alpha\n\n#flashcards/deck/alpha\n\nOne?\n?\nUno.\n<!--SR:!2025-01-01,3,250-->\n",
        )
        .file("out/obsidian-sr/02-beta.md", "# Beta\n\n#flashcards/deck/beta\n\nTwo?\n?\nTwo!\n")
        .file(
            "out/logseq/.deckpress-pages",
            "de5ea2c1343dc661 deck-alpha.md\nc7a067c574882b43 deck-beta.md\n",
        )
        .file(
            "out/logseq/pages/deck-alpha.md",
            "title:: Deck/Alpha\n\n- One? #card\n  id:: cf1fa641-f6b9-838a-a3f8-c2ca6f1f599f\n  \
             card-repeats:: 1\n\t- Uno.\n",
        )
        .file(
            "out/logseq/pages/deck-beta.md",
            "title:: Deck/Beta\n\n- Two? #card\n  id:: da88e27b-204b-8c12-acb7-1833553d5393\n\
             \t- Dos.\n",
        )
        .file(
            "out/deck.org",
            format!("# deckpress: 37e9898464925f7e\n#+title: deck\n#+options: ^:nil\n\n{org}"),
        )
        .file("out/markdown/02-beta.md", format!("{mark}\n\n# Deck\n"))
        .file("out/markdown/03-mine.md", "# Mine\n")
        .file("out/markdown/media/x-bad7c9a32d645d0e.png", "other")
        .file("out/deck.anki-cloze.csv", "#separator:tab\n#html:true\n#notetype:Deckpress Cloze\n")
        .any_output()
}

#[test]
fn a_folder_of_an_older_version_is_carried_over() {
    let done = older().run();
    assert!(done.text("out/obsidian-sr/01-alpha.md").contains("<!--SR:!2025-01-01,3,250-->"));
    assert!(done.text("out/logseq/pages/deck-alpha.md").contains("card-repeats:: 1"));
    let org = done.text("out/deck.org");
    assert!(org.contains("SCHEDULED: <2026-12-24 Thu>") && !org.contains("# deckpress: "), "{org}");
    done.lists(
        "out",
        &[
            "deck.anki.csv",
            "deck.org",
            "logseq/pages/deck-alpha.md",
            "markdown/01-alpha.md",
            "markdown/03-mine.md",
            "markdown/media/x-bad7c9a32d645d0e.png",
            "obsidian-sr/01-alpha.md",
            "obsidian-sr/02-beta.md.edited",
        ],
    );
}

/// A build of other targets leaves what is remembered of these.
#[test]
fn other_targets_are_remembered() {
    let done = test(&["build", "--to", "obsidian-sr,markdown"])
        .file("content/a.md", BEFORE)
        .any_output()
        .run();
    let path = done.path("out/obsidian-sr/02-beta.md");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("Cuatro.\n", "Cuatro.\n<!--SR:!2025-04-04,6,250-->\n");
    fs::write(&path, &text).unwrap();
    let only = BEFORE.split("## Beta").next().unwrap();
    let done = done.then(&["build", "--to", "csv"]).file("content/a.md", only).any_output().run();
    assert_eq!(done.text("out/obsidian-sr/02-beta.md"), text);
    let done = done
        .then(&["build", "-q", "--to", "obsidian-sr,markdown"])
        .file("content/a.md", format!("{only}### Q: Four? {{#four}}\nCuatro.\n"))
        .run();
    assert!(done.text("out/obsidian-sr/01-alpha.md").contains("<!--SR:!2025-04-04,6,250-->"));
    done.lists("out", &["deck.csv", "markdown/01-alpha.md", "obsidian-sr/01-alpha.md"]);
}

/// A page that goes, and that somebody has edited, is not lost, whoever it is for.
#[test]
fn an_edited_page_of_markdown_is_kept_when_it_goes() {
    let args = &["build", "-q", "--to", "markdown"];
    let done = test(args).file("content/a.md", BEFORE).run();
    let path = done.path("out/markdown/02-beta.md");
    let text = fs::read_to_string(&path).unwrap().replace("Cuatro.", "Quatre.");
    fs::write(&path, &text).unwrap();
    let only = BEFORE.split("## Beta").next().unwrap();
    let done = done.then(args).file("content/a.md", only).any_output().run();
    assert_eq!(done.text("out/markdown/02-beta.md.edited"), text);
    done.lists("out", &["markdown/01-alpha.md", "markdown/02-beta.md.edited"]);
}
