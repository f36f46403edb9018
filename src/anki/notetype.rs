//! The two note types.
//!
//! Everything here is frozen. If a field or template is added, removed or moved, Anki takes the
//! note type for a different one and refuses to update the learner's notes. So ids never change,
//! and fields for later features have been there from the first day. The style sheet and the
//! templates may change: see [`NOTETYPE_MTIME`].

use serde_json::{Value, json};

use super::{Kind, Style};

/// When the style sheet or a template last changed, in seconds since 1970. A user's note type is
/// replaced only if this has grown.
pub const NOTETYPE_MTIME: i64 = 1_796_072_805;

/// The field that the template Recall asks for.
pub(super) const QUESTION: usize = 0;
/// The field that the template Reverse shows.
pub(super) const ANSWER: usize = 1;
/// The field that, if filled, adds a Reverse card.
pub(super) const REVERSE: usize = 7;

const STYLE: &str = include_str!("style.css");

/// The preamble and end of LaTeX documents. We never write LaTeX tags, but a learner may.
pub(super) const LATEX_PRE: &str = "\\documentclass[12pt]{article}\n\\usepackage{amsmath,amssymb}\n\
    \\pagestyle{empty}\n\\setlength{\\parindent}{0in}\n\\begin{document}\n";
pub(super) const LATEX_POST: &str = "\\end{document}";

pub(super) struct Field {
    pub(super) id: i64,
    name: &'static str,
    /// The placeholder that the editor shows while the field is empty.
    pub(super) description: &'static str,
    /// Makes the editor show the field collapsed at first.
    pub(super) is_folded: bool,
}

impl Field {
    pub(super) fn name(&self) -> &'static str {
        self.name
    }
}

pub(super) struct Template {
    pub(super) id: i64,
    pub(super) name: &'static str,
    pub(super) front: &'static str,
    pub(super) back: &'static str,
}

const QA_FIELDS: [Field; 10] = [
    Field { id: 4_123_978_063_642_823_637, name: "Question", description: "", is_folded: false },
    Field { id: 2_399_541_498_851_996_700, name: "Answer", description: "", is_folded: false },
    Field {
        id: 4_088_147_191_580_708_108,
        name: "Key Points",
        description: "A list to grade your answer against",
        is_folded: false,
    },
    Field { id: 4_263_726_696_705_381_036, name: "Extra", description: "", is_folded: false },
    Field {
        id: 2_354_815_835_233_691_206,
        name: "Hint",
        description: "Shown on the front only when it is asked for",
        is_folded: true,
    },
    Field { id: 3_462_430_103_366_053_432, name: "Topic", description: "", is_folded: true },
    Field { id: 3_367_132_646_011_025_985, name: "Source", description: "", is_folded: true },
    Field {
        id: 2_637_924_375_085_730_474,
        name: "Reverse",
        description: "Anything here adds a card that asks for the question",
        is_folded: true,
    },
    Field {
        id: 2_895_821_305_838_105_665,
        name: "Type",
        description: "The text that has to be typed in as the answer",
        is_folded: true,
    },
    Field {
        id: 2_376_225_494_048_532_040,
        name: "ID",
        description: "Written by deckpress; leave it as it is",
        is_folded: true,
    },
];

const CLOZE_FIELDS: [Field; 9] = [
    Field { id: 3_253_624_214_632_756_835, name: "Text", description: "", is_folded: false },
    Field { id: 2_702_834_982_775_146_975, name: "Answer", description: "", is_folded: false },
    Field {
        id: 3_568_753_775_792_697_345,
        name: "Key Points",
        description: "A list to grade your answer against",
        is_folded: false,
    },
    Field { id: 3_503_792_745_136_346_244, name: "Extra", description: "", is_folded: false },
    Field {
        id: 4_165_897_220_115_584_731,
        name: "Hint",
        description: "Shown on the front only when it is asked for",
        is_folded: true,
    },
    Field { id: 3_523_178_318_875_333_635, name: "Topic", description: "", is_folded: true },
    Field { id: 4_559_074_108_575_238_659, name: "Source", description: "", is_folded: true },
    Field {
        id: 2_094_328_783_499_381_804,
        name: "Type",
        description: "Anything here asks for the gap to be typed in",
        is_folded: true,
    },
    Field {
        id: 3_684_931_254_108_532_438,
        name: "ID",
        description: "Written by deckpress; leave it as it is",
        is_folded: true,
    },
];

/// The script on the back of our cards, by which key points are ticked. It may run in a document in
/// which it has run before.
pub const POINTS: &str = include_str!("points.html");

const QA_TEMPLATES: [Template; 2] = [
    Template {
        id: 4_176_499_759_844_671_499,
        name: "Recall",
        front: include_str!("recall.front.html"),
        back: concat!(include_str!("recall.back.html"), include_str!("points.html")),
    },
    Template {
        id: 3_333_240_259_341_858_616,
        name: "Reverse",
        front: include_str!("reverse.front.html"),
        back: include_str!("reverse.back.html"),
    },
];

const CLOZE_TEMPLATES: [Template; 1] = [Template {
    id: 4_098_123_144_121_596_084,
    name: "Cloze",
    front: include_str!("cloze.front.html"),
    back: concat!(include_str!("cloze.back.html"), include_str!("points.html")),
}];

/// Returns the id of a note type.
#[must_use]
pub fn id(kind: Kind) -> i64 {
    match kind {
        Kind::Qa => 1_716_482_953_417,
        Kind::Cloze => 1_716_483_107_629,
    }
}

/// Returns the name of a note type.
#[must_use]
pub fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Qa => "Deckpress Q&A",
        Kind::Cloze => "Deckpress Cloze",
    }
}

/// Returns the fields of a note type, in order.
pub(super) fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Qa => &QA_FIELDS,
        Kind::Cloze => &CLOZE_FIELDS,
    }
}

/// Returns the templates of a note type, in order.
pub(super) fn templates(kind: Kind) -> &'static [Template] {
    match kind {
        Kind::Qa => &QA_TEMPLATES,
        Kind::Cloze => &CLOZE_TEMPLATES,
    }
}

/// Returns when a note type last changed.
pub(super) fn modified(style: Style<'_>) -> i64 {
    NOTETYPE_MTIME.max(style.modified)
}

/// Returns our style sheet followed by the author's.
pub(super) fn css(style: Style<'_>) -> String {
    format!("{STYLE}{}", style.css)
}

/// The font of every field in the editor, and its size.
pub(super) const FONT: (&str, u32) = ("Arial", 20);

/// Returns both note types as JSON, by their ids.
pub(super) fn models(style: Style<'_>) -> [(String, Value); 2] {
    [Kind::Qa, Kind::Cloze].map(|kind| (id(kind).to_string(), model(kind, style)))
}

fn model(kind: Kind, style: Style<'_>) -> Value {
    // `req` tells Anki before 2.1.28 which fields a card needs, as far as that can be expressed
    // without "is empty".
    let (cloze, req) = match kind {
        Kind::Qa => (0, json!([[0, "any", [QUESTION]], [1, "all", [ANSWER, REVERSE]]])),
        Kind::Cloze => (1, json!([[0, "any", [0]]])),
    };
    let fields = || fields(kind).iter().zip(0..).map(field).collect::<Vec<_>>();
    let templates = templates(kind).iter().zip(0..).map(template).collect::<Vec<_>>();
    let layout = style.layouts.iter().find(|layout| layout.kind == kind);
    let (fields, templates) = match layout {
        None => (fields(), templates),
        Some(layout) => {
            let theirs = layout.templates.iter().skip(templates.len()).cloned();
            (layout.fields.clone(), templates.into_iter().chain(theirs).collect())
        }
    };
    json!({
        "id": id(kind),
        "name": name(kind),
        "type": cloze,
        "mod": modified(style),
        "usn": -1,
        "sortf": 0,
        "did": null,
        "tmpls": templates,
        "flds": fields,
        "css": css(style),
        "latexPre": LATEX_PRE,
        "latexPost": LATEX_POST,
        "latexsvg": false,
        "req": req,
        "tags": [],
        "vers": [],
    })
}

fn field((field, ord): (&Field, u32)) -> Value {
    json!({
        "id": field.id,
        "name": field.name,
        "ord": ord,
        "description": field.description,
        "collapsed": field.is_folded,
        // If a user could delete a field, the notes could never be updated again.
        "preventDeletion": true,
        "sticky": false,
        "rtl": false,
        "font": FONT.0,
        "size": FONT.1,
        "media": [],
    })
}

fn template((template, ord): (&Template, u32)) -> Value {
    json!({
        "id": template.id,
        "name": template.name,
        "ord": ord,
        "qfmt": template.front,
        "afmt": template.back,
        "bqfmt": "",
        "bafmt": "",
        "did": null,
        "bfont": "",
        "bsize": 0,
    })
}

#[cfg(test)]
mod tests {
    use super::{Kind, NOTETYPE_MTIME, STYLE, fields, id, templates};

    /// A Chromium of 2020 drops each rule with a selector that it does not know, so what is newer
    /// shares no rule with what is not.
    #[test]
    fn old_browsers_read_the_style_sheet() {
        let style: Vec<&str> =
            STYLE.split("*/").filter_map(|part| part.split("/*").next()).collect();
        for rule in style.concat().split('}').filter_map(|rule| rule.rsplit_once('{')) {
            let selectors = rule.0.rsplit('{').next().unwrap_or_default();
            if selectors.trim_start().starts_with('@') {
                continue;
            }
            assert!(!selectors.contains(":is(") && !selectors.contains(":where("), "{selectors}");
            let is_new = |selector: &&str| {
                [":has(", ":focus-visible", "::marker"].iter().any(|new| selector.contains(new))
            };
            let mut depth = 0;
            let apart = |c: char| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                c == ',' && depth == 0
            };
            let selectors: Vec<&str> = selectors.split(apart).collect();
            let new = selectors.iter().filter(|selector| is_new(selector)).count();
            assert!(new == 0 || new == selectors.len(), "{selectors:?}");
        }
    }

    /// Fails whenever something that a user's collection holds has changed.
    #[test]
    fn a_change_raises_the_mtime() {
        let mut hasher = blake3::Hasher::new();
        hasher.update(STYLE.as_bytes());
        for template in [Kind::Qa, Kind::Cloze].into_iter().flat_map(templates) {
            hasher.update(template.front.as_bytes());
            hasher.update(template.back.as_bytes());
        }
        let hash = hasher.finalize().to_hex();
        assert_eq!(
            (NOTETYPE_MTIME, &hash[..16]),
            (1_796_072_805, "aa5e2e0289472e8f"),
            "the style sheet or a template changed: raise NOTETYPE_MTIME and update the hash",
        );
    }

    /// If this fails, undo the change: no learner could update their notes.
    #[test]
    fn the_schema_is_frozen() {
        let mut hasher = blake3::Hasher::new();
        for kind in [Kind::Qa, Kind::Cloze] {
            hasher.update(&id(kind).to_le_bytes());
            for field in fields(kind) {
                hasher.update(&field.id.to_le_bytes());
                hasher.update(field.name.as_bytes());
            }
            for template in templates(kind) {
                hasher.update(&template.id.to_le_bytes());
                hasher.update(template.name.as_bytes());
            }
        }
        let hash = hasher.finalize().to_hex();
        assert_eq!(&hash[..16], "7e2bb1e9248736b9");
    }
}
