//! What becomes of a field that two sides may have edited.

/// What becomes of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nobody has edited it, or both have in the same way.
    Nothing,
    /// The content has, and Anki gets it.
    Update,
    /// The learner has, and it stays.
    Keep,
    /// Both have.
    Conflict,
}

/// How a field is, compared with what the collection got last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Whether what is in Anki is what the collection got last, if that is known.
    pub live_is_base: Option<bool>,
    /// Whether what the content says is what the collection got last, if that is known.
    pub new_is_base: Option<bool>,
    /// Whether what is in Anki is what the content says.
    pub live_is_new: bool,
}

/// Decides about a field. Where it is not known what the collection got last, an edit on both sides
/// cannot be ruled out.
#[must_use]
pub fn decide(field: Compared) -> Decision {
    let Compared { live_is_base, new_is_base, live_is_new } = field;
    match (live_is_base, new_is_base) {
        _ if live_is_new => Decision::Nothing,
        (Some(true), _) => Decision::Update,
        (Some(false), Some(true)) => Decision::Keep,
        (Some(false) | None, _) => Decision::Conflict,
    }
}

#[cfg(test)]
mod tests {
    use super::Decision::{Conflict, Keep, Nothing, Update};
    use super::{Compared, Decision, decide};

    fn check(live: Option<bool>, new: Option<bool>, live_is_new: bool, expect: Decision) {
        let field = Compared { live_is_base: live, new_is_base: new, live_is_new };
        assert_eq!(decide(field), expect, "{field:?}");
    }

    #[test]
    fn the_table() {
        check(Some(true), Some(true), true, Nothing);
        check(Some(true), Some(false), false, Update);
        check(Some(false), Some(true), false, Keep);
        check(Some(false), Some(false), true, Nothing);
        check(Some(false), Some(false), false, Conflict);
    }

    #[test]
    fn without_a_base_a_difference_may_be_of_both_sides() {
        check(None, None, true, Nothing);
        check(None, None, false, Conflict);
    }
}
