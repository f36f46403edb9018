//! Importing packages of Mochi: what we write, and what Mochi itself exports.

use std::io::Read as _;

use snapbox::str;

use crate::import::package;
use crate::test::{Done, test};

const CONTENT: &str = "# Deck

## Topic

### Q: What is *this*? {.reverse .a::tag}

**Answer:** A [link](https://example.org), `{{code}}`, $x^2$, {{no gap}} and a:b ==c==.

![A picture](p.png)

**See also:**

- one
- two

### Sub

### Q: {{c1::Gaps}} and {{c2::**more**::of them}} {.cloze}

**Answer:** They are filled in.
";

/// Reads the cards out of a package, without the ids of decks and cards.
fn cards(done: &Done, path: &str) -> String {
    let bytes = std::fs::read(done.path(path)).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name("data.edn").unwrap().read_to_string(&mut text).unwrap();
    let is_id =
        |word: &&str| !(word.starts_with(":c") || word.starts_with(":d")) || word.len() != 14;
    text.split(' ').filter(is_id).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_we_write_comes_back() {
    let done = test(&["build", "-q", "--to", "mochi"])
        .file("content/deck.md", CONTENT)
        .file("content/p.png", "png")
        .any_output()
        .run();
    let done = done
        .then(&["import", "out/deck.mochi", "-o", "again"])
        .stdout(str![[r#"
2 notes imported from `out/deck.mochi`, in 1 deck, with 1 media file
  again/deck.md
next: `deckpress build again`

"#]])
        .run()
        .holds(
            "again/deck.md",
            str![[r#"
# Deck

## Topic

### Q: What is *this*? {.reverse .a::tag}

**Answer:**

A [link](https://example.org), `{{code}}`, $x^2$, {{no gap}} and a:b \=\=c\=\=.

![A picture](media/p-bad7c9a32d645d0e.png)

**See also:**

- one
- two

### Q: {{c1::Gaps}} and {{c2::**more**}} (of them) {.cloze}

**Answer:** They are filled in.

"#]],
        );
    let done =
        done.then(&["build", "again", "-q", "--to", "mochi", "--out", "out2"]).any_output().run();
    assert_eq!(cards(&done, "out/deck.mochi"), cards(&done, "out2/deck.mochi"));
    done.then(&["import", "out2/deck.mochi", "-o", "again"])
        .stdout(str![[r#"
`out2/deck.mochi` brings nothing new; 2 notes were there already

"#]])
        .run();
}

const EXPORTED: &str = r####"{
 "~:version": 2,
 "~:templates": {"~#list": [{"~:id": "~:tmplWord", "~:name": "Word",
   "~:content": "# << Front >>\n<<#Hint>>(<< Hint >>)<</Hint>>\n---\n<< back >><<^Hint>>!<</Hint>>",
   "~:fields": {"~:name": {"~:id": "~:name", "~:name": "Front"}, "~:b1": {"~:name": "Back"}, "~:h1": {"~:name": "Hint"}}}]},
 "~:decks": [
  {"~:name": "Verbs", "~:id": "~:deckVerb", "~:parent-id": "~:deckMain", "~:cards": {"~#list": [
    {"~:id": "~:cardBBBB", "~:pos": "b", "~:content": "", "~:name": "ir", "~:template-id": "~:tmplWord",
     "~:reviews": [{"~:date": "~t1704067200000", "~:remembered?": true}], "~:tags": {"~#set": ["verb"]},
     "~:fields": {"~:name": {"~:id": "~:name", "~:value": "ir"}, "~:b1": {"~:value": "to go"}, "~:h1": {"~:value": "a way"}}},
    {"~:id": "~:cardAAAA", "~:pos": "a", "~:content": "ser <b>y</b> estar \\{\\{x\\}\\} a::b\n---\nto be\n\n---\n\n![](@media/ser%201.mp3)\n#verb #stem/e"},
    {"~:pos": "c", "~:content": "Old\n---\nOld", "~:trashed?": {"~#dt": 1704067200000}}]}},
  {"~:name": "Spanish", "~:id": "~:deckMain", "~:cards": {"~#list": []}}],
 "~:cards": {"~#list": [{"~:deck-id": "~:deckMain", "~:content": "{{Madrid}} is in {{2::Spain}}\n---\nEurope"}]}
}"####;

#[test]
fn what_mochi_exports_is_read() {
    let bytes = package(&[("data.json", EXPORTED.as_bytes()), ("ser 1.mp3", b"mp3")]);
    test(&["import", "Spanish.mochi"])
        .file("Spanish.mochi", bytes)
        .stdout(str![[r#"
3 notes imported from `Spanish.mochi`, in 2 decks, with 1 media file
  content/spanish.md
next: `deckpress build content`

"#]])
        .run()
        .holds(
            "content/spanish.md",
            str![[r#"
# Spanish

### Q: {{c1::Madrid}} is in {{c2::Spain}} {.cloze}

**Answer:** Europe

## Verbs

### Q: ser **y** estar {{x}} a::b {.verb .stem::e}

**Answer:**

to be

![](<media/ser 1.mp3>)

### Q: ir {.verb}

(a way)

**Answer:** to go

"#]],
        )
        .then(&["check"])
        .stderr(str![[r#"
3 questions: no problems

"#]])
        .run()
        .lists("content/media", &["ser 1.mp3"]);
}

#[test]
fn what_is_no_package_of_mochi_is_refused() {
    let refused = |bytes: Vec<u8>, why: &str| {
        let done = test(&["import", "x.mochi"]).file("x.mochi", bytes).any_output().status(2).run();
        let expect = format!("error: `x.mochi` cannot be imported: {why}");
        assert!(done.stderr.starts_with(&expect), "{}", done.stderr);
    };
    refused(b"no zip".to_vec(), "it is no zip, as packages of Mochi are: ");
    refused(package(&[("a", b"")]), "it holds no cards of Mochi");
    let edn = |data: &str| package(&[("data.edn", data.as_bytes())]);
    refused(edn("{:version 3}"), "it is of version 3 of its format, which is not known");
    refused(edn("{:version"), "its `data.edn` cannot be read: ");
    refused(edn(&"[".repeat(100_000)), "its `data.edn` cannot be read: ");
    let deep =
        format!("{{:decks [{{:cards {}{}}}]}}", "{:~#list ".repeat(9_000), "}".repeat(9_000));
    refused(edn(&deep), "its `data.edn` cannot be read: ");
    // A template that shows a long field very often.
    let field = "x".repeat(1 << 20);
    let bomb = format!(
        "{{:templates [{{:id :t :content \"{}\" :fields {{:a {{:name \"A\"}}}}}}]
          :decks [{{:cards [{{:template-id :t :fields {{:a {{:value \"{field}\"}}}}}}]}}]}}",
        "<<A>>".repeat(2_000),
    );
    refused(edn(&bomb), "its cards hold more than 512 MB of text");
    refused(package(&[("data.json", b"[]")]), "its `data.json` is no map of decks and cards");
}
