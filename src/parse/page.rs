//! The pages of the content, each made into a file of the native convention.

use std::ops::Range;

use super::convention::{self, Translation};
use super::file::Foreign;
use super::obsidian::{self, DeckTags, Dialects, Findings};
use super::{blocks, conflict, front_matter, is_values, own};
use crate::config::{self, Config, Dialect, FrontMatter};
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown;
use crate::model::Convention;
use crate::source::{FileId, Sources, Span, VersionSpan};
use crate::vault::Vault;

/// A file of the content with its front matter.
pub(super) struct Page {
    pub(super) file: FileId,
    pub(super) dialect: Option<Dialect>,
    pub(super) findings: Findings,
    pub(super) settings: FrontMatter,
    /// The byte where its text begins, below the front matter.
    pub(super) start: usize,
    pub(super) problems: Vec<Diagnostic>,
}

impl Page {
    /// Returns it as a page that asks nothing.
    pub(super) fn into_silent(self, sources: &Sources) -> Silent {
        let Self { file, start, mut problems, .. } = self;
        let text = sources.original(file);
        let start = start + (text[start..].len() - text[start..].trim_start().len());
        let end = text.trim_end().len();
        let text = (start < end).then(|| Span::new(file, start..end));
        soften_front_matter(&mut problems);
        Silent { text, nearest: None, is_values: false, is_obsidian: true, asking: None, problems }
    }
}

/// Makes warnings of errors in front matter: where nothing is asked, it is another tool's.
pub(super) fn soften_front_matter(problems: &mut [Diagnostic]) {
    let errors = problems.iter_mut().filter(|problem| problem.code == Code::FrontMatter);
    errors.for_each(Diagnostic::soften);
}

/// A file without a question.
pub(super) struct Silent {
    /// Its visible text.
    pub(super) text: Option<Span>,
    /// The convention that would find the most questions in it, and their number.
    pub(super) nearest: Option<(Convention, usize)>,
    /// Whether it holds values between commas or tabs.
    pub(super) is_values: bool,
    /// Whether it is a note of a vault, most of which ask nothing.
    pub(super) is_obsidian: bool,
    /// How many of its lines look like questions, and the first of them.
    pub(super) asking: Option<(usize, Span)>,
    /// Its problems.
    pub(super) problems: Vec<Diagnostic>,
}

/// Finds the pages among all files, and those that deckpress has written.
pub(super) fn find_pages(
    sources: &Sources,
    config: &Config,
    vault: &Vault<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Page>, Vec<FileId>) {
    let mut own = Vec::new();
    let mut pages = Vec::new();
    for (file, _) in sources.iter() {
        if sources.path(file) == config::FILE_NAME || sources.is_left_out(file) {
            continue;
        }
        let mut problems = Vec::new();
        let (settings, start) = if is_values(sources.path(file)) {
            (FrontMatter::default(), 0)
        } else {
            front_matter::read(file, sources.original(file), &mut problems)
        };
        if sources.output_folder(file).is_some() || own::is_page(&sources.original(file)[start..]) {
            own.push(file);
            continue;
        }
        conflict::report(sources, file, start, diagnostics);
        let is_values = is_values(sources.path(file));
        let dialect = settings.dialect.or(config.dialect).or(vault.dialect());
        let dialect = if is_values { Some(Dialect::CommonMark) } else { dialect };
        let findings = Findings::default();
        pages.push(Page { file, dialect, findings, settings, start, problems });
    }
    (pages, own)
}

/// Takes out of each page what only its dialect knows.
pub(super) fn clean(sources: &mut Sources, pages: &mut [Page], vault: &Vault<'_>) {
    let notes = pages.iter().map(|page| (page.file, page.start, page.dialect));
    let cleaned = obsidian::clean_notes(sources, &notes.collect::<Vec<_>>(), vault);
    for (page, cleaned) in pages.iter_mut().zip(cleaned) {
        page.findings = cleaned.unwrap_or_default();
    }
}

/// A page in the native convention.
pub(super) struct Native {
    /// The byte where the text that is read begins.
    pub(super) start: usize,
    /// What is known of it, if it is a translation.
    pub(super) foreign: Option<Foreign>,
    /// The places of embedded blocks, in which nothing asks.
    pub(super) embedded: Vec<Range<usize>>,
}

/// Lets a page be read in the native convention, with all that it embeds.
pub(super) fn make_native(
    sources: &mut Sources,
    config: &Config,
    page: &mut Page,
    reading: Option<Translation>,
    dialects: &mut Dialects<'_>,
    left_out: &mut Vec<(Span, &'static str)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Native {
    let Page { file, dialect, .. } = *page;
    let mut decks = DeckTags::default();
    let (mut start, mut foreign) = (page.start, None);
    if let Some(reading) = reading {
        let Translation { text, parts, skipped, topics, questions, is_one } = reading;
        let place = |(range, why)| (sources.locate(VersionSpan::new(file, range)), why);
        let left: Vec<_> = skipped.into_iter().map(place).collect();
        report_left(sources, &left, diagnostics);
        left_out.extend(left);
        let settings = &mut page.settings;
        if dialect == Some(Dialect::Obsidian) && settings.deck.is_none() {
            decks = DeckTags::find(sources, file, &mut settings.tags);
            settings.name_deck(decks.deck.clone());
        }
        folders(sources.path(file), text.starts_with("# ") || is_one, settings);
        if is_one && settings.deck.is_none() {
            settings.deck = Some(whole_deck(sources, config));
        }
        sources.set_translation(file, &text, &parts);
        start = 0;
        foreign = Some(Foreign { topics, questions });
    }
    let findings = &mut page.findings;
    match obsidian::expand_file(sources, file, start, dialect, &decks, dialects, findings) {
        Some(embedding) => {
            foreign = foreign.map(|foreign| embedding.move_foreign(foreign));
            Native { start, foreign, embedded: embedding.embedded }
        }
        None => Native { start, foreign, embedded: Vec::new() },
    }
}

/// Reports the text of a foreign file that belongs to no question and is no known boilerplate.
fn report_left(
    sources: &Sources,
    left: &[(Span, &'static str)],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut texts = left.iter().filter(|(_, why)| *why == convention::OUTSIDE);
    let Some((first, _)) = texts.next() else { return };
    let message = match texts.count() {
        0 => "this text belongs to no question".to_owned(),
        more => format!("this text, and {more} more below, belong to no question"),
    };
    let line = blocks::first_line(sources.original(first.file), &first.range());
    diagnostics.push(
        Diagnostic::new(Code::LeftOut, Span::new(first.file, line), message)
            .label("left out of every deck")
            .help("`deckpress inspect` lists all that is left out"),
    );
}

/// Makes deck and topics of the folders that a foreign file is in, unless it names its deck.
/// Without a title, the name of the file becomes the innermost topic, except `README` and `index`.
fn folders(path: &str, has_title: bool, settings: &mut FrontMatter) {
    let Some((folders, name)) = path.rsplit_once('/') else { return };
    let mut folders = folders.split('/').map(markdown::fold);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let says_nothing = ["readme", "index"].contains(&stem.to_lowercase().as_str());
    if settings.deck.is_none() {
        settings.deck = folders.next();
        if !has_title && !says_nothing && settings.topic.is_empty() {
            settings.topic.push(markdown::fold(stem));
        }
        settings.topic.splice(..0, folders);
    }
}

/// Returns the deck for questions that are a file each and in no folder.
fn whole_deck(sources: &Sources, config: &Config) -> String {
    let folder = || sources.folder().filter(|folder| !folder.is_empty()).map(markdown::fold);
    config.name.clone().or_else(folder).unwrap_or_else(|| "Questions".to_owned())
}
