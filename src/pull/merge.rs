//! An edit that was made in other words than those of the source.
//!
//! Three texts: what an author wrote, the same as it came back from Anki before the edit, and as it
//! comes back now. What differs between the last two is put into the first, word by word, so that
//! what nobody edited stays as it is written.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Text in place of a range of another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is replaced.
    pub range: Range<usize>,
    /// By what.
    pub text: String,
}

/// Returns what an edit changes in a source. Where the source is written otherwise than `before`
/// just where the edit is, it gets the words of `after`.
#[must_use]
pub fn merge(source: &str, before: &str, after: &str) -> Vec<Change> {
    // The blanks around it are not part of what comes back.
    let start = source.len() - source.trim_start().len();
    let own_words = Words::of(source.trim());
    let (old, new) = (Words::of(before), Words::of(after));
    let in_source = matches(&old.folded(), &own_words.folded());
    let mut in_new = matches(&old.words, &new.words);
    slide_to_lines(&mut in_new, &old.words, &new.words);
    let mut changes = Vec::new();
    let mut last = (0, 0, 0);
    let anchors = (0..old.words.len()).filter_map(|at| Some((at, in_source[at]?, in_new[at]?)));
    let end = (old.words.len(), own_words.words.len(), new.words.len());
    for (at, own_at, new_at) in anchors.chain([end]) {
        if old.words[last.0..at] != new.words[last.2..new_at] {
            // What was only put in goes behind or before words that the source writes otherwise.
            let (count, new_count) = (at - last.0, new_at - last.2);
            let stays = |(it, to): (usize, usize)| in_new[it] == Some(to);
            // What stands only in the source, such as a comment, stays around them.
            let first = in_source.get(last.0).copied().flatten().filter(|_| count > 0);
            let end = (count > 0).then(|| in_source[at - 1]).flatten().map(|it| it + 1);
            let own = first.unwrap_or(last.1)..end.unwrap_or(own_at);
            let (from, own, to) = if (last.0..at).zip(last.2..).all(stays) {
                let follows = count == 0 && new.words[last.2].starts_with(is_blank);
                let place = end.unwrap_or(if follows { last.1 } else { own_at });
                (last.2 + count, place..place, new_at)
            } else if count < new_count && (last.0..at).zip(new_at - count..).all(stays) {
                (last.2, own.start..own.start, new_at - count)
            } else {
                (last.2, own, new_at)
            };
            let range = start + own_words.place(own.start)..start + own_words.place(own.end);
            changes.push(Change { range, text: after[new.place(from)..new.place(to)].to_owned() });
        }
        last = (at + 1, own_at + 1, new_at + 1);
    }
    changes
}

/// Returns a text with some changes.
#[must_use]
pub fn apply(text: &str, changes: &[Change]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Change { range, text: new } in changes {
        out.push_str(&text[at..range.start]);
        out.push_str(new);
        at = range.end;
    }
    out + &text[at..]
}

/// A text in words, blanks, and single signs.
struct Words<'t> {
    words: Vec<&'t str>,
    /// Where each begins, and where the text ends.
    places: Vec<usize>,
}

impl<'t> Words<'t> {
    fn of(text: &'t str) -> Self {
        let (mut words, mut places) = (Vec::new(), Vec::new());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let len = if first.is_alphanumeric() {
                rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
            } else if is_blank(first) {
                rest.find(|c| !is_blank(c)).unwrap_or(rest.len())
            } else {
                first.len_utf8()
            };
            let (word, after) = rest.split_at(len);
            places.push(text.len() - rest.len());
            words.push(word);
            rest = after;
        }
        places.push(text.len());
        Self { words, places }
    }

    fn place(&self, word: usize) -> usize {
        self.places[word]
    }

    /// Returns the words with all blanks alike, but for those between paragraphs.
    fn folded(&self) -> Vec<&'t str> {
        let fold = |word: &&'t str| match word.matches('\n').count() {
            _ if !word.starts_with(is_blank) => *word,
            0 | 1 => " ",
            _ => "\n\n",
        };
        self.words.iter().map(fold).collect()
    }
}

fn is_blank(c: char) -> bool {
    [' ', '\t', '\r', '\n'].contains(&c)
}

/// Returns where each word of a text stands in another, if it does.
fn matches(one: &[&str], other: &[&str]) -> Vec<Option<usize>> {
    let mut found = vec![None; one.len()];
    for op in capture_diff_slices(Algorithm::Myers, one, other) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            for at in 0..len {
                found[old_index + at] = Some(new_index + at);
            }
        }
    }
    found
}

/// Moves what was only put in up to where a line begins, if it may have been put in there as well.
///
/// ```text
/// - a        - a          - a
/// - c    ->  - [b     or  [- b
///            - ]c         ]- c     the second: the sign before `c` stays as it is written
/// ```
fn slide_to_lines(found: &mut [Option<usize>], old: &[&str], new: &[&str]) {
    for at in 1..=old.len() {
        let end = if at == old.len() { Some(new.len()) } else { found[at] };
        let (Some(last), Some(end)) = (found[at - 1], end) else { continue };
        let len = end.saturating_sub(last + 1);
        if len == 0 {
            continue;
        }
        let is_line_start = |at: usize| at == 0 || old[at - 1].contains('\n');
        let may_move = |&up: &usize| {
            found[at - up - 1].is_some_and(|it| it + up == last && new[it] == new[it + len])
        };
        let most = (0..at).take_while(may_move).count();
        if let Some(up) = (0..=most).find(|up| is_line_start(at - up)) {
            found[at - up..at].iter_mut().flatten().for_each(|it| *it += len);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{apply, merge};

    fn check(source: &str, before: &str, after: &str, expect: &str) {
        let changes = merge(source, before, after);
        assert_eq!(apply(source, &changes), expect, "{changes:?}");
    }

    #[test]
    fn only_what_was_edited_changes() {
        check("one two three", "one two three", "one 2 three", "one 2 three");
        check("* one\n*  two\n", "- one\n- two", "- one\n- 2", "* one\n*  2\n");
        check("*   a\n*   c", "- a\n- c", "- a\n- b\n- c", "*   a\n- b\n*   c");
        check("*   a\n    *   c", "- a\n  - c", "- a\n  - b\n  - c", "*   a\n    - b\n  *   c");
        check("*   a\n*   c", "- a\n- c", "- b\n- a\n- c", "- b\n*   a\n*   c");
        check("see [it][x] now", "see [it](y) now", "see [it](y) then", "see [it][x] then");
        check("a\nlong   line", "a long line", "a long one", "a\nlong   one");
        check("1. one\n1. two", "1. one\n2. two", "1. one\n2. 2", "1. one\n1. 2");
        check("a line\r\nbroken", "a line\nbroken", "a line\nmended", "a line\r\nmended");
        check("==gap== here", "{{c1::gap}} here", "{{c1::gap}} there", "==gap== there");
        check("same", "same", "same", "same");
        check("a <!-- c --> b d", "a b d", "a x d", "a <!-- c --> x d");
        check("a <!-- c -->", "a", "b", "b <!-- c -->");
        check("a <!-- c -->", "a", "a b", "a b <!-- c -->");
        check("a\n\n<!-- b\n\nb -->\n\nc d", "a\n\nc d", "a\n\nx d", "a\n\n<!-- b\n\nb -->\n\nx d");
        check("<div>\na b\n</div>\n\nc", "a b\n\nc", "a x\n\nc", "<div>\na x\n</div>\n\nc");
        check("<div>\na b\n</div>\n\nc", "a b\n\nc", "x b\n\nc", "<div>\nx b\n</div>\n\nc");
        check("> a\n> yes\n> d", "a\nyes\nd", "a\nno\nd", "> a\n> no\n> d");
    }

    #[test]
    fn where_both_differ_the_edit_wins() {
        check("__a__ b", "**a** b", "**c** b", "**c** b");
        check("", "", "new", "new");
        check("old", "old", "", "");
    }

    #[test]
    fn blanks_around_stay() {
        check("\n\na b\n\n", "a b", "a c", "\n\na c\n\n");
        check("\n\na\n", "a", "a\n\nb", "\n\na\n\nb\n");
    }
}
