//! The Markdown decks.

use std::fs;

use snapbox::str;

use crate::test::test;

const NOTES: &str = "\
---
tags: [a]
---
# Deck

About.

## Topic

About *this*.

### Q: What is it? {#it .b lang=de}
Code:

    x

**Answer:** See ![plot](img/x.png) and [ref].

**Key points:**
- one
- two

### Q: Two?
B[^1].

[ref]: https://example.org
[^1]: Note.
";

#[test]
fn a_small_deck() {
    test(&["build", "-q", "-f", "markdown"])
        .file("content/a.md", NOTES)
        .file("content/img/x.png", "png")
        .run()
        .lists("out", &["markdown/01-topic.md", "markdown/media/x-bad7c9a32d645d0e.png"])
        .holds(
            "out/markdown/01-topic.md",
            str![[r#"
---
tags: ["a"]
---

<!-- Pressed by deckpress: the next build writes this file anew. -->

# Deck

About.

## Topic

About *this*.

### Q: What is it? {#it .b lang=de}

Code:

    x

**Answer:** See ![plot](media/x-bad7c9a32d645d0e.png) and [ref](https://example.org).

**Key points:**

- one
- two

---

### Q: Two? {#g6e9neecweae}

**Answer:**

B[^1].

[^1]: Note.

"#]],
        );
}

#[test]
fn it_can_be_content_itself() {
    let built = test(&["build", "-q", "-f", "markdown"])
        .file("content/a.md", NOTES)
        .file("content/img/x.png", "png")
        .run();
    fs::rename(built.path("out/markdown"), built.path("pages")).unwrap();
    for page in fs::read_dir(built.path("pages")).unwrap().map(|page| page.unwrap().path()) {
        if page.is_file() {
            let text = fs::read_to_string(&page).unwrap();
            fs::write(page, text.replace("<!-- Pressed by deckpress", "<!-- Kept here")).unwrap();
        }
    }
    built
        .then(&["build", "-q", "-f", "csv,markdown", "-o", "again", "pages"])
        .any_output()
        .run()
        .then(&["build", "-q", "-f", "csv"])
        .any_output()
        .run()
        .same("out/deck.csv", "again/deck.csv");
}
