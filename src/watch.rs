//! Noticing that the content has changed.
//!
//! What the system tells is only ever taken for a hint: that something may be different now. What
//! is different is found out by reading, so that no order of events, and none that is lost or late,
//! can leave an old deck behind. That is also why the folders are watched anew before each reading:
//! whatever was put in their place in the meantime is watched, and then read.

use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::disk::places::Places;

/// An editor, or Git, is done when nothing has changed for so long.
pub const CALM: Duration = Duration::from_millis(100);

/// What never becomes calm is read now and then all the same.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often the content is looked for, as nobody tells when a folder above it is moved.
const BEAT: Duration = Duration::from_millis(500);

/// How often folders that are just being replaced are tried again.
const ATTEMPTS: usize = 20;

/// How long to wait before each of these attempts.
const PAUSE: Duration = Duration::from_millis(20);

/// What a watch tells.
#[derive(Debug)]
pub enum Signal {
    /// Something has changed, or the system does not know.
    Event(notify::Result<Event>),
    /// The user wants to stop.
    Stop,
}

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Something may be different now.
    Content,
    /// The content is no more.
    Gone,
    /// The user wants to stop.
    Stop,
}

/// Folders that are watched.
#[derive(Debug)]
pub struct Watch {
    places: Places,
    /// How often to look, if the system does not tell.
    interval: Option<Duration>,
    /// A change is over when there was no other one for so long.
    calm: Duration,
    sender: Sender<Signal>,
    receiver: Receiver<Signal>,
    watcher: Option<RecommendedWatcher>,
    state: String,
    /// When the folders were watched anew.
    begun: Instant,
    /// When the first of the readings began that were not over.
    restless: Option<Instant>,
    /// Whether something has changed that nobody has waited for.
    is_pending: bool,
    is_stopped: bool,
}

impl Watch {
    /// Nothing is watched yet; with an `interval`, the files are looked at that often. A change is
    /// over when there was no other one for the time `calm`.
    #[must_use]
    pub fn new(places: Places, interval: Option<Duration>, calm: Duration) -> Self {
        let (sender, receiver) = mpsc::channel();
        Self {
            places,
            interval,
            calm,
            sender,
            receiver,
            watcher: None,
            state: String::new(),
            begun: now(),
            restless: None,
            is_pending: false,
            is_stopped: false,
        }
    }

    /// Returns where a wish to stop goes.
    #[must_use]
    pub fn sender(&self) -> Sender<Signal> {
        self.sender.clone()
    }

    /// Returns what is watched.
    #[must_use]
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Watches from now on; everything before is forgotten.
    ///
    /// # Errors
    /// If the system cannot watch so much.
    pub fn begin(&mut self, places: Places) -> anyhow::Result<()> {
        self.places = places;
        if self.interval.is_none() {
            let mut attempts = 1;
            self.watcher = loop {
                match self.watcher() {
                    Ok(watcher) => break Some(watcher),
                    Err(_) if !self.places.are_there() => break None,
                    Err(_) if attempts < ATTEMPTS && !self.is_stopped => {
                        attempts += 1;
                        self.receive(PAUSE);
                    }
                    error => {
                        error.context("cannot watch; `--poll` looks at the files instead")?;
                    }
                }
            };
        } else {
            self.state = self.places.state();
        }
        self.begun = now();
        self.is_stopped |= self.receiver.try_iter().any(|signal| matches!(signal, Signal::Stop));
        Ok(())
    }

    fn watcher(&self) -> notify::Result<RecommendedWatcher> {
        let sender = self.sender.clone();
        let tell = move |event| {
            // Nobody listens any more when the program ends.
            let _ = sender.send(Signal::Event(event));
        };
        let mut watcher = RecommendedWatcher::new(tell, notify::Config::default())?;
        for (folder, is_deep) in self.places.folders() {
            let mode = if is_deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            watcher.watch(folder, mode)?;
        }
        Ok(watcher)
    }

    /// Waits until something has happened and is over.
    pub fn wait(&mut self) -> Change {
        let beat = self.interval.unwrap_or(BEAT);
        let is_blind = self.interval.is_none() && self.watcher.is_none();
        while !self.is_stopped && !is_blind && self.places.are_the_same() {
            if std::mem::take(&mut self.is_pending) || self.has_changed(beat) {
                self.calm();
                break;
            }
        }
        match (self.is_stopped, self.places.are_there()) {
            (true, _) => Change::Stop,
            (false, true) => Change::Content,
            (false, false) => Change::Gone,
        }
    }

    /// Returns whether nothing has changed for this time since the folders were watched anew; waits
    /// for what is left of it. What never becomes calm is over now and then all the same.
    pub fn is_over(&mut self, calm: Duration) -> bool {
        let since = *self.restless.get_or_insert(self.begun);
        let left = calm.saturating_sub(self.begun.elapsed());
        self.is_pending = self.has_changed(left);
        let is_over = !self.is_pending || since.elapsed() > PATIENCE;
        if is_over {
            self.restless = None;
        }
        is_over
    }

    /// Waits until the content is back and complete, or the user wants to stop.
    ///
    /// # Errors
    /// If the system cannot watch so much.
    pub fn until_back(&mut self) -> anyhow::Result<Change> {
        while !self.is_stopped && !self.places.are_there() {
            self.receive(BEAT);
        }
        self.begin(self.places.clone())?;
        self.calm();
        Ok(if self.is_stopped { Change::Stop } else { Change::Content })
    }

    /// Waits until nothing changes any more.
    fn calm(&mut self) {
        let start = now();
        while !self.is_stopped && start.elapsed() < PATIENCE && self.has_changed(self.calm) {}
    }

    /// Waits this long at most for a change, or for the wish to stop.
    fn has_changed(&mut self, time: Duration) -> bool {
        let is_told = self.receive(time);
        if self.interval.is_none() || self.is_stopped {
            return is_told;
        }
        let state = self.places.state();
        let has_changed = state != self.state;
        self.state = state;
        has_changed
    }

    /// Waits this long at most for the system to tell something.
    fn receive(&mut self, time: Duration) -> bool {
        let end = now() + time;
        loop {
            let left = end.saturating_duration_since(now());
            match self.receiver.recv_timeout(left) {
                Ok(Signal::Event(event)) if !is_hint(&event, &self.places) => {}
                Ok(Signal::Event(_)) => return true,
                Ok(Signal::Stop) => self.is_stopped = true,
                Err(_) => return false,
            }
            if self.is_stopped {
                return false;
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "it measures how long somebody has to wait")]
fn now() -> Instant {
    Instant::now()
}

/// Returns whether an event may be news. We open files ourselves, and write some.
fn is_hint(event: &notify::Result<Event>, places: &Places) -> bool {
    let Ok(event) = event else { return true };
    let is_own = !event.paths.is_empty() && event.paths.iter().all(|path| places.is_own(path));
    event.need_rescan() || !(event.kind.is_access() || is_own)
}
