//! A field before and after.

/// What a field's HTML may hold beside HTML.
#[derive(Clone, Copy, Debug, Default)]
pub struct Notation<'n> {
    /// Whether `{{c1::…}}` is a gap, as in the text of a cloze note.
    pub has_gaps: bool,
    /// Whether `漢字[かんじ]` becomes ruby, where a template would show it so.
    pub has_readings: bool,
    /// Whether items of lists in a question keep their boxes, as options do.
    pub has_options: bool,
    /// What stands before the name of a file, such as `media/`.
    pub media_folder: &'n str,
}

/// A kind of thing that Markdown, or a card of ours, does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss(pub &'static str);

impl Loss {
    /// Says what is lost.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self.0 {
            "style-element" => "style sheets within a field",
            "script" => "scripts within a field",
            "foreign-element" => "drawings, frames and controls of HTML, of which the text is kept",
            "hidden" => "text that a style hides",
            "image-without-source" => "pictures without a file",
            "too-deep" => "elements nested too deeply, of which the text is kept",
            "latex" => "LaTeX that is no formula, kept as code",
            _ => "text that Markdown does not show quite the same",
        }
    }
}

/// A field as Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markdown {
    /// The text of the heading; empty unless one was asked for.
    pub heading: String,
    /// All else.
    pub body: String,
    /// The names of the files that it shows and plays.
    pub media: Vec<String>,
    /// What is lost.
    pub losses: Vec<Loss>,
}

impl Markdown {
    /// Returns whether the body is a single line that may stand behind a label.
    #[must_use]
    pub fn is_line(&self) -> bool {
        let opens_block = self.body.starts_with(['#', '>', '|', '`', '<'])
            || ["- ", "* ", "+ "].iter().any(|bullet| self.body.starts_with(bullet))
            || self.body.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(". ");
        !self.body.contains('\n') && !opens_block
    }
}
