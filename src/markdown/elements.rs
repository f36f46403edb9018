//! The names of HTML elements, to distinguish a tag from a text in angle brackets.

/// Returns whether HTML has an element of this name, in lower case.
///
/// Elements of SVG and `MathML` are not included: outside `<svg>` and `<math>` they show nothing,
/// and people write `<path>` or `<text>` for a name to fill in.
#[must_use]
pub fn is_element(name: &str) -> bool {
    NAMES.binary_search(&name).is_ok()
}

/// Returns whether an element of this name, in lower case, may be part of SVG or `MathML`, or a
/// custom element.
#[must_use]
pub fn may_be_element(name: &str) -> bool {
    is_element(name) || PARTS.binary_search(&name).is_ok() || name.contains('-')
}

/// Returns whether an author may use an element of this name, in lower case.
#[must_use]
pub fn is_allowed(name: &str) -> bool {
    ALLOWED.binary_search(&name).is_ok()
}

/// The elements that an author may use. Any other runs or loads something, or has no meaning on a
/// card, and is shown as text.
#[rustfmt::skip]
pub const ALLOWED: &[&str] = &[
    "a", "abbr", "acronym", "area", "article", "aside", "audio", "b", "bdi", "bdo", "big",
    "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "data", "dd",
    "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i", "img", "ins", "kbd", "li",
    "map", "mark", "nav", "ol", "p", "picture", "pre", "q", "rp", "rt", "rtc", "ruby", "s",
    "samp", "section", "small", "source", "span", "strike", "strong", "sub", "summary", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "video",
    "wbr",
];

#[rustfmt::skip]
const NAMES: &[&str] = &[
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base",
    "basefont", "bdi", "bdo", "bgsound", "big", "blink", "blockquote", "body", "br", "button",
    "canvas", "caption", "center", "cite", "code", "col", "colgroup", "data", "datalist", "dd",
    "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed", "fieldset",
    "figcaption", "figure", "font", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4",
    "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "img", "input", "ins",
    "kbd", "keygen", "label", "legend", "li", "link", "listing", "main", "map", "mark", "marquee",
    "math", "menu", "menuitem", "meta", "meter", "nav", "nobr", "noembed", "noframes", "noscript",
    "object", "ol", "optgroup", "option", "output", "p", "param", "picture", "plaintext", "pre",
    "progress", "q", "rb", "rbc", "rp", "rt", "rtc", "ruby", "s", "samp", "script", "search",
    "section", "select", "slot", "small", "source", "span", "strike", "strong", "style", "sub",
    "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th",
    "thead", "time", "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr", "xmp",
];

/// The elements of SVG and `MathML`.
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "animate", "animatemotion", "animatetransform", "annotation", "circle", "clippath", "defs",
    "desc", "ellipse", "feblend", "fecolormatrix", "fecomponenttransfer", "fecomposite",
    "feconvolvematrix", "fediffuselighting", "fedisplacementmap", "fedistantlight",
    "fedropshadow", "feflood", "fefunca", "fefuncb", "fefuncg", "fefuncr", "fegaussianblur",
    "feimage", "femerge", "femergenode", "femorphology", "feoffset", "fepointlight",
    "fespecularlighting", "fespotlight", "fetile", "feturbulence", "filter", "foreignobject", "g",
    "image", "line", "lineargradient", "maction", "marker", "mask", "menclose", "merror",
    "metadata", "mfenced", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded",
    "mpath", "mphantom", "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle",
    "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "none",
    "path", "pattern", "polygon", "polyline", "radialgradient", "rect", "semantics", "set",
    "stop", "switch", "symbol", "text", "textpath", "tspan", "use", "view",
];

#[cfg(test)]
mod tests {
    use super::{ALLOWED, NAMES, PARTS, is_element, may_be_element};

    #[test]
    fn elements_are_known() {
        assert!(ALLOWED.is_sorted() && NAMES.is_sorted() && PARTS.is_sorted());
        assert!(["a", "h1", "b", "center", "svg", "wbr"].into_iter().all(is_element));
        assert!(!["", "t", "string", "c-v", "path", "duplicate"].into_iter().any(is_element));
        assert!(["b", "c-v", "path", "mfrac"].into_iter().all(may_be_element));
        assert!(!["", "t", "string", "duplicate"].into_iter().any(may_be_element));
    }
}
