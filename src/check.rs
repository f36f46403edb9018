//! What is wrong between the parts: the same question twice, a picture that is not there.
//!
//! What is wrong within one place is reported where it is read.

pub mod templates;

use std::collections::BTreeMap;

use crate::config::RemoteMedia;
use crate::diagnostic::{Code, Diagnostic};
use crate::media::{self, Problem};
use crate::model::{Library, MediaRef, Place, Question};
use crate::source::{Sources, Span};

/// Looks at everything together. `asked` is what the questions ask, in order, and `problem` says
/// why a file cannot be had.
pub fn library<'p>(
    sources: &Sources,
    library: &Library,
    asked: impl Iterator<Item = &'p str>,
    remote: RemoteMedia,
    problem: impl Fn(&str) -> Option<&'p Problem>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    duplicate_questions(library, asked, diagnostics);
    for media in &library.media {
        let is_embedded = media.embedded || sources.text_at(media.span).starts_with("![");
        let span = sources.locate(media.span);
        if is_embedded && media::is_document(&media.target) {
            diagnostics.push(embedded_document(media, span));
        }
        let mut found = match &media.place {
            Place::Outside if media.embedded => Some(missing_media(media, span, &Problem::Outside)),
            Place::Remote if media.embedded => remote_media(media, span, remote),
            Place::Outside | Place::Remote => None,
            Place::Inside(path) => {
                let is_secret = media::refusal(path, false);
                let is_odd = media::refusal(path, media.embedded);
                match is_secret.as_ref().or_else(|| problem(path)).or(is_odd.as_ref()) {
                    Some(Problem::Ignored) => Some(ignored_media(media, span)),
                    Some(problem) if media.embedded => Some(missing_media(media, span, problem)),
                    Some(problem) => missing_file(media, span, path, problem),
                    None => None,
                }
            }
        };
        // Who found a file somewhere may not have its pictures, and the rest is worth reading.
        if let Some(problem) = &mut found
            && problem.code == Code::MissingMedia
            && sources.is_foreign(media.span.file)
        {
            problem.code = Code::MissingFile;
            problem.severity = Code::MissingFile.severity();
        }
        diagnostics.extend(found);
    }
}

/// Returns what stands at the reference itself.
#[must_use]
pub fn why(problem: &Problem) -> String {
    match problem {
        Problem::Absent(_) => "there is no such file".to_owned(),
        Problem::Outside => "it is outside the content folder".to_owned(),
        Problem::Dangling => "it is a symbolic link to nothing".to_owned(),
        Problem::Circle => "it is a symbolic link that leads in a circle".to_owned(),
        Problem::Folder => "it is a folder".to_owned(),
        Problem::Special => "it is a pipe, a socket or a device".to_owned(),
        Problem::Large(size) => format!("it has {}", mebibytes(*size)),
        Problem::Unreadable(error) => format!("it cannot be read: {error}"),
        Problem::Hidden => "it is a hidden file".to_owned(),
        Problem::Git => "it is Git's own".to_owned(),
        Problem::Kind => "it is no picture, sound or film, by its ending".to_owned(),
        Problem::Ignored => "`.gitignore` names it".to_owned(),
    }
}

/// Returns a size, rounded up so that what is too large never looks as if it were not.
fn mebibytes(bytes: u64) -> String {
    let tenths = (bytes * 10).div_ceil(1 << 20);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

const SHARED: &str = "a deck is shared, and such files often hold secrets";

fn missing_media(media: &MediaRef, span: Span, problem: &Problem) -> Diagnostic {
    let target = &media.target;
    let path = media.path().unwrap_or_default();
    if target.trim().is_empty() {
        return Diagnostic::new(Code::MissingMedia, span, "this shows no file")
            .label("no path is given")
            .help("write the path of a file, or take this out");
    }
    let help = match problem {
        Problem::Large(size) => {
            let message = format!("`{target}` is too large: it has {}", mebibytes(*size));
            return Diagnostic::new(Code::LargeMedia, span, message)
                .help("AnkiWeb takes no file over 100 MiB: make it smaller, or cut it in two");
        }
        Problem::Outside => "put it beside the notes and refer to it there".to_owned(),
        Problem::Hidden | Problem::Git => SHARED.to_owned(),
        Problem::Kind => format!("a card cannot show it: link to it, as in `[{path}]({target})`"),
        Problem::Absent(None) if target.contains(['#', '?']) => format!(
            "looked for `{path}` in the content folder; in a name, `#` is `%23` and `?` is `%3F`"
        ),
        _ => looked_for(path, problem),
    };
    let message = format!("cannot use `{target}`");
    Diagnostic::new(Code::MissingMedia, span, message).label(why(problem)).help(help)
}

fn embedded_document(media: &MediaRef, span: Span) -> Diagnostic {
    let message = format!("`{}` is no picture, sound or film", media.target);
    Diagnostic::new(Code::EmbeddedDocument, span, message)
        .label("shown as a link")
        .help("in Anki the link leads nowhere: say what is in it, or show a picture of it")
}

/// Returns a link to what looks like a file and is none. Folders, and what has no ending, may well
/// be places in a repository that is seen elsewhere.
fn missing_file(media: &MediaRef, span: Span, path: &str, problem: &Problem) -> Option<Diagnostic> {
    let is_file = media::extension(path).is_some() && !media::is_markdown(path);
    let is_secret = matches!(problem, Problem::Hidden | Problem::Git);
    if !is_secret && (!is_file || matches!(problem, Problem::Folder | Problem::Outside)) {
        return None;
    }
    let message = format!("nobody can follow this link to `{}`", media.target);
    let help = if is_secret { SHARED.to_owned() } else { looked_for(path, problem) };
    let problem = Diagnostic::new(Code::MissingFile, span, message).label(why(problem)).help(help);
    Some(problem)
}

fn ignored_media(media: &MediaRef, span: Span) -> Diagnostic {
    let message = format!("`{}` is in the deck and not under version control", media.target);
    Diagnostic::new(Code::IgnoredMedia, span, message)
        .label("`.gitignore` names it")
        .help("whoever builds a copy of the repository does not have it")
}

/// Returns where a file was looked for, or which one may be meant.
fn looked_for(path: &str, problem: &Problem) -> String {
    match problem {
        Problem::Absent(Some(similar)) => format!("there is `{similar}`, which differs in case"),
        _ => format!("looked for `{path}` in the content folder"),
    }
}

fn remote_media(media: &MediaRef, span: Span, remote: RemoteMedia) -> Option<Diagnostic> {
    let (code, help) = match remote {
        RemoteMedia::Allow => return None,
        RemoteMedia::Warn => (
            Code::RemoteMedia,
            "put the file beside the notes, or set `remote_media = \"allow\"` in `deckpress.toml`",
        ),
        RemoteMedia::Deny => (
            Code::DeniedMedia,
            "put the file beside the notes; `deckpress.toml` says `remote_media = \"deny\"`",
        ),
    };
    let message = format!("`{}` is not part of the deck", media.target);
    let label = "only who is online will see or hear it";
    Some(Diagnostic::new(code, span, message).label(label).help(help))
}

fn duplicate_questions<'q>(
    library: &Library,
    mut asked: impl Iterator<Item = &'q str>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for topic in library.decks.iter().flat_map(|deck| &deck.topics) {
        let mut seen: BTreeMap<&str, &Question> = BTreeMap::new();
        for (question, text) in topic.questions.iter().zip(&mut asked) {
            if question.is_broken {
                continue;
            }
            let first = *seen.entry(text).or_insert(question);
            let is_first = std::ptr::eq(first, question);
            if is_first || (first.id.is_some() && question.id.is_some()) {
                continue;
            }
            diagnostics.push(
                Diagnostic::new(
                    Code::DuplicateQuestion,
                    question.span,
                    "this question stands twice in its topic",
                )
                .label("here again")
                .related(first.span, "first here")
                .help("take one out, reword it, or give each an id: `{#my-id}`"),
            );
        }
    }
}
