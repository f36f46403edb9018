//! Every card in a browser, live.
//!
//! ```text
//! watch ─► compile ─► State, behind a lock ─► server: a page, a list, one note at a time, events
//! ```
//!
//! The page asks for the list of all questions and for the note that is looked at; an event tells
//! it that there is something new. Nothing is written to the disk. What an author wrote never
//! reaches the page itself: each side of a card stands in a sandboxed frame, which may run the
//! card's scripts and reach nothing, and all else is set as text.

mod assets;
mod frame;
mod http;
mod listing;
mod note;
mod problems;
mod server;

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crate::compile::Compiled;
use listing::Listing;
use problems::QuestionStarts;

pub use server::{Editor, Server, in_background, serve};

/// What was compiled and is shown.
#[derive(Debug)]
pub struct Shown {
    compiled: Compiled,
    /// The paths of the attached files by their names on cards.
    media: BTreeMap<String, String>,
    beginnings: OnceLock<QuestionStarts>,
    listing: OnceLock<Arc<Listing>>,
}

impl Shown {
    /// Prepares what was compiled.
    #[must_use]
    pub fn new(compiled: Compiled) -> Self {
        let names = compiled.media.iter().map(|(path, file)| (file.name.clone(), path.to_owned()));
        let of_templates = compiled.template_media.iter();
        let of_templates = of_templates.map(|(name, path)| (name.clone(), path.clone()));
        let media = names.chain(of_templates).collect();
        let (beginnings, listing) = (OnceLock::new(), OnceLock::new());
        Self { compiled, media, beginnings, listing }
    }

    /// Returns where its questions begin.
    fn beginnings(&self) -> &QuestionStarts {
        self.beginnings.get_or_init(|| QuestionStarts::of(&self.compiled))
    }

    /// Returns its decks, topics and questions.
    fn listing(&self) -> &Arc<Listing> {
        self.listing.get_or_init(|| Arc::new(Listing::of(&self.compiled, self.beginnings())))
    }
}

/// What the server answers from.
#[derive(Clone, Debug, Default)]
struct State {
    /// It grows with every change.
    version: u64,
    /// The last state without errors, or the first one.
    shown: Option<Arc<Shown>>,
    /// The version before, with the list that a page got of it, if one did.
    listed: Option<(u64, Arc<Listing>)>,
    /// What was shown at first, or when the last build was made.
    before: Option<Arc<Shown>>,
    /// The present state, if it has errors.
    failing: Option<Arc<Shown>>,
    /// Why the content cannot be read.
    unreadable: Option<String>,
    /// No more events come.
    is_over: bool,
}

impl State {
    /// Begins a new version.
    fn advance(&mut self) {
        let listing = self.shown.as_ref().and_then(|shown| shown.listing.get());
        self.listed = listing.map(|listing| (self.version, Arc::clone(listing)));
        self.version += 1;
    }
}

/// What is shown now, shared with the server.
#[derive(Debug, Default)]
pub struct Preview {
    state: Mutex<State>,
    news: Condvar,
}

impl Preview {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what is shown now, which may be read at leisure.
    fn snapshot(&self) -> State {
        self.state().clone()
    }

    /// Shows what was compiled. What has errors does not replace what has none.
    pub fn show(&self, compiled: Compiled) {
        let (has_errors, is_built) = (compiled.has_errors(), compiled.identities.plan.is_empty());
        let new = Arc::new(Shown::new(compiled));
        let mut state = self.state();
        // Those that ask need not wait until a large state is freed.
        let old = state.clone();
        state.advance();
        state.unreadable = None;
        if state.before.is_none() || (is_built && !has_errors) {
            state.before = Some(Arc::clone(&new));
        }
        state.failing = has_errors.then(|| Arc::clone(&new));
        if !has_errors || state.shown.as_ref().is_none_or(|shown| shown.compiled.has_errors()) {
            state.shown = Some(new);
        }
        drop(state);
        self.news.notify_all();
        drop(old);
    }

    /// Says that the content cannot be read.
    pub fn fail(&self, why: String) {
        let mut state = self.state();
        state.advance();
        state.unreadable = Some(why);
        self.news.notify_all();
    }

    /// Ends all waiting for news.
    pub fn end(&self) {
        self.state().is_over = true;
        self.news.notify_all();
    }

    /// Waits for a version after this one; `None` if there are no more. Returns the same version
    /// when nothing has come for some time.
    fn wait(&self, version: u64, time: Duration) -> Option<u64> {
        let is_old = |state: &mut State| !state.is_over && state.version <= version;
        let waited = self.news.wait_timeout_while(self.state(), time, is_old);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        (!state.is_over).then_some(state.version)
    }
}
