//! Selectors: which questions an output holds, as `topic:RAG*` or `tag:interview`.
//!
//! A selector names a level of a hierarchy and means all that is below it, as a search in Anki does:
//! topics and decks have topics below them, tags have tags, and folders have files. `*` stands for
//! any characters, `?` for one, and `**` for any number of levels. Case does not matter.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization as _;

use super::tree::similar;

/// Which questions are chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Those of a topic; without `::` it may be at any level.
    Topic(Pattern),
    /// Those with a tag.
    Tag(Pattern),
    /// Those of a deck, as it is called in Anki.
    Deck(Pattern),
    /// Those of a file or a folder; without `/` it may be at any level.
    File(Pattern),
}

/// The words before the colon.
const KINDS: [&str; 4] = ["topic", "tag", "deck", "file"];

impl FromStr for Selector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("a selector is one of `{}:…`", KINDS.join(":…`, `"));
        let Some((kind, pattern)) = text.split_once(':') else { return Err(expected()) };
        let (kind, pattern) = (kind.trim(), pattern.trim());
        if pattern.trim_matches([':', '/', '#', '.']).is_empty() {
            return Err(format!("nothing stands behind `{kind}:`; {}", expected()));
        }
        Selector::new(kind, pattern).ok_or_else(|| match similar(kind, &KINDS) {
            Some(kind) => format!("did you mean `{kind}:{pattern}`?"),
            None => expected(),
        })
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}:{}", self.kind(), self.pattern().text)
    }
}

impl Selector {
    fn new(kind: &str, text: &str) -> Option<Self> {
        Some(match kind {
            "topic" => Self::Topic(Pattern::new(text, "::", !text.contains("::"))),
            "tag" => Self::Tag(Pattern::new(text.trim_start_matches('#'), "::", false)),
            "deck" => Self::Deck(Pattern::new(text, "::", false)),
            "file" => {
                let path = text.trim_start_matches("./");
                Self::File(Pattern::new(path, "/", !path.trim_end_matches('/').contains('/')))
            }
            _ => return None,
        })
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Topic(_) => "topic",
            Self::Tag(_) => "tag",
            Self::Deck(_) => "deck",
            Self::File(_) => "file",
        }
    }

    /// Returns its pattern.
    #[must_use]
    pub fn pattern(&self) -> &Pattern {
        let (Self::Topic(own) | Self::Tag(own) | Self::Deck(own) | Self::File(own)) = self;
        own
    }

    /// Returns the selectors of the other kinds that have the same pattern.
    pub fn others(&self) -> impl Iterator<Item = Selector> {
        let kinds = KINDS.iter().filter(|kind| **kind != self.kind());
        kinds.filter_map(|kind| Self::new(kind, &self.pattern().text))
    }

    /// Returns a selector of the same kind with another pattern.
    #[must_use]
    pub fn with(&self, text: &str) -> Option<Self> {
        Self::new(self.kind(), text)
    }
}

/// A pattern of names, outermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// As it was written.
    text: String,
    levels: Vec<String>,
}

/// Stands for any number of levels.
const ANY_LEVELS: &str = "**";

impl Pattern {
    fn new(text: &str, separator: &str, is_anywhere: bool) -> Self {
        let anywhere = is_anywhere.then(|| ANY_LEVELS.to_owned());
        let levels = text.split(separator).map(fold).filter(|level| !level.is_empty());
        let mut levels: Vec<String> = anywhere.into_iter().chain(levels).collect();
        levels.dedup_by(|next, last| next == ANY_LEVELS && last == ANY_LEVELS);
        Self { text: text.to_owned(), levels }
    }

    /// Returns the pattern as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether it names these levels or some that they are below.
    #[must_use]
    pub fn is_above<'l>(&self, levels: impl Iterator<Item = &'l str>) -> bool {
        // The beginnings of the pattern that fit what was seen, as places behind them.
        let mut places = self.skip(vec![0]);
        for level in levels {
            if places.contains(&self.levels.len()) {
                return true;
            }
            let level = fold(level);
            let next = places.iter().filter_map(|&at| match self.levels[at].as_str() {
                ANY_LEVELS => Some(at),
                name => fits(name, &level).then_some(at + 1),
            });
            places = self.skip(next.collect());
        }
        places.contains(&self.levels.len())
    }

    /// Adds the places behind those where any number of levels may stand.
    fn skip(&self, mut places: Vec<usize>) -> Vec<usize> {
        let is_any = |at: &usize| self.levels.get(*at).is_some_and(|level| level == ANY_LEVELS);
        let behind: Vec<usize> = places.iter().copied().filter(is_any).map(|at| at + 1).collect();
        places.extend(behind);
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// Returns a name as names are compared.
fn fold(name: &str) -> String {
    name.trim().nfc().flat_map(char::to_lowercase).collect()
}

/// Returns whether a name fits a pattern with `*` and `?` in it.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut seen) = (0, 0);
    // The last star, and how much of the name it stands for.
    let mut star: Option<(usize, usize)> = None;
    while seen < name.len() {
        match (pattern.get(at), star) {
            (Some('*'), _) => {
                star = Some((at, seen));
                at += 1;
            }
            (Some(sign), _) if *sign == '?' || *sign == name[seen] => {
                at += 1;
                seen += 1;
            }
            (_, Some((place, end))) => {
                star = Some((place, end + 1));
                at = place + 1;
                seen = end + 1;
            }
            (_, None) => return false,
        }
    }
    pattern[at..].iter().all(|sign| *sign == '*')
}

#[cfg(test)]
mod tests {
    use super::Selector;

    #[track_caller]
    fn check(selector: &str, levels: &[&str], expect: bool) {
        let selector: Selector = selector.parse().expect("a selector");
        let pattern = selector.pattern();
        assert_eq!(pattern.is_above(levels.iter().copied()), expect, "{selector} {levels:?}");
    }

    #[test]
    fn topics_are_found_at_any_level() {
        check("topic:RAG*", &["RAG (Retrieval)"], true);
        check("topic:rag", &["RAG", "Evaluation"], true);
        check("topic:evaluation", &["RAG", "Evaluation"], true);
        check("topic:RAG::evaluation", &["RAG", "Evaluation"], true);
        check("topic:Evaluation::RAG", &["RAG", "Evaluation"], false);
        check("topic:A::B", &["X", "A", "B"], false);
        check("topic:**::A::B", &["X", "A", "B"], true);
        check("topic:RAG", &["RAGs"], false);
        check("topic:RAG", &[], false);
        check("topic:*", &["x"], true);
        check("topic:*", &[], false);
    }

    #[test]
    fn tags_and_decks_are_found_from_the_outermost_level() {
        check("tag:interview", &["interview"], true);
        check("tag:#interview", &["Interview", "hard"], true);
        check("tag:hard", &["interview", "hard"], false);
        check("tag:*::hard", &["interview", "hard"], true);
        check("deck:LLM?interview", &["LLM interview", "RAG"], true);
        check("deck:RAG", &["LLM interview", "RAG"], false);
        check("deck:*::rag", &["LLM interview", "RAG"], true);
    }

    #[test]
    fn files_are_found_as_in_gitignore() {
        check("file:03-*", &["03-rag.md"], true);
        check("file:03-*", &["a", "03-rag.md"], true);
        check("file:03-*", &["03-rag", "x.md"], true);
        check("file:a/*.md", &["a", "x.md"], true);
        check("file:a/*.md", &["a", "b", "x.md"], false);
        check("file:a/**/x.md", &["a", "b", "c", "x.md"], true);
        check("file:a/**/x.md", &["a", "x.md"], true);
        check("file:a/", &["b", "a", "x.md"], true);
        check("file:./a/x.md", &["a", "x.md"], true);
        check("file:E\u{301}.md", &["é.md"], true);
    }

    #[test]
    fn signs_of_patterns() {
        check("tag:a*b*c", &["aXbbYc"], true);
        check("tag:a*b*c", &["aXbbY"], false);
        check("tag:*a", &["aaab"], false);
        check("tag:???", &["абв"], true);
        check("tag:C++ [x]", &["C++ [x]"], true);
    }

    #[test]
    fn what_is_no_selector_is_refused() {
        let check = |text: &str, expect: &str| {
            assert_eq!(text.parse::<Selector>().expect_err("an error"), expect);
        };
        let all = "a selector is one of `topic:…`, `tag:…`, `deck:…`, `file:…`";
        check("RAG", all);
        check("colour:red", all);
        check("topics:RAG", "did you mean `topic:RAG`?");
        check("tag: ", &format!("nothing stands behind `tag:`; {all}"));
        check("deck:::", &format!("nothing stands behind `deck:`; {all}"));
    }

    #[test]
    fn long_patterns_take_no_time() {
        let selector: Selector = format!("tag:{}", "*a".repeat(200)).parse().expect("a selector");
        let name = "a".repeat(20_000) + "b";
        assert!(!selector.pattern().is_above([name.as_str()].into_iter()));
        let selector: Selector = format!("file:{}x", "**/a/".repeat(60)).parse().expect("one");
        assert!(!selector.pattern().is_above(std::iter::repeat_n("a", 2_000)));
    }
}
