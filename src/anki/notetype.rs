//! The two note types.
//!
//! Everything here is frozen. Anki takes a note type with one field or
//! template more, less or elsewhere for another one, and then refuses to update
//! the learner's notes; so ids never change, and fields that nothing fills yet
//! are there from the first day. The style sheet and the templates may change:
//! see [`NOTETYPE_MTIME`].

use serde_json::{Value, json};

use super::Kind;

/// When the style sheet or a template last changed, in seconds since 1970. A
/// user's note types are replaced only if this has grown.
pub(super) const NOTETYPE_MTIME: i64 = 1_795_392_000;

/// The field that Recall and Type ask.
pub(super) const QUESTION: usize = 0;
/// The field that Reverse shows.
pub(super) const ANSWER: usize = 1;
/// The field that adds a Reverse card.
pub(super) const REVERSE: usize = 6;
/// The field that makes a Type card of the Recall card.
pub(super) const TYPE: usize = 7;

const STYLE: &str = include_str!("style.css");

/// What LaTeX tags would be typeset in. We never write one, but a learner may.
const LATEX_PRE: &str = "\\documentclass[12pt]{article}\n\\usepackage{amsmath,amssymb}\n\
    \\pagestyle{empty}\n\\setlength{\\parindent}{0in}\n\\begin{document}\n";
const LATEX_POST: &str = "\\end{document}";

pub(super) struct Field {
    id: i64,
    name: &'static str,
    /// What the editor shows while the field is empty.
    description: &'static str,
}

impl Field {
    pub(super) fn name(&self) -> &'static str {
        self.name
    }
}

struct Template {
    id: i64,
    name: &'static str,
    front: &'static str,
    back: &'static str,
}

const QA_FIELDS: [Field; 9] = [
    Field { id: 4_123_978_063_642_823_637, name: "Question", description: "" },
    Field { id: 2_399_541_498_851_996_700, name: "Answer", description: "" },
    Field {
        id: 4_088_147_191_580_708_108,
        name: "Key Points",
        description: "A list to grade your answer against",
    },
    Field { id: 4_263_726_696_705_381_036, name: "Extra", description: "" },
    Field { id: 3_462_430_103_366_053_432, name: "Topic", description: "" },
    Field { id: 3_367_132_646_011_025_985, name: "Source", description: "" },
    Field {
        id: 2_637_924_375_085_730_474,
        name: "Reverse",
        description: "Anything here adds a card that asks for the question",
    },
    Field {
        id: 2_895_821_305_838_105_665,
        name: "Type",
        description: "A text here must be typed in as the answer",
    },
    Field {
        id: 2_376_225_494_048_532_040,
        name: "ID",
        description: "Written by deckpress; leave it as it is",
    },
];

const CLOZE_FIELDS: [Field; 6] = [
    Field { id: 3_253_624_214_632_756_835, name: "Text", description: "" },
    Field { id: 2_702_834_982_775_146_975, name: "Answer", description: "" },
    Field { id: 3_503_792_745_136_346_244, name: "Extra", description: "" },
    Field { id: 3_523_178_318_875_333_635, name: "Topic", description: "" },
    Field { id: 4_559_074_108_575_238_659, name: "Source", description: "" },
    Field {
        id: 3_684_931_254_108_532_438,
        name: "ID",
        description: "Written by deckpress; leave it as it is",
    },
];

const QA_TEMPLATES: [Template; 3] = [
    Template {
        id: 4_176_499_759_844_671_499,
        name: "Recall",
        front: include_str!("recall.front.html"),
        back: include_str!("recall.back.html"),
    },
    Template {
        id: 3_333_240_259_341_858_616,
        name: "Reverse",
        front: include_str!("reverse.front.html"),
        back: include_str!("reverse.back.html"),
    },
    Template {
        id: 4_575_907_218_904_522_383,
        name: "Type",
        front: include_str!("type.front.html"),
        back: include_str!("type.back.html"),
    },
];

const CLOZE_TEMPLATES: [Template; 1] = [Template {
    id: 4_098_123_144_121_596_084,
    name: "Cloze",
    front: include_str!("cloze.front.html"),
    back: include_str!("cloze.back.html"),
}];

/// The id of a note type.
pub(super) fn id(kind: Kind) -> i64 {
    match kind {
        Kind::Qa => 1_716_482_953_417,
        Kind::Cloze => 1_716_483_107_629,
    }
}

/// The fields of a note type, in order.
pub(super) fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Qa => &QA_FIELDS,
        Kind::Cloze => &CLOZE_FIELDS,
    }
}

fn templates(kind: Kind) -> &'static [Template] {
    match kind {
        Kind::Qa => &QA_TEMPLATES,
        Kind::Cloze => &CLOZE_TEMPLATES,
    }
}

/// Both note types as JSON.
pub(super) fn models() -> Value {
    json!({
        id(Kind::Qa).to_string(): model(Kind::Qa),
        id(Kind::Cloze).to_string(): model(Kind::Cloze),
    })
}

fn model(kind: Kind) -> Value {
    // `req` tells Anki before 2.1.28 which fields a card needs, as far as it
    // can be told without "is empty".
    let (name, cloze, req) = match kind {
        Kind::Qa => (
            super::QA_NAME,
            0,
            json!([
                [0, "any", [QUESTION]],
                [1, "all", [ANSWER, REVERSE]],
                [2, "all", [QUESTION, TYPE]]
            ]),
        ),
        Kind::Cloze => ("Deckpress Cloze", 1, json!([[0, "any", [0, 3]]])),
    };
    json!({
        "id": id(kind),
        "name": name,
        "type": cloze,
        "mod": NOTETYPE_MTIME,
        "usn": -1,
        "sortf": 0,
        "did": null,
        "tmpls": templates(kind).iter().zip(0..).map(template).collect::<Vec<_>>(),
        "flds": fields(kind).iter().zip(0..).map(field).collect::<Vec<_>>(),
        "css": STYLE,
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
        "sticky": false,
        "rtl": false,
        "font": "Arial",
        "size": 20,
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
            (1_795_392_000, "34b3e64f940cfe3f"),
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
        assert_eq!(&hash[..16], "b5d108dde07e6b86");
    }
}
