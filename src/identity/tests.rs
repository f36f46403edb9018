//! Who is who after an edit, one test per kind of edit.

use crate::config::Config;
use crate::config::Highlights;
use crate::diagnostic::{Code, Diagnostic};
use crate::identity::assign::date;
use crate::identity::lock::Lock;
use crate::identity::{Identities, IdentityOptions, derive, facts, identify};
use crate::media::Media;
use crate::parse;
use crate::source::Sources;
use crate::vault::Vault;

mod banks;

type Files<'f> = &'f [(&'f str, &'f str)];

const DAY: i64 = 86_400;
const START: i64 = 1_790_000_000;

const A: &str = "# D\n## T\n### Q: What is attention?\n**Answer:** Each token looks at every other \
                 token and takes what it needs.\n**Key points:**\n- all pairs\n- weights\n";
const B: &str = "### Q: Why do we batch requests?\n**Answer:** The weights are read once for many \
                 requests, so throughput grows.\n";

pub(super) fn build(files: Files<'_>, lock: &Lock, now: i64) -> (Identities, Vec<Diagnostic>) {
    let mut sources = Sources::new("");
    for (path, text) in files {
        sources.add(path, (*text).to_owned());
    }
    let mut problems = Vec::new();
    let library = parse::library(&mut sources, &Config::default(), &Vault::empty(), &mut problems);
    assert_eq!(problems, [], "the content of these tests is clean");
    let facts = facts(&sources, &library, &Media::default(), &[], lock);
    let options = IdentityOptions {
        now,
        namespace: None,
        refresh: false,
        highlights: Highlights::Each,
        style: None,
        note_types: &[],
    };
    let identities = identify(&facts, lock, options, &mut problems);
    (identities, problems)
}

/// Builds `before`, then `after` a day later, and says in a line what that does.
fn check(before: Files<'_>, after: Files<'_>, expect: &str) -> (Identities, Vec<Diagnostic>) {
    let (old, _) = build(before, &Lock::default(), START);
    let (new, problems) = build(after, &old.lock, START + DAY);
    let said: Vec<String> = new
        .plan
        .counts()
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| format!("{count} {what}"))
        .collect();
    assert_eq!(said.join(", "), expect, "{problems:#?}");
    for entry in &new.lock.entries {
        let Some(was) = old.lock.entries.iter().find(|was| was.id == entry.id) else { continue };
        assert_eq!(entry.created, was.created, "the creation time is for ever");
        let is_same = entry.fingerprint == was.fingerprint;
        assert_eq!(entry.modified, if is_same { START } else { START + DAY });
    }
    let again = build(after, &new.lock, START + 2 * DAY).0;
    assert!(again.plan.is_empty(), "the second build changes nothing");
    (new, problems)
}

fn one(text: &str) -> String {
    format!("{A}{text}")
}

#[test]
fn nothing_changes_by_itself() {
    check(&[("a.md", A)], &[("a.md", A)], "1 unchanged");
}

#[test]
fn a_picture_gets_another_size() {
    let sized = |braces: &str| one(&format!("- ![x](x.png){braces}\n"));
    let check = |old, new, expect| {
        check(&[("a.md", &sized(old))], &[("a.md", &sized(new))], expect);
    };
    check("{width=300}", "{ width=300px .wide }", "1 unchanged");
    check("{width=300}", "{width=200}", "1 changed");
    check("{width=300}", "{height=300}", "1 changed");
    check("", "{width=300}", "1 changed");
}

#[test]
fn an_answer_is_written_anew() {
    let after = A.replace("takes what it needs", "mixes their values");
    check(&[("a.md", A)], &[("a.md", &after)], "1 changed");
}

#[test]
fn a_question_is_reworded() {
    let after = A.replace("What is attention?", "How does a token find what matters to it?");
    let (new, problems) = check(&[("a.md", A)], &[("a.md", &after)], "1 reworded");
    assert_eq!(new.plan.reworded[0].1, "What is attention?");
    assert_eq!(
        problems[0].code,
        Code::NearMatch,
        "its heading has nothing in common with the old one"
    );
}

#[test]
fn a_question_is_reworded_and_answered_anew() {
    let after = A
        .replace("What is attention?", "What does attention do?")
        .replace("takes what it needs", "mixes their values");
    let (_, problems) = check(&[("a.md", A)], &[("a.md", &after)], "1 reworded, 1 changed");
    assert_eq!(problems[0].code, Code::NearMatch);
    let fix = problems[0].fix.as_ref().expect("a fix that writes the id");
    assert!(fix.text.starts_with(" {#"), "{}", fix.text);
}

#[test]
fn a_question_with_options_is_reworded() {
    let ask = |what: &str, wrong: &str| {
        let options = ["[x] one of the right ones", "[ ] neither of them", wrong];
        format!("### Q: {what}\n- {}\n", options.join("\n- "))
    };
    let before = ask("What does it do?", "[ ] the first") + &ask("Why so?", "[ ] the second");
    let after = ask("Quite another?", "[ ] the first") + &ask("Unlike?", "[ ] the second");
    check(&[("a.md", &before)], &[("a.md", &after)], "2 reworded");
}

#[test]
fn key_points_are_edited() {
    let after = A.replace("- weights", "- soft weights");
    let (new, _) = check(&[("a.md", A)], &[("a.md", &after)], "1 changed");
    assert_eq!(new.plan.changed[0].1, ["key points"]);
}

#[test]
fn a_question_moves_to_another_topic() {
    let before = one(B);
    let after = one(&format!("## U\n{B}"));
    let (new, _) = check(&[("a.md", &before)], &[("a.md", &after)], "1 moved, 1 unchanged");
    let (_, from, to) = &new.plan.moved[0];
    assert_eq!((from.as_str(), to.as_str()), ("D::T", "D::U"));
    assert_eq!(new.plan.moves()["D::U"], format!("ID:{}", new.of[1].id));
}

#[test]
fn a_topic_is_renamed() {
    let after = A.replace("## T", "## Transformers");
    check(&[("a.md", A)], &[("a.md", &after)], "1 moved");
}

#[test]
fn files_are_renamed_split_and_merged() {
    let both = one(B);
    let apart = format!("# D\n## T\n{B}");
    check(&[("a.md", &both)], &[("x/b.md", &both)], "2 unchanged");
    check(&[("a.md", &both)], &[("a.md", A), ("b.md", &apart)], "2 unchanged");
    check(&[("a.md", A), ("b.md", &apart)], &[("a.md", &both)], "2 unchanged");
}

#[test]
fn questions_change_places() {
    let question = A.strip_prefix("# D\n## T\n").expect("the deck");
    let swapped = format!("# D\n## T\n{B}{question}");
    check(&[("a.md", &one(B))], &[("a.md", &swapped)], "2 unchanged");
}

#[test]
fn a_question_is_put_above() {
    let after = A.replace("### Q: What", "### Q: New?\n**Answer:** Yes.\n### Q: What");
    check(&[("a.md", A)], &[("a.md", &after)], "1 added, 1 unchanged");
}

#[test]
fn a_file_is_typed_anew() {
    let before =
        one("### Q: Two *words* and `code`?\n**Answer:** One __two__\nthree [x](y).\n\n- a\n- b\n");
    let after = before
        .replace("*words*", "_words_")
        .replace("__two__\nthree", "**two** three")
        .replace("[x](y)", "[x][r]")
        .replace("- a\n- b\n", "* a\n\n* b\n\n[r]: y\n")
        .replace('\n', "\r\n");
    check(&[("a.md", &before)], &[("a.md", &after)], "2 unchanged");
}

#[test]
fn a_deck_is_renamed() {
    let after = A.replace("# D\n", "# E\n");
    let (new, _) = check(&[("a.md", A)], &[("a.md", &after)], "1 moved");
    assert_eq!(new.of[0].modified, START, "no note is touched");
}

#[test]
fn an_id_is_given_and_taken_away() {
    let named = A.replace("attention?", "attention? {#my-id}");
    let (given, _) = check(&[("a.md", A)], &[("a.md", &named)], "1 unchanged");
    assert_eq!(given.lock.entries[0].name.as_deref(), Some("my-id"));
    let reworded = named.replace("What is attention?", "Entirely other?").replace("Each", "No");
    let (kept, _) = build(&[("a.md", &reworded)], &given.lock, START + 3 * DAY);
    assert_eq!(kept.of[0].id, given.of[0].id, "the name leads to the id");
    check(&[("a.md", &named)], &[("a.md", A)], "1 unchanged");
}

#[test]
fn an_unknown_id_makes_a_new_question() {
    let after = A.replace("What is attention?", "What does attention do? {#other}");
    check(&[("a.md", A)], &[("a.md", &after)], "1 added, 1 retired");
}

#[test]
fn the_same_words_in_two_topics_stay_two() {
    let other = B.replace("Why do we batch requests?", "What is attention?");
    let before = one(&format!("## U\n{other}"));
    let after = before.replace("throughput grows", "it is cheap").replace("- weights", "- sums");
    let (new, _) = check(&[("a.md", &before)], &[("a.md", &after)], "2 changed");
    assert_ne!(new.of[0].id, new.of[1].id);
    let swapped = format!("# D\n## U\n{other}{}", &A[4..]);
    check(&[("a.md", &before)], &[("a.md", &swapped)], "2 unchanged");
}

#[test]
fn ways_of_writing_the_same_are_no_change() {
    let same = |before: &str, after: &str, expect| {
        let (before, after) = (format!("### Q: One?\n{before}"), format!("### Q: One?\n{after}"));
        check(&[("a.md", &before)], &[("a.md", &after)], expect);
    };
    same("It is \\(x_1\\).\n", "It is $x_1$.\n", "1 unchanged");
    same("\\[ a = b \\]\n", "$$ a = b $$\n", "1 unchanged");
    same("\\( a = b \\)\n", "\\[ a = b \\]\n", "1 changed");
    same("> [!NOTE]\n> A.\n", "> [!note]\n>\n> A.\n", "1 unchanged");
    same("> [!NOTE]\n> A.\n", "> [!TIP]\n> A.\n", "1 changed");
    same("Term\n: a\n", "Term\n\n:   a\n", "1 unchanged");
    same("Term\n: a\n", "Term\n\na\n", "1 changed");
    same("Term\n: a\n: b\n", "Term\n: a\n\n  b\n", "1 changed");
}

#[test]
fn a_direction_is_a_change() {
    let (plain, left) = ("### Q: One? {lang=he}\nA.\n", "### Q: One? {lang=he dir=ltr}\nA.\n");
    check(&[("a.md", plain)], &[("a.md", left)], "1 changed");
}

#[test]
fn a_question_goes_and_comes_back() {
    let both = one(B);
    let (gone, _) = check(&[("a.md", &both)], &[("a.md", A)], "1 retired, 1 unchanged");
    let entry = gone.lock.entries.last().expect("the retired question");
    assert_eq!(entry.removed.as_deref(), Some("2026-09-22"));
    assert_eq!(gone.plan.retired_search(), Some(format!("ID:{}", entry.id)));
    let (back, _) = build(&[("a.md", &both)], &gone.lock, START + 2 * DAY);
    assert_eq!(back.of[1].id, entry.id);
    assert_eq!(back.of[1].modified, START, "it is what it was");
    assert_eq!(back.plan.revived.len(), 1);
}

#[test]
fn a_question_loses_its_answer_for_a_while() {
    let (old, _) = build(&[("a.md", &one(B))], &Lock::default(), START);
    let mut sources = Sources::new("");
    sources.add("a.md", one("### Q: Why do we batch requests?\n"));
    let library =
        parse::library(&mut sources, &Config::default(), &Vault::empty(), &mut Vec::new());
    let facts = facts(&sources, &library, &Media::default(), &[], &old.lock);
    let options = IdentityOptions {
        now: START + DAY,
        namespace: None,
        refresh: false,
        highlights: Highlights::Each,
        style: None,
        note_types: &[],
    };
    let new = identify(&facts, &old.lock, options, &mut Vec::new());
    assert_eq!(new.lock, old.lock, "learners still have it as it was");
}

#[test]
fn equal_candidates_are_reported() {
    let pair = |first: &str, second: &str| {
        format!(
            "# D\n## T\n### Q: {first}\n**Answer:** It is a process of the kernel of {first}\n\
             ### Q: {second}\n**Answer:** It is a process of the kernel of {second}\n"
        )
    };
    let before = pair("What is a red daemon?", "What is a blue daemon?");
    let after = "# D\n## T\n### Q: What is a daemon?\n**Answer:** It is a process of the kernel \
                 of what?\n";
    let (new, problems) = check(&[("a.md", &before)], &[("a.md", after)], "1 added, 2 retired");
    assert_eq!(problems[0].code, Code::AmbiguousMatch);
    let help = problems[0].help.as_deref().unwrap_or_default();
    assert!(new.plan.retired.iter().all(|item| help.contains(&item.id)), "{help}");
}

#[test]
fn questions_that_share_only_common_words_are_not_near() {
    let library = |last: &str, answer: &str| {
        let topics = ["a mutex", "a semaphore", "a spinlock", "a futex", "a barrier"];
        let known: Vec<String> = topics
            .iter()
            .map(|topic| {
                format!("### Q: What is {topic}?\n**Answer:** It is {topic}, of course.\n")
            })
            .collect();
        format!("# D\n{}### Q: What is {last}?\n**Answer:** {answer}\n", known.concat())
    };
    let before = library("a process", "An address space with threads and open files.");
    let after = library("a thread", "A stack and registers that the scheduler runs.");
    check(&[("a.md", &before)], &[("a.md", &after)], "1 added, 1 retired, 5 unchanged");
}

#[test]
fn a_lost_lock_costs_no_id_of_an_unreworded_question() {
    let files = one(B);
    let (first, _) = build(&[("a.md", &files)], &Lock::default(), START);
    let moved = format!("# D\n## Elsewhere\n{B}{}", &A[4..]);
    let (second, _) = build(&[("b.md", &moved)], &Lock::default(), START + DAY);
    assert_eq!(first.of[0].id, second.of[1].id);
    assert_eq!(first.of[1].id, second.of[0].id);
}

#[test]
fn times_only_grow() {
    let (old, _) = build(&[("a.md", A)], &Lock::default(), START);
    let after = A.replace("- weights", "- sums");
    let (new, _) = build(&[("a.md", &after)], &old.lock, START - DAY);
    assert_eq!(new.of[0].modified, START + 1, "even if the clock went back");
}

/// Ids are kept by learners for years: this must never change.
#[test]
fn ids_are_frozen() {
    assert_eq!(derive("Deck", "What is a token?", 0), "pn7rsx2h248k");
    assert_ne!(derive("Deck", "What is a token?", 1), derive("Deck", "What is a token?", 0));
    assert_ne!(derive("a", "bc", 0), derive("ab", "c", 0));
}

#[test]
fn days_have_dates() {
    let check = |seconds, expect| assert_eq!(date(seconds), expect);
    check(0, "1970-01-01");
    check(951_782_400, "2000-02-29");
    check(1_795_392_000, "2026-11-23");
    check(4_107_542_399, "2100-02-28");
}

#[test]
fn an_answer_gets_gaps_and_loses_them() {
    let qa = "# D\n### Q: The handshake\nThe client sends SYN.\n";
    let cloze = qa.replace("SYN", "{{c1::SYN}}");
    let first = build(&[("a.md", qa)], &Lock::default(), START).0;
    let second = build(&[("a.md", &cloze)], &first.lock, START + DAY).0;
    let third = build(&[("a.md", qa)], &second.lock, START + 2 * DAY).0;
    assert_eq!(second.of[0].id, first.of[0].id);
    assert_eq!(second.plan.unmade[0].1, "question and answer");
    assert_eq!(third.of[0].id, first.of[0].id);
    assert_eq!(third.plan.unmade[0].1, "cloze");
    assert_eq!(third.of[0].modified, START, "it shows what it showed at first");
}
