//! `[lint]`: what of a bank is a warning, beside being shown by `stats`.

use super::reader::Reader;
use super::tree::{Node, Value};

/// From which size on something stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most words of an answer.
    pub answer_words: usize,
    /// The most key points of a question.
    pub key_points: usize,
    /// The most MiB of a picture, a sound or a film.
    pub media_mib: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answer_words: 200, key_points: 7, media_mib: 3 }
    }
}

/// What is a warning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lint {
    /// Answers of more words.
    pub answer_words: Option<usize>,
    /// More key points.
    pub key_points: Option<usize>,
    /// Media of more MiB.
    pub media_mib: Option<usize>,
    /// Questions in no topic, where others are in one.
    pub no_topic: bool,
    /// Questions that are nearly the same.
    pub alike: bool,
}

impl Lint {
    /// Returns whether anything is a warning.
    #[must_use]
    pub fn is_any(&self) -> bool {
        *self != Self::default()
    }

    /// Returns from which size on something stands out.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let usual = Limits::default();
        Limits {
            answer_words: self.answer_words.unwrap_or(usual.answer_words),
            key_points: self.key_points.unwrap_or(usual.key_points),
            media_mib: self.media_mib.unwrap_or(usual.media_mib),
        }
    }
}

impl Reader<'_> {
    pub(super) fn lint(&mut self, lint: &mut Lint, key: &str, node: &Node) {
        let usual = Limits::default();
        match key {
            "answer_words" => lint.answer_words = self.limit(node, usual.answer_words),
            "key_points" => lint.key_points = self.limit(node, usual.key_points),
            "media_mib" => lint.media_mib = self.limit(node, usual.media_mib),
            "no_topic" => lint.no_topic = self.truth(node).unwrap_or_default(),
            _ => lint.alike = self.truth(node).unwrap_or_default(),
        }
    }

    /// Returns a number, or the usual one for `true`.
    fn limit(&mut self, node: &Node, usual: usize) -> Option<usize> {
        let Value::Scalar(text) = &node.value else {
            self.complain(node.span, "expected a number, `true` or `false`".to_owned());
            return None;
        };
        match text.as_str() {
            "true" => Some(usual),
            "false" => None,
            number => {
                let number = number.replace('_', "").parse().ok();
                if number.is_none() {
                    self.complain(node.span, "expected a number, `true` or `false`".to_owned());
                }
                number
            }
        }
    }
}
