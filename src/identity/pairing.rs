//! Which questions have their entry of the lock already, and what each pair rests on.

/// What a pair rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The id that the author wrote.
    Id,
    /// The same question and the same answer.
    SameWords,
    /// Those that it had when its pair was last certain.
    FormerWords,
    /// The same heading, or the same answer, and no other card has it.
    Unique,
    /// Evidence that somebody should confirm.
    Evidence,
}

/// A question of today and its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The index of the entry.
    pub entry: usize,
    /// What it rests on.
    pub basis: Basis,
}

/// The pairs that were made so far.
#[derive(Clone, Debug)]
pub(super) struct Pairing {
    pub(super) pairs: Vec<Option<Pair>>,
    pub(super) taken: Vec<bool>,
}

impl Pairing {
    /// Returns that in which nothing is paired yet.
    pub(super) fn new(questions: usize, entries: usize) -> Self {
        Self { pairs: vec![None; questions], taken: vec![false; entries] }
    }

    /// Returns whether neither a question nor an entry has its pair yet.
    pub(super) fn is_free(&self, question: usize, entry: usize) -> bool {
        self.pairs[question].is_none() && !self.taken[entry]
    }

    pub(super) fn set(&mut self, question: usize, entry: usize, basis: Basis) {
        self.pairs[question] = Some(Pair { entry, basis });
        self.taken[entry] = true;
    }
}
