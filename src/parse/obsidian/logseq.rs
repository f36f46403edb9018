//! Logseq's own syntax: the ids of blocks, and the sizes of images.

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
