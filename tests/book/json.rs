//! The fields of JSON objects that the book lists, held against those that the program writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::console::{PATIENCE, lines_of};
use crate::pages::root;

/// The fields of each kind of object.
type Objects = BTreeMap<String, Vec<BTreeSet<String>>>;

/// Reads a page's tables: below a heading `NAME`, a row for each field; one that may be missing says
/// so.
fn listed(page: &str) -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let page = fs::read_to_string(root().join(page)).unwrap();
    let mut objects: BTreeMap<_, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    let mut name = None;
    for line in page.lines() {
        if line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim();
            name = heading.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
        }
        let (Some(name), Some(row)) = (name, line.strip_prefix("| `")) else { continue };
        let (field, about) = row.split_once('`').unwrap();
        let (all, optional) = objects.entry(name.to_owned()).or_default();
        all.insert(field.to_owned());
        if about.contains("may be missing") {
            optional.insert(field.to_owned());
        }
    }
    objects
}

fn hold(page: &str, written: &Objects) {
    let listed = listed(page);
    let names: (BTreeSet<_>, BTreeSet<_>) = (listed.keys().collect(), written.keys().collect());
    assert_eq!(names.0, names.1, "the objects of {page}");
    for (name, (all, optional)) in &listed {
        let mut seen = BTreeSet::new();
        for fields in &written[name] {
            let missing: Vec<_> =
                all.difference(fields).filter(|field| !optional.contains(*field)).collect();
            assert!(missing.is_empty(), "{page}: {name} may lack {missing:?}");
            seen.extend(fields.iter().cloned());
        }
        assert_eq!(*all, seen, "{page}: the fields of {name}");
    }
}

fn add(objects: &mut Objects, name: &str, object: &Value) {
    let fields = object.as_object().unwrap().keys().filter(|field| *field != "reason");
    let fields = fields.cloned().collect();
    objects.entry(name.to_owned()).or_default().push(fields);
}

fn deckpress(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deckpress"));
    command.args(args).args(["--message-format", "json"]).current_dir(folder);
    let output = command.env("SOURCE_DATE_EPOCH", "1700000000").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn objects_of_decks() {
    let folder = tempfile::tempdir().unwrap();
    let showcase = root().join("tests/showcase");
    deckpress(
        folder.path(),
        &["build", "-q", "--no-lock", "--to", "json", showcase.to_str().unwrap()],
    );
    let json = fs::read_dir(folder.path().join("out")).unwrap().map(|entry| entry.unwrap().path());
    let json =
        json.into_iter().find(|path| path.extension().is_some_and(|it| it == "json")).unwrap();
    let file: Value = serde_json::from_slice(&fs::read(json).unwrap()).unwrap();
    let mut objects = Objects::new();
    add(&mut objects, "file", &file);
    let each = |list: &Value| list.as_array().unwrap().clone();
    for deck in each(&file["decks"]) {
        add(&mut objects, "deck", &deck);
        add(&mut objects, "text", &deck["description"]);
    }
    for note in each(&file["notes"]) {
        add(&mut objects, "note", &note);
        add(&mut objects, "source", &note["source"]);
        for text in
            [vec![note["question"].clone(), note["answer"].clone()], each(&note["key_points"])]
                .concat()
        {
            add(&mut objects, "text", &text);
        }
        for section in each(&note["extra"]) {
            add(&mut objects, "section", &section);
        }
    }
    for medium in each(&file["media"]) {
        add(&mut objects, "media file", &medium);
    }
    hold("docs/src/json/decks.md", &objects);
}

/// Content that makes the program say everything that it can say, edit by edit.
const STORIES: &[(&str, &[&[&str]])] = &[
    (
        "# Deck\n## One\n### Q: What is a heap?\nA tree whose root is its smallest element.\n\
         **Key points:**\n- b\n### Q: What is a trie? {.reverse .recall}\nA tree of letters.\n\
         **Key points:**\n- c\n### Q: What is a bag?\nA set that counts.\n\
         ### Q: Why does the cache of keys and values save so much work?\n\
         Without it, each new token would compute those of all tokens before it anew.\n",
        &[
            &["build", "--to", "apkg,obsidian-sr"],
            &["build", "--to", "apkg,obsidian-sr", "--only", "topic:One"],
        ],
    ),
    (
        "# Deck\n## Two\n### Q: What is a heap?\nA tree whose root is its smallest element.\n\
         **Key points:**\n- b\n### Q: What is a trie?\nA tree of letters.\n**Key points:**\n- c\n\
         ### Q: What is a skip list?\nA list with lanes.\n\
         ### Q: What work does the cache of keys and values save?\n\
         Without it, each new token would compute those of all tokens that came before it anew.\n",
        &[&["plan"], &["build", "--to", "apkg,obsidian-sr"], &["plan"], &["lock", "accept"]],
    ),
    (
        "# Deck\n### Q: What is a bag?\nA set that counts.\n### Q: What is a heap?\nA tree.\n",
        &[&["plan"], &["build", "--to", "apkg,obsidian-sr"], &["lock", "prune"]],
    ),
    ("### Q: One?\nA.\n### Q: One?\nB.\n### Stray\n", &[&["check", "--fix"]]),
    (
        "# Deck\n### Q: What is a heap?\nA tree.\n\n![](large.png)\n\n**Key points:**\n- 1\n- 2\n- 3\n- 4\n- 5\n- 6\n- 7\n\
         - 8\n### Q: Why?\n## Topic\n### Q: What is a long answer?\nLONG\n\
         ### Q: So what is a long answer?\nLONG\n",
        &[&["stats"], &["init"], &["init"]],
    ),
    (
        "# Notes\n\nThanks to all.\n\n#### 1) What is a heap?\n\nA tree.\n\n#### 2) What is a trie?\n\nA tree.\n",
        &[&["inspect"]],
    ),
];

#[test]
fn objects_of_messages() {
    let folder = tempfile::tempdir().unwrap();
    let content = folder.path().join("content");
    fs::create_dir_all(&content).unwrap();
    fs::write(content.join("large.png"), vec![0; 4 << 20]).unwrap();
    let mut lines = String::new();
    for (story, commands) in STORIES {
        let story = story.replace("LONG", &"A word more. ".repeat(100));
        fs::write(content.join("a.md"), story).unwrap();
        for command in *commands {
            lines += &deckpress(folder.path(), command);
        }
        // Somebody writes into a page that the next build would replace.
        let page = folder.path().join("out/obsidian-sr/01-two.md");
        if let Ok(text) = fs::read_to_string(&page) {
            fs::write(page, text + "\nA line of my own.\n").unwrap();
        }
    }
    lines += &folder_of_questions();
    lines += &watch("watch", "watching");
    lines += &watch("preview", "preview");
    let mut objects = Objects::new();
    for line in lines.lines() {
        let object: Value = serde_json::from_str(line).unwrap();
        add(&mut objects, object["reason"].as_str().unwrap(), &object);
        if object["reason"] == "diagnostic" {
            add(&mut objects, "place", &object["place"]);
            for related in object["related"].as_array().unwrap() {
                add(&mut objects, "related place", related);
            }
        }
        for lengths in ["question_words", "answer_words"].iter().filter_map(|of| object.get(of)) {
            add(&mut objects, "lengths", lengths);
            lengths["classes"].as_array().unwrap().iter().for_each(|class| {
                add(&mut objects, "class", class);
            });
        }
    }
    hold("docs/src/json/messages.md", &objects);
}

/// Returns what is said of files that are one question each, and of one that moves.
fn folder_of_questions() -> String {
    let folder = tempfile::tempdir().unwrap();
    for name in ["heap", "trie", "bag"] {
        let path = folder.path().join(format!("content/{name}.md"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("---\ntitle: What is a {name}?\n---\nA structure.\n")).unwrap();
    }
    fs::create_dir(folder.path().join("other")).unwrap();
    let inspected = deckpress(folder.path(), &["inspect"]);
    let planned = deckpress(folder.path(), &["plan"]);
    deckpress(folder.path(), &["build"]);
    let added: Value =
        serde_json::from_str(planned.lines().find(|line| line.contains("added")).unwrap()).unwrap();
    let id = added["id"].as_str().unwrap();
    inspected + &deckpress(folder.path(), &["lock", "move", id, "--to", "other"])
}

/// Returns what a watch says of a folder that vanishes.
fn watch(command: &str, begun: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let content = folder.path().join("content");
    fs::create_dir(&content).unwrap();
    fs::write(content.join("a.md"), "### Q: One?\nA.\n").unwrap();
    let mut deckpress = Command::new(env!("CARGO_BIN_EXE_deckpress"));
    deckpress.args([command, "--message-format", "json"]).current_dir(folder.path());
    let mut watch = deckpress.stdout(Stdio::piped()).spawn().unwrap();
    let lines = lines_of(&mut watch);
    let mut said = String::new();
    while let Ok(line) = lines.recv_timeout(PATIENCE) {
        said += &line;
        if line.contains(&format!("\"reason\":\"{begun}\"")) {
            fs::remove_dir_all(&content).unwrap();
        } else if line.contains("\"gone\"") {
            break;
        }
    }
    watch.kill().unwrap();
    watch.wait().unwrap();
    said
}
