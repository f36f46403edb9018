//! The page itself: one document, one style sheet, one script.

/// The document.
pub(super) const PAGE: &str = include_str!("page/page.html");

/// Its style sheet.
pub(super) const STYLE: &str = include_str!("page/page.css");

/// Its script, which is written in several files and served as one.
pub(super) const SCRIPT: &str = concat!(
    include_str!("page/state.js"),
    include_str!("page/list.js"),
    include_str!("page/problems.js"),
    include_str!("page/frames.js"),
    include_str!("page/note.js"),
    include_str!("page/keys.js"),
    include_str!("page/live.js"),
);

/// What stands before the style sheet of the cards in each frame: what Anki has there.
pub(super) const FRAME_STYLE: &str = include_str!("frame.css");

/// What each frame runs: it tells its height, and hands on keys.
pub(super) const FRAME_SCRIPT: &str = include_str!("frame.js");
