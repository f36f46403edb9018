//! The audio of a card: audio and video files, and text that is read aloud.

use super::strip::strip_html;
use crate::entities;

/// Something that a card plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sound {
    /// A file, by its name in the collection.
    File(String),
    /// A text, read aloud in a language.
    Speech {
        /// The language, such as `en_US`.
        language: String,
        /// The text.
        text: String,
    },
}

/// Replaces each audio of a side by `[anki:play:q:0]`, with the letter of the side and a number;
/// returns the text and the audios, in order.
#[must_use]
pub fn extract(html: &str, side: char) -> (String, Vec<Sound>) {
    let (mut out, mut sounds) = (String::with_capacity(html.len()), Vec::new());
    let mut speech_has_end = true;
    let mut rest = html;
    while let Some(at) = rest.find('[') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = read_file(rest).or_else(|| {
            let found = speech_has_end.then(|| read_speech(rest)).flatten();
            speech_has_end =
                found.is_some() || !rest.starts_with(SPEECH) || rest.contains(SPEECH_END);
            found
        });
        let length = if let Some((sound, length)) = found {
            out.push_str(&format!("[anki:play:{side}:{}]", sounds.len()));
            sounds.push(sound);
            length
        } else {
            out.push('[');
            1
        };
        rest = &rest[length..];
    }
    out.push_str(rest);
    (out, sounds)
}

/// Replaces each `[anki:play:q:0]` by what `player` makes of its sound.
#[must_use]
pub fn replace_tags(
    html: &str,
    front: &[Sound],
    back: &[Sound],
    player: impl Fn(&Sound) -> String,
) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("[anki:play:") {
        out.push_str(&rest[..at]);
        rest = &rest[at + "[anki:play:".len()..];
        let sound = rest.split_once(']').and_then(|(tag, after)| {
            let (side, number) = tag.split_once(':')?;
            let sounds = if side == "q" { front } else { back };
            Some((sounds.get(number.parse::<usize>().ok()?)?, after))
        });
        if let Some((sound, after)) = sound {
            out.push_str(&player(sound));
            rest = after;
        } else {
            out.push_str("[anki:play:");
        }
    }
    out.push_str(rest);
    out
}

fn read_file(html: &str) -> Option<(Sound, usize)> {
    let name = html.strip_prefix("[sound:")?;
    let end = name.find(']').filter(|&end| end > 0)?;
    let file = entities::decode(&name[..end]).into_owned();
    Some((Sound::File(file), "[sound:]".len() + end))
}

const SPEECH: &str = "[anki:tts";
const SPEECH_END: &str = "[/anki:tts]";

fn read_speech(html: &str) -> Option<(Sound, usize)> {
    let rest = html.strip_prefix(SPEECH)?;
    let (options, content) = rest.split_once(']')?;
    let (content, _) = content.split_once(SPEECH_END)?;
    let options = || options.split_whitespace().filter_map(|option| option.split_once('='));
    let find = |name| options().find(|(known, _)| *known == name).map(|(_, value)| value);
    let language = find("lang")?.trim_matches('"').to_owned();
    let blank = find("cloze_blank").unwrap_or("blank");
    let text = strip_html(content).replace("[...]", blank);
    let length = SPEECH.len()
        + (rest.len() - rest.split_once(']')?.1.len())
        + content.len()
        + SPEECH_END.len();
    Some((Sound::Speech { language, text }, length))
}

#[cfg(test)]
mod tests {
    use super::{Sound, extract, replace_tags};

    #[test]
    fn sounds_are_found() {
        let (html, sounds) = extract(
            "a [sound:x &amp; y.mp3] [b] [anki:tts lang=en_US]<b>hi</b> [...][/anki:tts] [sound:]",
            'q',
        );
        assert_eq!(html, "a [anki:play:q:0] [b] [anki:play:q:1] [sound:]");
        let speech = Sound::Speech { language: "en_US".into(), text: "hi blank".into() };
        assert_eq!(sounds, [Sound::File("x & y.mp3".into()), speech]);
    }

    #[test]
    fn tags_become_players() {
        let file = |name: &str| Sound::File(name.into());
        let html = replace_tags(
            "[anki:play:q:0] [anki:play:a:0] [anki:play:a:7]",
            &[file("f")],
            &[file("b")],
            |sound| format!("<{sound:?}>"),
        );
        assert_eq!(html, "<File(\"f\")> <File(\"b\")> [anki:play:a:7]");
    }
}
