//! The lines of a paragraph, with their white space as a browser shows it.

use super::marks::Mark;
use super::piece::{Piece, Styled};

/// Takes away breaks at the end of a line.
pub(super) fn trim_break(line: &mut Vec<Styled>) {
    while matches!(line.last(), Some((_, Piece::Break))) {
        line.pop();
    }
}

/// Splits a line into paragraphs where two breaks follow one another, and folds its white space.
pub(super) fn split_lines(line: Vec<Styled>) -> Vec<Vec<Styled>> {
    let mut lines: Vec<Vec<Styled>> = vec![Vec::new()];
    let mut gaps = 0_usize;
    let mut breaks = 0;
    let mut has_space = true;
    for (styles, piece) in line {
        let Some(current) = lines.last_mut() else { break };
        match &piece {
            Piece::Break => {
                breaks += 1;
                has_space = true;
                continue;
            }
            Piece::Text(text) if text.trim_matches(is_space).is_empty() && breaks > 0 => continue,
            _ => {}
        }
        if breaks > 0 && !current.is_empty() {
            trim_end(current);
            if breaks > 1 && gaps == 0 {
                lines.push(Vec::new());
            } else {
                current.push((styles.clone(), Piece::Break));
            }
        }
        breaks = 0;
        let Some(current) = lines.last_mut() else { break };
        match piece {
            Piece::Text(text) => {
                let text = fold_space(&text, &mut has_space);
                if !text.is_empty() {
                    current.push((styles, Piece::Text(text)));
                }
            }
            piece => {
                match &piece {
                    Piece::Mark(Mark::Gap(_)) => gaps += 1,
                    Piece::Mark(Mark::GapEnd) => gaps = gaps.saturating_sub(1),
                    _ => {}
                }
                // What is in a gap, or is its hint, may be hidden beside what is not.
                has_space = matches!(piece, Piece::Box(_));
                current.push((styles, piece));
            }
        }
    }
    lines.iter_mut().for_each(trim_end);
    lines.retain(|line| !line.is_empty());
    lines
}

fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{a0}'
}

/// Takes away white space at the end of a line.
fn trim_end(line: &mut Vec<Styled>) {
    while let Some((_, Piece::Text(text))) = line.last_mut() {
        text.truncate(text.trim_end_matches(is_space).len());
        if !text.is_empty() {
            break;
        }
        line.pop();
    }
}

/// Folds white space as a browser shows it. Several hard blanks in a row stay, as they indent.
fn fold_space(text: &str, has_space: &mut bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = rest.find(|c| !is_space(c)).unwrap_or(rest.len());
        if end == 0 {
            let end = rest.find(is_space).unwrap_or(rest.len());
            out.push_str(&rest[..end]);
            *has_space = false;
            rest = &rest[end..];
            continue;
        }
        let hard = rest[..end].matches('\u{a0}').count();
        if hard > 1 {
            out.extend(std::iter::repeat_n('\u{a0}', hard));
        } else if !*has_space {
            out.push(' ');
        }
        let _ = c;
        *has_space = true;
        rest = &rest[end..];
    }
    out
}
