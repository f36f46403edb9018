//! Every key that a user may set, with what the manual says of it.
//!
//! The readers in this module take their lists of known keys from here, and so does the page
//! "Settings" of the book: a key that is not listed is an unknown one.

/// A key that may be set, and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The key.
    pub key: &'static str,
    /// The values that it takes, as Markdown.
    pub values: &'static str,
    /// The value that holds where the key is left out, as Markdown; empty if there is none.
    pub default: &'static str,
    /// What it does, as Markdown.
    pub about: &'static str,
    /// A value to begin with, as TOML, where the default is not one.
    pub example: &'static str,
}

const fn setting(
    key: &'static str,
    values: &'static str,
    default: &'static str,
    about: &'static str,
) -> Setting {
    Setting { key, values, default, about, example: "" }
}

impl Setting {
    const fn such_as(self, example: &'static str) -> Self {
        Self { example, ..self }
    }
}

const TRUTH: &str = "`true`, `false`";
const FORMS: &str = "`\"text\"`, `\"markdown\"`, `\"html\"`";

/// The keys of `deckpress.toml`.
pub const SETTINGS: &[Setting] = &[
    setting(
        "name",
        "a text",
        "the deck's title, or the folder's name if there are several decks",
        "The base name of the outputs.",
    )
    .such_as("\"interview\""),
    setting(
        "namespace",
        "a text",
        "the deck's title",
        "The text from which, together with the question, ids are made. Set it before you rename a deck, if the lock might get lost.",
    )
    .such_as("\"interview\""),
    setting(
        "formats",
        "a list of [targets](targets.md)",
        "`[\"apkg\", \"csv\", \"markdown\"]`",
        "What a build writes. `--to` replaces it.",
    ),
    setting("tags", "a text or a list of texts", "`[]`", "Tags of every question."),
    setting(
        "key_points",
        "`\"recall\"`, `\"list\"`",
        "`\"list\"`",
        "`\"recall\"` makes cards for the key points of every question, as [`{.recall}`](kinds.md#recall-lists) does for one.",
    ),
    setting(
        "reverse",
        TRUTH,
        "`false`",
        "`true` makes a reversed card of every question, as [`{.reverse}`](kinds.md#reversed-cards) does for one.",
    ),
    setting(
        "highlights",
        "`\"each\"`, `\"together\"`",
        "`\"each\"`",
        "Whether each `==highlight==` of a cloze question has a card of its own, or all of them share one card.",
    ),
    setting(
        "html",
        "`\"sanitize\"`, `\"escape\"`, `\"allow\"`",
        "`\"sanitize\"`",
        "What happens to raw HTML in the notes. `\"sanitize\"` keeps harmless elements, `\"escape\"` shows all of it as text, `\"allow\"` passes all of it on. Use `\"allow\"` only if all of the content is your own.",
    ),
    setting(
        "remote_media",
        "`\"allow\"`, `\"warn\"`, `\"deny\"`",
        "`\"warn\"`",
        "What happens to pictures and sounds that are embedded by URL. `\"deny\"` makes them errors.",
    ),
    setting(
        "css",
        "the path of a file in the content folder",
        "none",
        "A style sheet that is added to that of the note types. All decks that deckpress makes share their note types, so it concerns all of those that a learner has.",
    )
    .such_as("\"extra.css\""),
    setting(
        "source_url",
        "a URL with `{path}` and, if wanted, `{line}` in it",
        "none",
        "Makes the file name at the foot of a card a link, as in `\"https://example.org/{path}#L{line}\"`. `{path}` is the file's path in the content folder. A new value changes no note by itself: build with `--refresh` once.",
    )
    .such_as("\"https://example.org/{path}#L{line}\""),
    setting(
        "convention",
        "`\"auto\"`, a [convention](conventions.md), or a list of them",
        "`\"auto\"`",
        "How questions are written down. With `\"auto\"` it is found out for each file.",
    ),
    setting(
        "dialect",
        "`\"obsidian\"`, `\"commonmark\"`",
        "`\"obsidian\"` in an [Obsidian vault](obsidian.md)",
        "Which Markdown the notes are written in. `\"obsidian\"` reads [all that Obsidian adds](obsidian.md), `\"commonmark\"` nothing of it.",
    )
    .such_as("\"obsidian\""),
    setting(
        "note_type",
        "the name of a [note type](note-types.md), or a table of such names by folder",
        "ours",
        "The note type of all questions, or, as in `{ words = \"Word\" }`, of those of a folder. Front matter and `{type=…}` on a heading go before it.",
    )
    .such_as("\"Word\""),
    setting(
        "csv_cells",
        FORMS,
        "plain text, or HTML in a file that begins with Anki's line `#html:true`",
        "What the cells of CSV and TSV notes hold.",
    )
    .such_as("\"markdown\""),
    setting(
        "answer_labels",
        "a text or a list of texts",
        "`[]`",
        "More words that open an answer, as `\"Svar\"` for `**Svar:**`.",
    ),
    setting(
        "key_point_labels",
        "a text or a list of texts",
        "`[]`",
        "More words that open key points.",
    ),
    setting(
        "emoji_tags",
        "a table of tags by emoji",
        "none",
        "Tags for emoji on the line of a question, as in `\"🚀\" = \"hard\"`. The emoji itself is left out of the question.",
    )
    .such_as("{ \"🚀\" = \"hard\" }"),
    setting("csv", "a table", "", "How the target `csv` is written; see below."),
    setting("anki", "a table", "", "How the targets for Anki are written; see below."),
    setting(
        "export",
        "tables, each `[[export]]`",
        "",
        "More outputs of each build, each written in a way of its own; see below.",
    ),
];

/// The keys of a note type, `note-types/NAME.toml`.
pub const NOTE_TYPE: &[Setting] = &[
    setting("name", "a text", "the file's name", "The note type's name in Anki."),
    setting(
        "fields",
        "a list of names, or of tables with `name` and `was`",
        "",
        "The fields, in order. A question's heading fills the first one.",
    ),
    setting(
        "labels",
        "a table of words by field",
        "the field's own name",
        "The words that open a field's section.",
    ),
    setting("css", "the name of a file", "none", "The style sheet of its cards."),
    setting(
        "cloze",
        TRUTH,
        "`false`",
        "Whether it makes a card for each gap, as Anki's own Cloze does.",
    ),
    setting("was", "a text", "none", "The name that the note type had before."),
    setting("card", "tables, each `[[card]]`", "", "The card templates, in order."),
];

/// The keys of a field that is a table.
pub const FIELD: &[Setting] = &[
    setting("name", "a text", "", "The field's name."),
    setting("was", "a text", "none", "The name that it had before."),
];

/// The keys of `[[card]]`.
pub const CARD: &[Setting] = &[
    setting("name", "a text", "`Card 1`, `Card 2` and so on", "The template's name."),
    setting("front", "the name of a file", "", "The template of what asks."),
    setting("back", "the name of a file", "", "The template of what answers."),
    setting("was", "a text", "none", "The name that it had before."),
];

/// The keys of `[csv]`.
pub const CSV: &[Setting] =
    &[setting("text", FORMS, "`\"text\"`", "How texts are written in the target `csv`.")];

/// The keys of `[anki]`.
pub const ANKI: &[Setting] = &[
    setting(
        "format",
        "`\"legacy\"`, `\"latest\"`",
        "`\"legacy\"`",
        "Which package `apkg` writes. `\"latest\"` is smaller, and only Anki since 2.1.50 reads it; `\"legacy\"` is read by every Anki since 2.1 and by other apps.",
    ),
    setting(
        "csv_notetype",
        "`\"Deckpress Q&A\"`, `\"Basic\"`",
        "`\"Deckpress Q&A\"`",
        "Which note type `anki-csv` fills.",
    ),
    setting(
        "key_file",
        "a path",
        "none",
        "A file with the key of AnkiConnect, for [`push`](commands/push.md). A path that begins with `~/` is below your home folder, another one below the content folder. Keep the file out of version control.",
    )
    .such_as("\"~/.config/anki-key\""),
];

/// The keys of an `[[export]]`.
pub const EXPORT: &[Setting] = &[
    setting("to", "a [target](targets.md)", "", "What is written. This key is required.")
        .such_as("\"csv\""),
    setting(
        "name",
        "a text",
        "as without an `[[export]]`",
        "The base name of the file, or the name of the folder.",
    )
    .such_as("\"table\""),
    setting(
        "fields",
        "a list of fields; a list in it is one column",
        "those of the target",
        "The columns.",
    )
    .such_as("[\"question\", [\"answer\", \"key_points\"]]"),
    setting("join", "a text", "as the target has it", "What stands between the parts of a column.")
        .such_as("\" \""),
    setting("separator", "one character", "that of the target", "What stands between columns.")
        .such_as("\";\""),
    setting("header", TRUTH, "that of the target", "Whether the first row names the columns.")
        .such_as("true"),
    setting(
        "bom",
        TRUTH,
        "`false`",
        "Whether the file begins with a byte order mark, without which Excel may not take it for UTF-8.",
    ),
    setting("text", FORMS, "that of the target", "How texts are written.").such_as("\"markdown\""),
    setting(
        "only",
        "a [selector](choosing.md) or a list of them",
        "all questions",
        "Which questions the output holds: those that one of the selectors selects.",
    )
    .such_as("[\"topic:RAG*\", \"tag:interview\"]"),
    setting(
        "except",
        "a [selector](choosing.md) or a list of them",
        "`[]`",
        "Which of them it leaves out.",
    )
    .such_as("[\"tag:draft\"]"),
    setting(
        "split",
        "`\"deck\"`",
        "none",
        "`\"deck\"` makes an output of each deck, called after it.",
    )
    .such_as("\"deck\""),
];

/// The keys of a file's front matter.
pub const FRONT_MATTER: &[Setting] = &[
    setting(
        "deck",
        "a text or a list of texts",
        "the file's title, or its name",
        "The deck that the file adds to. `A::B` and a list are levels of decks, as `::` is in titles and topics. `cards-deck`, `TARGET DECK` and hashcards' `name` are read too.",
    ),
    setting(
        "topic",
        "a text or a list of texts",
        "none",
        "The topic that all of the file belongs to. `A::B` and a list are levels of topics.",
    ),
    setting("tags", "a text or a list of texts", "`[]`", "Tags of every question in the file."),
    setting("lang", "a language tag", "none", "The language of the text, such as `en` or `ar`."),
    setting("dir", "`ltr`, `rtl`, `auto`", "that of the language", "The direction of the text."),
    setting(
        "key_points",
        "`recall`, `list`",
        "as in `deckpress.toml`",
        "As in `deckpress.toml`, for this file.",
    ),
    setting("reverse", TRUTH, "as in `deckpress.toml`", "As in `deckpress.toml`, for this file."),
    setting(
        "convention",
        "`auto`, a [convention](conventions.md), or a list of them",
        "as in `deckpress.toml`",
        "As in `deckpress.toml`, for this file.",
    ),
    setting(
        "dialect",
        "`obsidian`, `commonmark`",
        "as in `deckpress.toml`",
        "As in `deckpress.toml`, for this file.",
    ),
    setting(
        "note_type",
        "the name of a [note type](note-types.md)",
        "as in `deckpress.toml`",
        "The note type of the file's questions.",
    ),
];

/// Returns the keys of a list of settings.
pub(super) fn keys(settings: &[Setting]) -> Vec<&'static str> {
    settings.iter().map(|setting| setting.key).collect()
}
