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
    /// The depth of each topic, by the place of its heading in the text.
    pub topics: BTreeMap<usize, usize>,
    /// The convention of each question, by the place of its heading in the text.
    pub questions: BTreeMap<usize, Convention>,
    /// Whether the file is a single question, as most files of its folder are.
    pub is_one: bool,
    /// The text of the original that is skipped, each with the reason.
    pub skipped: Vec<(Range<usize>, &'static str)>,
}
