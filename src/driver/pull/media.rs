//! Files that a learner put into fields in Anki, such as pasted pictures. They come home beside those
//! of the content, under names that nothing has there.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::bail;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::compile::{Attachment, Compiled};
use crate::connect::client::Client;
use crate::disk;
use crate::entities::decode;
use crate::html_to_markdown::{Notation, convert, safe_name};
use crate::media::{MediaFile, is_media};
use crate::slug::percent_decode;

/// A file that is only in Anki.
#[derive(Debug)]
pub(super) struct NewFile {
    /// Its path below the content folder.
    pub(super) path: String,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Whether the content folder holds it already, without any question that shows it.
    pub(super) is_there: bool,
    /// The name under which a build gives it to Anki.
    pub(super) built_name: String,
}

/// Files that are only in Anki, by their names there.
pub(super) type NewFiles = BTreeMap<String, NewFile>;

/// Fetches the files that fields show and no build has made, for questions in these files.
///
/// # Errors
/// If Anki or the disk cannot be read.
pub(super) fn fetch<'f>(
    client: &Client,
    compiled: &Compiled,
    root: &Path,
    fields: impl Iterator<Item = (&'f str, &'f str)>,
) -> anyhow::Result<NewFiles> {
    let known: Vec<&str> = compiled.media.iter().map(|(_, file)| &*file.name).collect();
    let mut files = NewFiles::new();
    for (path, html) in fields {
        for name in convert(html, Notation::default()).media {
            if known.contains(&&*name) || files.contains_key(&name) || !is_media(&name) {
                continue;
            }
            let answer: Value = client.call("retrieveMediaFile", &json!({"filename": name}))?;
            // Without a file the answer is `false`.
            let Some(data) = answer.as_str() else { continue };
            let Ok(bytes) = STANDARD.decode(data) else {
                bail!("AnkiConnect's answer to `retrieveMediaFile` is not base64");
            };
            let folder = find_folder(compiled, path);
            let (path, is_there) = find_path(root, &files, &folder, &safe_name(&name), &bytes)?;
            let Attachment { known, content, .. } = Attachment::new(bytes.clone());
            let built_name = MediaFile::new(&path, known, content).name;
            files.insert(name, NewFile { path, bytes, is_there, built_name });
        }
    }
    Ok(files)
}

/// Returns the folder of the files that a text shows, or else of those of any, below that of the
/// content.
fn find_folder(compiled: &Compiled, path: &str) -> String {
    let media = || compiled.library.media.iter().filter(|media| media.embedded);
    let is_of_file = |file| compiled.sources.path(file) == path;
    let own = media().filter(|it| is_of_file(it.span.file)).find_map(|it| it.path());
    let any = || media().find_map(|it| it.path());
    let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    own.or_else(any).map_or_else(|| "media".to_owned(), folder)
}

/// Returns a path in a folder that nothing has, or that has just this.
fn find_path(
    root: &Path,
    files: &NewFiles,
    folder: &str,
    name: &str,
    bytes: &[u8],
) -> anyhow::Result<(String, bool)> {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    for number in 1_u32.. {
        let name = match number {
            1 => name.to_owned(),
            _ => format!("{stem}-{number}.{ending}"),
        };
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if files.values().any(|file| file.path == path) {
            continue;
        }
        match disk::read_lock(&root.join(&path))? {
            None => return Ok((path, false)),
            Some(there) if there == bytes => return Ok((path, true)),
            Some(_) => {}
        }
    }
    unreachable!("there is always another number")
}

/// Returns a field with the names of new files as a build gives them.
pub(super) fn rename(html: &str, files: &NewFiles) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while !files.is_empty()
        && let Some((before, open, name, after)) = find_name(rest)
    {
        out.push_str(before);
        out.push_str(open);
        let known = files.get(&percent_decode(&decode(name))).or_else(|| files.get(name));
        out.push_str(known.map_or(name, |file| &file.built_name));
        rest = after;
    }
    out + rest
}

/// Splits HTML around the first name of a file: what stands before it, what opens it, the name, and
/// the rest.
fn find_name(html: &str) -> Option<(&str, &str, &str, &str)> {
    let openings = [("src=\"", '"'), ("src='", '\''), ("[sound:", ']')];
    let found = openings.iter().filter_map(|(open, close)| Some((html.find(open)?, open, close)));
    let (at, open, close) = found.min()?;
    let (before, rest) = html.split_at(at);
    let (open, rest) = rest.split_at(open.len());
    let (name, after) = rest.split_at(rest.find(*close)?);
    Some((before, open, name, after))
}

/// Returns the address by which a file calls another one, by their paths below the content folder.
pub(super) fn address(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let shared = shared.min(from.len() - 1).min(to.len() - 1);
    let up = std::iter::repeat_n("..", from.len() - 1 - shared);
    let path = up.chain(to[shared..].iter().copied()).collect::<Vec<_>>().join("/");
    // In an address these signs have another meaning.
    path.replace('%', "%25").replace('#', "%23").replace('?', "%3F")
}

#[cfg(test)]
mod tests {
    use super::{NewFile, NewFiles, address, rename};

    #[test]
    fn new_files_get_the_names_of_a_build() {
        let file = |built_name: &str| NewFile {
            path: String::new(),
            bytes: Vec::new(),
            is_there: false,
            built_name: built_name.to_owned(),
        };
        let names = [("a b&c.png", "a-1.png"), ("x.mp3", "x-2.mp3")];
        let files: NewFiles =
            names.into_iter().map(|(name, built)| (name.to_owned(), file(built))).collect();
        let check = |html: &str, expect: &str| assert_eq!(rename(html, &files), expect);
        check("a <img src=\"a%20b&amp;c.png\"> b", "a <img src=\"a-1.png\"> b");
        check("<img src='a b&amp;c.png'>[sound:x.mp3]", "<img src='a-1.png'>[sound:x-2.mp3]");
        check("<img src=\"other.png\"> [sound:open", "<img src=\"other.png\"> [sound:open");
    }

    #[test]
    fn addresses_are_relative() {
        let check = |from, to, expect: &str| assert_eq!(address(from, to), expect);
        check("a.md", "media/b.png", "media/b.png");
        check("x/a.md", "media/b.png", "../media/b.png");
        check("x/a.md", "x/b.png", "b.png");
        check("x/y/a.md", "x/z/100%.png", "../z/100%25.png");
    }
}
