//! Covered parts of a picture, as gaps hold them: `image-occlusion:rect:left=.1:top=.2:oi=1`.

/// How the text of such a gap begins.
pub(super) const OCCLUSION: &str = "image-occlusion:";

/// The properties that Anki 26.9.3 knows, each with its attribute.
const PROPERTIES: [(&str, &str); 13] = [
    ("left", "data-left"),
    ("top", "data-top"),
    ("width", "data-width"),
    ("height", "data-height"),
    ("rx", "data-rx"),
    ("ry", "data-ry"),
    ("angle", "data-angle"),
    ("points", "data-points"),
    ("oi", "data-occludeInactive"),
    ("text", "data-text"),
    ("scale", "data-scale"),
    ("fs", "data-font-size"),
    ("fill", "data-fill"),
];

/// Returns the attributes of the element that stands for a shape, with their values.
pub(super) fn read_attributes(shape: &str) -> Vec<(&'static str, String)> {
    let mut parts = split(shape).into_iter();
    let kind = parts.next().filter(|kind| !kind.is_empty()).map(|kind| ("data-shape", kind));
    let properties = parts.filter_map(|part| {
        let (name, value) = part.split_once('=').filter(|(_, value)| !value.is_empty())?;
        let (_, attribute) = PROPERTIES.iter().find(|(known, _)| *known == name)?;
        Some((*attribute, value.to_owned()))
    });
    kind.into_iter().chain(properties).collect()
}

/// Splits at colons; one behind a backslash is part of the text.
fn split(shape: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_escaped = false;
    for sign in shape.chars() {
        match (sign, parts.last_mut()) {
            ('\\', _) if !is_escaped => {
                is_escaped = true;
                continue;
            }
            (':', _) if !is_escaped => parts.push(String::new()),
            (_, Some(part)) => {
                if is_escaped && sign != ':' {
                    part.push('\\');
                }
                part.push(sign);
            }
            (_, None) => {}
        }
        is_escaped = false;
    }
    parts
}
