//! The settings that the book lists, held against what the program does with them.

use std::fs;
use std::process::Command;

use deckpress::config::settings::{ANKI, CSV, EXPORT, FRONT_MATTER, LINT, SETTINGS, Setting};
use serde_json::Value;

/// A value that no setting with a list of values takes.
const NO_VALUE: &str = "qqqq";

/// Returns what `check` says of a folder with these settings and this front matter.
fn check(settings: &str, front_matter: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("content")).unwrap();
    fs::write(folder.path().join("content/deckpress.toml"), settings).unwrap();
    let page = format!("---\nextra: x\n{front_matter}\n---\n### Q: One?\nA.\n");
    fs::write(folder.path().join("content/a.md"), page).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_deckpress"));
    command.args(["check", "--message-format", "json"]).current_dir(folder.path());
    let output = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let lines = output.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.filter(|line: &Value| line["reason"] == "diagnostic").collect()
}

/// Returns the values that are listed for a setting, if all of them are.
fn listed(setting: &Setting) -> Option<Vec<&'static str>> {
    let values = setting.values.split(", ").map(|value| value.strip_prefix('`')?.strip_suffix('`'));
    values.map(|value| Some(value?.trim_matches('"'))).collect()
}

fn hold(setting: &Setting, problems: &[Value]) {
    let key = setting.key;
    assert!(problems.iter().all(|problem| problem["code"] != "unknown-key"), "{key} does nothing");
    if let Some(values) = listed(setting) {
        let expected = format!("expected one of `{}`", values.join("`, `"));
        let helps: Vec<&Value> = problems.iter().map(|problem| &problem["help"]).collect();
        assert_eq!(helps, [&Value::from(expected)], "the values of {key}");
    }
}

#[test]
fn every_key_does_something_and_takes_the_listed_values() {
    for (list, table) in [(SETTINGS, ""), (CSV, "[csv]"), (ANKI, "[anki]"), (LINT, "[lint]")] {
        for setting in list {
            let line = format!("{table}\n{} = \"{NO_VALUE}\"", setting.key);
            hold(setting, &check(&line, ""));
        }
    }
    for setting in EXPORT.iter().filter(|setting| setting.key != "to") {
        let line = format!("[[export]]\nto = \"csv\"\n{} = \"{NO_VALUE}\"", setting.key);
        hold(setting, &check(&line, ""));
    }
    for setting in FRONT_MATTER {
        hold(setting, &check("", &format!("{}: {NO_VALUE}", setting.key)));
    }
}

/// Content whose outputs depend on every setting that has a fixed default.
const CONTENT: &str = "# Deck\n### Q: What is a *heap*?\n<b>A</b> <u onclick=\"x()\">tree</u> & \
                       ![](https://example.org/a.png)\n**Key points:**\n- b\n- c\n\
                       ### Q: One ==a== and ==b==\n";

/// Returns the outputs of a build with these settings.
fn outputs(settings: &str) -> Vec<(String, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("content")).unwrap();
    fs::write(folder.path().join("content/deckpress.toml"), settings).unwrap();
    fs::write(folder.path().join("content/a.md"), CONTENT).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_deckpress"));
    command.args(["build", "-q"]).current_dir(folder.path());
    let status = command.env("SOURCE_DATE_EPOCH", "1700000000").output().unwrap().status;
    assert!(status.success(), "{settings}");
    let read = |path: &str| {
        let file = fs::read(folder.path().join("out").join(path)).unwrap();
        (path.to_owned(), file)
    };
    ["deck.apkg", "deck.csv", "markdown/01-deck.md"].map(read).to_vec()
}

#[test]
fn the_listed_defaults_are_what_holds_without_a_setting() {
    let mut settings = String::new();
    for (list, table) in [(SETTINGS, ""), (CSV, "[csv]"), (ANKI, "[anki]"), (LINT, "[lint]")] {
        settings += &format!("{table}\n");
        for Setting { key, default, .. } in list {
            let value = default.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
            settings.extend(value.map(|value| format!("{key} = {value}\n")));
        }
    }
    assert!(settings.lines().count() > 10, "{settings}");
    assert!(outputs(&settings) == outputs(""), "other outputs with\n{settings}");
}
