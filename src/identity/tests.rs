//! Who is who after an edit, one test per kind of edit.

use crate::config::Config;
use crate::config::Highlights;
use crate::diagnostic::{Code, Diagnostic};
use crate::identity::giver::date;
use crate::identity::lock::{Entry, Lock};
use crate::identity::words::mix;
use crate::identity::{Identities, Moment, derive, facts, identify};
use crate::media::Media;
use crate::parse;
use crate::source::Sources;

type Files<'f> = &'f [(&'f str, &'f str)];

const DAY: i64 = 86_400;
const START: i64 = 1_790_000_000;

const A: &str = "# D\n## T\n### Q: What is attention?\n**Answer:** Each token looks at every other \
                 token and takes what it needs.\n**Key points:**\n- all pairs\n- weights\n";
const B: &str = "### Q: Why do we batch requests?\n**Answer:** The weights are read once for many \
                 requests, so throughput grows.\n";

fn build(files: Files<'_>, lock: &Lock, now: i64) -> (Identities, Vec<Diagnostic>) {
    let mut sources = Sources::new("");
    for (path, text) in files {
        sources.add(path, (*text).to_owned());
    }
    let mut problems = Vec::new();
    let bank = parse::bank(&mut sources, &Config::default(), &mut problems);
    assert_eq!(problems, [], "the content of these tests is clean");
    let facts = facts(&sources, &bank, &Media::default(), lock);
    let moment =
        Moment { now, namespace: None, refresh: false, highlights: Highlights::Each, style: None };
    let identities = identify(&facts, lock, moment, &mut problems);
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
    let bank = parse::bank(&mut sources, &Config::default(), &mut Vec::new());
    let facts = facts(&sources, &bank, &Media::default(), &old.lock);
    let moment = Moment {
        now: START + DAY,
        namespace: None,
        refresh: false,
        highlights: Highlights::Each,
        style: None,
    };
    let new = identify(&facts, &old.lock, moment, &mut Vec::new());
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
    let bank = |last: &str, answer: &str| {
        let topics = ["a mutex", "a semaphore", "a spinlock", "a futex", "a barrier"];
        let known: Vec<String> = topics
            .iter()
            .map(|topic| {
                format!("### Q: What is {topic}?\n**Answer:** It is {topic}, of course.\n")
            })
            .collect();
        format!("# D\n{}### Q: What is {last}?\n**Answer:** {answer}\n", known.concat())
    };
    let before = bank("a process", "An address space with threads and open files.");
    let after = bank("a thread", "A stack and registers that the scheduler runs.");
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

/// Cards that stay, so that the bank is not tiny.
fn among_others(cards: &str) -> String {
    let others =
        ["water wet", "fire cold", "grass green", "snow warm", "night bright", "iron soft"];
    let others = others.map(|it| format!("### Q: Is {it}?\n**Answer:** It depends on the {it}.\n"));
    format!("# D\n{}{cards}", others.concat())
}

/// Builds one version after the other, and says of each whether the last card kept its id and
/// whether its pair is open.
fn follow(versions: &[&str]) -> Vec<(bool, bool)> {
    let mut lock = Lock::default();
    let mut ids: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for (day, cards) in (0i64..).zip(versions) {
        let built = build(&[("a.md", &among_others(cards))], &lock, START + day * DAY).0;
        let id = &built.of.last().expect("a card").id;
        let is_open = |entry: &Entry| entry.id == *id && entry.open.is_some();
        found.push((ids.last() == Some(id), built.lock.entries.iter().any(is_open)));
        ids.push(id.clone());
        lock = built.lock;
    }
    found
}

#[test]
fn a_front_that_is_typed_anew_over_several_builds_is_open() {
    let card = |asks: &str, answer: &str| format!("### Q: {asks}?\n**Answer:** {answer}\n");
    for fronts in [
        ["What is the capital of France", "What is the capital of", "What is the capital of Spain"],
        ["Mutex", "Mutex Monitor", "Monitor"],
        ["Which gases are noble", "Which are noble", "Which are not noble"],
    ] {
        let versions = fronts.map(|front| card(front, "Paris"));
        let last = card(fronts[2], "Madrid");
        let versions = [&*versions[0], &versions[1], &versions[2], &last];
        assert_eq!(follow(&versions)[1..], [(true, true); 3], "{fronts:?}");
    }
}

#[test]
fn signs_order_and_capitals_are_not_taken_for_the_same_words() {
    for (before, after) in [
        ("How big is a mW", "How big is a MW"),
        ("Is it 6 * 3", "Is it 6 / 3"),
        ("What is `a[0]`", "What is `a(0)`"),
        ("How do you get from Paris to Rome", "How do you get from Rome to Paris"),
        ("Is glass a liquid", "Is glass not a liquid"),
        ("What are the effects of heat capacity", "What are the effects of capacity"),
    ] {
        let card = |front: &str| format!("### Q: {front}?\n**Answer:** By train\n");
        let found = follow(&[&card(before), &card(after)])[1];
        assert_eq!(found, (true, true), "{before}");
    }
}

#[test]
fn an_open_pair_is_cut_and_pasted() {
    let card = |front: &str| format!("### Q: {front}?\n**Answer:** Goethe\n");
    let (first, second) = (card("Who wrote Faust"), card("Who was the author of Faust"));
    let gone = "### Q: Who wrote Emma?\n**Answer:** Austen\n";
    let versions = [&*first, &second, gone, &second];
    let mut lock = Lock::default();
    let mut ids = Vec::new();
    for (day, cards) in (0i64..).zip(versions) {
        let built = build(&[("a.md", &among_others(cards))], &lock, START + day * DAY).0;
        ids.push(built.of.last().expect("a card").id.clone());
        lock = built.lock;
    }
    assert_eq!((&ids[1], &ids[3]), (&ids[0], &ids[0]));
}

#[test]
fn where_every_word_is_common_edited_cards_are_known() {
    // As if drawn by lot.
    let word = |n: usize| format!("w{}", mix(n as u64) % 90);
    let card = |n: usize, edit: usize| {
        let mut front: Vec<String> = (0..9).map(|at| word(n * 100 + at)).collect();
        let mut back: Vec<String> = (9..34).map(|at| word(n * 100 + at)).collect();
        front[n % 9] = word(n + edit);
        back[n % 25] = word(n + 2 * edit);
        format!("### Q: {}?\n**Answer:** {}.\n", front.join(" "), back.join(" "))
    };
    let bank =
        |edit| format!("# D\n{}", (0..600).map(|n| card(n, edit)).collect::<Vec<_>>().concat());
    let old = build_bank(&bank(1), &Lock::default());
    let new = build_bank(&bank(40), &old.lock);
    let kept = old.of.iter().zip(&new.of).filter(|(old, new)| old.id == new.id).count();
    assert!(kept > 590, "{kept}");
}

/// Builds a bank in which questions may stand twice.
fn build_bank(text: &str, lock: &Lock) -> Identities {
    build(&[("a.md", text)], lock, START).0
}

#[test]
fn two_questions_are_joined_and_one_is_split() {
    let two = "### Q: What is a stack?\n**Answer:** It holds frames and locals.\n\
               ### Q: What is a heap?\n**Answer:** It holds objects of any life.\n";
    let one = "### Q: What is a stack, and what is a heap?\n**Answer:** It holds frames and locals. \
               It holds objects of any life.\n";
    let ids = |cards: &str, lock: &Lock| {
        let built = build(&[("a.md", &among_others(cards))], lock, START).0;
        let ids: Vec<String> = built.of[6..].iter().map(|it| it.id.clone()).collect();
        (ids, built.lock)
    };
    let (apart, lock) = ids(two, &Lock::default());
    let (joined, _) = ids(one, &lock);
    assert!(apart.contains(&joined[0]));
    let (whole, lock) = ids(one, &Lock::default());
    let (halves, _) = ids(two, &lock);
    assert!(halves.contains(&whole[0]));
}

/// Of copies, the one that stands where the question stood keeps its id.
#[test]
fn a_copy_is_put_above() {
    let [a, b, c] = ["One", "Two", "Six"].map(|it| format!("### Q: {it}?\n**Answer:** {it}.\n"));
    let before = format!("# D\n{a}{b}{c}");
    let after = format!("# D\n{c}{a}{b}{c}");
    let old = build_bank(&before, &Lock::default());
    let new = build_bank(&after, &old.lock);
    assert_eq!(new.of[3].id, old.of[2].id);
    assert_ne!(new.of[0].id, old.of[2].id);
}

/// Of two cards that differ in the order of their words only, none is taken for the other.
#[test]
fn twins_of_the_same_words_are_not_guessed() {
    for [first, second, edited] in [
        ["b then a", "a then b", "a then b."],
        ["the man bites the dog", "the dog bites the man", "the dog bites the big man"],
        [
            "`a, b = 2, 1; print(a, b)`",
            "`a, b = 1, 2; print(a, b)`",
            "`a, b = 1, 2; print((a, b))`",
        ],
    ] {
        let card = |answer: &str| format!("### Q: Order?\n**Answer:** {answer}\n");
        let old = build_bank(&among_others(&[first, second].map(card).concat()), &Lock::default());
        let text = among_others(&card(edited));
        let (new, problems) = build(&[("a.md", &text)], &old.lock, START);
        let id = &new.of.last().expect("a card").id;
        assert!(old.of.iter().all(|it| it.id != *id), "{first}");
        assert_eq!(problems.last().map(|it| it.code), Some(Code::AmbiguousMatch), "{first}");
    }
}

#[test]
fn twins_that_differ_beside_their_answers_change_places() {
    let card = |note: &str| format!("### Q: Draw one?\n**Answer:** So.\n**Note:** {note}\n");
    let [a, b] = ["As in Germany.", "As in France."].map(card);
    let old = build_bank(&format!("# D\n{a}{b}"), &Lock::default());
    let new = build_bank(&format!("# D\n{b}{a}"), &old.lock);
    assert_eq!((&new.of[0].id, &new.of[1].id), (&old.of[1].id, &old.of[0].id));
}

#[test]
fn an_id_is_never_that_of_another_question() {
    let card = |heading: &str, answer: &str| format!("### Q: {heading}\n**Answer:** {answer}\n");
    let old = among_others(&card("What is A? {#tcp}", "Yes."));
    let old = build_bank(&old, &Lock::default());
    let renamed = card("What is A? {#tcp-intro}", "Yes.");
    let reused = card("What is Z? {#tcp}", "Zed.");
    let check = |cards: &str, lock: &Lock, expect: Option<Code>| {
        let (built, problems) = build(&[("a.md", &among_others(cards))], lock, START);
        assert_eq!(problems.first().map(|it| it.code), expect, "{cards}");
        built.lock
    };
    let lock = check(&renamed, &old.lock, None);
    check(&format!("{renamed}{reused}"), &lock, Some(Code::DuplicateId));
    check(&format!("{reused}{renamed}"), &lock, Some(Code::DuplicateId));
    check(&format!("{reused}{renamed}"), &old.lock, Some(Code::DuplicateId));
    // One that stands with its own words has its id, though another one asks the same.
    let old = build_bank(&among_others(&card("Is Rust compiled?", "Yes.")), &Lock::default());
    let id = &old.of.last().expect("a card").id;
    let copy = card(&format!("Is Rust compiled? {{#{id}}}"), "That is another fact.");
    let both = card("Is Rust compiled?", "Yes.") + &copy;
    check(&both, &old.lock, Some(Code::DuplicateId));
    check(&copy, &old.lock, None);
}
