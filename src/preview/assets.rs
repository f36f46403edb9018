//! The page itself: one document, one style sheet, one script.

/// The document.
pub(super) const PAGE: &str = include_str!("page.html");

/// Its style sheet.
pub(super) const STYLE: &str = include_str!("page.css");

/// Its script.
pub(super) const SCRIPT: &str = include_str!("page.js");

/// What stands before the style sheet of the cards in each frame: what Anki has there.
pub(super) const FRAME_STYLE: &str = include_str!("frame.css");

/// What each frame runs: it tells its height, and hands on keys.
pub(super) const FRAME_SCRIPT: &str = include_str!("frame.js");
