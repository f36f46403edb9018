//! The text of a question without what stands around it: numbers, emoji, emphasis, links, anchors.
//!
//! A prompt is a list of pieces of the source, so that a part in the middle can be left out:
//!
//! ```text
//! **Q1:** What is *HTML*?
//!         ^^^^^^^^^^^^^^^  one piece
//! **Q1: What is HTML?** (easy)
//!       ^^^^^^^^^^^^^   ^^^^^^  two pieces
//! ```

use std::ops::Range;

use super::vocabulary;
use crate::markdown::html::is_element;

/// The places of the pieces of a text on one line.
pub(in crate::parse) type Pieces = Vec<Range<usize>>;

/// Emphasis and tags around a whole text, opening and closing.
const WRAPPERS: &[(&str, &str)] = &[
    ("***", "***"),
    ("**", "**"),
    ("__", "__"),
    ("<b>", "</b>"),
    ("<strong>", "</strong>"),
    ("<B>", "</B>"),
    ("<h1>", "</h1>"),
    ("<h2>", "</h2>"),
    ("<h3>", "</h3>"),
    ("<h4>", "</h4>"),
    ("<h5>", "</h5>"),
    ("<h6>", "</h6>"),
    ("<em>", "</em>"),
    ("<i>", "</i>"),
    ("<u>", "</u>"),
    ("<p>", "</p>"),
    ("<font>", "</font>"),
    ("<span>", "</span>"),
];

/// Strips white space, emphasis, anchors, and links to places in the page from around a text.
pub(in crate::parse) fn strip_wrappers(text: &str, mut range: Range<usize>) -> Range<usize> {
    // As many as anybody would put around a question.
    for _ in 0..16 {
        let before = range.clone();
        range = trimmed(text, range);
        let snippet = &text[range.clone()];
        let wrappers = if snippet.starts_with(['*', '_', '<']) { WRAPPERS } else { &[] };
        for (open, close) in wrappers {
            let inner = snippet.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
            if let Some(inner) = inner
                && !inner.is_empty()
                && !inner.contains(close)
            {
                range = range.start + open.len()..range.end - close.len();
                break;
            }
        }
        if range != before {
            continue;
        }
        if let Some(width) = stars(snippet) {
            range.end -= width;
        } else if let Some(inner) = page_link(snippet) {
            range = range.start + inner.start..range.start + inner.end;
        } else if let Some(width) = leading_anchor(snippet) {
            range.start += width;
        } else if let Some(width) = trailing_anchor(snippet) {
            range.end -= width;
        } else {
            break;
        }
    }
    range
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let snippet = &text[range.clone()];
    let start = range.start + snippet.len() - snippet.trim_start().len();
    let snippet = snippet.trim();
    // A backslash or `<br>` at the end breaks a line, and there is nothing behind it.
    let mut shown = snippet;
    while shown.ends_with('>') {
        let lower = ["<br>", "<br/>", "<br />", "</br>", "<BR>"];
        let cut = lower.iter().find_map(|tag| shown.strip_suffix(tag));
        match cut {
            Some(rest) => shown = rest.trim_end(),
            None => break,
        }
    }
    start..start + shown.len()
}

/// Returns the width of `*`s behind a question that rate its difficulty.
fn stars(text: &str) -> Option<usize> {
    let rest = text.trim_end_matches('*');
    let count = text.len() - rest.len();
    let shown = rest.trim_end();
    let is_apart = shown.len() < rest.len() && !shown.contains(['*', '`']);
    let is_end = shown.ends_with(vocabulary::MARKS) || (count > 2 && !shown.is_empty());
    (count > 0 && is_apart && is_end).then_some(count)
}

/// Returns the text of a link, if it is all of a text and leads to a place in the page or nowhere.
fn page_link(text: &str) -> Option<Range<usize>> {
    let rest = text.strip_prefix('[')?;
    let close = find_closing_bracket(rest)?;
    let target = rest[close + 1..].strip_prefix('(')?.strip_suffix(')')?;
    let leads_here = target.is_empty() || target.starts_with('#');
    (leads_here && !target.contains(')') && close > 0).then_some(1..1 + close)
}

/// Finds the `]` that closes a bracket right before a text.
pub(in crate::parse) fn find_closing_bracket(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'[' => depth += 1,
            b']' if depth == 0 => return Some(at),
            b']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Returns the width of an anchor at the beginning, `<a id="x"></a>`, or of a link to the top.
fn leading_anchor(text: &str) -> Option<usize> {
    if let Some(rest) = text.strip_prefix('[') {
        let shown = &rest[..find_closing_bracket(rest)?];
        let target = rest[shown.len() + 1..].strip_prefix("(#")?;
        let end = target.find(')')?;
        let width = text.len() - target.len() + end + 1;
        return (is_back_link(shown) && width < text.len()).then_some(width);
    }
    let rest = text.strip_prefix("<a ").or_else(|| text.strip_prefix("<A "))?;
    let open = rest.find('>')?;
    let after = &rest[open + 1..];
    let is_empty = after.starts_with("</a>") || after.starts_with("</A>");
    let is_anchor = rest[..open].starts_with("name=") || rest[..open].starts_with("id=");
    match (is_empty, is_anchor) {
        (true, _) => Some(3 + open + 1 + "</a>".len()),
        (false, true) if !after.contains("</a>") || rest[..open].ends_with('/') => {
            Some(3 + open + 1)
        }
        _ => None,
    }
}

/// Returns the width of an anchor or of a link to the top at the end.
fn trailing_anchor(text: &str) -> Option<usize> {
    if let Some(before) = text.strip_suffix("</a>") {
        let open = before.rfind("<a ")?;
        let shown = before[open..].split_once('>')?.1;
        return is_back_link(shown)
            .then_some(text.len() - open)
            .or_else(|| shown.is_empty().then_some(text.len() - open));
    }
    let before = text.strip_suffix(')')?;
    let open = before.rfind("](#")?;
    let start = before[..open].rfind('[')?;
    let shown = &before[start + 1..open];
    (start > 0 && is_back_link(shown)).then_some(text.len() - start)
}

/// Splits a text at tags that only style it.
pub(in crate::parse) fn between_tags(text: &str, range: Range<usize>) -> Pieces {
    let names = ["a", "b", "strong", "i", "em", "u", "span", "font", "br", "img", "sup", "sub"];
    let mut pieces = Pieces::new();
    let mut start = range.start;
    let mut from = range.start;
    while let Some(open) = text[from..range.end].find('<').map(|at| from + at) {
        let rest = &text[open + 1..range.end];
        let name = rest.trim_start_matches('/').split(['>', ' ', '/']).next().unwrap_or_default();
        let end = rest.find('>').filter(|_| names.contains(&name.to_ascii_lowercase().as_str()));
        from = open + 1;
        if let Some(end) = end {
            pieces.push(start..open);
            start = open + 1 + end + 1;
            from = start;
        }
    }
    pieces.push(start..range.end);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Returns whether a text links back to the top, or consists of an arrow.
pub(in crate::parse) fn is_back_link(text: &str) -> bool {
    let snippet = plain_text(text);
    let bare = snippet.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    vocabulary::BACK_LINK.contains(&bare.as_str())
        || (bare.is_empty()
            && snippet
                .chars()
                .any(|c| matches!(c, '⬆' | '↑' | '↥' | '🔝' | '⇧' | '▲' | '⏫' | '🔼')))
}

/// Strips emoji, arrows and bullets before a text.
pub(in crate::parse) fn strip_decoration(text: &str, range: Range<usize>) -> Range<usize> {
    let snippet = &text[range.clone()];
    let mut start = 0;
    let mut chars = snippet.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let is_keycap = c.is_ascii_digit() || c == '#' || c == '*';
        let mut ahead = snippet[at + c.len_utf8()..].chars();
        let next = ahead.next();
        let is_keycap = is_keycap
            && (next == Some('\u{20e3}')
                || (next == Some('\u{fe0f}') && ahead.next() == Some('\u{20e3}')));
        if is_emoji(c) || is_keycap || (start > 0 && c.is_whitespace()) {
            start = at + c.len_utf8();
        } else if let Some(width) = short_code(&snippet[at..]) {
            start = at + width;
            while chars.peek().is_some_and(|(next, _)| *next < start) {
                chars.next();
            }
        } else {
            break;
        }
    }
    // A text that is only decoration stays.
    if start >= snippet.len() { range } else { range.start + start..range.end }
}

/// Returns the width of a short code for an emoji: `:star:`.
fn short_code(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(':')?;
    let end = rest.find(':')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_+-".contains(c);
    (end > 1 && rest[..end].chars().all(is_name)).then_some(end + 2)
}

/// Returns whether a character is an emoji or an arrow, or a part of one.
pub(in crate::parse) fn is_emoji(c: char) -> bool {
    matches!(
        c,
        '\u{1f000}'..='\u{1faff}'
            | '\u{2600}'..='\u{27bf}'
            | '\u{2b00}'..='\u{2bff}'
            | '\u{2190}'..='\u{21ff}'
            | '\u{2300}'..='\u{23ff}'
            | '\u{25a0}'..='\u{25ff}'
            | '\u{fe0f}'
            | '\u{200d}'
            | '\u{20e3}'
            | '•'
            | '·'
            | '\u{e0020}'..='\u{e007f}'
    )
}

/// Returns the width of the number before a text: `1.`, `2)`, `(3)`, `4.1`, `#5`.
pub(in crate::parse) fn number_width(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("#").map_or(text, str::trim_start);
    let opened = rest.strip_prefix(['(', '[']).unwrap_or(rest);
    let is_open = opened.len() < rest.len();
    let digits = opened.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        let others = || numeral(opened).or_else(|| lettered_number(opened));
        let width = foreign_digits(opened).or_else(|| others().filter(|_| !is_open));
        return width.map(|width| text.len() - opened.len() + width);
    }
    if digits > 4 {
        return None;
    }
    let mut at = digits;
    let mut parts = 1;
    while let Some(after) = opened[at..].strip_prefix('.') {
        let more = after.bytes().take_while(u8::is_ascii_digit).count();
        if more == 0 {
            break;
        }
        at += 1 + more;
        parts += 1;
    }
    let after = &opened[at..];
    let sign = [
        "\\.", ".)", ".", "\\)", ")", "]", ":", "：", "、", "．", " -", " –", " —", "-", "–", "/",
        " .", " )",
    ]
    .iter()
    .find(|sign| after.starts_with(**sign));
    let has_number_sign = rest.len() < text.len();
    let width = sign.map_or(0, |sign| sign.len());
    let behind = &after[width..];
    let is_apart = behind.is_empty()
        || behind.starts_with(char::is_whitespace)
        || (sign.is_some_and(|sign| !["-", "/", ":", " .", " )"].contains(sign))
            && (sign == Some(&"、") || behind.starts_with(|c: char| !c.is_ascii_digit())));
    let is_number = match sign {
        Some(&(")" | "]")) => true,
        Some(_) => !is_open,
        None => (parts > 1 || has_number_sign) && !is_open,
    };
    (is_apart && is_number).then(|| {
        let shown = behind.trim_start();
        text.len() - shown.len()
    })
}

/// Returns the width of a number behind the letters of a chapter: `K.1. …`, `ZKP.12) …`.
fn lettered_number(text: &str) -> Option<usize> {
    let letters = text.find(|c: char| !c.is_uppercase())?;
    let behind = text[letters..].strip_prefix('.')?;
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    let shown = behind[digits..].strip_prefix(['.', ')'])?;
    let is_number = (1..=3).contains(&digits) && shown.starts_with(' ');
    let is_short = (1..=4).contains(&text[..letters].chars().count());
    (is_number && is_short).then(|| text.len() - shown.trim_start().len())
}

/// Returns the width of a number in Chinese characters: `三、`.
fn numeral(text: &str) -> Option<usize> {
    let rest = text.trim_start_matches(|c: char| "〇零一二三四五六七八九十百".contains(c));
    let after = rest.trim_start_matches(['、', '．', '.', ' ', '\u{3000}']);
    (rest.len() < text.len() && after.len() < rest.len() && !after.is_empty())
        .then_some(text.len() - after.len())
}

/// Returns the width of a number in the decimal digits of another script, with the sign behind it:
/// `২১) `, `३. `, `٤- `.
fn foreign_digits(text: &str) -> Option<usize> {
    let rest = text.trim_start_matches(is_foreign_digit);
    let count = text[..text.len() - rest.len()].chars().count();
    let behind = rest.strip_prefix(['.', ')', ':', '-', '–', '．', '）', '、', '：', '।', '۔'])?;
    let is_number = (1..=4).contains(&count) && !behind.starts_with(is_foreign_digit);
    is_number.then(|| text.len() - behind.trim_start().len())
}

/// Returns whether a character is a decimal digit of a script other than Latin.
fn is_foreign_digit(c: char) -> bool {
    const ZEROS: [char; 14] =
        ['٠', '۰', '०', '০', '੦', '૦', '௦', '౦', '೦', '൦', '๐', '໐', '၀', '０'];
    ZEROS.iter().any(|zero| (u32::from(*zero)..u32::from(*zero) + 10).contains(&u32::from(c)))
}

/// Returns the width of the label before a question, with its number: `Q:`, `Question 5.`.
pub(in crate::parse) fn question_word_width(text: &str) -> Option<usize> {
    if let Some(width) = counted(text) {
        return Some(width);
    }
    let word = longest_prefix(text, vocabulary::QUESTION.iter().copied())?;
    let is_letter = text[..word].eq_ignore_ascii_case("q");
    let rest = &text[word..];
    let shown = rest.trim_start_matches([' ', '\u{a0}', '-', '_', '.', '#', '№']);
    let signs = ["no.", "n°", "nº", "nr."];
    let shown =
        signs.iter().find_map(|sign| shown.strip_prefix(sign)).map_or(shown, str::trim_start);
    let digits = shown.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let has_number = shown.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    if has_number {
        let digits = shown[..digits].trim_end_matches('.').len();
        let after = &shown[digits..];
        // `Question 17a.`
        let lettered = after.strip_prefix(|c: char| c.is_ascii_lowercase());
        let after = lettered.filter(|rest| rest.starts_with(['.', ')', ':'])).unwrap_or(after);
        let signs = after.trim_start_matches([
            '.', ')', ':', '：', ']', '-', '–', '—', '|', '、', ' ', '\u{a0}',
        ]);
        let is_apart = signs.len() < after.len() || after.is_empty();
        return (is_apart || after.starts_with(['*', '_', '<']))
            .then_some(text.len() - signs.len());
    }
    let signs: &[char] = if is_letter { &['.', ':', '：', ')'] } else { &[':', '：'] };
    let after = rest.trim_start();
    let behind = after.strip_prefix(signs).or_else(|| {
        // `Q - What is it?`
        let dash = after.strip_prefix(['-', '–', '—'])?;
        (is_letter && rest.starts_with(' ') && dash.starts_with(' ')).then_some(dash)
    });
    // A colon within the stars, and what they make bold ends there: `**Question**: …`.
    let behind = behind.or_else(|| {
        let closed = ["**", "__", "</b>", "</strong>"].iter().find_map(|c| rest.strip_prefix(c))?;
        closed.strip_prefix(signs).map(|_| rest)
    });
    behind.map(|behind| text.len() - behind.trim_start().len())
}

/// Returns the width of a label around its number: `第 3 题`.
fn counted(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('第')?.trim_start();
    let rest =
        inner.trim_start_matches(|c: char| c.is_numeric() || "一二三四五六七八九十百".contains(c));
    let after = rest.trim_start().strip_prefix(['题', '題', '问', '問'])?;
    let shown = after.trim_start_matches([':', '：', '.', '、', ' ']);
    (rest.len() < inner.len()).then_some(text.len() - shown.len())
}

/// Returns the length of the longest of some words, in lower case, that a text begins with in any
/// case.
pub(in crate::parse) fn longest_prefix<'w>(
    text: &str,
    words: impl Iterator<Item = &'w str>,
) -> Option<usize> {
    let mut found = None;
    // Nearly no line begins with any of them, and its first letter says so.
    let first = text.chars().next()?.to_lowercase().next()?;
    for word in words.filter(|word| word.starts_with(first)) {
        let mut chars = text.char_indices();
        let mut end = 0;
        let is_same = word.chars().all(|c| {
            chars.next().is_some_and(|(at, other)| {
                end = at + other.len_utf8();
                other == c || other.to_lowercase().eq(c.to_lowercase())
            })
        });
        let is_whole = || {
            let last = word.chars().next_back();
            let is_spaced = last.is_some_and(|c| c.is_alphabetic() && (c as u32) < 0x2e80);
            let next = text[end..].chars().next();
            !is_spaced || next.is_none_or(|c| !c.is_alphabetic())
        };
        if is_same && is_whole() && found.is_none_or(|best| end > best) {
            found = Some(end);
        }
    }
    found
}

/// Returns the pieces of a question behind its label; `open` is the closing half of emphasis that
/// began before the label, and is left out.
pub(in crate::parse) fn pieces(text: &str, range: Range<usize>, open: Option<&str>) -> Pieces {
    let snippet = &text[range.clone()];
    let Some(at) = open.and_then(|close| snippet.find(close).map(|at| (at, close.len()))) else {
        return vec![strip_wrappers(text, range)];
    };
    let (at, width) = at;
    let first = trimmed(text, range.start..range.start + at);
    let mut rest = range.start + at + width..range.end;
    let snippet = &text[rest.clone()];
    if first.is_empty() {
        let skipped = snippet.trim_start_matches([' ', ':', '.', '：', '-', '–']).len();
        rest.start += snippet.len() - skipped;
        return vec![strip_wrappers(text, rest)];
    }
    let rest = rest.start..trimmed(text, rest).end;
    [first, rest].into_iter().filter(|piece| !piece.is_empty()).collect()
}

/// Returns whether a text begins with the tag of an HTML element.
pub(in crate::parse) fn is_tag(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('<') else { return false };
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    is_element(&inner[..end].to_ascii_lowercase()) && !inner[end..].starts_with('-')
}

/// Returns a text without markup, in a way that is good enough for comparisons.
pub(in crate::parse) fn plain_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Where nothing closes, nothing behind it does.
    let (mut may_tag, mut may_link) = (true, true);
    while let Some(c) = rest.chars().next() {
        let width = c.len_utf8();
        let behind = |sign: char| rest.find(sign).map(|end| &rest[end + 1..]);
        rest = match c {
            '<' if may_tag && is_tag(rest) => {
                let after = behind('>');
                may_tag = after.is_some();
                after.unwrap_or(&rest[width..])
            }
            ']' if may_link && rest[1..].starts_with('(') => {
                let after = behind(')');
                may_link = after.is_some();
                after.unwrap_or(&rest[width..])
            }
            '*' | '_' | '`' | '[' | ']' | '\\' => &rest[width..],
            _ => {
                out.push(c);
                &rest[width..]
            }
        };
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
