//! The result of a translation, which [`writer`](super::writer) builds up piece by piece.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::Convention;
use crate::source::Segment;

/// A foreign file in the native convention, with a source map.
#[derive(Debug, Default)]
pub(in crate::parse) struct Translation {
    /// The text in the native convention.
    pub text: String,
    /// Where each part of it stands in the original, in order.
    pub parts: Vec<Segment>,
    /// How deep each topic is, by the place of its heading in the text.
    pub topics: BTreeMap<usize, usize>,
    /// How each question is written, by the place of its heading in the text.
    pub questions: BTreeMap<usize, Convention>,
    /// Whether it is one question, as most files of its folder are.
    pub is_one: bool,
    /// What is left out of the original, and why.
    pub left: Vec<(Range<usize>, &'static str)>,
}
