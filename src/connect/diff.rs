//! Two texts of a field, line by line.

use similar::{ChangeTag, TextDiff};

/// A line of a diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    /// `-` as it is in Anki, `+` as the content says, ` ` both.
    pub sign: char,
    /// What it says.
    pub text: String,
}

/// So many lines that both sides have are shown before and after an edit.
const AROUND: usize = 1;

/// Returns the lines of two texts that differ, and those around them.
#[must_use]
pub fn lines(live: &str, new: &str) -> Vec<DiffLine> {
    let diff = TextDiff::from_lines(live, new);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(AROUND) {
        for op in group {
            for change in diff.iter_changes(&op) {
                let sign = match change.tag() {
                    ChangeTag::Delete => '-',
                    ChangeTag::Insert => '+',
                    ChangeTag::Equal => ' ',
                };
                let text = change.value().trim_end_matches(['\n', '\r']).to_owned();
                lines.push(DiffLine { sign, text });
            }
        }
    }
    lines
}

/// Returns HTML with each block on a line of its own, so that a diff shows where it differs.
#[must_use]
pub fn broken_into_lines(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 16);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let name = tag[1..end].trim_start_matches('/');
        let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
        let breaks = ["p", "li", "ul", "ol", "div", "tr", "table", "br", "pre", "blockquote"];
        let (is_block, is_end) = (breaks.contains(&&*name), tag.starts_with("</") || name == "br");
        if is_block && !is_end && !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        out.push_str(&tag[..end]);
        if is_block && is_end && !tag[end..].starts_with('\n') {
            out.push('\n');
        }
        rest = &tag[end..];
    }
    out.push_str(rest);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::{broken_into_lines, lines};

    fn check(live: &str, new: &str, expect: &[&str]) {
        let found = lines(&broken_into_lines(live), &broken_into_lines(new));
        let found: Vec<String> = found.iter().map(|it| format!("{}{}", it.sign, it.text)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn only_what_differs_is_shown() {
        check("<p>a</p><p>b</p>", "<p>a</p>\n<p>c</p>", &[" <p>a</p>", "-<p>b</p>", "+<p>c</p>"]);
        check("a", "b", &["-a", "+b"]);
        check("a<br>b", "a<br />c", &["-a<br>", "-b", "+a<br />", "+c"]);
        check("", "a <", &["-", "+a <"]);
    }
}
