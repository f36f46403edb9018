//! The JSON file.

use snapbox::str;

use crate::test::test;

#[test]
#[expect(clippy::too_many_lines, reason = "this is the whole of the format")]
fn a_small_deck() {
    test(&["build", "-q", "-f", "json"])
        .file("content/img/x.png", "png")
        .file(
            "content/notes/a.md",
            "\
---
tags: [a]
---
# Deck

About *it*.

## Topic
### Q: What is *it*? {#it .b lang=en}
Text.

**Answer (short):** A![](../img/x.png).

**Answer (long):** B[^n].

**Key points:**
- one
  - two
- three

**See:**

[x]

Then.

[x]: https://example.org
[^n]: Note.
",
        )
        .run()
        .holds("out/deck.json", str![[r#"
{
  "version": 1,
  "decks": [
    {
      "title": "Deck",
      "description": {
        "markdown": "About *it*.",
        "html": "<p>About <em>it</em>.</p>",
        "text": "About it."
      }
    }
  ],
  "notes": [
    {
      "id": "it",
      "deck": "Deck",
      "topic": [
        "Topic"
      ],
      "tags": [
        "topic",
        "a",
        "b"
      ],
      "lang": "en",
      "dir": null,
      "source": {
        "file": "notes/a.md",
        "line": 9
      },
      "kind": "qa",
      "cards": [],
      "question": {
        "markdown": "What is *it*?\n\nText.",
        "html": "<p>What is <em>it</em>?</p>\n<p>Text.</p>",
        "text": "What is it?\n\nText."
      },
      "qualifier": "short",
      "answer": {
        "markdown": "A![](x-bad7c9a32d645d0e.png).\n\n*long*\n\nB[^n].\n\n[^n]: Note.",
        "html": "<p>A<img src=\"x-bad7c9a32d645d0e.png\" alt=\"\" />.</p>\n<p class=\"qualifier\">long</p>\n<p>B<sup class=\"footnote-ref\">1</sup>.</p>\n<div class=\"footnotes\"><ol>\n<li value=\"1\"><p>Note.</p></li>\n</ol></div>",
        "text": "A[../img/x.png].\n\n(long)\n\nB[1].\n\n[1] Note."
      },
      "key_points": [
        {
          "markdown": "one\n- two",
          "html": "one\n<ul>\n<li>two</li>\n</ul>",
          "text": "one\n• two"
        },
        {
          "markdown": "three",
          "html": "three",
          "text": "three"
        }
      ],
      "extra": [
        {
          "label": "See",
          "markdown": "[x](https://example.org)\n\nThen.",
          "html": "<p><a href=\"https://example.org\">x</a></p>\n<p>Then.</p>",
          "text": "x (https://example.org)\n\nThen."
        }
      ]
    }
  ],
  "media": [
    {
      "name": "x-bad7c9a32d645d0e.png",
      "path": "img/x.png"
    }
  ]
}

"#]]);
}

#[test]
fn the_least() {
    test(&["build", "-q", "-f", "json"]).file("content/a.md", "### Q: One?\nA.\n").run().holds(
        "out/a.json",
        str![[r#"
{
  "version": 1,
  "decks": [
    {
      "title": "a",
      "description": {
        "markdown": "",
        "html": "",
        "text": ""
      }
    }
  ],
  "notes": [
    {
      "id": "w6vrr7nje4sm",
      "deck": "a",
      "topic": [],
      "tags": [],
      "lang": null,
      "dir": null,
      "source": {
        "file": "a.md",
        "line": 1
      },
      "kind": "qa",
      "cards": [],
      "question": {
        "markdown": "One?",
        "html": "One?",
        "text": "One?"
      },
      "qualifier": null,
      "answer": {
        "markdown": "A.",
        "html": "<p>A.</p>",
        "text": "A."
      },
      "key_points": [],
      "extra": []
    }
  ],
  "media": []
}

"#]],
    );
}
