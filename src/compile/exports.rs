//! Which outputs are made of what was compiled, and making them.

use std::collections::BTreeSet;

use anyhow::bail;

use super::Compiled;
use super::selection::Selection;
use crate::anki::Style;
use crate::config::{self, Config, Export};
use crate::diagnostic::Diagnostic;
use crate::export::{self, Input, Outputs};
use crate::identity::Note;
use crate::target::Target;

impl Compiled {
    /// Returns what is to be written: these targets, as `[[export]]` has them if it does, or else
    /// all that the settings want.
    #[must_use]
    pub fn exports(&self, targets: &[Target]) -> Vec<Export> {
        let Config { formats, exports, .. } = &self.config;
        let own = |target: Target| exports.iter().filter(move |export| export.target == target);
        if !targets.is_empty() {
            let of = |target: &Target| {
                let plain = own(*target).next().is_none().then(|| Export::of(*target));
                own(*target).cloned().chain(plain).collect::<Vec<_>>()
            };
            return distinct(targets).iter().flat_map(of).collect();
        }
        // Settings without a name of their own are those of the usual file.
        let is_plain = |target: &Target| own(*target).all(|export| export.name.is_some());
        let mut formats = distinct(formats.as_deref().unwrap_or(Target::DEFAULT));
        formats.retain(is_plain);
        formats.into_iter().map(Export::of).chain(exports.iter().cloned()).collect()
    }

    /// Makes the files of an export; returns what it cannot hold. Of what every build writes
    /// unasked, `deckpress targets` and the book say that once.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn export(
        &self,
        selection: &Selection<'_, '_>,
        name: &str,
        outputs: &impl Outputs,
    ) -> anyhow::Result<Vec<Diagnostic>> {
        let Selection { export, notes, written, is_asked_for } = selection;
        let input = Input { written: written.as_ref(), ..self.input(export, notes, name) };
        let losses = export::export(&input, outputs)?;
        Ok(export::loss_warnings(&input, losses, *is_asked_for))
    }

    /// Returns whether an export to a target is more than what every build writes.
    pub(super) fn is_asked_for(&self, export: &Export, targets: &[Target]) -> bool {
        let Config { formats, exports, .. } = &self.config;
        !targets.is_empty() || formats.is_some() || exports.contains(export)
    }

    /// Returns what an exporter makes its files of.
    #[must_use]
    pub fn input<'b>(
        &'b self,
        export: &'b Export,
        notes: &'b [Note<'b>],
        name: &'b str,
    ) -> Input<'b> {
        let style = self.style();
        Input {
            context: self.context(),
            notes,
            written: None,
            name,
            export,
            config: &self.config,
            style,
            locked: &self.identities.lock.note_types,
            template_media: &self.template_media,
        }
    }

    /// Returns the author's own style sheet.
    #[must_use]
    pub fn style(&self) -> Style<'_> {
        let modified = self.identities.lock.style.as_ref().map_or(0, |style| style.modified);
        Style { css: &self.css, modified, ..Style::default() }
    }

    /// Returns the base name of the outputs: as configured, else the only deck's, else the
    /// folder's.
    #[must_use]
    pub fn base_name(&self, notes: &[Note<'_>], folder: &str) -> String {
        if let Some(name) = &self.config.name {
            return name.clone();
        }
        let mut titles: Vec<&str> = notes.iter().map(|note| note.deck.title.as_str()).collect();
        titles.dedup();
        config::file_name(if let [only] = titles[..] { only } else { "" }, folder)
    }
}

fn distinct(targets: &[Target]) -> Vec<Target> {
    let mut distinct: Vec<Target> = Vec::new();
    for target in targets {
        if !distinct.contains(target) {
            distinct.push(*target);
        }
    }
    distinct
}

/// Refuses two exports to one file, which would overwrite each other.
///
/// # Errors
/// If there are two.
pub fn refuse_overlaps(selections: &[Selection<'_, '_>], name: &str) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    for Selection { export, .. } in selections {
        let path = export::path(export, name);
        if !seen.insert(path.to_lowercase()) {
            bail!(
                "two exports go to `{path}`: give one a `name` of its own in `{}`",
                config::FILE_NAME
            );
        }
    }
    Ok(())
}
