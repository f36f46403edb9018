//! Puts an edit from Anki into the author's text, which may spell the same Markdown otherwise.
//!
//! There are three texts: the author's, the same as it came back from Anki before the edit, and as
//! it comes back now. The differences of the last two are put into the first, word by word, so that
//! all that nobody edited keeps the author's spelling.

use std::ops::Range;

use super::words::{Text, is_blank, matches};
use crate::source::Span;

/// Text in place of a range of another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The text that is replaced.
    pub range: Range<usize>,
    /// The new text.
    pub text: String,
}

/// Text in place of a place in a file of an author's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// The text that is replaced.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// Returns the changes that an edit makes in a source. Where the source is spelled otherwise than
/// `before` at the very place of the edit, it gets the spelling of `after`.
#[must_use]
pub fn merge(source: &str, before: &str, after: &str) -> Vec<Change> {
    // The blanks around it are not part of what comes back.
    let start = source.len() - source.trim_start().len();
    let own = Text::within(source, start..start + source.trim().len());
    let (old, new) = (Text::of(before), Text::of(after));
    let in_source = matches(&old.folded(), &own.folded());
    let mut in_new = matches(&old.words, &new.words);
    slide_to_lines(&mut in_new, &old.words, &new.words, &in_source);
    let texts = Texts { own: &own, old: &old, new: &new, in_source: &in_source };
    let placed = place_hunks(find_hunks(&in_new, new.len()), &texts);
    let change = |(hunk, place): (Hunk, Range<usize>)| Change {
        range: own.place(place.start)..own.place(place.end),
        text: texts.write(&hunk),
    };
    placed.into_iter().map(change).collect()
}

/// A replacement: a range of words in the text before the edit, and one in the text after it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hunk {
    old: Range<usize>,
    new: Range<usize>,
}

/// Returns the differences of two texts, given the place of each word of the first in the second.
fn find_hunks(in_new: &[Option<usize>], new_count: usize) -> Vec<Hunk> {
    let stays = in_new.iter().enumerate().filter_map(|(at, new)| Some((at, (*new)?)));
    let mut hunks = Vec::new();
    let mut last = (0, 0);
    for (at, new_at) in stays.chain([(in_new.len(), new_count)]) {
        if last != (at, new_at) {
            hunks.push(Hunk { old: last.0..at, new: last.1..new_at });
        }
        last = (at + 1, new_at + 1);
    }
    hunks
}

/// Returns each hunk with the words of the source that it replaces. Hunks grow over words that the
/// source writes otherwise, until they begin and end at words that it has.
fn place_hunks(mut hunks: Vec<Hunk>, texts: &Texts<'_>) -> Vec<(Hunk, Range<usize>)> {
    let mut places: Vec<Range<usize>> = Vec::new();
    while let Some(hunk) = hunks.get_mut(places.len()) {
        let at = places.len();
        match texts.find_place(hunk) {
            Ok(place) => places.push(place),
            Err(Wider { to_left, to_right }) => {
                hunk.old.start -= usize::from(to_left);
                hunk.new.start -= usize::from(to_left);
                hunk.old.end += usize::from(to_right);
                hunk.new.end += usize::from(to_right);
                let Hunk { old, .. } = hunk.clone();
                if hunks.get(at + 1).is_some_and(|next| next.old.start <= old.end) {
                    let next = hunks.remove(at + 1);
                    (hunks[at].old.end, hunks[at].new.end) = (next.old.end, next.new.end);
                }
                if at > 0 && hunks[at - 1].old.end >= old.start {
                    let joined = hunks.remove(at);
                    (hunks[at - 1].old.end, hunks[at - 1].new.end) =
                        (joined.old.end, joined.new.end);
                    places.pop();
                }
            }
        }
    }
    hunks.into_iter().zip(places).collect()
}

/// To which sides a hunk must grow.
struct Wider {
    to_left: bool,
    to_right: bool,
}

/// The three texts.
struct Texts<'t> {
    own: &'t Text<'t>,
    old: &'t Text<'t>,
    new: &'t Text<'t>,
    /// Where each word of the old text stands in the source, if it does.
    in_source: &'t [Option<usize>],
}

impl Texts<'_> {
    /// Returns the words of the source that a hunk replaces.
    fn find_place(&self, Hunk { old, new }: &Hunk) -> Result<Range<usize>, Wider> {
        let Range { start, end } = *old;
        let is_first = start == 0;
        let is_last = end == self.old.len();
        let before = if is_first { None } else { self.in_source[start - 1].map(|it| it + 1) };
        let after = self.in_source.get(end).copied().flatten();
        if start < end {
            // What stands only in the source, such as a comment, stays around them.
            let first = self.in_source[start].or(before).or(is_first.then_some(0));
            let last = self.in_source[end - 1].map(|it| it + 1).or(after);
            let last = last.or(is_last.then_some(self.own.len()));
            let wider = Wider { to_left: first.is_none(), to_right: last.is_none() };
            return first.zip(last).map(|(first, last)| first..last).ok_or(wider);
        }
        let follows = is_last || self.new.words[new.start].starts_with(is_blank);
        let place = if follows { before.or(after) } else { after.or(before) };
        let place = place.or(is_last.then_some(self.own.len())).or(is_first.then_some(0));
        place.map(|place| place..place).ok_or(Wider { to_left: true, to_right: true })
    }

    /// Returns the text that a hunk puts in, its lines indented as those of the source.
    fn write(&self, Hunk { old, new }: &Hunk) -> String {
        let mut lines = self.new.slice(new.clone()).split('\n').peekable();
        let mut out = lines.next().unwrap_or_default().to_owned();
        while let Some(line) = lines.next() {
            let (indent, text) = split_indent(line);
            let own = self.find_indent(old.start, indent).unwrap_or(indent);
            // The last line goes on with what follows.
            let is_blank = text.is_empty() && (lines.peek().is_some() || new.end == self.new.len());
            out.push('\n');
            out.push_str(if is_blank { own.trim_end() } else { own });
            out.push_str(text);
        }
        out
    }

    /// Returns how the source indents lines that the old text indents like this, by the nearest one
    /// above a word, or else below it.
    fn find_indent(&self, word: usize, indent: &str) -> Option<&str> {
        let own_indent = |at: usize| {
            let own = self.in_source[at]?;
            let [before, own_before] = [self.old.line_before(at), self.own.line_before(own)];
            if before.len() > LONGEST_START || own_before.len() > LONGEST_START {
                return None;
            }
            let (old_indent, marker) = split_indent(before);
            let (own_indent, own_marker) = split_indent(own_before);
            let is_start = is_marker(marker) && is_marker(own_marker);
            (is_start && old_indent == indent).then_some(own_indent)
        };
        let above = (0..word.min(self.old.len())).rev().find_map(own_indent);
        above.or_else(|| (word..self.old.len()).find_map(own_indent))
    }
}

/// So long is the beginning of a line at most, with its indent and marker.
const LONGEST_START: usize = 64;

/// Splits the beginning of a line behind its indent and the signs of quotes.
fn split_indent(line: &str) -> (&str, &str) {
    line.split_at(line.len() - line.trim_start_matches([' ', '\t', '>']).len())
}

/// Returns whether a text is the marker of an item of a list, with the blanks behind it, or nothing.
fn is_marker(text: &str) -> bool {
    let marker = text.trim_end();
    let digits = marker.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = digits.len() < marker.len() && [".", ")"].contains(&digits);
    marker.is_empty() || is_number || ["-", "*", "+"].contains(&marker)
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

/// Moves an insertion up to the start of a line, if it makes the same text there.
///
/// ```text
/// - a        - a          - a
/// - c    ->  - [b     or  [- b
///            - ]c         ]- c     the second: the sign before `c` stays as it is written
/// ```
///
/// It goes beside words that the source has, if it can.
fn slide_to_lines(
    found: &mut [Option<usize>],
    old: &[&str],
    new: &[&str],
    in_source: &[Option<usize>],
) {
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
        let is_beside = |place: usize| {
            let is_known = |at: usize| in_source.get(at).is_none_or(Option::is_some);
            place == 0 || is_known(place - 1) || is_known(place)
        };
        let line_start = (0..=most).find(|up| is_line_start(at - up) && is_beside(at - up));
        if let Some(up) = line_start.or_else(|| (0..=most).find(|up| is_beside(at - up))) {
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
        check("*   a\n    *   c", "- a\n  - c", "- a\n  - b\n  - c", "*   a\n    - b\n    *   c");
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
    fn another_spelling_stays_beside_the_edit() {
        check("__a__ b", "**a** b", "**c** b", "__c__ b");
        check("__a__ b", "**a** b", "a b", "a b");
        check("x <b>a</b> b", "x **a** b", "x **c** b", "x <b>c</b> b");
        check("5&nbsp;km &ndash; far", "5 km – far", "5 km – near", "5&nbsp;km &ndash; near");
        check("5&nbsp;km far", "5 km far", "6 km far", "6&nbsp;km far");
        check("a  \nb c", "a\\\nb c", "a\\\nx c", "a  \nx c");
        check("> [!t] T\n> a b\n> c", "T\n\na b c", "T\n\na x c", "> [!t] T\n> a x\n> c");
        check("> [!t] T\n> a", "T\n\na", "T\n\na\n\nb", "> [!t] T\n> a\n>\n> b");
        check("    a\n    b", "```\na\nb\n```", "```\na\nc\nb\n```", "    a\n    c\n    b");
        check("    a\n    b", "```\na\nb\n```", "```\na\nb\nc\n```", "    a\n    b\n    c");
    }

    #[test]
    fn where_both_differ_the_edit_wins() {
        check("a [x][y] b", "a [x](z) b", "a [x](w) b", "a [x](w) b");
        check("", "", "new", "new");
        check("old", "old", "", "");
    }

    #[test]
    fn blanks_around_stay() {
        check("\n\na b\n\n", "a b", "a c", "\n\na c\n\n");
        check("\n\na\n", "a", "a\n\nb", "\n\na\n\nb\n");
    }
}
