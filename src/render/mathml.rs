//! Formulas as `MathML`, for pages that no `MathJax` reads.
//!
//! It finds what MathJax finds with Anki's settings: `\(…\)` and `\[…\]` within one text, where
//! `<br>` and comments are no end of a text, and never in code. What cannot be read is shown as its
//! TeX.

mod chemistry;
mod rewrite;

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Event, Parser, ParserError, Storage, push_mathml};

use super::html::escape_plain;
use crate::entities;
use rewrite::{MACROS, rewrite};

/// The style sheet of formulas.
pub const STYLE: &str = include_str!("mathml/mathml.css");

/// The elements in which nothing is a formula.
const SKIPPED: [&str; 6] = ["code", "pre", "script", "style", "textarea", "math"];

/// The longest formula, in bytes.
const LONGEST: usize = 20_000;

/// Returns HTML with its formulas as `MathML`.
#[must_use]
pub fn typeset(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut skipped: Option<String> = None;
    let mut rest = html;
    loop {
        let end = text_length(rest);
        let (text, after) = rest.split_at(end);
        match skipped {
            None => typeset_text(text, &mut out),
            Some(_) => out.push_str(text),
        }
        if after.is_empty() {
            return out;
        }
        let length = tag_length(after);
        let tag = &after[..length];
        out.push_str(tag);
        match (&skipped, tag_name(tag)) {
            (None, (false, name)) if SKIPPED.contains(&name.as_str()) => skipped = Some(name),
            (Some(open), (true, name)) if *open == name => skipped = None,
            _ => {}
        }
        rest = &after[length..];
    }
}

/// Returns the length of a text up to a tag that ends it.
fn text_length(html: &str) -> usize {
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        at += found;
        let rest = &html[at..];
        let is_within = rest.starts_with("<!--") || tag_name(&rest[..tag_length(rest)]).1 == "br";
        if !is_within && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            return at;
        }
        at += if is_within { tag_length(rest) } else { 1 };
    }
    html.len()
}

fn tag_length(html: &str) -> usize {
    if let Some(comment) = html.strip_prefix("<!--") {
        return comment.find("-->").map_or(html.len(), |end| end + "<!---->".len());
    }
    let mut quote = None;
    let end = html.bytes().position(|byte| match (quote, byte) {
        (None, b'>') => true,
        (None, b'"' | b'\'') => {
            quote = Some(byte);
            false
        }
        (Some(open), _) if open == byte => {
            quote = None;
            false
        }
        _ => false,
    });
    end.map_or(html.len(), |end| end + 1)
}

/// Returns whether a tag is an end tag, and the name of its element in lower case.
fn tag_name(tag: &str) -> (bool, String) {
    let inside = tag.trim_start_matches('<');
    let name = inside.trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    (inside.starts_with('/'), name[..end].to_ascii_lowercase())
}

fn typeset_text(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let display = match rest.as_bytes().get(1) {
            Some(b'(') => Some(DisplayMode::Inline),
            Some(b'[') => Some(DisplayMode::Block),
            _ => None,
        };
        let found =
            display.and_then(|display| Some((display, formula_length(&rest[2..], display)?)));
        if let Some((display, length)) = found {
            out.push_str(&formula(&rest[2..2 + length], display));
            rest = &rest[length + 4..];
        } else {
            // Two backslashes are none that begins a formula.
            let length = if rest[1..].starts_with('\\') { 2 } else { 1 };
            out.push_str(&rest[..length]);
            rest = &rest[length..];
        }
    }
    out.push_str(rest);
}

/// Returns the length of a formula up to its end; braces in it are closed there.
fn formula_length(text: &str, display: DisplayMode) -> Option<usize> {
    let closing = if display == DisplayMode::Inline { b')' } else { b']' };
    let bytes = &text.as_bytes()[..text.len().min(LONGEST)];
    let (mut depth, mut at) = (0usize, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if depth == 0 && bytes.get(at + 1) == Some(&closing) => return Some(at),
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Returns a formula, written as HTML, as an element.
fn formula(html: &str, display: DisplayMode) -> String {
    let tex = without_tags(html);
    let tex = entities::decode(&tex);
    let tex = tex.trim();
    mathml(tex, display).unwrap_or_else(|| {
        let class = if display == DisplayMode::Block { "tex block" } else { "tex" };
        format!("<code class=\"{class}\">{}</code>", escape_plain(tex))
    })
}

/// Takes tags out of a formula: `<br>` becomes a line break, and comments go.
fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = tag_length(rest);
        if rest.starts_with("<!--") {
            rest = &rest[length..];
        } else if tag_name(&rest[..length]).1 == "br" {
            out.push('\n');
            rest = &rest[length..];
        } else {
            out.push('<');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// Returns TeX as `MathML`; `None` if it cannot be read.
fn mathml(tex: &str, display: DisplayMode) -> Option<String> {
    let read = |tex: &str| {
        let storage = Storage::new();
        let events: Vec<Result<Event<'_>, ParserError>> = Parser::new(tex, &storage).collect();
        if events.iter().any(Result::is_err) {
            return None;
        }
        let config = RenderConfig { display_mode: display, ..RenderConfig::default() };
        let mut out = String::new();
        push_mathml(&mut out, events.into_iter(), config).ok()?;
        // An operator is written as it is.
        Some(out.replace("<<", "&lt;<"))
    };
    read(tex).or_else(|| read(&format!("{MACROS}{}", rewrite(tex)?)))
}

#[cfg(test)]
mod tests {
    use super::typeset;

    #[test]
    fn formulas_become_mathml() {
        let html = typeset(r"<p>a \(x^2\) b</p>");
        assert!(html.starts_with("<p>a <math"), "{html}");
        assert!(html.contains("<msup>") && html.ends_with("</math> b</p>"), "{html}");
        assert!(typeset(r"\[x\]").contains("display=\"block\""));
        assert!(typeset(r"\(a &lt; b\)").contains("&lt;"));
        assert!(typeset("\\(a<br>+ b<!-- x -->\\)").starts_with("<math"));
        assert!(typeset(r"\(\text{a \) b}\)").ends_with("</math>"));
        assert!(typeset(r"\(\ket{x}\)").starts_with("<math"));
    }

    #[test]
    fn what_is_no_formula_stays() {
        for html in [
            r"a \ b \\(x\)",
            r"<code>\(x\)</code>",
            r"<pre>\[x\]</pre>",
            r"\(a <b>b</b>\)",
            r"\(open",
            r#"<a title="\(x\)">y</a>"#,
            "1 < 2",
            r"\[x\)",
        ] {
            assert_eq!(typeset(html), html);
        }
    }

    #[test]
    fn what_cannot_be_read_is_its_tex() {
        assert_eq!(typeset(r"\(\middle x\)"), r#"<code class="tex">\middle x</code>"#);
        assert_eq!(
            typeset(r"\[\nothing{&lt;b&gt;}\]"),
            r#"<code class="tex block">\nothing{&lt;b&gt;}</code>"#
        );
    }

    /// The formulas that MathJax typesets and that cannot be read here are these, and no more.
    #[test]
    fn formulas_that_are_read() {
        let formulas = include_str!("../../tests/formulas/typeset.txt").lines();
        let unread: Vec<&str> = formulas
            .filter(|tex| super::mathml(tex, super::DisplayMode::Block).is_none())
            .collect();
        let expected = [
            r"\smash{x} \raise 1em {x}",
            r"\hspace{1em} x \hskip 2em y \kern 3pt z \mspace{5mu}",
            r"\rule{1em}{2pt}",
            r"\begin{CD} A @>>> B \\ @VVV @VVV \\ C @>>> D \end{CD}",
            r"\lower 2pt {x} \moveleft 1em {y}",
        ];
        assert_eq!(unread, expected);
    }

    #[test]
    fn tex_writes_no_html() {
        for tex in [
            r"\text{&lt;script&gt;}",
            r"&lt;img src=x onerror=alert(1)&gt;",
            r#"\color{red"onclick="x}{y}"#,
        ] {
            let html = typeset(&format!("\\({tex}\\)"));
            assert!(
                !html.contains("<script")
                    && !html.contains("<img")
                    && !html.contains(" onclick=\""),
                "{html}"
            );
        }
    }
}
