//! The list of targets.

use super::{About, Loss, Proof};
use crate::model::CardKind;

const REVERSED: Loss = Loss::Cards(CardKind::Reverse);
const TYPED: Loss = Loss::Cards(CardKind::Type);
const RECALLED: Loss = Loss::Cards(CardKind::Recall);

/// The losses of plain text, if everything else has a column.
const AS_TEXT: &[Loss] = &[Loss::Images, Loss::Audio, Loss::Clozes, REVERSED, TYPED, RECALLED];

/// The losses of one line of plain text per side.
const AS_A_LINE: &[Loss] =
    &[Loss::Images, Loss::Audio, Loss::Lines, Loss::Clozes, REVERSED, TYPED, RECALLED, Loss::Tags];

/// Defines the targets: each variant with what the list says of it, so that none can be missing.
macro_rules! targets {
    ($($(#[$doc:meta])* $target:ident { $($about:tt)* })*) => {
        /// A format that a build can write.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Target {
            $($(#[$doc])* $target,)*
        }

        /// Every target, in the order of their variants.
        pub(super) const ALL: &[(Target, About)] =
            &[$((Target::$target, About { $($about)* }),)*];
    };
}

targets! {
    /// An Anki package.
    Apkg {
        name: "apkg",
        file: ".apkg",
        purpose: "Anki",
        keeps: "every card, deck, tag, picture, sound and film",
        loses: &[],
        proof: Proof::Run("Anki"),
    }
    /// CSV with plain text, for any reader of CSV.
    Csv {
        name: "csv",
        file: ".csv",
        purpose: "apps that read plain CSV, with a header",
        keeps: "front, back, topic, tags and id as plain text",
        loses: AS_TEXT,
        proof: Proof::Rules,
    }
    /// CSV for Anki's text import.
    AnkiCsv {
        name: "anki-csv",
        file: ".anki.csv",
        purpose: "Anki's text import, without times",
        keeps: "every field, deck and tag; files in media/",
        loses: &[],
        proof: Proof::Run("Anki"),
    }
    /// One Markdown file per topic, in the native convention.
    Markdown {
        name: "markdown",
        file: "markdown/",
        purpose: "reading, and deckpress itself",
        keeps: "everything",
        loses: &[],
        proof: Proof::Run("deckpress"),
    }
    /// One page to read, to quiz oneself and to print.
    Html {
        name: "html",
        file: ".html",
        purpose: "people without any app, to read, quiz themselves and print",
        keeps: "every part of a question, decks, topics, formulas, pictures and sounds",
        loses: &[Loss::Clozes, REVERSED, TYPED, RECALLED, Loss::Tags],
        proof: Proof::Run("Chromium"),
    }
    /// The whole library as JSON.
    Json {
        name: "json",
        file: ".json",
        purpose: "programs",
        keeps: "everything",
        loses: &[],
        proof: Proof::Rules,
    }
    /// One question per line as JSON.
    Jsonl {
        name: "jsonl",
        file: ".jsonl",
        purpose: "programs, a question per line",
        keeps: "everything of each question",
        loses: &[],
        proof: Proof::Rules,
    }
    /// CSV for Excel and `LibreOffice`.
    Spreadsheet {
        name: "spreadsheet",
        file: ".spreadsheet.csv",
        purpose: "Excel, LibreOffice, Google Sheets",
        keeps: "every part of a question in a column of its own, as plain text",
        loses: AS_TEXT,
        proof: Proof::Run("LibreOffice"),
    }
    /// Text to paste into Quizlet.
    Quizlet {
        name: "quizlet",
        file: ".quizlet.txt",
        purpose: "pasting into Quizlet",
        keeps: "question and answer as plain text on one line",
        loses: AS_A_LINE,
        proof: Proof::Documentation,
    }
    /// Text to paste into Knowt.
    Knowt {
        name: "knowt",
        file: ".knowt.txt",
        purpose: "pasting into Knowt",
        keeps: "question and answer as plain text on one line",
        loses: AS_A_LINE,
        proof: Proof::Documentation,
    }
    /// Text to paste into Memrise.
    Memrise {
        name: "memrise",
        file: ".memrise.txt",
        purpose: "pasting into a Memrise course",
        keeps: "question and answer as plain text on one line",
        loses: AS_A_LINE,
        proof: Proof::Documentation,
    }
    /// Text to paste into Brainscape.
    BrainscapePaste {
        name: "brainscape-paste",
        file: ".brainscape.txt",
        purpose: "pasting into Brainscape",
        keeps: "question and answer as plain text on one line",
        loses: AS_A_LINE,
        proof: Proof::Documentation,
    }
    /// CSV for Brainscape.
    Brainscape {
        name: "brainscape",
        file: ".brainscape.csv",
        purpose: "Brainscape's file import",
        keeps: "question, answer, key points, hint, all else and topic as plain text",
        loses: &[
            Loss::Images,
            Loss::Audio,
            Loss::Clozes,
            REVERSED,
            TYPED,
            RECALLED,
            Loss::Tags,
        ],
        proof: Proof::Documentation,
    }
    /// Tab-separated text for Mnemosyne.
    Mnemosyne {
        name: "mnemosyne",
        file: ".mnemosyne.txt",
        purpose: "Mnemosyne's tab-separated import",
        keeps: "question and answer as HTML; pictures and sounds in media/",
        loses: &[Loss::Clozes, REVERSED, TYPED, RECALLED, Loss::Tags],
        proof: Proof::Run("Mnemosyne"),
    }
    /// Questions and answers as text for `SuperMemo`.
    SuperMemo {
        name: "supermemo",
        file: ".supermemo.txt",
        purpose: "SuperMemo's Q&A import",
        keeps: "question and answer as text, a line at a time",
        loses: &[
            Loss::Images,
            Loss::Audio,
            Loss::Clozes,
            REVERSED,
            TYPED,
            RECALLED,
            Loss::Tags,
        ],
        proof: Proof::Run("Mnemosyne"),
    }
    /// A package for Mochi.
    Mochi {
        name: "mochi",
        file: ".mochi",
        purpose: "Mochi",
        keeps: "question and answer as Markdown, gaps, reversed cards, decks, tags, ids, pictures and sounds",
        loses: &[TYPED, RECALLED],
        proof: Proof::Documentation,
    }
    /// One Markdown file for `RemNote`.
    RemNote {
        name: "remnote",
        file: ".remnote.md",
        purpose: "RemNote, in one file",
        keeps: "question and answer as bullets, gaps, reversed cards and recall lists",
        loses: &[Loss::Images, Loss::Audio, TYPED, Loss::Tags],
        proof: Proof::Documentation,
    }
    /// An Org file for org-drill in Emacs.
    OrgDrill {
        name: "org-drill",
        file: ".org",
        purpose: "org-drill in Emacs",
        keeps: "question and answer as Org, gaps, topics, tags, ids, pictures, and the file's own schedule",
        loses: &[RECALLED],
        proof: Proof::Run("org-drill"),
    }
    /// A folder for hashcards.
    Hashcards {
        name: "hashcards",
        file: "hashcards/",
        purpose: "hashcards",
        keeps: "question and answer as Markdown, gaps, pictures and sounds",
        loses: &[REVERSED, TYPED, RECALLED, Loss::Tags],
        proof: Proof::Run("hashcards"),
    }
    /// A folder for Obsidian's plugin Spaced Repetition.
    ObsidianSr {
        name: "obsidian-sr",
        file: "obsidian-sr/",
        purpose: "the Obsidian plugin Spaced Repetition",
        keeps: "question and answer as Markdown, gaps, topics, tags, pictures and sounds",
        loses: &[TYPED, RECALLED],
        proof: Proof::Rules,
    }
    /// A folder for Obsidian's plugin `Obsidian_to_Anki`.
    ObsidianToAnki {
        name: "obsidian-to-anki",
        file: "obsidian-to-anki/",
        purpose: "the Obsidian plugin Obsidian_to_Anki",
        keeps: "question and answer as Markdown, gaps, decks, tags, pictures and sounds",
        loses: &[TYPED, RECALLED],
        proof: Proof::Rules,
    }
    /// A folder for Obsidian's plugin Flashcards.
    FlashcardsObsidian {
        name: "flashcards-obsidian",
        file: "flashcards-obsidian/",
        purpose: "the Obsidian plugin Flashcards",
        keeps: "question and answer as Markdown, gaps, decks, tags, pictures and sounds",
        loses: &[TYPED, RECALLED],
        proof: Proof::Rules,
    }
    /// A folder of pages for Logseq.
    Logseq {
        name: "logseq",
        file: "logseq/",
        purpose: "Logseq",
        keeps: "question and answer as blocks, gaps, tags, ids, media, and the pages' own schedule",
        loses: &[REVERSED, TYPED, RECALLED],
        proof: Proof::Run("mldoc, Logseq's parser"),
    }
    /// A folder of Markdown files for Mochi.
    MochiMd {
        name: "mochi-md",
        file: "mochi-md/",
        purpose: "Mochi's Markdown import",
        keeps: "question and answer as Markdown, gaps, tags, pictures and sounds",
        loses: &[REVERSED, TYPED, RECALLED],
        proof: Proof::Documentation,
    }
    /// A folder of Markdown files for `RemNote`.
    RemNoteMd {
        name: "remnote-md",
        file: "remnote-md/",
        purpose: "RemNote's Markdown import, a file per topic",
        keeps: "question and answer as bullets, gaps, reversed cards and recall lists",
        loses: &[Loss::Audio, TYPED, Loss::Tags],
        proof: Proof::Documentation,
    }
    /// A folder for inka2.
    Inka2 {
        name: "inka2",
        file: "inka2/",
        purpose: "inka2, which sends Markdown to Anki",
        keeps: "question and answer as Markdown, gaps, decks, tags and pictures",
        loses: &[Loss::Audio, REVERSED, TYPED, RECALLED],
        proof: Proof::Run("inka2"),
    }
    /// A folder for mdanki.
    MdAnki {
        name: "mdanki",
        file: "mdanki/",
        purpose: "mdanki, which makes Anki packages of Markdown",
        keeps: "question and answer as Markdown, tags and pictures",
        loses: &[Loss::Audio, Loss::Clozes, REVERSED, TYPED, RECALLED],
        proof: Proof::Rules,
    }
}
