//! What is wrong with the templates of the author's own note types: all that Anki itself refuses
//! when one saves a note type, and shows as an error on each card when one imports it.

use std::ops::Range;

use crate::config::note_type::{CardTemplate, NoteType, TemplateText};
use crate::config::tree::similar;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Sources, Span};
use crate::template::{self, Template};

/// Checks the templates of every note type.
pub fn check(sources: &Sources, note_types: &[NoteType], diagnostics: &mut Vec<Diagnostic>) {
    for note_type in note_types {
        for (at, card) in note_type.cards.iter().enumerate() {
            let before = diagnostics.len();
            let [front, back] =
                [&card.front, &card.back].map(|text| read(sources, note_type, text, diagnostics));
            if diagnostics.len() > before {
                continue;
            }
            let is_cloze = note_type.is_cloze && at == 0;
            if !note_type.is_cloze {
                let sides = [(&front, &card.front), (&back, &card.back)];
                diagnostics.extend(sides.into_iter().find_map(|(side, text)| {
                    side.as_ref().and_then(|side| check_plain(side, text, note_type))
                }));
            }
            diagnostics.extend(front.and_then(|front| check_front(&front, card, is_cloze)));
            diagnostics.extend(back.and_then(|back| check_back(&back, card, is_cloze)));
            diagnostics.extend(find_twin(&note_type.cards[..at], card));
        }
    }
}

/// Reads a template, and reports an unbalanced section and fields that are not there.
fn read<'s>(
    sources: &'s Sources,
    note_type: &NoteType,
    TemplateText { file, .. }: &TemplateText,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Template<'s>> {
    let report = |at: Range<usize>, message: String| {
        Diagnostic::new(Code::InvalidTemplate, Span::new(*file, at), message)
    };
    let template = match template::parse(sources.original(*file)) {
        Ok(template) => template,
        Err(error) => {
            diagnostics.push(report(error.at.clone(), error.to_string()));
            return None;
        }
    };
    for (name, at) in template.names() {
        let is_known = name.is_empty()
            || template::is_special(name)
            || is_number_of_gap(name)
            || note_type.fields.iter().any(|field| field.name == name);
        if is_known {
            continue;
        }
        let lower = name.to_lowercase();
        let names: Vec<&str> = note_type.fields.iter().map(|field| field.name.as_str()).collect();
        let folded = names.iter().copied().find(|field| field.to_lowercase() == lower);
        let help = match folded.or_else(|| similar(name, &names)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the fields of `{}` are {}", note_type.name, note_type.list_fields()),
        };
        diagnostics.push(report(at, format!("there is no field `{name}`")).help(help));
    }
    Some(template)
}

/// Returns whether a section is of the card of one gap: `{{#c1}}`.
fn is_number_of_gap(name: &str) -> bool {
    name.strip_prefix('c').is_some_and(|number| number.parse::<u32>().is_ok())
}

fn check_front(front: &Template<'_>, card: &CardTemplate, is_cloze: bool) -> Option<Diagnostic> {
    if front.names().iter().all(|(name, _)| is_number_of_gap(name)) {
        let message = format!("the front of `{}` shows no field", card.name);
        let problem = whole(&card.front, message).help("put one in, as in `{{Front}}`");
        return Some(problem);
    }
    (is_cloze && !has_gaps(front)).then(|| shows_no_gap(&card.front, "front", card))
}

/// Reports a gap in a type that has none: Anki shows nothing in its place.
fn check_plain(
    side: &Template<'_>,
    text: &TemplateText,
    note_type: &NoteType,
) -> Option<Diagnostic> {
    let fields = side.fields();
    let field = fields.iter().find(|field| field.filters.contains(&"cloze"))?;
    let message =
        format!("`{}` is no cloze type, so this field would show nothing", note_type.name);
    let problem =
        Diagnostic::new(Code::InvalidTemplate, Span::new(text.file, field.at.clone()), message);
    Some(problem.help("write `cloze = true` into its file, or take `cloze:` out"))
}

fn check_back(back: &Template<'_>, card: &CardTemplate, is_cloze: bool) -> Option<Diagnostic> {
    (is_cloze && !has_gaps(back)).then(|| shows_no_gap(&card.back, "back", card))
}

fn has_gaps(template: &Template<'_>) -> bool {
    template.fields().iter().any(|field| field.filters.contains(&"cloze"))
}

fn shows_no_gap(text: &TemplateText, side: &str, card: &CardTemplate) -> Diagnostic {
    let message = format!("the {side} of `{}` shows no gap", card.name);
    whole(text, message).help("a cloze type shows a field as `{{cloze:Text}}` on both sides")
}

/// Reports a front that an earlier card template has too.
fn find_twin(earlier: &[CardTemplate], card: &CardTemplate) -> Option<Diagnostic> {
    let is_same = |other: &&CardTemplate| other.front.text == card.front.text;
    let twin = earlier.iter().find(is_same)?;
    // A front that shows the template's name is another on each card.
    let front = template::parse(&card.front.text).ok()?;
    if front.fields().iter().any(|field| field.name == "Card" && field.filters.is_empty()) {
        return None;
    }
    let message = format!("`{}` and `{}` have the same front", twin.name, card.name);
    let problem = Diagnostic::new(Code::InvalidTemplate, card.span, message)
        .label("this one")
        .related(twin.span, "and this one")
        .help("Anki refuses two cards that ask the same; take one of them out");
    Some(problem)
}

fn whole(text: &TemplateText, message: String) -> Diagnostic {
    Diagnostic::new(Code::InvalidTemplate, Span::new(text.file, 0..0), message)
}
