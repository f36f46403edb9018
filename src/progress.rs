//! How far a command is.
//!
//! The driver says which phase begins, and who reads or writes media how much of them there is;
//! whoever shows it to a person looks when it suits them. So nothing below has to know of a
//! terminal, and nothing waits for one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// A part of the work that may take long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Files become questions.
    Reading,
    /// Questions are looked for in the lock.
    Comparing,
    /// Questions become outputs.
    Pressing,
    /// Outputs become files.
    Writing,
}

impl Phase {
    const ALL: [Phase; 4] = [Phase::Reading, Phase::Comparing, Phase::Pressing, Phase::Writing];

    /// As shown to people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Phase::Reading => "reading",
            Phase::Comparing => "comparing with the lock",
            Phase::Pressing => "pressing",
            Phase::Writing => "writing",
        }
    }
}

/// Where the present phase is noted down, and how far it is; every copy shows the same.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    phase: AtomicUsize,
    /// The bytes of media that the phase has to do with, and how many of them are done.
    expected: AtomicU64,
    done: AtomicU64,
}

impl Progress {
    /// Notes down that a phase begins.
    pub fn begin(&self, phase: Phase) {
        self.0.expected.store(0, Ordering::Relaxed);
        self.0.done.store(0, Ordering::Relaxed);
        self.0.phase.store(phase as usize, Ordering::Relaxed);
    }

    /// Returns the present phase.
    #[must_use]
    pub fn phase(&self) -> Phase {
        Phase::ALL[self.0.phase.load(Ordering::Relaxed)]
    }

    /// Notes down that so many more bytes of media are to be read or written.
    pub fn expect(&self, bytes: u64) {
        self.0.expected.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Notes down that so many more bytes are read or written.
    pub fn advance(&self, bytes: u64) {
        self.0.done.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Returns how many bytes of media are done in the present phase, and of how many.
    #[must_use]
    pub fn bytes(&self) -> (u64, u64) {
        let expected = self.0.expected.load(Ordering::Relaxed);
        (self.0.done.load(Ordering::Relaxed).min(expected), expected)
    }
}

#[cfg(test)]
mod tests {
    use super::{Phase, Progress};

    #[test]
    fn every_copy_shows_the_present_phase() {
        let progress = Progress::default();
        let copy = progress.clone();
        assert_eq!(copy.phase(), Phase::Reading);
        for phase in Phase::ALL {
            progress.begin(phase);
            assert_eq!(copy.phase(), phase);
        }
    }
    #[test]
    fn bytes_are_those_of_the_present_phase() {
        let progress = Progress::default();
        progress.expect(100);
        progress.advance(30);
        assert_eq!(progress.clone().bytes(), (30, 100));
        // What is written holds more than media.
        progress.advance(90);
        assert_eq!(progress.bytes(), (100, 100));
        progress.begin(Phase::Writing);
        assert_eq!(progress.bytes(), (0, 0));
    }
}
