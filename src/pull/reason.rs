//! Why an edit in Anki is not pulled.

use super::blocks::{FOOTNOTES, blocks};

/// Why an edit cannot be written into the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// deckpress makes the field; it holds no text of the source.
    NotText,
    /// The field cannot be split into texts of the source.
    NotFound,
    /// It is a label, or stands between two sections.
    OutsideSections,
    /// It is in the list of the right options, which follows from the question.
    RightOptions,
    /// It is in a list for recall, and no edit of one of its points.
    RecallList,
    /// A tag that was taken off is not written in the heading.
    TagElsewhere,
    /// It reaches over several sections.
    SeveralSections,
    /// A footnote was put in or taken out.
    Footnote,
    /// A list of definitions has other terms.
    Definitions,
    /// A table is one that Markdown does not make.
    Table,
    /// Text has a colour or font of the editor's.
    Font,
    /// A heading holds one line.
    NotOneLine,
    /// The text is in another file, whose path this is.
    Embedded(String),
    /// The text is not in one place of the file.
    Scattered,
    /// The text has a comment, or an element of HTML, that would go with the edit.
    Hidden,
    /// The question is written so that it has no place for a new section.
    NoPlace,
    /// The file has this path, and was edited since the last build.
    FileEdited(String),
    /// The field was edited on both sides.
    BothEdited,
    /// What would be built shows something else.
    ShowsOther,
    /// The content would have errors.
    HasErrors(String),
    /// A note would be taken for another one, or others would change.
    ChangesOthers,
}

impl Reason {
    /// Says why.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::NotText => "this field is made by deckpress, not written by anybody".to_owned(),
            Self::NotFound => "this field cannot be taken apart into texts of the file".to_owned(),
            Self::OutsideSections => {
                "the edit is outside of any section, or of its label".to_owned()
            }
            Self::RightOptions => {
                "the right options follow from those in the question: edit them there".to_owned()
            }
            Self::RecallList => {
                "the list for recall follows from the key points: put points in and out there"
                    .to_owned()
            }
            Self::TagElsewhere => {
                "the tag comes from the topic, the front matter or the settings: take it out there"
                    .to_owned()
            }
            Self::SeveralSections => "the edit reaches over several sections".to_owned(),
            Self::Footnote => {
                "a footnote has two places in the file: put it in there, or take it out".to_owned()
            }
            Self::Definitions => {
                "a list of definitions gets and loses terms and definitions in the file only"
                    .to_owned()
            }
            Self::Table => {
                "Markdown makes no such table: each cell holds one line, aligned as its column is"
                    .to_owned()
            }
            Self::Font => "a colour or font from `<font>` is not written".to_owned(),
            Self::NotOneLine => "a heading holds one line".to_owned(),
            Self::Embedded(path) => format!("the text stands in `{path}`, which is embedded here"),
            Self::Scattered => "the text does not stand in one place of the file".to_owned(),
            Self::Hidden => {
                "a comment, or an element of HTML, would be taken out with it".to_owned()
            }
            Self::NoPlace => {
                "a question that is written like this has no place for a new section".to_owned()
            }
            Self::FileEdited(path) => {
                format!("`{path}` was edited since the last build: push, and pull again")
            }
            Self::BothEdited => {
                "it was edited on both sides: `deckpress push` shows both, and decides".to_owned()
            }
            Self::ShowsOther => "written like this it would show something else".to_owned(),
            Self::HasErrors(why) => format!("written like this it would be an error: {why}"),
            Self::ChangesOthers => "written like this it would change other notes".to_owned(),
        }
    }
}

/// Returns what may keep an edit from coming out, by what it has edited.
#[must_use]
pub fn suspect(before: &str, now: &str) -> Option<Reason> {
    let (was, is) = (blocks(before), blocks(now));
    let is_other = |begins: &str| {
        let of_kind = |blocks: &[String]| {
            let of_kind = blocks.iter().filter(|block| block.starts_with(begins));
            of_kind.cloned().collect::<Vec<String>>()
        };
        of_kind(&was) != of_kind(&is)
    };
    let count = |html: &str, sign: &str| html.matches(sign).count();
    let is_counted_otherwise = |sign: &str| count(before, sign) != count(now, sign);
    if is_other(FOOTNOTES) || is_counted_otherwise("class=\"footnote-ref\"") {
        Some(Reason::Footnote)
    } else if is_counted_otherwise("<dt") || is_counted_otherwise("<dd") {
        Some(Reason::Definitions)
    } else if is_other("<table") {
        Some(Reason::Table)
    } else if count(now, "<font") > count(before, "<font") {
        Some(Reason::Font)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Reason, suspect};

    #[test]
    fn what_was_edited_says_why() {
        let note = "<p>a<sup class=\"footnote-ref\">1</sup></p>";
        for (before, now, expect) in [
            (note, "<p>a</p>", Some(Reason::Footnote)),
            ("<dl><dt>a</dt></dl>", "<dl><dt>a</dt><dt>b</dt></dl>", Some(Reason::Definitions)),
            ("<table><td>a</table>", "<table><td><div>a</div></table>", Some(Reason::Table)),
            ("a", "<font color=red>a</font>", Some(Reason::Font)),
            ("<dl><dt>a</dt></dl>", "<dl><dt>b</dt></dl>", None),
            (note, "<p>b<sup class=\"footnote-ref\">1</sup></p>", None),
        ] {
            assert_eq!(suspect(before, now), expect, "{now}");
        }
    }
}
