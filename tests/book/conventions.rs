//! The conventions that the book lists, held against what the program recognises.

use std::fs;
use std::process::Command;

use deckpress::model::Convention;
use serde_json::Value;

use crate::pages::root;

/// The examples of each convention: the fenced blocks with `file=PATH` below its heading.
#[test]
fn each_example_is_read_in_the_convention_of_its_heading() {
    let page = fs::read_to_string(root().join("docs/src/conventions.md")).unwrap();
    let sections: Vec<&str> = page.split("\n### `").skip(1).collect();
    let names = sections.iter().map(|section| section.split('`').next().unwrap());
    let known = Convention::ALL.iter().map(|(name, _)| *name).filter(|name| *name != "native");
    assert_eq!(names.collect::<Vec<_>>(), known.collect::<Vec<_>>());
    for section in sections {
        let (name, rest) = section.split_once('`').unwrap();
        let folder = tempfile::tempdir().unwrap();
        for block in rest.split("\n```").filter(|block| block.contains(" file=")) {
            let (info, text) = block.split_once('\n').unwrap();
            let path = folder.path().join(info.split_once(" file=").unwrap().1);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{text}\n")).unwrap();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_deckpress"));
        command.args(["inspect", "--message-format", "json"]).current_dir(folder.path());
        let output = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let lines = output.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let found: Vec<_> = lines.filter(|line| line["reason"] == "question").collect();
        let wrong = found.iter().find(|line| line["convention"] != name);
        assert!(!found.is_empty() && wrong.is_none(), "{name}: {output}");
    }
}
