//! Builds in memory, by the same phases as those of the driver.

use std::collections::BTreeMap;
use std::sync::Mutex;

use deckpress::compile::{self, Attachment, Attachments, Compiled, InputFile, Inputs, Role};
use deckpress::config;
use deckpress::diagnostic::Diagnostic;
use deckpress::export::Artifacts;
use deckpress::media::Problem;
use deckpress::parse;
use deckpress::progress::Progress;
use deckpress::target::Target;

/// Files in memory by their paths.
struct Memory<'m>(BTreeMap<&'m str, &'m [u8]>);

impl Attachments for Memory<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, Problem> {
        self.0.get(path).map(|bytes| bytes.to_vec()).ok_or(Problem::Absent(None))
    }

    fn names(&self) -> Vec<String> {
        let files = self.0.keys().filter(|path| !path.starts_with('.'));
        files.map(|&path| path.to_owned()).collect()
    }

    fn find_shared(&self, path: &str) -> Result<Attachment, Problem> {
        self.read(path).map(Attachment::new)
    }
}

/// Compiles files; one that is neither notes nor settings may be referred to.
pub(crate) fn compile(files: &[(String, Vec<u8>)]) -> Compiled {
    let is_settings = |path: &str| path == config::FILE_NAME;
    let is_note = |path: &str| path.rsplit('.').next() == Some("md") || parse::is_values(path);
    let is_part = config::note_type::is_part;
    let texts =
        files.iter().filter(|(path, _)| is_note(path) || is_settings(path) || is_part(path));
    let input = |(path, bytes): &(String, Vec<u8>)| InputFile {
        path: path.clone(),
        bytes: bytes.clone(),
        role: Role::Content,
    };
    let mut texts: Vec<InputFile> = texts.map(input).collect();
    texts.sort_by_key(|file| !is_settings(&file.path));
    let all = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
    let is_vault = files.iter().any(|(path, _)| path.starts_with(".obsidian/"));
    compile::compile(Inputs {
        prefix: "",
        files: texts,
        circles: &[],
        vault: is_vault.then_some(""),
        attachments: &Memory(all.collect()),
        lock: None,
        now: 1_700_000_000,
        refresh: false,
        progress: &Progress::default(),
    })
}

/// Makes the files of one target, as the settings want them, and says what they cannot hold.
pub(crate) fn export(compiled: &Compiled, target: Target) -> (Artifacts, Vec<Diagnostic>) {
    let notes = compiled.notes();
    let made = Mutex::new(Artifacts::new());
    let mut losses = Vec::new();
    for selection in compiled.select(&[target], &[], &notes) {
        losses.extend(compiled.export(&selection, "deck", &made).unwrap());
    }
    (made.into_inner().unwrap(), losses)
}
