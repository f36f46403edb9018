//! Tables: Anki's text exports, and those of other apps with a row per question.
//!
//! ```text
//! #separator:tab         Anki's, which say what each column is; a GUID makes the note the same one
//! Front,Back,Topic,…     a first row of names that we know
//! question<tab>answer    nothing but the two
//! Q: question            SuperMemo's lines
//! ```

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};

use super::model::{Collection, Note, NoteType, Template};
use super::questions::{self, Question};
use crate::anki::{self, Kind};
use crate::export;
use crate::template::cloze;

/// Reads a table. `stem` is the deck where the table does not say one, and `own` are note types
/// that notes may have.
///
/// # Errors
/// If it is no table.
pub fn read(text: &str, stem: &str, own: &[NoteType]) -> Result<Collection> {
    let text = text.trim_start_matches('\u{feff}');
    let head = Head::read(text);
    let is_anki = !head.settings.is_empty();
    if !is_anki && is_dialogue(text) {
        return Ok(questions::collect(read_dialogue(text, stem), false));
    }
    let separator = head.separator.unwrap_or_else(|| guess_separator(text));
    let rows = read_rows(&text[head.length..], separator, is_anki)?;
    ensure!(!rows.is_empty(), "it holds no rows");
    if is_anki {
        return Ok(read_anki(&head, &rows, stem, own));
    }
    Ok(questions::collect(read_table(&rows, stem), false))
}

/// The first lines of Anki's text, `#key:value`.
#[derive(Debug, Default)]
struct Head {
    settings: BTreeMap<String, String>,
    separator: Option<u8>,
    columns: Vec<String>,
    /// How much of the text it is.
    length: usize,
}

impl Head {
    fn read(text: &str) -> Self {
        let mut head = Self::default();
        for line in text.split_inclusive('\n') {
            let setting = line.trim_end_matches(['\r', '\n']).strip_prefix('#');
            let Some((key, value)) = setting.and_then(|setting| setting.split_once(':')) else {
                break;
            };
            let key = key.trim().to_ascii_lowercase();
            let is_known =
                ["separator", "html", "tags", "columns", "notetype", "deck", "if matches"]
                    .contains(&key.as_str())
                    || key.ends_with(" column");
            if !is_known {
                break;
            }
            head.length += line.len();
            if key == "separator" {
                head.separator = separator_of(value);
            }
            head.settings.insert(key, value.to_owned());
        }
        if let Some(columns) = head.settings.get("columns") {
            let separator = char::from(head.separator.unwrap_or(b'\t'));
            head.columns = columns.split(separator).map(|it| it.trim().to_owned()).collect();
        }
        head
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.settings.get(key).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// Returns the index of the column that holds this.
    fn column(&self, key: &str) -> Option<usize> {
        let number: usize = self.get(&format!("{key} column"))?.parse().ok()?;
        number.checked_sub(1)
    }
}

fn separator_of(value: &str) -> Option<u8> {
    Some(match value.trim().to_ascii_lowercase().as_str() {
        "tab" | "\\t" => b'\t',
        "comma" => b',',
        "semicolon" => b';',
        "space" => b' ',
        "pipe" => b'|',
        "colon" => b':',
        _ => match value.as_bytes() {
            [b'\t', ..] => b'\t',
            [sign, ..] if sign.is_ascii_punctuation() => *sign,
            _ => return None,
        },
    })
}

/// Returns the separator that the first line holds.
fn guess_separator(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    [b'\t', b';', b','].into_iter().find(|sign| first.as_bytes().contains(sign)).unwrap_or(b'\t')
}

fn read_rows(text: &str, separator: u8, has_comments: bool) -> Result<Vec<Vec<String>>> {
    // A line that is pasted into an app has no quotes.
    let has_quotes = has_comments || separator != b'\t';
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .quoting(has_quotes)
        .comment(has_comments.then_some(b'#'))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let row: Vec<String> =
            record.context("it is no table")?.iter().map(str::to_owned).collect();
        if row.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Reads the rows of Anki's text.
fn read_anki(head: &Head, rows: &[Vec<String>], stem: &str, own: &[NoteType]) -> Collection {
    let is_html = head.get("html").is_none_or(|value| value.eq_ignore_ascii_case("true"));
    let [guid, type_name, deck, tags] =
        ["guid", "notetype", "deck", "tags"].map(|key| head.column(key));
    let special = [guid, type_name, deck, tags];
    let mut by_type: BTreeMap<&str, Vec<&Vec<String>>> = BTreeMap::new();
    let cell = |row: &'_ Vec<String>, at: Option<usize>| at.and_then(|at| row.get(at)).cloned();
    for row in rows {
        let named = type_name.and_then(|at| row.get(at)).map(String::as_str);
        let usual = || if row.iter().any(|cell| has_gap(cell)) { "Cloze" } else { "Basic" };
        let name = named.or_else(|| head.get("notetype")).unwrap_or_else(usual);
        by_type.entry(name).or_default().push(row);
    }
    let mut collection = Collection::default();
    for (name, rows) in by_type {
        let widest = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let is_filled =
            |at: &usize| rows.iter().any(|row| row.get(*at).is_some_and(|it| !it.is_empty()));
        let columns: Vec<usize> = (0..widest).filter(|at| !special.contains(&Some(*at))).collect();
        // Anki fills the rows of a narrow type with empty cells.
        let filled = columns.iter().rposition(is_filled).map_or(0, |at| at + 1).max(2);
        let columns = &columns[..filled.min(columns.len())];
        let note_type = type_of(name, head, &rows, columns, own);
        for row in rows {
            let field = |at: &usize| match row.get(*at) {
                Some(cell) if is_html => cell.clone(),
                Some(cell) => html_of(cell),
                None => String::new(),
            };
            let mut fields: Vec<String> = columns.iter().map(field).collect();
            fields.resize(note_type.fields.len(), String::new());
            let tags = [cell(row, tags), head.get("tags").map(str::to_owned)];
            let tags = tags.iter().flatten().flat_map(|tags| tags.split_whitespace());
            let deck = cell(row, deck).or_else(|| head.get("deck").map(str::to_owned));
            collection.notes.push(Note {
                guid: cell(row, guid).unwrap_or_default(),
                note_type: collection.note_types.len(),
                tags: tags.map(str::to_owned).collect(),
                fields,
                deck: levels(deck.as_deref().unwrap_or(stem)),
                ..Note::default()
            });
        }
        collection.note_types.push(note_type);
    }
    collection
}

fn has_gap(cell: &str) -> bool {
    !cloze::numbers(cell).is_empty()
}

/// Returns a note type of which a text knows the name and the number of fields.
fn type_of(
    name: &str,
    head: &Head,
    rows: &[&Vec<String>],
    columns: &[usize],
    own: &[NoteType],
) -> NoteType {
    let ours = [Kind::Qa, Kind::Cloze].into_iter().find(|kind| anki::name(*kind) == name);
    if let Some(kind) = ours {
        return questions::note_type(kind, false);
    }
    let is_same = |it: &&NoteType| it.name == name && it.fields.len() >= columns.len();
    if let Some(known) = own.iter().find(is_same) {
        return known.clone();
    }
    // Every note of a cloze type has gaps; in one of another they are text.
    let gap = columns.iter().position(|at| {
        let rows_with_gaps =
            rows.iter().filter(|row| row.get(*at).is_some_and(|cell| has_gap(cell)));
        rows_with_gaps.count() * 2 > rows.len()
    });
    let stock = if gap.is_some() { ["Text", "Back Extra"] } else { ["Front", "Back"] };
    let name_of = |(number, at): (usize, &usize)| {
        let named = head.columns.get(*at).filter(|name| !name.is_empty()).cloned();
        let usual =
            || stock.get(number).filter(|_| columns.len() == 2).map(|name| (*name).to_owned());
        (named.or_else(usual).unwrap_or_else(|| format!("Field {}", number + 1)), None)
    };
    let fields: Vec<(String, Option<i64>)> = columns.iter().enumerate().map(name_of).collect();
    let at = |at: usize| fields.get(at).map_or("", |(name, _)| name.as_str());
    let (front, back) = match gap {
        Some(gap) => {
            let text = format!("{{{{cloze:{}}}}}", at(gap));
            (text.clone(), format!("{text}{{{{{}}}}}", at(usize::from(gap != 1))))
        }
        None => (format!("{{{{{}}}}}", at(0)), format!("{{{{FrontSide}}}}{{{{{}}}}}", at(1))),
    };
    NoteType {
        name: name.to_owned(),
        is_cloze: gap.is_some(),
        is_bare: true,
        cards: vec![Template { front, back, ..Template::default() }],
        fields,
        ..NoteType::default()
    }
}

/// The content of a column, by its header.
const NAMES: [(&str, &[&str]); 10] = [
    ("question", &["question", "front", "q. body", "term", "prompt", "word"]),
    ("answer", &["answer", "back", "a. body", "definition", "meaning"]),
    ("key points", &["key points", "a. clarifier"]),
    ("extra", &["extra", "a. footnote", "notes"]),
    ("hint", &["hint", "q. footnote"]),
    ("topic", &["topic", "q. prompt", "category"]),
    ("deck", &["deck"]),
    ("tags", &["tags"]),
    ("id", &["id"]),
    ("source", &["source"]),
];

fn read_table(rows: &[Vec<String>], stem: &str) -> Vec<Question> {
    let known = |cell: &String| {
        let cell = cell.trim().to_lowercase().replace('_', " ");
        NAMES.iter().find(|(_, names)| names.contains(&cell.as_str())).map(|(what, _)| *what)
    };
    let names: Vec<Option<&str>> = rows[0].iter().map(known).collect();
    let has_names = ["question", "answer"].iter().all(|it| names.contains(&Some(it)));
    let (names, rows) = if has_names {
        (names, &rows[1..])
    } else {
        (vec![Some("question"), Some("answer")], rows)
    };
    // What a spreadsheet would calculate has a sign before it.
    let is_guarded = names.contains(&Some("source"));
    let is_html = rows.iter().take(20).flatten().any(|cell| looks_like_html(cell));
    let of = |row: &Vec<String>, what: &str| -> String {
        let at = names.iter().position(|name| *name == Some(what));
        let cell = at.and_then(|at| row.get(at)).map_or("", |cell| cell.trim_end());
        let cell = if is_guarded { export::without_guard(cell) } else { cell };
        cell.to_owned()
    };
    let html = |cell: String| if is_html { math_of(&cell) } else { html_of(&cell) };
    let question = |row: &Vec<String>| {
        let deck = Some(of(row, "deck")).filter(|deck| !deck.is_empty());
        let mut deck = levels(deck.as_deref().unwrap_or(stem));
        // A deck with its levels names the topic already.
        if deck.len() == 1 {
            let topic = of(row, "topic");
            deck.extend(topic.split(" / ").map(str::to_owned).filter(|level| !level.is_empty()));
        }
        let extra = html(of(row, "extra"));
        let asked = of(row, "question");
        let has_gaps = !cloze::numbers(&asked).is_empty();
        Question {
            id: of(row, "id"),
            deck,
            tags: of(row, "tags").split_whitespace().map(str::to_owned).collect(),
            has_gaps,
            prompt: html(asked),
            answer: html(of(row, "answer")),
            key_points: html(of(row, "key points")),
            hint: html(of(row, "hint")),
            extra: if extra.is_empty() { Vec::new() } else { vec![("More".to_owned(), extra)] },
            ..Question::default()
        }
    };
    rows.iter().map(question).collect()
}

/// Returns the levels of a deck.
fn levels(deck: &str) -> Vec<String> {
    deck.split("::").map(str::to_owned).collect()
}

fn looks_like_html(cell: &str) -> bool {
    let lower = cell.to_ascii_lowercase();
    ["</", "<br", "<img ", "&nbsp;", "&lt;", "&amp;"].iter().any(|sign| lower.contains(sign))
}

/// Returns plain text as HTML that shows the same lines.
fn html_of(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let line = |line: &str| {
        let words = line.trim_start_matches(' ');
        format!("{}{words}", "&nbsp;".repeat(line.len() - words.len()))
    };
    escaped.trim().lines().map(line).collect::<Vec<_>>().join("<br>")
}

/// Returns HTML with the formulas of Mnemosyne as Anki has them.
fn math_of(html: &str) -> String {
    html.replace("<$$>", "\\[").replace("</$$>", "\\]").replace("<$>", "\\(").replace("</$>", "\\)")
}

/// Returns whether a text is of lines that begin with `Q:` and `A:`.
fn is_dialogue(text: &str) -> bool {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    lines().next().is_some_and(|line| line.starts_with("Q:"))
        && lines().all(|line| line.starts_with("Q:") || line.starts_with("A:"))
}

fn read_dialogue(text: &str, stem: &str) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    let (mut sides, mut was_answer) = ([String::new(), String::new()], true);
    let mut end = |sides: &mut [String; 2]| {
        let [asked, answer] = std::mem::take(sides);
        if !asked.trim().is_empty() {
            questions.push(Question {
                deck: levels(stem),
                prompt: html_of(&asked),
                answer: html_of(&answer),
                ..Question::default()
            });
        }
    };
    for line in text.lines() {
        let Some((mark, rest)) = line.split_at_checked(2).filter(|(mark, _)| !mark.is_empty())
        else {
            continue;
        };
        let is_answer = mark == "A:";
        if was_answer && !is_answer {
            end(&mut sides);
        }
        was_answer = is_answer;
        // Signs that keep readers from folding blanks, and from taking text for HTML.
        let rest = rest.strip_prefix(' ').unwrap_or(rest).replace('\u{200b}', "");
        sides[usize::from(is_answer)].push_str(&rest.replace('\u{a0}', " "));
        sides[usize::from(is_answer)].push('\n');
    }
    end(&mut sides);
    questions
}

#[cfg(test)]
mod tests {
    use super::read;

    fn fields(text: &str) -> Vec<Vec<String>> {
        read(text, "Deck", &[])
            .expect("a table")
            .notes
            .into_iter()
            .map(|note| note.fields)
            .collect()
    }

    #[test]
    fn anki_says_what_each_column_is() {
        let text = "#separator:Semicolon\n#html:true\n#guid column:1\n#notetype column:2\n\
                    #deck column:3\n#tags column:6\n\
                    a#1;Basic;Spanish::Verbs;ir;\"to <b>go</b>;\n#move\";x y\n\
                    b2;Cloze;Spanish;{{c1::ser}};;\n";
        let collection = read(text, "Deck", &[]).expect("a text export");
        let [basic, cloze] = &collection.notes[..] else { panic!() };
        assert_eq!((&*basic.guid, &*basic.tags), ("a#1", &["x".to_owned(), "y".to_owned()][..]));
        assert_eq!(basic.deck, ["Spanish", "Verbs"]);
        assert_eq!(basic.fields, ["ir", "to <b>go</b>;\n#move"]);
        assert_eq!((&*cloze.guid, &*cloze.fields[0]), ("b2", "{{c1::ser}}"));
        let names: Vec<&str> = collection.note_types.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["Basic", "Cloze"]);
        assert!(collection.note_types[1].is_cloze);
    }

    #[test]
    fn gaps_make_a_cloze_type_where_its_notes_have_them() {
        let types = |text: &str| -> Vec<(String, bool)> {
            let collection = read(text, "Deck", &[]).expect("a text export");
            collection.note_types.into_iter().map(|it| (it.name, it.is_cloze)).collect()
        };
        let rows = "a\twhat is {{c1::x}}?\nb\tc\nd\te\n";
        let (basic, cloze) = (("Basic".to_owned(), false), ("Cloze".to_owned(), true));
        let told = format!("#separator:tab\n#notetype:Basic\n{rows}");
        assert_eq!(types(&told), std::slice::from_ref(&basic));
        assert_eq!(types(&format!("#separator:tab\n{rows}")), [basic, cloze]);
    }

    #[test]
    fn tables_of_apps_are_read() {
        assert_eq!(fields("a < b\tto\ngo \"on\"\tc\n")[1][..2], ["go \"on\"", "c"]);
        assert_eq!(fields("a < b\tto\n")[0][0], "a &lt; b");
        let named = fields("Front,Back,Topic,Tags,Id\n\"q\nr\",a,T / U,x,ab12\n");
        assert_eq!((named.len(), &*named[0][0], &*named[0][9]), (1, "q<br>r", "ab12"));
        assert_eq!(
            fields("Q: one\nQ: two\nA: three\n\nQ: four\nA:\n")[0][..2],
            ["one<br>two", "three"]
        );
        assert!(read("", "Deck", &[]).is_err());
    }
}
