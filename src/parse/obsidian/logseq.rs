//! Logseq's own syntax: the ids of blocks, the sizes of images, and clozes.

use std::ops::Range;

/// Returns the length of `((uuid))`.
pub(super) fn reference(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix("((")?.get(..38)?;
    let is_uuid = inner.ends_with("))") && is_uuid(&inner[..36]);
    is_uuid.then_some(40)
}

/// Returns whether a text is the id of a block in Logseq.
fn is_uuid(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// A cloze of Logseq, `{{cloze text \\ hint}}`, from its beginning on.
pub(super) struct Cloze {
    pub(super) text: Range<usize>,
    pub(super) has_hint: bool,
    /// How long all of it is.
    pub(super) len: usize,
}

/// Reads a cloze, in which other braces may be.
pub(super) fn logseq_cloze(rest: &str) -> Option<Cloze> {
    const OPEN: &str = "{{cloze ";
    let block = &rest[..rest.find("\n\n").unwrap_or(rest.len())];
    let inner = block.strip_prefix(OPEN)?;
    let mut depth = 2;
    let close = inner.bytes().position(|byte| {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        depth == 0
    })?;
    let inner = inner[..close].strip_suffix('}')?;
    let (text, hint) = inner.rsplit_once("\\\\").unwrap_or((inner, ""));
    let start = OPEN.len() + text.len() - text.trim_start().len();
    let text = start..start + text.trim().len();
    let len = OPEN.len() + close + 1;
    (!text.is_empty()).then_some(Cloze { text, has_hint: !hint.trim().is_empty(), len })
}

/// The size that Logseq writes behind an image.
pub(super) struct LogseqSize<'t> {
    pub(super) width: Option<&'t str>,
    pub(super) height: Option<&'t str>,
    /// How long it is.
    pub(super) len: usize,
}

/// Reads `{:height 200, :width 300}`.
pub(super) fn logseq_size(rest: &str) -> Option<LogseqSize<'_>> {
    let inner = rest.strip_prefix("{:")?;
    let inner = &inner[..inner.find(['}', '\n'])?];
    let len = inner.len() + 3;
    rest[len - 1..].starts_with('}').then_some(())?;
    let mut size = LogseqSize { width: None, height: None, len };
    for part in inner.split(',') {
        let (key, value) = part.trim().trim_start_matches(':').split_once(' ')?;
        let value = value.trim();
        let value = value.split('.').next().unwrap_or(value);
        let value = Some(value).filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()));
        match key {
            "height" => size.height = value,
            "width" => size.width = value,
            _ => {}
        }
    }
    Some(size)
}
