//! What a person or a program is told: the only user of the terminal renderer.

use std::io::{self, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anstyle::{AnsiColor, Style as Paint};
use serde_json::{Value, json};

use crate::compile::Counts;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::driver::built::{Built, LockState};
use crate::identity::plan::Plan;
use crate::source::{Sources, Span};

mod github;
mod import;
mod init;
mod inspect;
mod lock;
mod plan;
mod plan_markdown;
mod pull;
mod push;
mod sarif;
mod spinner;
mod stats;
mod watch;

pub use spinner::Spinner;

/// So many pairs that nobody has confirmed are named.
const MOST_OPEN: usize = 10;

/// What it costs to have no lock.
const NO_LOCK: &str = "reworded questions will be new ones, and an import overwrites what learners \
                       changed in their notes";

/// How messages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// As rustc does: the source line, carets, help.
    #[default]
    Human,
    /// A line per problem, for editors.
    Short,
    /// A JSON object per line, for programs.
    Json,
    /// A workflow command per problem, of which GitHub makes notes in a pull request.
    Github,
    /// The problems as one SARIF document, for what collects findings.
    Sarif,
    /// A plan as Markdown, for a comment; problems are for people.
    Markdown,
}

/// Where and how to write.
#[derive(Debug)]
pub struct Reporter<W: Write> {
    /// The stream: standard output for programs, standard error for people.
    pub to: W,
    /// How messages are written.
    pub style: Style,
    /// Whether colours are wanted.
    pub color: bool,
    /// Whether to say nothing but what is wrong.
    pub quiet: bool,
}

impl<W: Write> Reporter<W> {
    /// Writes every diagnostic, and their count at the end.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn diagnostics(&mut self, sources: &Sources, all: &[Diagnostic]) -> io::Result<()> {
        if self.style == Style::Sarif {
            return writeln!(self.to, "{:#}", sarif::document(sources, all));
        }
        let is_human = matches!(self.style, Style::Human | Style::Markdown);
        for diagnostic in all {
            match self.style {
                _ if is_human && diagnostic.code == Code::NearMatch => {}
                Style::Github => writeln!(self.to, "{}", github::annotation(sources, diagnostic))?,
                Style::Human | Style::Markdown | Style::Sarif => {
                    let text = human(sources, diagnostic, self.color);
                    writeln!(self.to, "{text}\n")?;
                }
                Style::Short => writeln!(self.to, "{}", short(sources, diagnostic))?,
                Style::Json => writeln!(self.to, "{}", machine(sources, diagnostic))?,
            }
        }
        if is_human {
            self.open_pairs(sources, all)?;
        }
        if self.style != Style::Json && !all.is_empty() {
            writeln!(self.to, "{}", tally(all))?;
        }
        Ok(())
    }

    /// Writes the pairs that nobody has confirmed, a line each: they come with every build, so they
    /// must not hide the rest.
    fn open_pairs(&mut self, sources: &Sources, all: &[Diagnostic]) -> io::Result<()> {
        let open: Vec<_> = all.iter().filter(|it| it.code == Code::NearMatch).collect();
        let Some(first) = open.first() else { return Ok(()) };
        let title = match open.len() {
            1 => first.message.clone(),
            more => format!("{more} questions are taken for earlier ones that read otherwise"),
        };
        let bold = if self.color { Paint::new().bold() } else { Paint::new() };
        let yellow = AnsiColor::Yellow.on_default().bold();
        let yellow = if self.color { yellow } else { Paint::new() };
        writeln!(self.to, "{yellow}warning[near-match]{yellow:#}{bold}: {title}{bold:#}")?;
        for pair in open.iter().take(MOST_OPEN) {
            let (line, _) = sources.position(pair.span);
            let id = pair.fix.as_ref().map_or("", |fix| fix.text.trim_matches([' ', '{', '}']));
            let path = sources.display(pair.span.file);
            writeln!(self.to, "  --> {path}:{line} {{{id}}} {}", pair.label)?;
        }
        if open.len() > MOST_OPEN {
            let more = open.len() - MOST_OPEN;
            writeln!(self.to, "  and {more} more, which `deckpress plan` shows")?;
        }
        let what = if open.len() == 1 { "it" } else { "them" };
        writeln!(
            self.to,
            "  = help: `deckpress lock accept` confirms {what}, or those whose ids follow it, and \
             `deckpress check --fix` writes the ids into the content; `{{id=new}}` behind a heading \
             says that the question is a new one\n"
        )
    }

    /// Says how a check went that found nothing wrong.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn checked(&mut self, counts: Counts, all: &[Diagnostic]) -> io::Result<()> {
        match self.style {
            Style::Json => writeln!(self.to, "{}", summary(counts)),
            Style::Sarif => Ok(()),
            _ if self.quiet || !all.is_empty() => Ok(()),
            _ => writeln!(self.to, "{}: no problems", amount(counts.questions, "question")),
        }
    }

    /// Says what was built.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn built(&mut self, built: &Built, plan: &Plan, time: Duration) -> io::Result<()> {
        if self.style == Style::Json {
            for (path, size) in &built.written {
                let line = json!({"reason": "artifact", "path": path, "bytes": size});
                writeln!(self.to, "{line}")?;
            }
            for path in &built.removed {
                writeln!(self.to, "{}", json!({"reason": "removed", "path": path}))?;
            }
            for (path, name) in &built.kept {
                let line = json!({"reason": "kept", "path": path, "as": name});
                writeln!(self.to, "{line}")?;
            }
            writeln!(self.to, "{}", plan::counts(plan))?;
            let mut line = summary(built.counts);
            if let Some(chosen) = built.chosen {
                line["chosen"] = json!(chosen);
            }
            line["seconds"] = json!(time.as_secs_f64());
            return writeln!(self.to, "{line}");
        }
        if let LockState::Impossible(path, why) = &built.lock {
            writeln!(
                self.to,
                "warning: no lock could be made at `{}`: {why}\n  {NO_LOCK}; `--lock FILE` keeps it \
                 elsewhere",
                path.display()
            )?;
        }
        for (path, name) in &built.kept {
            writeln!(
                self.to,
                "warning: somebody has edited `{}`\n  it is kept as `{}`, which no app reads",
                path.display(),
                name.display()
            )?;
        }
        if self.quiet {
            return Ok(());
        }
        writeln!(self.to, "{}", in_numbers(built.counts))?;
        writeln!(self.to, "  {}", plan::line(plan))?;
        if let Some(chosen) = built.chosen {
            let what = amount(chosen, "question");
            writeln!(self.to, "  {what} chosen; outputs of the others stay as they are")?;
        }
        if let Some(vault) = &built.vault {
            writeln!(self.to, "  {} is an Obsidian vault, and is read as one", vault.display())?;
        }
        let mut folded: Vec<(String, usize, u64)> = Vec::new();
        // What is hidden is for the next build.
        let is_shown = |path: &PathBuf| {
            path.file_name().is_none_or(|name| !name.to_string_lossy().starts_with('.'))
        };
        for (path, size) in built.written.iter().filter(|(path, _)| is_shown(path)) {
            let folder = path.parent().filter(|folder| **folder != built.out);
            let shown = match folder {
                Some(folder) => format!("{}/", folder.display()),
                None => path.display().to_string(),
            };
            match folded.last_mut() {
                Some((last, files, bytes)) if *last == shown => {
                    *files += 1;
                    *bytes += size;
                }
                _ => folded.push((shown, 1, *size)),
            }
        }
        let width = folded.iter().map(|(path, ..)| path.chars().count()).max().unwrap_or(0);
        for (path, files, bytes) in folded {
            let files = if path.ends_with('/') {
                format!(", {}", amount(files, "file"))
            } else {
                String::new()
            };
            writeln!(self.to, "  {path:width$}  {}{files}", human_size(bytes))?;
        }
        for path in &built.removed {
            writeln!(self.to, "  {} removed: nothing goes there any more", path.display())?;
        }
        match &built.lock {
            LockState::Made(path) => writeln!(
                self.to,
                "  {} is new: keep it under version control, it knows reworded questions again",
                path.display()
            )?,
            LockState::KeptApart(path) => writeln!(
                self.to,
                "  the lock is {}: it is lost to whoever has only the content",
                path.display()
            )?,
            LockState::Unwanted => writeln!(self.to, "  built without a lock: {NO_LOCK}")?,
            LockState::Kept | LockState::Impossible(..) => {}
        }
        writeln!(self.to, "in {time:.0?}")
    }
}

fn summary(counts: Counts) -> Value {
    let Counts { decks, topics, questions, cards, key_points } = counts;
    json!({
        "reason": "summary",
        "decks": decks,
        "topics": topics,
        "questions": questions,
        "cards": cards,
        "key_points": key_points,
    })
}

/// Says how much there is, in one line.
fn in_numbers(counts: Counts) -> String {
    let Counts { decks, topics, questions, cards, key_points } = counts;
    let parts = [
        amount(decks, "deck"),
        amount(topics, "topic"),
        amount(questions, "question"),
        amount(cards, "card"),
        amount(key_points, "key point"),
    ];
    parts.join(", ")
}

fn amount(count: usize, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}

fn human_size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", tenths(KIB)),
        1_048_576..1_073_741_824 => format!("{} MiB", tenths(KIB * KIB)),
        _ => format!("{} GiB", tenths(KIB * KIB * KIB)),
    }
}

fn tally(all: &[Diagnostic]) -> String {
    let of = |severity| all.iter().filter(|d| d.severity == severity).count();
    let counts = [(of(Severity::Error), "error"), (of(Severity::Warning), "warning")];
    let parts = counts.iter().filter(|(count, _)| *count > 0);
    parts.map(|&(count, what)| amount(count, what)).collect::<Vec<_>>().join(", ")
}

fn short(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let (line, column) = sources.position(diagnostic.span);
    let path = sources.display(diagnostic.span.file);
    let Diagnostic { code, severity, message, .. } = diagnostic;
    format!("{path}:{line}:{column}: {}[{}]: {message}", severity.name(), code.name())
}

/// Returns message, label and help of a problem, a line each.
fn full_text(diagnostic: &Diagnostic) -> String {
    let Diagnostic { message, label, help, .. } = diagnostic;
    let label = Some(label).filter(|label| !label.is_empty());
    let lines = [Some(message), label, help.as_ref()].into_iter().flatten();
    lines.map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// Returns a text of at most so many characters, and an ellipsis where it goes on.
fn shorten(text: &str, most: usize) -> String {
    let mut shown: String = text.chars().take(most).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

fn place(sources: &Sources, span: Span) -> Value {
    let (line, column) = sources.position(span);
    let (end_line, end_column) = sources.end_position(span);
    json!({
        "file": sources.display(span.file),
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "start": span.start,
        "end": span.end,
    })
}

fn machine(sources: &Sources, diagnostic: &Diagnostic) -> Value {
    let related = diagnostic.related.iter().map(|(span, label)| {
        let mut related = place(sources, *span);
        related["label"] = json!(label);
        related
    });
    json!({
        "reason": "diagnostic",
        "code": diagnostic.code.name(),
        "severity": diagnostic.severity.name(),
        "message": diagnostic.message,
        "place": place(sources, diagnostic.span),
        "label": diagnostic.label,
        "related": related.collect::<Vec<_>>(),
        "help": diagnostic.help,
    })
}

fn human(sources: &Sources, diagnostic: &Diagnostic, color: bool) -> String {
    let Diagnostic { span, label, related, .. } = diagnostic;
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    // Places that are near each other are shown together.
    let (mut together, mut apart) = (vec![*span], Vec::new());
    for (other, _) in related.iter().filter(|(other, _)| other.file == span.file) {
        together.push(*other);
        if window(sources, &together).1.len() > FAR {
            together.pop();
        }
    }
    let notes = related.iter().map(|(span, label)| (*span, label));
    let mut near = vec![(*span, label, AnnotationKind::Primary)];
    for (span, label) in notes {
        let group = if together.contains(&span) { &mut near } else { &mut apart };
        group.push((span, label, AnnotationKind::Context));
    }
    let title = level.primary_title(&*diagnostic.message).id(diagnostic.code.name());
    let mut group: Group<'_> = Group::with_title(title);
    let alone = apart.into_iter().map(|place| vec![place]);
    for places in std::iter::once(near).chain(alone) {
        group = shown(sources, group, &places);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(&**help));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[group])
}

/// A place in a message, with what to say there.
type Annotated<'d> = (Span, &'d String, AnnotationKind);

/// Adds places of one file and what stands there. Of lines too long for anybody to see where in
/// them it is, only the place is told.
fn shown<'d>(sources: &'d Sources, group: Group<'d>, places: &[Annotated<'d>]) -> Group<'d> {
    let spans: Vec<Span> = places.iter().map(|(span, ..)| *span).collect();
    let path = sources.display(spans[0].file);
    let (first, window) = window(sources, &spans);
    if window.len() > FAR {
        let (line, column) = sources.position(spans[0]);
        let label =
            places.iter().map(|(_, label, _)| label.as_str()).find(|label| !label.is_empty());
        let group = group.element(Origin::path(path).line(line).char_column(column));
        return label
            .into_iter()
            .fold(group, |group, label| group.element(Level::NOTE.message(label)));
    }
    let text = sources.original(spans[0].file);
    let mut snippet = Snippet::source(&text[window.clone()]).line_start(first).path(path);
    for (span, label, kind) in places {
        let place = span.start - window.start..span.end - window.start;
        snippet = snippet.annotation(kind.span(place).label(label.as_str()));
    }
    group.element(snippet)
}

/// Lines of so many bytes are not shown.
const FAR: usize = 10_000;

/// Returns the lines that places in one file are on, and the number of the first of them.
fn window(sources: &Sources, spans: &[Span]) -> (usize, Range<usize>) {
    let file = spans[0].file;
    let text = sources.original(file);
    let start = spans.iter().map(|span| span.start).min().unwrap_or(0);
    let end = spans.iter().map(|span| span.end).max().unwrap_or(start);
    let (line, mut lines) = sources.lines(Span { file, start, end });
    // A byte order mark is no character of the first line.
    if line == 1 {
        lines.start = (text.len() - text.trim_start_matches('\u{feff}').len()).min(start);
    }
    (line, lines)
}
