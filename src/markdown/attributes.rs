//! The attributes in raw HTML that an author may use for the look of a text, and the addresses that
//! links may have.
//!
//! ammonia makes HTML safe, and asks here which attributes to keep. The check that warns of dropped
//! attributes uses the same rules.

use super::html::HtmlTag;

/// The attributes that change the look of an element, without `style` and those of every element.
pub const SEEN: [&str; 18] = [
    "align",
    "background",
    "bgcolor",
    "border",
    "clear",
    "color",
    "face",
    "height",
    "hidden",
    "hspace",
    "nowrap",
    "reversed",
    "size",
    "start",
    "type",
    "valign",
    "vspace",
    "width",
];

/// Returns whether an element keeps one of these attributes with its value. A text may have a
/// color, a size, and a place in its line or cell; nothing may cover anything or leave the card.
#[must_use]
pub fn is_kept(element: &str, name: &str, value: &str) -> bool {
    let value = value.trim().to_ascii_lowercase();
    let is_cell = || {
        let cells = ["col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"];
        cells.contains(&element)
    };
    match (name, element) {
        (
            "align",
            "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "img" | "table"
            | "caption",
        )
        | ("clear", "br")
        | ("type", "ol" | "ul" | "li") => is_word(&value),
        ("align" | "valign", _) => is_cell() && is_word(&value),
        ("bgcolor", _) => (is_cell() || element == "table") && is_plain(&value),
        ("color", "font" | "hr") | ("start", "ol") => is_plain(&value),
        ("face", "font") => is_font(&value),
        ("size", "font") => value.parse::<i8>().is_ok_and(|size| size.abs() <= 7),
        ("size", "hr") | ("hspace" | "vspace", "img") | ("border", "img" | "table") => {
            value.parse::<u16>().is_ok_and(|size| size <= 60)
        }
        ("type", "input") => value == "checkbox",
        // The style sheet limits the size of images.
        ("width" | "height", "img")
        | ("type", "source")
        | ("nowrap", "td" | "th")
        | ("reversed", "ol") => true,
        ("width" | "height", "video") => value.parse::<u16>().is_ok_and(|size| size <= 600),
        ("width", "hr") | ("width" | "height", "table") => is_part(&value),
        ("width" | "height", _) => is_cell() && is_part(&value),
        _ => false,
    }
}

/// Returns the attributes and declarations of a tag that are dropped.
#[must_use]
pub fn dropped(html: &str, tag: &HtmlTag) -> Vec<String> {
    let mut gone = Vec::new();
    for (name, value) in tag.attributes(html) {
        if name == "style" {
            let declarations = style(&value).1.join("; ");
            gone.extend(Some(declarations).filter(|text| !text.is_empty()));
        } else if SEEN.contains(&&*name) && !is_kept(&tag.name, &name, &value) {
            gone.push(if value.is_empty() { name } else { format!("{name}=\"{value}\"") });
        }
    }
    gone
}

/// Splits a style into the declarations that are kept and those that are dropped.
#[must_use]
pub fn style(value: &str) -> (Vec<&str>, Vec<&str>) {
    let declarations = value.split(';').map(str::trim).filter(|part| !part.is_empty());
    declarations.partition(|declaration| {
        let (name, value) = declaration.split_once(':').unwrap_or_default();
        let value = value.trim().to_ascii_lowercase();
        match name.trim().to_ascii_lowercase().as_str() {
            "color"
            | "background-color"
            | "text-align"
            | "text-decoration"
            | "text-decoration-line"
            | "font-style"
            | "font-weight" => is_plain(&value),
            "font-family" => is_font(&value),
            "list-style" | "list-style-type" => is_word(&value),
            "margin-left" | "padding-left" => {
                let number = value.strip_suffix("px").unwrap_or(&value);
                number.parse::<u8>().is_ok_and(|indent| indent <= 100)
            }
            "font-size" => is_plain(&value) && is_modest(&value),
            _ => false,
        }
    })
}

/// Returns whether an address is safe: a path, or a URL of an everyday scheme.
#[must_use]
pub fn is_harmless(target: &str) -> bool {
    const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];
    match target.split_once(':') {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => {
            SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known))
        }
        _ => !target.contains(char::is_control),
    }
}

fn is_word(value: &str) -> bool {
    value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// Returns whether a value contains only names, numbers and colors, and loads nothing.
fn is_plain(value: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "#%., ()-".contains(c);
    value.chars().all(is_sign) && !["url(", "var("].iter().any(|f| value.contains(f))
}

/// Returns whether a value is a list of font names.
fn is_font(value: &str) -> bool {
    let is_sign = |c: char| c.is_alphanumeric() || "-, ".contains(c);
    value.split(',').all(|name| {
        let name = name.trim();
        let bare = ['"', '\'']
            .iter()
            .find_map(|&quote| name.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)));
        bare.unwrap_or(name).chars().all(is_sign)
    })
}

/// Returns whether a size is at most the width of a card.
fn is_part(size: &str) -> bool {
    let (number, most) = match size.strip_suffix('%') {
        Some(number) => (number, 100.0),
        None => (size.strip_suffix("px").unwrap_or(size), 600.0),
    };
    number.parse::<f32>().is_ok_and(|number| (0.0..=most).contains(&number))
}

/// Returns whether a font size is at most three times the usual one.
fn is_modest(size: &str) -> bool {
    let end = size.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(size.len());
    let number: Option<f32> = size[..end].parse().ok();
    match (number, &size[end..]) {
        (Some(number), "em" | "rem") => number <= 3.0,
        (Some(number), "%") => number <= 300.0,
        (Some(number), "px") => number <= 60.0,
        (Some(number), "pt") => number <= 45.0,
        (None, word) => word.chars().all(|c| c.is_ascii_alphabetic() || c == '-'),
        _ => false,
    }
}
