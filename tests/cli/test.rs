//! A folder, a command, and what is expected of both.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use snapbox::data::Inline;
use snapbox::{Assert, IntoData as _};
use tempfile::TempDir;

/// A test in the making. What is not expected must be empty: output, and the exit code 0.
pub(crate) struct Test {
    folder: TempDir,
    args: Vec<String>,
    env: Vec<(&'static str, &'static str)>,
    stdout: Option<Inline>,
    stderr: Option<Inline>,
    any_output: bool,
    status: i32,
}

/// An empty folder, and a command to run in it.
pub(crate) fn test(args: &[&str]) -> Test {
    Test::within(tempfile::tempdir().unwrap(), args)
}

impl Test {
    fn within(folder: TempDir, args: &[&str]) -> Self {
        Self {
            folder,
            args: args.iter().copied().map(str::to_owned).collect(),
            env: vec![("SOURCE_DATE_EPOCH", "1700000000")],
            stdout: None,
            stderr: None,
            any_output: false,
            status: 0,
        }
    }

    /// Puts a file into the folder.
    pub(crate) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Where a file of the folder is, for what [`Test::file`] cannot make.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn env(mut self, name: &'static str, value: &'static str) -> Self {
        self.env.push((name, value));
        self
    }

    pub(crate) fn stdout(mut self, expect: Inline) -> Self {
        self.stdout = Some(expect);
        self
    }

    pub(crate) fn stderr(mut self, expect: Inline) -> Self {
        self.stderr = Some(expect);
        self
    }

    /// Whatever it says, as another test looks at that.
    pub(crate) fn any_output(mut self) -> Self {
        self.any_output = true;
        self
    }

    pub(crate) fn status(mut self, expect: i32) -> Self {
        self.status = expect;
        self
    }

    /// The command, for who runs it otherwise than [`Test::run`] does.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deckpress"));
        command
            .args(&self.args)
            .current_dir(self.folder.path())
            .env_remove("NO_COLOR")
            .envs(self.env.iter().copied());
        command
    }

    /// Runs the command and holds it against what is expected.
    pub(crate) fn run(self) -> Done {
        let output = self.command().output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(self.status), "{stdout}{stderr}");
        if !self.any_output {
            compare("standard output", &redact(&stdout), self.stdout);
            compare("standard error", &redact(&stderr), self.stderr);
        }
        Done { folder: self.folder, stdout, stderr: redact(&stderr) }
    }
}

/// A folder after a command.
pub(crate) struct Done {
    folder: TempDir,
    /// What the command wrote to standard output.
    pub(crate) stdout: String,
    /// What it wrote to standard error, without what differs from one machine to the next.
    pub(crate) stderr: String,
}

impl Done {
    /// The next command in the same folder.
    pub(crate) fn then(self, args: &[&str]) -> Test {
        Test::within(self.folder, args)
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// A text file, with stand-ins for tabs and carriage returns.
    pub(crate) fn holds(self, path: &str, expect: Inline) -> Self {
        let text = self.text(path).replace('\r', "␍").replace('\t', "→");
        compare(path, &text, Some(expect));
        self
    }

    /// Two files hold the same.
    pub(crate) fn same(&self, one: &str, other: &str) {
        assert_eq!(self.text(one), self.text(other));
    }

    /// Every file below a folder, in path order, but the receipt of a build.
    pub(crate) fn lists(self, folder: &str, expect: &[&str]) -> Self {
        let mut found = Vec::new();
        list(&self.path(folder), "", &mut found);
        found.retain(|path| path != ".deckpress-built");
        found.sort();
        assert_eq!(found, expect);
        self
    }
}

fn list(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            list(&entry.path(), &format!("{name}/"), found);
        } else {
            found.push(name);
        }
    }
}

/// Exact but for times and sizes; `SNAPSHOTS=overwrite` rewrites what is expected.
pub(crate) fn compare(what: &str, actual: &str, expect: Option<Inline>) {
    match expect {
        Some(expect) => {
            let assert = Assert::new().action_env(snapbox::assert::DEFAULT_ACTION_ENV);
            assert.eq(actual.into_data().raw(), expect.into_data().raw());
        }
        None => assert_eq!(actual, "", "{what}"),
    }
}

/// The same output without what differs from one machine to the next.
pub(crate) fn redact(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let is_time = line.starts_with("in ") && line.ends_with('s');
        let line = if is_time { "in [TIME]" } else { line };
        let line = redact_number(line, "\"bytes\":");
        let line = redact_number(&line, "\"seconds\":");
        let line = redact_number(&line, ".rs:");
        let _ = writeln!(out, "{}", redact_size(&line));
    }
    out
}

fn redact_number(line: &str, key: &str) -> String {
    match line.split_once(key) {
        Some((before, after)) => {
            let rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || ".e-".contains(c));
            format!("{before}{key}0{rest}")
        }
        None => line.to_owned(),
    }
}

/// Sizes stand at the end of an indented line, or before the number of files.
fn redact_size(line: &str) -> String {
    let (head, files) = match line.rsplit_once(", ") {
        Some((head, files)) if files.ends_with("file") || files.ends_with("files") => (head, files),
        _ => (line, ""),
    };
    let words: Vec<&str> = head.rsplitn(3, ' ').collect();
    match words[..] {
        [unit @ ("B" | "KiB" | "MiB"), _, before] if before.starts_with("  ") => {
            let comma = if files.is_empty() { "" } else { ", " };
            format!("{before} [SIZE] {unit}{comma}{files}")
        }
        _ => line.to_owned(),
    }
}
