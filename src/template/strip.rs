//! HTML without its tags, as Anki's filters make it.

use crate::entities;

/// Returns a text without tags, comments, styles and scripts; entities stay.
pub(super) fn strip_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut ends = Ends::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = ends.length(rest).max(1);
        if length == 1 {
            out.push('<');
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// Returns a text without tags, its entities as characters.
pub(super) fn strip_html(html: &str) -> String {
    let text = strip_tags(html);
    match entities::decode_strictly(&text) {
        Some(decoded) => decoded.replace('\u{a0}', " "),
        None => text,
    }
}

/// Ends that were looked for in vain, and need not be again.
#[derive(Default)]
struct Ends {
    no_comment: bool,
    no_style: bool,
    no_script: bool,
}

impl Ends {
    /// Returns the length of what begins with `<`, or 0 if that is text.
    fn length(&mut self, html: &str) -> usize {
        if html.starts_with("<!--") && !self.no_comment {
            match html[4..].find("-->") {
                Some(length) => return length + "<!---->".len(),
                None => self.no_comment = true,
            }
        }
        let elements = [
            ("<style", "</style>", &mut self.no_style),
            ("<script", "</script>", &mut self.no_script),
        ];
        for (start, end, is_absent) in elements {
            if *is_absent || !begins_with(html, start) {
                continue;
            }
            match html.find('>').and_then(|from| Some(from + 1 + find(&html[from + 1..], end)?)) {
                Some(at) => return at + end.len(),
                None => *is_absent = true,
            }
        }
        html.find('>').map_or(0, |end| end + 1)
    }
}

fn begins_with(html: &str, start: &str) -> bool {
    html.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

fn find(html: &str, what: &str) -> Option<usize> {
    let found = html.as_bytes().windows(what.len());
    found.into_iter().position(|part| part.eq_ignore_ascii_case(what.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::strip_html;

    #[test]
    fn html_becomes_text() {
        let check = |html: &str, expect: &str| assert_eq!(strip_html(html), expect, "{html}");
        check("t<b>e</b>st", "test");
        check("so<SCRIPT>t<b>e</b>st</script>me", "some");
        check("a<style x>b", "ab");
        check("a<!-- > -->b<!-- c", "ab<!-- c");
        check("1 < 2", "1 < 2");
        check("a &lt; b&nbsp;c &amp; d", "a < b c & d");
        check("a & b &lt;", "a & b &lt;");
    }
}
