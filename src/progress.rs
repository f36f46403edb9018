//! How far a command is.
//!
//! The driver says which phase begins; whoever shows it to a person looks when it suits them. So
//! nothing below has to know of a terminal, and nothing waits for one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// Where the present phase is noted down; every copy shows the same.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<AtomicUsize>);

impl Progress {
    /// Notes down that a phase begins.
    pub fn begin(&self, phase: Phase) {
        self.0.store(phase as usize, Ordering::Relaxed);
    }

    /// Returns the present phase.
    #[must_use]
    pub fn phase(&self) -> Phase {
        Phase::ALL[self.0.load(Ordering::Relaxed)]
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
}
