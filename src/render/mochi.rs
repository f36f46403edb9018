//! Rewrites Markdown for Mochi: escapes text that Mochi would take for clozes, sides, tags,
//! references and its own marks, and writes clozes in its syntax.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::placeholder::CLOZE;
use super::sanitize::clean_tags;
use super::sanitize_tex;
use crate::config::Html;
use crate::markdown::{self as dialect, alert, size};
use crate::model::Definitions;

/// The placeholder of the separator between the sides. They are parsed together, as a footnote of
/// one side may be defined on the other.
const SEPARATOR: &str = "\u{f}";

/// Word joiner, an invisible character that keeps two signs apart.
const JOINER: char = '\u{2060}';

/// Returns the sides of a card with a separator between them, and the number of changes that were
/// necessary.
#[must_use]
pub fn card(front: &str, back: &str, between: &str, html: Html) -> (String, usize) {
    let mut changed = 0;
    let text = match back {
        "" => front.to_owned(),
        back => format!("{front}\n\n{SEPARATOR}\n\n{back}"),
    };
    let text = write_clozes(&escape(&text, html, &mut changed));
    (text.replace(&format!("\n\n{SEPARATOR}\n\n"), between), changed)
}

/// Escapes everything that only Mochi would interpret.
fn escape(text: &str, html: Html, changed: &mut usize) -> String {
    let definitions = Definitions::default();
    let mut events = dialect::parse(text, &definitions);
    size::attach(text, &mut events);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut is_code = false;
    for (event, range) in events {
        let written = &text[range.clone()];
        let mut place = range;
        let edit = match &event {
            Event::Start(Tag::CodeBlock(_)) => {
                is_code = true;
                None
            }
            Event::End(TagEnd::CodeBlock) => {
                is_code = false;
                None
            }
            Event::Text(_) if is_code => {
                let has_sides = written.lines().any(|line| line.trim() == "---");
                *changed += usize::from(has_sides);
                has_sides.then(|| written.replace("---", &format!("---{JOINER}")))
            }
            Event::Text(_) => Some(escape_text(text, place.start, place.end)),
            Event::InlineMath(tex) => Some(write_math(&sanitize_tex::sanitize(tex, html), "$")),
            Event::DisplayMath(tex) => Some(write_math(&sanitize_tex::sanitize(tex, html), "$$")),
            Event::FootnoteReference(label) => Some(format!("\\[{label}\\]")),
            Event::Start(Tag::FootnoteDefinition(label)) => {
                let mark = written.find("]:").map_or(0, |end| end + 2);
                place.end = place.start + mark;
                Some(format!("\\[{label}\\]"))
            }
            Event::Html(_) | Event::InlineHtml(_) if html == Html::Allow => {
                Some(media_as_markdown(written))
            }
            Event::Html(_) | Event::InlineHtml(_) => Some(media_as_markdown(&clean_tags(written))),
            Event::Rule => {
                let end = &written[written.trim_end().len()..];
                Some(format!("----{end}"))
            }
            Event::End(TagEnd::Heading(_)) => {
                // The underline of a heading may look like the separator between sides.
                let line = written.trim_end().rfind('\n').map(|start| start + 1);
                let line = line.filter(|start| written[*start..].trim() == "---");
                line.map(|start| {
                    place.start += start;
                    written[start..].replace("---", "----")
                })
            }
            Event::End(TagEnd::Image) => size::attribute_range(written).map(|braces| {
                place.start += braces.start;
                String::new()
            }),
            Event::Start(Tag::BlockQuote(Some(kind))) => written.find("[!").and_then(|start| {
                let end = written[start..].find(']')? + 1;
                place = place.start + start..place.start + start + end;
                Some(format!("**{}:**", alert(*kind)))
            }),
            _ => None,
        };
        if let Some(edit) = edit.filter(|_| place.start >= at) {
            out += &text[at..place.start];
            out += &edit;
            at = place.end;
        }
    }
    out += &text[at..];
    // HTML and TeX may contain lines that look like the separator.
    let line = |line: &str| {
        let is_sides = line.trim() == "---";
        *changed += usize::from(is_sides);
        if is_sides { line.replace("---", "----") } else { line.to_owned() }
    };
    out.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Escapes text for the syntax that Mochi has besides Markdown.
fn escape_text(text: &str, start: usize, end: usize) -> String {
    let mut out = String::new();
    for (offset, c) in text[start..end].char_indices() {
        let at = start + offset;
        let last = text[..at].chars().next_back();
        let next = text[at + c.len_utf8()..].chars().next();
        let is_pair = last == Some(c) || next == Some(c);
        let is_live = match c {
            '$' | '^' | '~' => true,
            '{' | '}' | '[' | '=' | '+' | '<' => is_pair,
            '#' => next.is_some_and(|next| !next.is_whitespace() && next != '#'),
            '@' => next == Some('['),
            _ => false,
        };
        let before = text[..at].len() - text[..at].trim_end_matches('\\').len();
        if is_live && before.is_multiple_of(2) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Rewrites images, audio and video in HTML as Markdown, as Mochi finds media only there.
fn media_as_markdown(html: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for tag in dialect::html::tags(html) {
        let is_embedded = dialect::html::embeds(&tag) && tag.name != "track";
        let whole = &html[tag.range.clone()];
        let is_shell = matches!(tag.name.as_str(), "audio" | "video") && tag.source.is_none();
        if !is_shell && (!is_embedded || tag.source.is_none()) {
            continue;
        }
        out += &html[at..tag.range.start];
        at = tag.range.end;
        if let Some(source) = tag.source {
            let text = whole.split_once("alt=\"").and_then(|(_, rest)| rest.split_once('"'));
            let text = text.map(|(text, _)| text.replace(['[', ']', '\n'], " "));
            out += &format!("![{}]({})", text.unwrap_or_default(), &html[source]);
        }
    }
    out + &html[at..]
}

/// Writes TeX between its delimiters. A formula with clozes becomes one cloze, as TeX that is cut
/// into pieces is invalid.
fn write_math(tex: &str, sign: &str) -> String {
    let [open, numbered, hint, close] = CLOZE;
    let plain = |tex: &str| {
        let tex = tex.replace("{{", "{ {").replace("{{", "{ {");
        tex.replace("}}", "} }").replace("}}", "} }")
    };
    let Some((_, number)) = tex.split_once(open) else {
        return format!("{sign}{}{sign}", plain(tex));
    };
    let number = number.split(numbered).next().unwrap_or_default();
    let (mut whole, mut hints) = (String::new(), Vec::new());
    let mut parts = tex.split([open, close]);
    whole += parts.next().unwrap_or_default();
    for part in parts {
        let part = match part.split_once(numbered) {
            Some((_, part)) => part,
            None => part,
        };
        let (part, about) = part.split_once(hint).unwrap_or((part, ""));
        whole += part;
        hints.extend((!about.is_empty()).then(|| about.to_owned()));
    }
    let hint = hints.first().map(|about| format!("{hint}{about}")).unwrap_or_default();
    format!("{open}{number}{numbered}{sign}{}{sign}{hint}{close}", plain(&whole))
}

/// Writes clozes in Mochi's syntax. Of nested clozes only the outermost stays, and a hint follows
/// its cloze.
fn write_clozes(text: &str) -> String {
    let [open, numbered, hint, close] = CLOZE;
    let mut out = String::with_capacity(text.len());
    let mut depth = 0usize;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            c if c == open => {
                depth += 1;
                let number: String = rest.by_ref().take_while(|c| *c != numbered).collect();
                if depth == 1 {
                    out += &format!("{{{{{number}::");
                }
            }
            c if c == hint => {
                let about: String = rest.by_ref().take_while(|c| *c != close).collect();
                out += if depth == 1 { "}}" } else { "" };
                out += &format!(" ({})", about.trim());
                depth = depth.saturating_sub(1);
            }
            c if c == close => {
                out += if depth == 1 { "}}" } else { "" };
                depth = depth.saturating_sub(1);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::card;
    use crate::config::Html;

    #[test]
    fn what_mochi_would_take_is_escaped() {
        let check = |text: &str, expect: &str, changed| {
            assert_eq!(card(text, "", "|", Html::Sanitize), (expect.to_owned(), changed), "{text}");
        };
        check("{{x}} [[y]] #z C# a==b", "\\{\\{x\\}\\} \\[\\[y]] \\#z C# a\\=\\=b", 0);
        check("`{{x}}` \\{{y}}", "`{{x}}` \\{\\{y\\}\\}", 0);
        check("a\n\n---\n\nb", "a\n\n----\n\nb", 0);
        check("a\n---", "a\n----", 0);
        check("```\n---\n```", "```\n---\u{2060}\n```", 1);
        check("\\(x^{a^{b}}\\) costs \\$5", "$x^{a^{b} }$ costs \\$5", 0);
        check("![](x.png){width=2}", "![](x.png)", 0);
        check("<img src='x.png' alt=\"a\">\n", "![a](x.png)\n", 0);
        check("a[^1]\n\n[^1]: b", "a\\[1\\]\n\n\\[1\\] b", 0);
        check("> [!NOTE]\n> a", "> **Note:**\n> a", 0);
        let gap = "\u{5}1\u{6}a `}}` \u{5}2\u{6}b\u{8}\u{7}hint\u{8}";
        check(gap, "{{1::a `}}` b}} (hint)", 0);
        check("$\u{5}1\u{6}a\u{8}^2$", "{{1::$a^2$}}", 0);
    }

    #[test]
    fn sides_stand_apart() {
        assert_eq!(card("a", "b", "\n\n---\n\n", Html::Sanitize).0, "a\n\n---\n\nb");
    }
}
