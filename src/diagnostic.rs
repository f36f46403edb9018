//! What is wrong with what an author wrote.
//!
//! A [`Diagnostic`] is data: it knows where and what, not how it is shown. Its [`Code`] is stable,
//! so that people can search for it and `deckpress explain` can teach it. Problems of the
//! environment (a full disk, a folder that is not there) are never diagnostics.

use serde::{Deserialize, Serialize};

use crate::source::Span;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Nothing is written: going on would lose or mix up content.
    Error,
    /// The build goes on, and says what it did.
    Warning,
}

impl Severity {
    /// As shown to people and machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($variant:ident $severity:ident $name:literal,)*) => {
        /// What kind of problem it is.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize,
        )]
        pub enum Code {
            $(
                #[doc = concat!("`", $name, "`: see `src/explain/", $name, ".md`.")]
                #[serde(rename = $name)]
                $variant,
            )*
        }

        impl Code {
            /// Every code, in the order of their names.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// Returns the stable name, such as `empty-key-points`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// Returns whether it stops the build, unless it is of one foreign question alone.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// Returns what it means and how to mend it, as Markdown.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("explain/", $name, ".md")),)* }
            }
        }
    };
}

codes! {
    AlikeQuestions Warning "alike-questions",
    AmbiguousMatch Warning "ambiguous-match",
    AmbiguousName Warning "ambiguous-name",
    BrokenCloze Error "broken-cloze",
    BrokenMath Warning "broken-math",
    CircularEmbed Error "circular-embed",
    CircularLink Warning "circular-link",
    ConflictMarks Error "conflict-marks",
    DamagedLock Error "damaged-lock",
    DeepEmbed Warning "deep-embed",
    DeniedMedia Error "denied-media",
    DroppedLink Warning "dropped-link",
    DroppedStyle Warning "dropped-style",
    DuplicateId Error "duplicate-id",
    DuplicateQuestion Warning "duplicate-question",
    EmbeddedDocument Warning "embedded-document",
    EmptyKeyPoints Warning "empty-key-points",
    EmptyQuestion Error "empty-question",
    EmptySelection Error "empty-selection",
    ForeignSyntax Warning "foreign-syntax",
    FormulaCell Warning "formula-cell",
    FrontMatter Error "front-matter",
    HeadingBySeparator Warning "heading-by-separator",
    IdleClass Warning "idle-class",
    IgnoredMedia Warning "ignored-media",
    InternalError Error "internal-error",
    InvalidConfig Error "invalid-config",
    InvalidId Error "invalid-id",
    InvalidNoteType Error "invalid-note-type",
    InvalidTag Warning "invalid-tag",
    InvalidTemplate Error "invalid-template",
    LargeFile Warning "large-file",
    LargeMedia Error "large-media",
    LeftOut Warning "left-out",
    LongAnswer Warning "long-answer",
    LossyExport Warning "lossy-export",
    ManyKeyPoints Warning "many-key-points",
    MissingEmbed Warning "missing-embed",
    MissingFile Warning "missing-file",
    MissingMedia Error "missing-media",
    NearMatch Warning "near-match",
    NoQuestions Warning "no-questions",
    NoTopic Warning "no-topic",
    NotUtf8 Error "not-utf8",
    NoteTypeChanged Error "note-type-changed",
    NoteWithoutCards Error "note-without-cards",
    OrphanAnswer Error "orphan-answer",
    OrphanKeyPoints Error "orphan-key-points",
    OwnOutput Warning "own-output",
    RemoteMedia Warning "remote-media",
    StrayText Warning "stray-text",
    SwallowedLabel Warning "swallowed-label",
    SwallowedQuestion Warning "swallowed-question",
    TakenNumber Warning "taken-number",
    TooManyCards Error "too-many-cards",
    UnansweredQuestion Warning "unanswered-question",
    UnknownField Error "unknown-field",
    UnknownKey Warning "unknown-key",
    UnknownNoteType Error "unknown-note-type",
    UnreadQuestion Warning "unread-question",
    UnusedFootnote Warning "unused-footnote",
}

/// One problem at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What kind of problem.
    pub code: Code,
    /// Whether it stops the build.
    pub severity: Severity,
    /// What is wrong, in one line without a full stop.
    pub message: String,
    /// Where, in what an author wrote.
    pub span: Span,
    /// What to say at the place itself; may be empty.
    pub label: String,
    /// Other places that matter, each with what to say there.
    pub related: Vec<(Span, String)>,
    /// How to mend it.
    pub help: Option<String>,
    /// The edit that mends it, if there is one that does.
    pub fix: Option<Fix>,
}

/// An edit of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

impl Diagnostic {
    /// Returns a problem with no more than a message and a place.
    #[must_use]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        let (severity, message, label) = (code.severity(), message.into(), String::new());
        Self { code, severity, message, span, label, related: Vec::new(), help: None, fix: None }
    }

    /// Returns the same, saying `label` at the place itself.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Returns the same, pointing at another place too.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Returns the same, saying how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Diagnostic {
    /// Makes a warning of an error that takes nothing from any card.
    pub fn soften(&mut self) {
        self.severity = Severity::Warning;
    }

    /// Makes a warning of an error that leaves out one question and nothing else.
    pub fn leave_out(&mut self) {
        if self.severity == Severity::Error {
            self.severity = Severity::Warning;
            let label = std::mem::take(&mut self.label);
            let effect = "left out of every deck until it is mended";
            self.label =
                if label.is_empty() { effect.into() } else { format!("{label}; {effect}") };
        }
    }

    /// Returns all places that it names.
    pub fn spans(&self) -> impl Iterator<Item = Span> + '_ {
        let related = self.related.iter().map(|(span, _)| *span);
        std::iter::once(self.span).chain(related).chain(self.fix.iter().map(|fix| fix.span))
    }

    /// Returns the same, with the edit that mends it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

/// Sorts by file and place, errors first where both are the same; what is said of a place that was
/// read twice, as that of an embedded note, is said once.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_key(|d| (d.span, d.severity, d.code));
    diagnostics.dedup();
}

/// Returns whether any of them stops the build.
#[must_use]
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}
