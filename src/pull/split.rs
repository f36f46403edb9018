//! The share of each part in what a field holds now.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::blocks::blocks;
use super::parts::Part;
use crate::pull::edit::Reason;

/// Returns which parts of a field are edited, and the blocks that each of these has now.
///
/// # Errors
/// If something is edited that is in no part, or it cannot be told in which.
pub fn split(
    parts: &[Part<'_>],
    before: &str,
    now: &str,
) -> Result<Vec<(usize, Vec<String>)>, Reason> {
    let (was, all) = (blocks(before), blocks(now));
    let owners = find_owners(parts, &was)?;
    let mut shares: Vec<Vec<String>> = vec![Vec::new(); parts.len()];
    let mut is_edited = vec![false; parts.len()];
    for op in capture_diff_slices(Algorithm::Myers, &was, &all) {
        let (is_same, old, new) = match op {
            DiffOp::Equal { old_index, new_index, len } => {
                (true, old_index..old_index + len, new_index..new_index + len)
            }
            DiffOp::Delete { old_index, old_len, new_index } => {
                (false, old_index..old_index + old_len, new_index..new_index)
            }
            DiffOp::Insert { old_index, new_index, new_len } => {
                (false, old_index..old_index, new_index..new_index + new_len)
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                (false, old_index..old_index + old_len, new_index..new_index + new_len)
            }
        };
        let single = match owners[old.clone()] {
            // What is put in belongs to what stands before it.
            [] => {
                let before = old.start.checked_sub(1).and_then(|at| owners[at]);
                Some(before.or_else(|| owners.get(old.start).copied().flatten()))
            }
            [first, ref others @ ..] => others.iter().all(|it| *it == first).then_some(first),
        };
        if !is_same && single.is_none() && old.len() != new.len() {
            return Err(Reason::SeveralSections);
        }
        for (at, block) in new.clone().enumerate() {
            let owner = match single {
                Some(owner) if !is_same => owner,
                _ => owners[old.start + at],
            };
            match owner {
                Some(owner) => shares[owner].push(all[block].clone()),
                None if is_same => {}
                None => return Err(Reason::OutsideSections),
            }
        }
        if !is_same {
            for owner in owners[old].iter().copied().chain(single) {
                is_edited[owner.ok_or(Reason::OutsideSections)?] = true;
            }
        }
    }
    let shares = shares.into_iter().enumerate().filter(|(part, _)| is_edited[*part]);
    Ok(shares.collect())
}

/// Returns to which part each block of a field belongs; to none if it is a label or the like.
fn find_owners(parts: &[Part<'_>], blocks: &[String]) -> Result<Vec<Option<usize>>, Reason> {
    let mut owners = vec![None; blocks.len()];
    let mut at = 0;
    for (number, part) in parts.iter().enumerate().filter(|(_, part)| !part.blocks.is_empty()) {
        let rest = &blocks[at..];
        let found = rest.windows(part.blocks.len()).position(|blocks| blocks == part.blocks);
        let start = at + found.ok_or(Reason::NotFound)?;
        at = start + part.blocks.len();
        owners[start..at].fill(Some(number));
    }
    Ok(owners)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::split;
    use crate::model::Excerpt;
    use crate::pull::blocks::blocks;
    use crate::pull::edit::Reason;
    use crate::pull::parts::Part;
    use crate::source::{Sources, VersionSpan};

    fn check(parts: &[&str], before: &str, now: &str, expect: Result<&[(usize, &[&str])], Reason>) {
        let file = Sources::default().add("", String::new());
        let excerpt = Excerpt { blocks: VersionSpan::new(file, 0..0), content: 0..0 };
        let part = |html: &&str| Part {
            excerpt: Cow::Borrowed(&excerpt),
            blocks: blocks(html),
            is_heading: false,
        };
        let parts: Vec<Part<'_>> = parts.iter().map(part).collect();
        let owned = |blocks: &[&str]| blocks.iter().map(|it| (*it).to_owned()).collect();
        let expect =
            expect.map(|shares| shares.iter().map(|(at, it)| (*at, owned(it))).collect::<Vec<_>>());
        assert_eq!(split(&parts, before, now), expect, "{now}");
    }

    #[test]
    fn one_part() {
        check(&["<p>a</p>"], "<p>a</p>", "<p>b</p>", Ok(&[(0, &["<p>b</p>"])]));
        check(&["<p>a</p>"], "<p>a</p>", "<p>a</p>b", Ok(&[(0, &["<p>a</p>", "<p>b</p>"])]));
        check(&["<p>a</p>"], "<p>a</p>", "", Ok(&[(0, &[])]));
        check(&["<p>a</p>"], "<p>a</p>", "a", Ok(&[]));
    }

    #[test]
    fn labels_are_in_no_part() {
        let extra = |label: &str, one: &str, two: &str| {
            format!(
                "<section class=\"extra\"><h4>{label}</h4>{one}</section>\
                 <section class=\"extra\"><h4>y</h4>{two}</section>"
            )
        };
        let before = extra("x", "<p>a</p>", "<p>b</p>");
        let parts = ["<p>a</p>", "<p>b</p>"];
        check(&parts, &before, &extra("x", "<p>a</p>", "<p>c</p>"), Ok(&[(1, &["<p>c</p>"])]));
        let both = extra("x", "<p>a</p>1", "2");
        check(&parts, &before, &both, Ok(&[(0, &["<p>a</p>", "<p>1</p>"]), (1, &["<p>2</p>"])]));
        check(&parts, &before, &extra("z", "<p>a</p>", "<p>b</p>"), Err(Reason::OutsideSections));
        check(&parts, &before, &(before.clone() + "more"), Err(Reason::OutsideSections));
    }

    #[test]
    fn what_a_field_is_not_made_of_is_not_found() {
        check(&["<p>a</p>"], "<p>b</p>", "<p>c</p>", Err(Reason::NotFound));
    }
}
