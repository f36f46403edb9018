//! What an element says of the text in it.

use crate::dom::{Dom, Id};
use crate::markdown::attributes::is_harmless;

/// A style around a piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Strong,
    Emphasis,
    Strike,
    /// An element that stays, with its attributes.
    Element {
        name: &'static str,
        attributes: String,
    },
    Link {
        target: String,
        title: String,
    },
}

impl Style {
    /// Returns a link, if it leads anywhere that a card may lead to.
    pub(super) fn link(target: &str, title: Option<&str>) -> Option<Self> {
        let target = target.trim();
        let is_link = !target.is_empty() && is_harmless(target);
        is_link.then(|| Self::Link {
            target: target.to_owned(),
            title: title.unwrap_or_default().to_owned(),
        })
    }

    fn element(name: &'static str) -> Self {
        Self::Element { name, attributes: String::new() }
    }
}

/// Elements that Markdown has no sign for, and that stay.
const KEPT: [&str; 12] =
    ["sub", "sup", "small", "mark", "kbd", "ruby", "rb", "rt", "q", "samp", "var", "code"];

/// Colours that say nothing but that the text was copied from somewhere.
const PLAIN_COLORS: [&str; 14] = [
    "black",
    "#000",
    "#000000",
    "rgb(0,0,0)",
    "rgba(0,0,0,1)",
    "windowtext",
    "initial",
    "inherit",
    "currentcolor",
    "canvastext",
    "auto",
    "unset",
    "var(--fg)",
    "text",
];

/// The same of backgrounds.
const PLAIN_GROUNDS: [&str; 10] = [
    "white",
    "#fff",
    "#ffffff",
    "rgb(255,255,255)",
    "rgba(255,255,255,1)",
    "transparent",
    "initial",
    "inherit",
    "none",
    "rgba(0,0,0,0)",
];

/// Returns what an element says of the text in it, from the outside in.
pub(super) fn of_element(dom: &Dom, id: Id) -> Vec<Style> {
    let name = dom.name(id);
    let mut styles = Vec::new();
    match name {
        "b" | "strong" | "th" => styles.push(Style::Strong),
        "i" | "em" | "cite" | "dfn" => styles.push(Style::Emphasis),
        "s" | "strike" | "del" => styles.push(Style::Strike),
        "u" | "ins" => styles.push(Style::element("u")),
        "a" => styles.extend(
            dom.attribute(id, "href")
                .and_then(|target| Style::link(target, dom.attribute(id, "title"))),
        ),
        "tt" => styles.push(Style::element("code")),
        "font" => {
            let color = dom.attribute(id, "color").filter(|color| is_color(color, &PLAIN_COLORS));
            styles.extend(color.map(|color| colored(&format!("color: {}", color.trim()))));
        }
        _ => {}
    }
    if let Some(kept) = KEPT.iter().find(|kept| **kept == name) {
        styles.push(Style::element(kept));
    }
    if let Some(written) = dom.attribute(id, "style") {
        read_style(written, &mut styles);
    }
    styles
}

/// Returns whether an element shows nothing of what is in it.
pub(super) fn is_hidden(dom: &Dom, id: Id) -> bool {
    let style = dom.attribute(id, "style").unwrap_or_default().to_ascii_lowercase();
    let mut declarations = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    let hides = |(name, value): (&str, &str)| name.trim() == "display" && value.trim() == "none";
    dom.attribute(id, "hidden").is_some() || declarations.any(hides)
}

/// Reads the declarations of a style that Markdown, or harmless HTML, can say.
fn read_style(written: &str, styles: &mut Vec<Style>) {
    let mut colors = Vec::new();
    for declaration in written.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let value = value.trim().trim_end_matches("!important").trim().to_ascii_lowercase();
        let is = |style: &Style| styles.contains(style);
        match name.trim().to_ascii_lowercase().as_str() {
            "font-weight" => {
                let is_bold = matches!(value.as_str(), "bold" | "bolder")
                    || value.parse::<u16>().is_ok_and(|weight| weight >= 600);
                if is_bold && !is(&Style::Strong) {
                    styles.push(Style::Strong);
                }
            }
            "font-style" if value == "italic" && !is(&Style::Emphasis) => {
                styles.push(Style::Emphasis);
            }
            "text-decoration" | "text-decoration-line" => {
                let underline = Style::element("u");
                if value.contains("underline") && !is(&underline) {
                    styles.push(underline);
                }
                if value.contains("line-through") && !styles.contains(&Style::Strike) {
                    styles.push(Style::Strike);
                }
            }
            "vertical-align" if value == "sub" => styles.push(Style::element("sub")),
            "vertical-align" if value == "super" => styles.push(Style::element("sup")),
            "color" if is_color(&value, &PLAIN_COLORS) => colors.push(format!("color: {value}")),
            "background-color" | "background" if is_color(&value, &PLAIN_GROUNDS) => {
                colors.push(format!("background-color: {value}"));
            }
            _ => {}
        }
    }
    if !colors.is_empty() {
        styles.push(colored(&colors.join("; ")));
    }
}

fn colored(style: &str) -> Style {
    Style::Element { name: "span", attributes: format!(" style=\"{style}\"") }
}

/// Returns whether a value is a color, and none of these.
fn is_color(value: &str, plain: &[&str]) -> bool {
    let value = value.trim().to_ascii_lowercase().replace(' ', "");
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "#%.,()-".contains(c);
    let is_value = !value.is_empty() && value.chars().all(is_sign);
    is_value && !value.contains("var(") && !value.contains("url(") && !plain.contains(&&*value)
}
