//! Cards among others: short ones, cards that look alike, and what comes of several builds.

use super::{DAY, START, build};
use crate::diagnostic::Code;
use crate::identity::Identities;
use crate::identity::lock::{Entry, Lock};
use crate::identity::words::mix;

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
fn another_word_or_another_picture_makes_it_another_card() {
    let long = "It names the blocks of a file, its owner, its size, its times, and how many names \
                lead to it.";
    let card = |front: &str, answer: &str| format!("### Q: {front}?\n**Answer:** {answer}\n");
    for (before, after) in [
        ("What is an inode used for by a kernel", "What is a socket used for by a kernel"),
        ("What is an inode used for by a kernel", "What is GFR used for by a kernel"),
    ] {
        let found = follow(&[&card(before, long), &card(after, long)])[1];
        assert_eq!(found, (true, true), "{after}");
    }
    let picture = |front: &str, file: &str| card(front, &format!("![Bone]({file}.svg)"));
    let before = picture("Which bone of the hand is shown here on the back", "a");
    let after = picture("Which bone of the hand is shown here at the back", "b");
    assert!(follow(&[&before, &after])[1] != (true, false));
}

#[test]
fn a_long_answer_that_is_left_as_it_is_needs_no_confirmation_of_common_words() {
    let long = "It names the blocks of a file, its owner, its size, its times, and how many names \
                lead to it.";
    let card = |front: &str, answer: &str| format!("### Q: {front}?\n**Answer:** {answer}\n");
    for (answer, front, is_open) in [
        (long, "What is the use of an inode", false),
        (long, "What is an inode", false),
        (long, "What is the use of a socket", true),
        (long, "Why are there blocks", true),
        ("It names blocks.", "What is the use of an inode", true),
    ] {
        let others = ["a disk", "a file", "the kernel", "a name"].map(|it| {
            card(&format!("What is {it} used for"), &format!("This, {it}"))
                + &card(&format!("What is the use of {it}"), &format!("That, {it}"))
        });
        let others = others.concat();
        let old = format!("{others}{}", card("What is an inode used for", answer));
        let new = format!("{others}{}", card(front, answer));
        assert_eq!(follow(&[&old, &new])[1], (true, is_open), "{front} {answer}");
    }
}

#[test]
fn a_heading_that_stands_keeps_its_id_when_its_answer_goes_elsewhere() {
    let card = |front: &str, answer: &str| format!("### Q: {front}?\n**Answer:** {answer}\n");
    let long = "It sends datagrams without a handshake, order, or retransmission, so that it is \
                quick but may lose some.";
    let before = among_others(&card("What does TCP do", long));
    let right = card("What does TCP do", "It sends a stream of bytes in order.");
    let other = card("What does UDP do", long);
    for (at, after) in [(1, format!("{other}{right}")), (2, format!("{right}{other}"))] {
        let old = build_bank(&before, &Lock::default());
        let new = build_bank(&among_others(&after), &old.lock);
        let id = &old.of.last().expect("a card").id;
        assert_eq!(new.of[new.of.len() - at].id, *id);
        let entry = new.lock.entries.iter().find(|entry| entry.id == *id).expect("its line");
        assert!(entry.open.is_some(), "its answer is elsewhere");
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
    let library =
        |edit| format!("# D\n{}", (0..600).map(|n| card(n, edit)).collect::<Vec<_>>().concat());
    let old = build_bank(&library(1), &Lock::default());
    let new = build_bank(&library(40), &old.lock);
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
        ["`a, b = 2, 1; show(a, b)`", "`a, b = 1, 2; show(a, b)`", "`a, b = 1, 2; show((a, b))`"],
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

#[test]
fn twins_with_ids_of_their_own_may_be_reworded() {
    let twins = |first: &str, second: &str| {
        format!(
            "# D\n### Q: {first} {{#one}}\n**Answer:** x\n### Q: {second} {{#two}}\n\
             **Answer:** y\n### Q: Other?\n**Answer:** z\n"
        )
    };
    let (old, _) = build(&[("a.md", &twins("w", "w"))], &Lock::default(), START);
    for (first, second) in [("w", "wolf"), ("wolf", "w"), ("wolf", "wolves")] {
        let (new, problems) = build(&[("a.md", &twins(first, second))], &old.lock, START + DAY);
        assert_eq!(problems, [], "{first}, {second}");
        let ids: Vec<&str> = new.of.iter().map(|identity| &*identity.id).collect();
        assert_eq!(ids[..2], ["one", "two"]);
    }
}
