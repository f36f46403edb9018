//! `deckpress watch`: what makes it build again, and what does not.

use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use snapbox::data::Inline;
use snapbox::str;

use crate::test::{Test, compare, redact, test};

const NOTE: &str = "# Deck\n## Topic\n### Q: One?\n**Answer:** A.\n";

/// No machine is so slow that what is waited for takes longer.
const DEADLINE: Duration = Duration::from_secs(120);

/// A watch that is running; it is killed with the test.
struct Watching {
    test: Test,
    child: Child,
    lines: Receiver<String>,
    said: String,
}

/// Starts a watch, and waits until it has built and watches.
fn start(test: Test) -> Watching {
    let mut watching = spawn(test);
    watching.until("watching ");
    watching
}

fn spawn(test: Test) -> Watching {
    let mut command = test.command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (sender, lines) = mpsc::channel();
    pass_on(child.stdout.take().unwrap(), sender.clone());
    pass_on(child.stderr.take().unwrap(), sender);
    Watching { test, child, lines, said: String::new() }
}

fn pass_on(stream: impl Read + Send + 'static, to: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            let _ = to.send(line.unwrap());
        }
    });
}

/// Leaves time for a build that must not come. If the machine is slower, the test sees less, but does
/// not fail.
fn pause() {
    thread::sleep(Duration::from_millis(700));
}

impl Watching {
    /// Waits for a line that begins so.
    fn until(&mut self, begins: &str) {
        let end = Instant::now() + DEADLINE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else {
                panic!("never said `{begins}…`, but:\n{}", self.said);
            };
            self.said.push_str(&line);
            self.said.push('\n');
            if line.starts_with(begins) {
                return;
            }
        }
    }

    /// Waits for the end of a build.
    fn build(&mut self) {
        self.until("in ");
    }

    /// Saves as most editors do: under another name, which is then the file's.
    fn save(&self, path: &str, text: impl AsRef<[u8]>) {
        let other = format!("{path}.new~");
        fs::write(self.test.path(&other), text).unwrap();
        self.rename(&other, path);
    }

    /// Writes over the beginning of a file.
    fn overwrite(&self, path: &str, text: &str) {
        let file = fs::OpenOptions::new().write(true).open(self.test.path(path));
        file.unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.test.path(path)).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.test.path(from), self.test.path(to)).unwrap();
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.test.path(path)).unwrap()
    }

    /// Ends it as Ctrl-C does, where there is a way to; what it has said is then complete.
    fn stop(mut self) -> String {
        if cfg!(unix) {
            let id = self.child.id().to_string();
            let status = std::process::Command::new("kill").args(["-INT", &id]).status();
            assert!(status.unwrap().success());
            self.wait(130);
        } else {
            self.child.kill().unwrap();
        }
        self.rest()
    }

    /// Waits until it ends by itself.
    fn wait(&mut self, code: i32) {
        let end = Instant::now() + DEADLINE;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert_eq!(status.code(), Some(code), "{}", self.said);
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("never ends, after:\n{}", self.said);
    }

    fn rest(&mut self) -> String {
        for line in &self.lines {
            self.said.push_str(&line);
            self.said.push('\n');
        }
        redact(&self.said)
    }

    fn said(self, expect: Inline) {
        compare("the output", &self.stop(), Some(expect));
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // It has ended already, or it must.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_kind_of_edit() {
    let mut watch = start(test(&["watch", "-f", "csv"]).file("content/a.md", NOTE));
    watch.overwrite("content/a.md", &NOTE.replace("A.", "B."));
    watch.build();
    watch.save("content/a.md", NOTE.replace("A.", "C."));
    watch.build();
    watch.rename("content/a.md", "content/b.md");
    watch.build();
    watch.save("content/c.md", "# Deck\n### Q: Two?\nB.\n");
    watch.build();
    watch.remove("content/c.md");
    watch.build();
    assert!(watch.text("out/deck.csv").contains("One?,C."));
    watch.said(str![[r#"
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  out/deck.csv  [SIZE] B
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]
watching `content`; Ctrl-C ends it
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 changed, 0 unchanged
  out/deck.csv  [SIZE] B
in [TIME]
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 changed, 0 unchanged
  out/deck.csv  [SIZE] B
in [TIME]
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 unchanged; only the lock is brought up to date
  out/deck.csv  [SIZE] B
in [TIME]
1 deck, 1 topic, 2 questions, 2 cards, 0 key points
  1 added, 1 unchanged
  out/deck.csv  [SIZE] B
in [TIME]
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 retired, 1 unchanged
  out/deck.csv  [SIZE] B
in [TIME]

"#]]);
}

#[test]
fn what_lies_beside_the_notes() {
    let mut watch = start(test(&["watch", "-f", "markdown"]).file("content/a.md", NOTE));
    watch.save("content/a.md", format!("{NOTE}![](img/x.png)\n"));
    watch.until("1 error");
    fs::create_dir(watch.test.path("content/img")).unwrap();
    watch.save("content/img/x.png", "png");
    watch.build();
    watch.save("content/img/x.png", "another");
    watch.build();
    watch.save("content/deckpress.toml", "css = \"x.css\"\n");
    watch.until("1 error");
    watch.save("content/x.css", ".card { color: red }");
    watch.build();
    watch.save("content/x.css", ".card { color: blue }");
    watch.build();
    watch.said(str![[r#"
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  out/markdown/  [SIZE] B, 1 file
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]
watching `content`; Ctrl-C ends it
error[missing-media]: cannot use `img/x.png`
 --> content/a.md:5:1
  |
5 | ![](img/x.png)
  | ^^^^^^^^^^^^^^ there is no such file
  |
  = help: looked for `img/x.png` in the content folder

1 error
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 changed, 0 unchanged
  out/markdown/        [SIZE] B, 1 file
  out/markdown/media/  [SIZE] B, 1 file
in [TIME]
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 changed, 0 unchanged
  out/markdown/        [SIZE] B, 1 file
  out/markdown/media/  [SIZE] B, 1 file
  out/markdown/media/x-bad7c9a32d645d0e.png removed: nothing goes there any more
in [TIME]
error[invalid-config]: cannot use `x.css`
 --> content/deckpress.toml:1:7
  |
1 | css = "x.css"
  |       ^^^^^^^ there is no such file
  |
  = help: a style sheet lies in the content folder

1 error
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 unchanged; only the lock is brought up to date
  out/markdown/        [SIZE] B, 1 file
  out/markdown/media/  [SIZE] B, 1 file
in [TIME]
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 unchanged; only the lock is brought up to date
  out/markdown/        [SIZE] B, 1 file
  out/markdown/media/  [SIZE] B, 1 file
in [TIME]

"#]]);
}

#[test]
fn a_broken_edit() {
    let mut watch = start(test(&["watch", "-f", "csv"]).file("content/a.md", NOTE));
    watch.save("content/a.md", format!("{NOTE}### Q: {{#a/b}}\n"));
    watch.until("2 errors");
    assert!(watch.text("out/deck.csv").contains("One?,A."));
    watch.save("content/a.md", "");
    watch.until("error: ");
    watch.save("content/a.md", NOTE);
    watch.build();
    watch.said(str![[r#"
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  out/deck.csv  [SIZE] B
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]
watching `content`; Ctrl-C ends it
error[empty-question]: empty question
 --> content/a.md:5:1
  |
5 | ### Q: {#a/b}
  | ^^^^^^^^^^^^^
  |
  = help: write the question after `Q:`

warning[unanswered-question]: this question has no answer
 --> content/a.md:5:1
  |
5 | ### Q: {#a/b}
  | ^^^^^^^^^^^^^ left out of every deck until it has one
  |
  = help: write the answer below it, after `**Answer:**`

error[invalid-id]: `a/b` is no id
 --> content/a.md:5:9
  |
5 | ### Q: {#a/b}
  |         ^^^^
  |
  = help: a question has one id, made of letters, digits, `-`, `_`, `.` and `:`

2 errors, 1 warning
error: there is no question with an answer in the content; nothing was written
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 unchanged
  out/deck.csv  [SIZE] B
in [TIME]

"#]]);
}

#[test]
fn a_burst() {
    let mut watch = start(test(&["watch", "-f", "csv"]).file("content/a.md", NOTE));
    for count in 0..300 {
        watch.save("content/a.md", format!("# Deck\n### Q: {count}?\n**Answer:** A.\n"));
    }
    watch.save("content/a.md", "# Deck\n### Q: Last?\n![](no.png)\n");
    watch.until("1 error");
    let said = watch.stop();
    let builds = said.matches("in [TIME]").count();
    assert!(builds < 100, "{builds} builds:\n{said}");
}

#[test]
fn a_folder_that_vanishes() {
    let mut watch = start(test(&["watch", "-f", "csv"]).file("content/a.md", NOTE));
    watch.rename("content", "elsewhere");
    watch.until("`content` is gone");
    fs::create_dir(watch.test.path("content")).unwrap();
    watch.until("error: ");
    watch.save("content/a.md", NOTE.replace("A.", "B."));
    watch.build();
    watch.rename("content", "again");
    watch.until("`content` is gone");
    watch.rename("elsewhere", "content");
    watch.build();
    watch.save("content/a.md", NOTE.replace("A.", "C."));
    watch.build();
    watch.said(str![[r#"
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  out/deck.csv  [SIZE] B
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]
watching `content`; Ctrl-C ends it
`content` is gone; waiting until it is back
error: there is no question with an answer in the content; nothing was written
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  out/deck.csv  [SIZE] B
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]
`content` is gone; waiting until it is back
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 unchanged
  out/deck.csv  [SIZE] B
in [TIME]
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 changed, 0 unchanged
  out/deck.csv  [SIZE] B
in [TIME]

"#]]);
}

#[test]
fn nothing_of_what_it_writes() {
    let mut watch = start(test(&["watch", "-o", "content/out"]).file("content/a.md", NOTE));
    pause();
    watch.save("content/a.md", NOTE.replace("A.", "B."));
    watch.build();
    pause();
    watch.save("content/out/.deckpress-built", "x");
    watch.save("content/out/new.md", NOTE);
    watch.save("content/.deckpress-x.part", "x");
    watch.save("content/.a.md.swp", "x");
    watch.save("content/a.md", NOTE.replace("A.", "B."));
    pause();
    watch.save("content/a.md", NOTE.replace("A.", "C."));
    watch.build();
    watch.said(str![[r#"
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  content/out/deck.apkg  [SIZE] KiB
  content/out/deck.csv   [SIZE] B
  content/out/markdown/  [SIZE] B, 1 file
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]
watching `content`; Ctrl-C ends it
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 changed, 0 unchanged
  content/out/deck.apkg  [SIZE] KiB
  content/out/deck.csv   [SIZE] B
  content/out/markdown/  [SIZE] B, 1 file
in [TIME]
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 changed, 0 unchanged
  content/out/deck.apkg  [SIZE] KiB
  content/out/deck.csv   [SIZE] B
  content/out/markdown/  [SIZE] B, 1 file
in [TIME]

"#]]);
}

#[test]
fn polling() {
    let folder = test(&["watch", "--poll=0.1", "-f", "csv", "-o", "content/out"]);
    let mut watch = start(folder.file("content/a.md", NOTE));
    pause();
    watch.save("content/a.md", NOTE.replace("A.", "A. B."));
    watch.build();
    watch.save("content/b.md", "# Deck\n### Q: Two?\n![](x.png)\n");
    watch.until("1 error");
    watch.save("content/x.png", "png");
    watch.build();
    watch.rename("content", "elsewhere");
    watch.until("`content` is gone");
    watch.rename("elsewhere", "content");
    watch.build();
    watch.said(str![[r#"
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  content/out/deck.csv  [SIZE] B
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]
watching `content`; Ctrl-C ends it
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 changed, 0 unchanged
  content/out/deck.csv  [SIZE] B
in [TIME]
error[missing-media]: cannot use `x.png`
 --> content/b.md:3:1
  |
3 | ![](x.png)
  | ^^^^^^^^^^ there is no such file
  |
  = help: looked for `x.png` in the content folder

1 error
warning[lossy-export]: `csv` cannot hold 1 picture
 --> content/b.md:3:1
  |
3 | ![](x.png)
  | ^^^^^^^^^^ the first is here
  |
  = help: `deckpress targets` says what each target keeps

1 warning
1 deck, 1 topic, 2 questions, 2 cards, 0 key points
  1 added, 1 unchanged
  content/out/deck.csv  [SIZE] B
in [TIME]
`content` is gone; waiting until it is back
warning[lossy-export]: `csv` cannot hold 1 picture
 --> content/b.md:3:1
  |
3 | ![](x.png)
  | ^^^^^^^^^^ the first is here
  |
  = help: `deckpress targets` says what each target keeps

1 warning
1 deck, 1 topic, 2 questions, 2 cards, 0 key points
  2 unchanged
  content/out/deck.csv  [SIZE] B
in [TIME]

"#]]);
}

#[test]
fn a_single_file() {
    let folder = test(&["watch", "a.md", "-f", "csv"])
        .file("a.md", format!("{NOTE}![](img/x.png)\n"))
        .file("img/x.png", "png");
    let mut watch = start(folder);
    watch.save("b.md", NOTE);
    pause();
    watch.save("a.md", format!("{NOTE}B.\n![](img/x.png)\n"));
    watch.build();
    watch.remove("img/x.png");
    watch.until("1 error");
    watch.save("img/x.png", "another");
    watch.build();
    watch.remove("a.md");
    watch.until("`a.md` is gone");
    watch.save("a.md", NOTE);
    watch.build();
    watch.said(str![[r#"
warning[lossy-export]: `csv` cannot hold 1 picture
 --> a.md:5:1
  |
5 | ![](img/x.png)
  | ^^^^^^^^^^^^^^ the first is here
  |
  = help: `deckpress targets` says what each target keeps

1 warning
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  out/deck.csv  [SIZE] B
  a.deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]
watching `a.md`; Ctrl-C ends it
warning[lossy-export]: `csv` cannot hold 1 picture
 --> a.md:6:1
  |
6 | ![](img/x.png)
  | ^^^^^^^^^^^^^^ the first is here
  |
  = help: `deckpress targets` says what each target keeps

1 warning
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 changed, 0 unchanged
  out/deck.csv  [SIZE] B
in [TIME]
error[missing-media]: cannot use `img/x.png`
 --> a.md:6:1
  |
6 | ![](img/x.png)
  | ^^^^^^^^^^^^^^ there is no such file
  |
  = help: looked for `img/x.png` in the content folder

1 error
warning[lossy-export]: `csv` cannot hold 1 picture
 --> a.md:6:1
  |
6 | ![](img/x.png)
  | ^^^^^^^^^^^^^^ the first is here
  |
  = help: `deckpress targets` says what each target keeps

1 warning
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 changed, 0 unchanged
  out/deck.csv  [SIZE] B
in [TIME]
`a.md` is gone; waiting until it is back
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 changed, 0 unchanged
  out/deck.csv  [SIZE] B
in [TIME]

"#]]);
}

#[cfg(unix)]
#[test]
fn notes_behind_symbolic_links() {
    use std::os::unix::fs::symlink;

    let folder = test(&["watch", "-f", "csv"])
        .file("notes/a.md", NOTE)
        .file("folder/below/b.md", "# Deck\n### Q: Two?\nB.\n")
        .file("content/c.md", "# Deck\n### Q: Three?\nC.\n");
    symlink("../notes/a.md", folder.path("content/a.md")).unwrap();
    symlink("../folder", folder.path("content/folder")).unwrap();
    let mut watch = start(folder);
    watch.save("notes/a.md", NOTE.replace("A.", "AA."));
    watch.build();
    watch.save("folder/below/b.md", "# Deck\n### Q: Two?\nBB.\n");
    watch.build();
    watch.rename("content", "first");
    watch.until("`content` is gone");
    symlink("first", watch.test.path("content")).unwrap();
    watch.build();
    watch.save("first/c.md", "# Deck\n### Q: Three?\nCC.\n");
    watch.build();
    fs::create_dir(watch.test.path("second")).unwrap();
    watch.save("second/d.md", "# Deck\n### Q: Four?\nD.\n");
    symlink("second", watch.test.path("content.new~")).unwrap();
    watch.rename("content.new~", "content");
    watch.build();
    watch.said(str![[r#"
1 deck, 1 topic, 3 questions, 3 cards, 0 key points
  3 added, 0 unchanged
  out/deck.csv  [SIZE] B
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]
watching `content`; Ctrl-C ends it
1 deck, 1 topic, 3 questions, 3 cards, 0 key points
  1 changed, 2 unchanged
  out/deck.csv  [SIZE] B
in [TIME]
1 deck, 1 topic, 3 questions, 3 cards, 0 key points
  1 changed, 2 unchanged
  out/deck.csv  [SIZE] B
in [TIME]
`content` is gone; waiting until it is back
1 deck, 1 topic, 3 questions, 3 cards, 0 key points
  3 unchanged
  out/deck.csv  [SIZE] B
in [TIME]
1 deck, 1 topic, 3 questions, 3 cards, 0 key points
  1 changed, 2 unchanged
  out/deck.csv  [SIZE] B
in [TIME]
1 deck, 0 topics, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  out/deck.csv  [SIZE] B
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]

"#]]);
}

#[test]
fn an_embedded_note_beside_the_content() {
    let mut watch = start(
        test(&["watch", "vault/cards", "-f", "csv"])
            .file("vault/.obsidian/app.json", "{}")
            .file("vault/cards/a.md", "### Q: One?\n![[Note]]\n")
            .file("vault/notes/Note.md", "Text.\n"),
    );
    watch.save("vault/notes/Note.md", "Edited.\n");
    watch.build();
    watch.said(str![[r#"
1 deck, 0 topics, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  vault is an Obsidian vault, and is read as one
  out/a.csv  [SIZE] B
  vault/cards/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]
watching `vault/cards`; Ctrl-C ends it
1 deck, 0 topics, 1 question, 1 card, 0 key points
  1 changed, 0 unchanged
  vault is an Obsidian vault, and is read as one
  out/a.csv  [SIZE] B
in [TIME]

"#]]);
}

#[test]
fn json() {
    let folder = test(&["watch", "-f", "csv", "--message-format", "json"]);
    let mut watch = spawn(folder.file("content/a.md", NOTE));
    watch.until("{\"content\":\"content\",\"reason\":\"watching\"");
    watch.save("content/a.md", NOTE.replace("A.", "B."));
    watch.until("{\"cards\":");
    watch.said(str![[r#"
{"bytes":0,"path":"out/deck.csv","reason":"artifact"}
{"added":1,"blank_cards":0,"changed":0,"lock_changes":true,"moved":0,"moves":{},"reason":"plan","retired":0,"retired_search":null,"revived":0,"reworded":0,"unchanged":0,"unmade_search":null}
{"cards":1,"decks":1,"key_points":0,"questions":1,"reason":"summary","seconds":0,"topics":1}
{"content":"content","reason":"watching"}
{"bytes":0,"path":"out/deck.csv","reason":"artifact"}
{"added":0,"blank_cards":0,"changed":1,"lock_changes":true,"moved":0,"moves":{},"reason":"plan","retired":0,"retired_search":null,"revived":0,"reworded":0,"unchanged":0,"unmade_search":null}
{"cards":1,"decks":1,"key_points":0,"questions":1,"reason":"summary","seconds":0,"topics":1}

"#]]);
}

#[test]
fn a_folder_that_is_not_there() {
    let mut watch = spawn(test(&["watch", "notes"]));
    watch.wait(2);
    compare(
        "the output",
        &watch.rest(),
        Some(str![[r#"
error: there is no file or folder `notes`

"#]]),
    );
}

#[test]
fn outputs_that_would_be_content() {
    let folder = test(&["watch", "-f", "csv", "-o", "content"]);
    let mut watch = spawn(folder.file("content/a.md", NOTE));
    watch.wait(2);
    compare(
        "the output",
        &watch.rest(),
        Some(str![[r#"
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  content/deck.csv  [SIZE] B
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]
error: `content/deck.csv` was written into the content itself, and each build would begin the next one; choose another folder with `--out`

"#]]),
    );
}

#[test]
fn seconds_that_make_no_sense() {
    for seconds in ["0", "-1", "x", "nan", "1e9"] {
        let mut watch = spawn(test(&["watch", &format!("--poll={seconds}")]));
        watch.wait(2);
        assert!(watch.rest().contains("it is between 0.1 seconds and a day"), "{seconds}");
    }
}

/// Whoever mends the lock, or confirms a pair in it, hears of it at once; that a build writes the lock
/// is no change.
#[test]
fn the_lock_is_mended() {
    let mut watch = start(test(&["watch", "-f", "csv"]).file("content/a.md", NOTE));
    let lock = watch.text("content/deckpress.lock");
    pause();
    watch.save("content/deckpress.lock", format!("<<<<<<< HEAD\n{lock}"));
    watch.until("1 error");
    pause();
    watch.save("content/deckpress.lock", &lock);
    watch.build();
    watch.save("content/a.md", format!("{NOTE}### Q: Two?\n**Answer:** B.\n"));
    watch.build();
    pause();
    watch.said(str![[r#"
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 added, 0 unchanged
  out/deck.csv  [SIZE] B
  content/deckpress.lock is new: keep it under version control, it knows reworded questions again
in [TIME]
watching `content`; Ctrl-C ends it
error[damaged-lock]: the lock cannot be used: a conflict of git is not resolved
 --> content/deckpress.lock:1:1
  |
1 | <<<<<<< HEAD
  | ^^^^^^^^^^^^
  |
  = help: restore it from version control; after a merge, keep the lines of both sides, each id once; without it, reworded questions become new ones

1 error
1 deck, 1 topic, 1 question, 1 card, 0 key points
  1 unchanged
  out/deck.csv  [SIZE] B
in [TIME]
1 deck, 1 topic, 2 questions, 2 cards, 0 key points
  1 added, 1 unchanged
  out/deck.csv  [SIZE] B
in [TIME]

"#]]);
}

/// Wherever it lies, and also if nothing but looking tells of changes.
#[test]
fn a_lock_elsewhere_is_mended() {
    for poll in [None, Some("--poll=0.2")] {
        let command = ["watch", "-f", "csv", "--lock", "state/my.lock"].into_iter().chain(poll);
        let command: Vec<&str> = command.collect();
        let mut watch = start(test(&command).file("content/a.md", NOTE));
        let lock = watch.text("state/my.lock");
        pause();
        watch.save("state/my.lock", "");
        watch.until("1 error");
        watch.save("state/my.lock", lock);
        watch.build();
        assert_eq!(watch.stop().matches("1 unchanged").count(), 1, "{poll:?}");
    }
}
