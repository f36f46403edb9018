//! The phases of a build in memory, as the driver orders them.

use std::sync::Mutex;

use deckpress::anki::Style;
use deckpress::config::{self, Config, Export};
use deckpress::diagnostic::{self, Code, Diagnostic};
use deckpress::export::{self, Artifacts, Input};
use deckpress::identity::lock::Lock;
use deckpress::identity::{self, Identities, Moment};
use deckpress::media::{self, Media, Problem};
use deckpress::model::Bank;
use deckpress::render::Context;
use deckpress::source::Sources;
use deckpress::target::Target;
use deckpress::{check, parse};

/// Everything that was read.
pub(crate) struct Pressed {
    pub(crate) sources: Sources,
    pub(crate) config: Config,
    pub(crate) bank: Bank,
    pub(crate) media: Media,
    pub(crate) identities: Identities,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Pressed {
    /// Reads files; one that is neither notes nor configuration is media.
    pub(crate) fn new(files: &[(String, Vec<u8>)]) -> Self {
        let mut diagnostics = Vec::new();
        let mut sources = Sources::new("");
        let mut config = Config::default();
        let is_config = |path: &str| path == config::FILE_NAME;
        let is_note = |path: &str| path.rsplit('.').next() == Some("md") || parse::is_values(path);
        let is_text = |path: &str| is_note(path) || is_config(path);
        let mut texts: Vec<_> = files.iter().filter(|(path, _)| is_text(path)).collect();
        texts.sort_by_key(|(path, _)| !is_config(path));
        for (path, bytes) in texts {
            let (file, broken) = sources.add_bytes(path, bytes.clone());
            let broken = broken.map(|span| Diagnostic::new(Code::NotUtf8, span, "not UTF-8"));
            diagnostics.extend(broken);
            if is_config(path) {
                config = config::read(&sources, file, &mut diagnostics);
            }
        }
        let bank = parse::bank(&mut sources, &config, &mut diagnostics);
        let mut media = Media::default();
        let is_public = |path: &str| !is_text(path) && media::refusal(path, false).is_none();
        for (path, bytes) in files.iter().filter(|(path, _)| is_public(path)) {
            media.add(path, bytes.clone());
        }
        let problem =
            |path: &str| media.get(path).is_none().then_some(&const { Problem::Absent(None) });
        let facts = identity::facts(&sources, &bank, &media, &Lock::default());
        let asked = facts.iter().map(|question| question.text.as_str());
        check::bank(&sources, &bank, asked, config.remote_media, problem, &mut diagnostics);
        identity::duplicate_ids(&bank, &mut diagnostics);
        let namespace = config.namespace.as_deref();
        let highlights = config.highlights;
        let moment =
            Moment { now: 1_700_000_000, namespace, refresh: false, highlights, style: None };
        let identities = identity::identify(&facts, &Lock::default(), moment, &mut diagnostics);
        for diagnostic in &mut diagnostics {
            diagnostic.locate(&sources);
        }
        diagnostic::sort(&mut diagnostics);
        Self { sources, config, bank, media, identities, diagnostics }
    }

    /// What rendering needs.
    pub(crate) fn context(&self) -> Context<'_> {
        let Self { sources, bank, media, config, .. } = self;
        Context::of(sources, bank, media, config.html)
    }

    /// The files of one target.
    pub(crate) fn export(&self, target: Target) -> Artifacts {
        self.exported(target).0
    }

    /// The files of one target, as the configuration wants them, and what they could not hold.
    pub(crate) fn exported(&self, target: Target) -> (Artifacts, Vec<Diagnostic>) {
        let notes = identity::notes(&self.bank, &self.identities);
        let exports = self.config.exports.iter().filter(|export| export.target == target);
        let mut exports: Vec<Export> = exports.cloned().collect();
        if exports.is_empty() {
            exports.push(Export::of(target));
        }
        let made = Mutex::new(Artifacts::new());
        let mut losses = Vec::new();
        for export in &exports {
            let (context, config, style) = (self.context(), &self.config, Style::default());
            let input = Input { context, notes: &notes, name: "deck", export, config, style };
            let found = export::export(&input, &made).unwrap();
            losses.extend(export::lost(&input, found, true));
        }
        (made.into_inner().unwrap(), losses)
    }
}
