//! What apps note in the files that we write for them stays with its question.

use std::fs;

use crate::test::{Done, test};

const BEFORE: &str = "\
# Deck

## One

### Q: What is it?
An answer.

### Q: And that?
Another one.
";

/// A question is new, one is reworded, and both old ones are elsewhere.
const AFTER: &str = "\
# Deck

## Zero

### Q: New?
Yes.

### Q: And what is that?
Another one.

## One, renamed

### Q: What is it?
An answer.
";

/// Writes into a file as an app does.
fn edit(done: &Done, path: &str, from: &str, to: &str) {
    let text = done.text(path);
    assert!(text.contains(from), "{text}");
    fs::write(done.path(path), text.replace(from, to)).unwrap();
}

fn again(done: Done, target: &str, content: &str) -> Done {
    done.then(&["build", "--to", target]).file("content/a.md", content).any_output().run()
}

#[test]
fn org_drill_keeps_its_schedule() {
    let done =
        test(&["build", "--to", "org-drill"]).file("content/a.md", BEFORE).any_output().run();
    let text = done.text("out/deck.org");
    let heading = "*** And that? :drill:\n:PROPERTIES:\n:ID: ";
    let (_, rest) = text.split_once(heading).unwrap();
    let id = rest.split_once('\n').unwrap().0.to_owned();
    let noted = format!(
        "*** And that?                       :drill:leech:\nSCHEDULED: <2026-12-24 Thu>\n\
         :PROPERTIES:\n:ID:       {id}\n:DRILL_LAST_INTERVAL: 4.0\n:DRILL_EASE: 2.36\n"
    );
    edit(&done, "out/deck.org", &format!("{heading}{id}\n"), &noted);
    let done = again(done, "org-drill", AFTER);
    let text = done.text("out/deck.org");
    let kept = format!(
        "*** And what is that? :drill:leech:\nSCHEDULED: <2026-12-24 Thu>\n:PROPERTIES:\n:ID: {id}\n\
         :DRILL_LAST_INTERVAL: 4.0\n:DRILL_EASE: 2.36\n:END:\n"
    );
    assert!(text.contains(&kept), "{text}");
    assert_eq!(text.matches("DRILL_EASE").count(), 1);
    // Nothing but org-drill has written into it.
    assert!(!done.path("out/deck.org.edited").exists());
    let once_more = again(done, "org-drill", AFTER);
    assert_eq!(once_more.text("out/deck.org"), text);
}

#[test]
fn logseq_keeps_its_schedule() {
    let done = test(&["build", "--to", "logseq"]).file("content/a.md", BEFORE).any_output().run();
    let noted = "\n  card-last-interval:: 4\n  card-repeats:: 1\n  card-ease-factor:: 2.6";
    let text = done.text("out/logseq/pages/deck-one.md");
    let (_, rest) = text.split_once("- And that? #card\n").unwrap();
    let id = rest.split_once('\n').unwrap().0.to_owned();
    edit(&done, "out/logseq/pages/deck-one.md", &id, &format!("{id}{noted}"));
    let done = again(done, "logseq", AFTER);
    let text = done.text("out/logseq/pages/deck-zero.md");
    assert!(text.contains(&format!("- And what is that? #card\n{id}{noted}\n")), "{text}");
    let pages = ["pages/deck-one-renamed.md", "pages/deck-zero.md"];
    done.lists("out/logseq", &pages);
}

#[test]
fn what_a_person_has_written_is_not_lost() {
    for (target, path) in [("org-drill", "deck.org"), ("logseq", "logseq/pages/deck-one.md")] {
        let path = format!("out/{path}");
        let done = test(&["build", "--to", target]).file("content/a.md", BEFORE).any_output().run();
        edit(&done, &path, "Another one.", "Another one, I think.");
        let edited = done.text(&path);
        let done = again(done, target, BEFORE);
        assert!(!done.text(&path).contains("I think"));
        assert_eq!(done.text(&format!("{path}.edited")), edited);
    }
}
