//! Lists of key points that look alike, and how they are edited.
//!
//! A point is about a fact, named by two key words that no other fact has. So a point that was
//! replaced is another one, however alike the two read, and one that was moved or that grew is the
//! one that it was.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// What is done to the point at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    Keep,
    /// Words are added that no fact has.
    Grow,
    Delete,
    /// Another point stands there from now on, in a sentence of the same form.
    Replace,
}

/// A point of today, with the place at which it stood and what was done to it.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub(crate) text: String,
    pub(crate) from: usize,
    pub(crate) edit: Edit,
}

/// Returns former points and those of today.
pub(crate) fn edited() -> impl Strategy<Value = (Vec<String>, Vec<Point>)> {
    let edit = prop_oneof![
        4 => Just(Edit::Keep),
        2 => Just(Edit::Grow),
        1 => Just(Edit::Delete),
        3 => Just(Edit::Replace),
    ];
    let form = select(vec![
        ("the ", " of the "),
        ("a kind of ", " with "),
        ("", " "),
        ("it makes every ", " a "),
    ]);
    (vec((edit, form), 1..30), any::<bool>(), any::<u64>()).prop_map(|(edits, is_mixed, seed)| {
        let old: Vec<String> =
            edits.iter().enumerate().map(|(at, (_, form))| write(*form, at)).collect();
        let mut points = Vec::new();
        for (from, &(edit, form)) in edits.iter().enumerate() {
            let text = match edit {
                Edit::Keep => old[from].clone(),
                Edit::Grow => format!("{}, as everyone knows", old[from]),
                Edit::Delete => continue,
                Edit::Replace => write(form, edits.len() + from),
            };
            points.push(Point { text, from, edit });
        }
        if is_mixed {
            points.sort_by_key(|point| (point.from as u64 + 1).wrapping_mul(seed | 1) >> 7);
        }
        (old, points)
    })
}

/// Writes the point about a fact.
fn write((start, middle): (&str, &str), fact: usize) -> String {
    format!("{start}{}{middle}{}", name(2 * fact), name(2 * fact + 1))
}

/// Returns a word of six letters, another one for each number.
fn name(number: usize) -> String {
    let syllables = ["ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu"];
    [number / 100 % 10, number / 10 % 10, number % 10].map(|at| syllables[at]).concat()
}
