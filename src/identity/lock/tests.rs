//! What is written is read back, damage is reported, and what is not known is kept.

use crate::identity::lock::{Entry, Former, Lock, LockedNoteType, NumberedNote, accept, carry};
use crate::identity::sketch::{Sketch, SketchVersion};
use crate::identity::{Identities, tests};
use crate::model::CardKind;
use crate::source::Sources;

const NOW: i64 = 1_790_000_000;
const TEXT: &str = "# D\n### Q: What is attention?\n**Answer:** Each token looks at every other.\n\
                    ### Q: Why do we batch?\n**Answer:** The weights are read once for many.\n";
const HEADER: &str = "{\"deckpress_lock\":3}\n";
const END: &str = "{\"end\":true}\n";

fn build(text: &str, lock: &Lock, now: i64) -> Identities {
    tests::build(&[("a.md", text)], lock, now).0
}

fn write(lock: &Lock) -> String {
    let mut text = Vec::new();
    lock.write(&mut text).expect("memory takes everything");
    String::from_utf8(text).expect("a lock is text")
}

/// Returns the lock, or why it cannot be used, each with its line.
fn read(text: &str) -> Result<Lock, Vec<String>> {
    let mut sources = Sources::new("");
    let file = sources.add("deckpress.lock", text.to_owned());
    let mut problems = Vec::new();
    let lock = Lock::read(&sources, file, &mut problems);
    let said = problems.iter().map(|problem| {
        let (line, column) = sources.position(problem.span);
        let (_, why) = problem.message.split_once(": ").expect("a reason");
        format!("{line}:{column} {why}")
    });
    lock.ok_or(said.collect())
}

#[test]
fn locks_are_read_back() {
    let lock = build(TEXT, &Lock::default(), NOW).lock;
    let text = write(&lock);
    assert!(text.starts_with(HEADER) && text.ends_with(END), "{text}");
    assert_eq!(read(&text), Ok(lock.clone()));
    assert_eq!(read(&text.replace('\n', "\r\n")), Ok(lock.clone()));
    assert_eq!(read(&text.replace('\n', "\n\n")), Ok(lock.clone()));
    assert_eq!(read(&format!("\u{feff}{text}")), Ok(lock));
    assert_eq!(read(&format!("{HEADER}{END}")), Ok(Lock::default()));
}

#[test]
fn damage_is_reported() {
    let text = write(&build(TEXT, &Lock::default(), NOW).lock);
    let second = text.lines().nth(1).expect("a line").to_owned();
    let check = |text: &str, expect: &[&str]| {
        let expect: Vec<String> = expect.iter().map(ToString::to_string).collect();
        assert_eq!(read(text), Err(expect), "{text}");
    };
    let twice = text.replace(END, &format!("{second}\n{END}"));
    let id = second.split('"').nth(3).expect("an id");
    let has_no = |key: &str| text.replace(&format!("\"{key}\":"), "\"other\":");
    check("", &["1:1 it is empty"]);
    check("\u{feff}\n", &["1:1 it is empty"]);
    check(&twice, &[&format!("4:1 the id `{id}` stands twice")]);
    check(
        &text.replace("lock\":3", "lock\":4"),
        &["1:1 it is of version 4, which a newer deckpress wrote"],
    );
    for key in ["created", "id"] {
        let why = format!("this line is damaged: missing field `{key}`");
        check(&has_no(key), &[&format!("2:1 {why}"), &format!("3:1 {why}")]);
    }
    check(
        &text.replace("\"sketch\":", "\"drawn\":99,\"sketch\":"),
        &["2:1 the sketch in this line is damaged", "3:1 the sketch in this line is damaged"],
    );
    let conflict = format!("{HEADER}<<<<<<< ours\n{second}\n=======\n>>>>>>> theirs\n{END}");
    let why = "a conflict of git is not resolved";
    check(&conflict, &[2, 4, 5].map(|line| format!("{line}:1 {why}")).each_ref().map(|s| &**s));
    let conflict = format!("<<<<<<< ours\n{HEADER}=======\n{HEADER}>>>>>>> theirs\n{END}");
    check(&conflict, &[1, 3, 5].map(|line| format!("{line}:1 {why}")).each_ref().map(|s| &**s));
    for below in ["{}", "{\"end\":true}"] {
        check(&format!("{text}\n{below}\n\n"), &["6:1 it goes on below its last line"]);
    }
    check(&format!("{HEADER}{HEADER}{END}"), &["2:1 a header stands here once more"]);
}

/// Wherever a file ends before its end, also where a line does.
#[test]
fn a_file_that_is_cut_off_is_noticed() {
    let text = write(&build(TEXT, &Lock::default(), NOW).lock);
    let whole = text.trim_end().len();
    for end in 0..whole {
        assert!(read(&text[..end]).is_err(), "{}", &text[..end]);
    }
    assert!(read(&text[..whole]).is_ok());
    let cut = "it is cut off: its last line, `{\"end\":true}`, is missing";
    assert_eq!(read(&text.replace(END, "")), Err(vec![format!("3:1 {cut}")]));
    assert_eq!(read(HEADER), Err(vec![format!("1:1 {cut}")]));
}

/// Returns an entry of which everything is said.
fn full() -> Entry {
    let entry = build(TEXT, &Lock::default(), NOW).lock.entries.remove(0);
    let series = NumberedNote { created: NOW * 1000 + 5, modified: NOW, ..NumberedNote::default() };
    let former = Former {
        question: "What was attention?".to_owned(),
        fingerprint: entry.fingerprint,
        sketch: Sketch::of("It was other words.", SketchVersion::MinHash),
    };
    Entry {
        name: Some("my-id".to_owned()),
        guid: Some("q\"<\\&ü".to_owned()),
        note_type: Some("Word".to_owned()),
        cards: vec![0, 2],
        nid: Some(1_234_567_890_123),
        topic: vec!["T".to_owned()],
        sketch: Sketch::of("These are words.", SketchVersion::MinHash),
        shown: Some("x".to_owned()),
        kinds: [CardKind::Recall].into(),
        cloze: Some(Box::new(NumberedNote { created: NOW * 1000 + 6, ..series.clone() })),
        recall: Some(Box::new(series)),
        open: Some(Box::new(former)),
        renewed: true,
        removed: Some("2026-11-30".to_owned()),
        ..entry
    }
}

/// Returns a note type with and without ids.
fn word() -> LockedNoteType {
    LockedNoteType {
        name: "Word".to_owned(),
        id: 1_234_567_890_123,
        modified: NOW,
        hash: "abc".to_owned(),
        is_cloze: false,
        fields: vec![("Word".to_owned(), Some(-123)), ("Reading".to_owned(), None)],
        cards: vec![("Recognise".to_owned(), Some(i64::MIN))],
        settings: Some(serde_json::json!({"sortf": 1})),
        rest: Vec::new(),
    }
}

#[test]
fn note_types_are_read_back() {
    let cloze =
        LockedNoteType { name: "Gaps".to_owned(), is_cloze: true, cards: Vec::new(), ..word() };
    let lock = Lock {
        note_types: vec![cloze, word()],
        entries: vec![Entry { removed: None, ..full() }],
        ..Lock::default()
    };
    let text = write(&lock);
    let line = "{\"note_type\":\"Word\",\"id\":1234567890123,\"modified\":1790000000,\"hash\":\"abc\",\
                \"fields\":[[\"Word\",-123],[\"Reading\",null]],\
                \"cards\":[[\"Recognise\",-9223372036854775808]],\"settings\":{\"sortf\":1}}";
    assert_eq!(text.lines().nth(2), Some(line));
    assert!(
        text.contains(
            ",\"guid\":\"q\\\"<\\\\&ü\",\"type\":\"Word\",\"cards\":[0,2],\"nid\":1234567890123,"
        ),
        "{text}"
    );
    assert_eq!(read(&text), Ok(lock.clone()));

    let twice = format!("{HEADER}{line}\n{line}\n{END}");
    assert_eq!(read(&twice), Err(vec!["3:1 the note type `Word` stands twice".to_owned()]));
    let broken = format!("{HEADER}{}\n{END}", line.replace("1790000000", "\"now\""));
    let why = "2:1 this line is damaged: invalid type: string \"now\", expected i64";
    assert_eq!(read(&broken), Err(vec![why.to_owned()]));

    // Builds leave them as they are, with what the line of a note says of its own in Anki.
    let kept = build(TEXT, &lock, NOW + 9).lock;
    assert_eq!(kept.note_types, lock.note_types);
    let entry = kept.entries.iter().find(|entry| entry.id == lock.entries[0].id).expect("a line");
    assert_eq!((&entry.guid, entry.nid), (&lock.entries[0].guid, lock.entries[0].nid));
}

#[test]
fn note_types_are_carried_with_their_notes() {
    let entry = Entry { open: None, removed: None, ..full() };
    let other = LockedNoteType { name: "Other".to_owned(), ..word() };
    let from =
        Lock { note_types: vec![other, word()], entries: vec![entry.clone()], ..Lock::default() };
    let mut to = Lock::default();
    carry(&mut from.clone(), &mut to, std::slice::from_ref(&entry.id))
        .expect("nothing is in the way");
    assert_eq!(to.note_types, [word()]);
    let mut to = Lock { note_types: vec![LockedNoteType { id: 5, ..word() }], ..Lock::default() };
    let why = carry(&mut from.clone(), &mut to, &[entry.id]).expect_err("it is in the way");
    assert_eq!(why, "that lock has another note type `Word`: give one of the two another name");
    assert_eq!(to.entries, []);
}

#[test]
fn what_is_not_known_is_kept() {
    let rest = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(key, json)| ((*key).to_owned(), (*json).to_owned())).collect::<Vec<_>>()
    };
    let lock = Lock {
        entries: vec![Entry {
            rest: rest(&[("z", "{\"b\":1.50,\"a\":[null]}"), ("a \"", "\"ü\"")]),
            ..full()
        }],
        note_types: vec![LockedNoteType { rest: rest(&[("z", "[1.0]")]), ..word() }],
        rest: rest(&[("note_types", "12345678901234567890123")]),
        others: vec!["{\"note_type\":\"x\", \"name\":\"n\"}".to_owned(), "{}".to_owned()],
        ..Lock::default()
    };
    let text = write(&lock);
    assert_eq!(read(&text), Ok(lock.clone()), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "{\"deckpress_lock\":3,\"note_types\":12345678901234567890123}");
    assert!(lines[1].ends_with(",\"z\":[1.0]}"), "{text}");
    assert_eq!(lines[2..4], lock.others);
    assert!(lines[4].ends_with(",\"z\":{\"b\":1.50,\"a\":[null]},\"a \\\"\":\"ü\"}"), "{text}");
    let apart = format!("{HEADER}{}\n{}\n{END}", lines[4], lines[2]);
    assert_eq!(read(&apart).map(|lock| lock.others), Ok(vec![lock.others[0].clone()]));
}

#[test]
fn what_is_not_known_outlives_edits() {
    let with = write(&build(TEXT, &Lock::default(), NOW).lock)
        .replace("3}", "3,\"x\":0}\n{\"kind\":1}")
        .replace("\"modified\"", "\"why\":7,\"modified\"");
    let old = read(&with).expect("a lock");
    let reworded = TEXT.replace("What is", "What then is");
    let gone = reworded.split_inclusive("### Q: Why").next().expect("a part");
    let gone = gone.replace("### Q: Why", "### Q: What is new?\nA thing.\n");
    let lock = build(&gone, &old, NOW + 1).lock;
    let whys = lock.entries.iter().map(|entry| (entry.rest.len(), entry.removed.is_some()));
    assert_eq!(whys.collect::<Vec<_>>(), [(1, false), (0, false), (1, true)]);
    assert_eq!((lock.rest, lock.others), (old.rest, old.others));
}

/// As an older version wrote a lock, with sketches that are drawn in its way.
fn written_before(lock: &Lock, version: u8, answers: &[&str]) -> String {
    let mut lock = lock.clone();
    let drawn = SketchVersion::numbered(version).expect("a way");
    for (entry, answer) in lock.entries.iter_mut().zip(answers) {
        entry.sketch = Sketch::of(answer, drawn);
    }
    write(&lock)
        .replace("lock\":3", &format!("lock\":{version}"))
        .replace(&format!("\"drawn\":{version},"), "")
        .replace(END, "")
}

#[test]
fn old_locks_are_raised() {
    let today = build(TEXT, &Lock::default(), NOW).lock;
    let answers = ["Each token looks at every other.", "The weights are read once for many."];
    for version in [1, 2] {
        let text = written_before(&today, version, &answers);
        let old = read(&text).expect("a lock");
        assert!(old.is_old);
        let ways: Vec<u8> = old.entries.iter().map(|entry| entry.sketch.drawn().number()).collect();
        assert_eq!(ways, [version, version]);
        let Identities { lock, plan, .. } = build(TEXT, &old, NOW + 1);
        assert_eq!(lock, today, "all is as if it had always been new");
        assert!(plan.writes_lock);

        // What is gone cannot be drawn anew.
        let first = TEXT.split("### Q: Why").next().expect("a part");
        let lock = build(first, &old, NOW + 1).lock;
        assert_eq!(lock.entries[0], today.entries[0]);
        assert_eq!(lock.entries[1].sketch, old.entries[1].sketch);
        assert_eq!(read(&write(&lock)), Ok(lock));

        let why = |line| vec![format!("{line}:1 this line is damaged: it has no `id`")];
        assert_eq!(read(&format!("{text}{END}")), Err(why(4)));
        assert_eq!(read(&text.replacen('\n', "\n{}\n", 1)), Err(why(2)));
    }
}

#[test]
fn open_pairs_are_confirmed() {
    let lock = Lock {
        entries: vec![full(), Entry { id: "b".to_owned(), name: None, open: None, ..full() }],
        ..Lock::default()
    };
    let ids = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    for chosen in [ids(&[]), ids(&[&lock.entries[0].id]), ids(&["my-id", "my-id"])] {
        let mut lock = lock.clone();
        let confirmed = accept(&mut lock, &chosen).expect("it is open");
        assert_eq!(confirmed.len(), 1);
        assert_eq!(confirmed[0].old, "What was attention?");
        assert_eq!(lock.entries[0], Entry { open: None, ..full() });
        assert_eq!(accept(&mut lock, &[]), Ok(vec![]));
    }
    let mut same = lock.clone();
    let why = "`b` is not open, so there is nothing to confirm";
    assert_eq!(accept(&mut same, &ids(&["my-id", "b"])), Err(why.to_owned()));
    assert_eq!(
        accept(&mut same, &ids(&["x", "b", "y"])),
        Err("the lock has no question `x`, `y`".to_owned())
    );
    assert_eq!(same, lock);
}

/// Branches that were built in the same second give their new questions the same times.
#[test]
fn times_are_parted() {
    let lock = build(TEXT, &Lock::default(), NOW).lock;
    let time = |lock: &Lock, at: usize| lock.entries[at].created;
    let mut text = Vec::new();
    lock.write(&mut text).expect("memory takes everything");
    let text = String::from_utf8(text).expect("a lock is text");
    let text = text.replace(&time(&lock, 1).to_string(), &time(&lock, 0).to_string());
    let mut sources = Sources::new("");
    let file = sources.add("deckpress.lock", text);
    let read = Lock::read(&sources, file, &mut Vec::new()).expect("it is whole");
    assert_eq!((time(&read, 0), time(&read, 1)), (time(&lock, 0), time(&lock, 0) + 1));
}

#[test]
fn lines_are_carried_to_another_lock() {
    let from = build(TEXT, &Lock::default(), NOW).lock;
    let other = TEXT.replace("What is attention", "What else").replace("Why do we", "When do you");
    let mut to = build(&other, &Lock::default(), NOW + 9).lock;
    to.entries[1].removed = Some("2026-11-30".to_owned());
    let ids = vec![from.entries[1].id.clone()];

    let (mut source, mut target) = (from.clone(), to.clone());
    let carried = carry(&mut source, &mut target, &ids).expect("nothing is in the way");
    assert_eq!(carried[0].question, "Why do we batch?");
    assert_eq!(source.entries, from.entries[..1]);
    let expect = [&to.entries[0], &from.entries[1], &to.entries[1]];
    assert_eq!(target.entries.iter().collect::<Vec<_>>(), expect, "those that are gone come last");

    let mut again = from.clone();
    let before = target.clone();
    carry(&mut again, &mut target, &ids).expect("it is there as it was");
    assert_eq!((again, target), (source, before.clone()), "as after a kill between the two");

    let check = |change: fn(&mut Entry), expect: &str| {
        let (mut source, mut target) = (from.clone(), before.clone());
        change(&mut target.entries[1]);
        let kept = target.clone();
        let why = carry(&mut source, &mut target, &ids).expect_err("it is in the way");
        assert!(why.contains(expect), "{why}");
        assert_eq!((source, target), (from.clone(), kept));
    };
    check(|entry| entry.question.push('x'), "is called as another question");
    let unknown = carry(&mut from.clone(), &mut to.clone(), &["x".to_owned()]);
    assert_eq!(unknown, Err("the lock has no question `x`".to_owned()));
}
