//! The examples of the command line: each block of `console` is run.
//!
//! A page is one session in a folder of its own. From top to bottom, a fenced block with
//! `file=PATH` behind its language is written to that file, the shell runs what stands in a comment
//! `<!-- run`, and each line of a `console` block that begins with `$ ` is a command, with what it
//! prints below it. Times and sizes may differ; a line `…` stands for any lines; a line `^C` is
//! Ctrl-C, pressed when the lines above it have come.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::pages::root;

/// Returns the page with what its commands print now.
pub(crate) fn run(path: &str, text: &str) -> String {
    let mut lines = text.lines();
    let mut page = String::new();
    let folder = tempfile::tempdir().unwrap();
    while let Some(line) = lines.next() {
        page += &format!("{line}\n");
        let fence: String = line.chars().take_while(|c| *c == '`').collect();
        if line == "<!-- run" {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "-->").collect();
            let script = body.join("\n");
            let (output, code) = printed(&folder, &format!("set -e\n{script}"));
            assert_eq!(code, Some(0), "{path}: {script}\n{output}");
            page += &format!("{script}\n-->\n");
        } else if fence.len() >= 3 {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
            let mut body: String = body.iter().map(|line| format!("{line}\n")).collect();
            let info = &line[fence.len()..];
            if let Some((_, file)) = info.split_once(" file=") {
                write(&folder.path().join(file), &body);
            } else if info == "console" {
                body = session(path, &folder, &body);
            }
            page += &format!("{body}{fence}\n");
        }
    }
    page
}

/// Returns the names of the subcommands, as the program's help lists them.
pub(crate) fn subcommands() -> Vec<String> {
    let help = Command::new(env!("CARGO_BIN_EXE_deckpress")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let names = list.lines().take_while(|line| !line.is_empty());
    let names = names.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned);
    names.filter(|name| name != "help").collect()
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn session(path: &str, folder: &TempDir, body: &str) -> String {
    let mut page = String::new();
    let mut rest = body;
    while !rest.is_empty() {
        assert!(rest.starts_with("$ "), "{path}: no command above\n{rest}");
        let length = rest.find("\n$ ").map_or(rest.len(), |end| end + 1);
        let (example, after) = rest.split_at(length);
        rest = after;
        let mut end = example.find('\n').unwrap();
        while example[..end].ends_with('\\') {
            end += 1 + example[end + 1..].find('\n').unwrap();
        }
        let (command, expected) = (&example[2..end], &example[end + 1..]);
        let (actual, code) = match expected.split_once("^C\n") {
            Some((before, _)) => interrupted(folder, command, before.lines().count()),
            None => printed(folder, command),
        };
        let is_wrong =
            code.is_none_or(|code| code == 2 || code == 101 || (126..130).contains(&code));
        assert!(!is_wrong, "{path}: {command}\n{actual}");
        let gap = if expected.ends_with("\n\n") { "\n" } else { "" };
        let is_same = agrees(&redact(expected), &redact(&actual));
        let shown = if is_same { expected.to_owned() } else { format!("{actual}{gap}") };
        page += &format!("$ {command}\n{shown}");
    }
    page
}

fn shell(folder: &TempDir, script: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_deckpress")).parent().unwrap();
    let (book, path) = (root().join("tests/book"), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command
        .args(["-c", script])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .env("PATH", format!("{}:{}:{path}", book.join("bin").display(), program.display()))
        .env("FIXTURES", book.join("fixtures"))
        .env("REPOSITORY", root())
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS");
    command
}

/// Returns what a script prints, and its exit code.
fn printed(folder: &TempDir, script: &str) -> (String, Option<i32>) {
    let output = shell(folder, &format!("exec 2>&1\n{script}")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (text.trim_end().lines().map(|line| format!("{line}\n")).collect(), output.status.code())
}

/// Returns what a command prints that is interrupted after so many lines.
fn interrupted(folder: &TempDir, command: &str, lines: usize) -> (String, Option<i32>) {
    let mut command = shell(folder, &format!("exec 2>&1\nexec {command}"));
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let output = lines_of(&mut child);
    let line = |_| output.recv_timeout(PATIENCE).ok();
    let mut text: String = (0..lines).map_while(line).collect();
    text += "^C\n";
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    text.extend(output);
    (text, child.wait().unwrap().code())
}

/// So long a line of a program that goes on is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Returns the lines that a process prints, as they come.
pub(crate) fn lines_of(child: &mut Child) -> Receiver<String> {
    let output = BufReader::new(child.stdout.take().unwrap());
    let (send, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in output.lines() {
            // Nobody may listen any more.
            let _ = send.send(line.unwrap() + "\n");
        }
    });
    lines
}

/// Whether an output is as expected, where a line `…` stands for any lines.
fn agrees(expected: &str, actual: &str) -> bool {
    let parts: Vec<&str> = expected.trim_end().split("…\n").collect();
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    if parts.len() == 1 {
        return first == actual.trim_end();
    }
    let Some(mut rest) = actual.trim_end().strip_prefix(first) else { return false };
    for part in &parts[1..parts.len() - 1] {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Takes out what differs from one machine to the next.
fn redact(text: &str) -> String {
    let line = |line: &str| {
        if line.starts_with("in ") && line.ends_with('s') {
            return "in TIME\n".to_owned();
        }
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        for at in 1..words.len() {
            if ["B", "KiB", "MiB", "B,", "KiB,", "MiB,"].contains(&&*words[at]) {
                "SIZE".clone_into(&mut words[at - 1]);
            }
        }
        let line = numbered(&words.join(" "), "\"bytes\":");
        numbered(&line, "\"seconds\":") + "\n"
    };
    text.lines().map(line).collect()
}

fn numbered(line: &str, key: &str) -> String {
    let Some((before, after)) = line.split_once(key) else { return line.to_owned() };
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || ".e-".contains(c));
    format!("{before}{key}N{rest}")
}
