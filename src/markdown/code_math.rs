//! Recognizes math that is written as code, as on GitLab and GitHub: `` $`x^2`$ `` inline, and a
//! fence with the info string `math`.
//!
//! pulldown-cmark reads the former as math whose TeX begins with a backtick, and the latter as
//! code. Here both become formulas, whose range includes their delimiters.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag, TagEnd};

use super::SpannedEvent;

/// Returns the TeX between the backticks of `` $`x`$ ``, given the text between the dollar signs.
pub(super) fn strip_backticks(content: &str) -> Option<&str> {
    let tex = content.strip_prefix('`')?.strip_suffix('`')?;
    (!tex.contains('`') && !tex.trim().is_empty()).then_some(tex)
}

/// Turns such code into math.
pub(super) fn read(text: &str, events: &mut Vec<SpannedEvent<'_>>) {
    if text.contains("$`") {
        for (event, _) in events.iter_mut() {
            if let Event::InlineMath(tex) = event
                && let Some(inner) = strip_backticks(tex)
            {
                *tex = CowStr::from(inner.to_owned());
            }
        }
    }
    if events.iter().any(|(event, _)| is_fence(event)) {
        *events = with_blocks(std::mem::take(events));
    }
}

fn is_fence(event: &Event<'_>) -> bool {
    matches!(event, Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if &**info == "math")
}

/// Turns each fence `math` into a paragraph with display math; an empty one stays code.
fn with_blocks(events: Vec<SpannedEvent<'_>>) -> Vec<SpannedEvent<'_>> {
    let mut out = Vec::with_capacity(events.len());
    // The index in `out` of the open fence.
    let mut open = None;
    for (event, range) in events {
        if is_fence(&event) {
            open = Some(out.len());
        }
        let is_end = event == Event::End(TagEnd::CodeBlock);
        out.push((event, range.clone()));
        if is_end && let Some(start) = open.take() {
            let lines = out[start + 1..].iter().filter_map(|(event, _)| match event {
                Event::Text(line) => Some(&**line),
                _ => None,
            });
            let tex: String = lines.collect();
            if !tex.trim().is_empty() {
                out.truncate(start);
                out.push((Event::Start(Tag::Paragraph), range.clone()));
                out.push((Event::DisplayMath(format!("\n{tex}").into()), range.clone()));
                out.push((Event::End(TagEnd::Paragraph), range));
            }
        }
    }
    out
}

/// Returns the range of the TeX of a formula, given its range with delimiters.
#[must_use]
pub fn inner(text: &str, formula: &Range<usize>) -> Range<usize> {
    let source = &text[formula.clone()];
    let fence = source.chars().next().filter(|sign| matches!(sign, '`' | '~'));
    if let Some(sign) = fence {
        let start = source.find('\n').map_or(source.len(), |end| end + 1);
        let last = source.trim_end().rfind('\n').map_or(source.len(), |end| end + 1);
        let is_closed = source[last..]
            .trim_start_matches([' ', '>'])
            .starts_with([sign; 3].iter().collect::<String>().as_str());
        let end = if is_closed { last } else { source.len() };
        return formula.start + start..formula.start + end.max(start);
    }
    let is_wide = ["$$", "\\", "$`"].iter().any(|open| source.starts_with(open));
    let width = if is_wide { 2 } else { 1 };
    formula.start + width..formula.end - width
}
