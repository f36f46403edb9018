//! `corpus KIND COUNT FOLDER` writes so many questions, in the convention of a program.

mod questions;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::{env, error};

use questions::{Chance, Question, TITLE, native, questions, topic};

/// How many files `files` makes.
const FILES: usize = 100;
/// How often each block of code is there in `code-again`.
const TIMES: usize = 10;

fn main() -> Result<(), Box<dyn error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [kind, count, folder] = &arguments[..] else {
        return Err("usage: corpus KIND COUNT FOLDER".into());
    };
    let (count, folder) = (count.parse()?, Path::new(folder));
    let file = folder.join("corpus.md");
    match kind.as_str() {
        "native" => write(&file, native(questions(count)))?,
        "files" => files(folder, count)?,
        "code" => write(&file, native(code_questions(count, count)))?,
        "code-plain" => write(&file, native(plain(code_questions(count, count))))?,
        "code-again" => write(&file, native(code_questions(count, count / TIMES)))?,
        "code-again-plain" => write(&file, native(plain(code_questions(count, count / TIMES))))?,
        "ankdown" => ankdown(folder, count)?,
        "markdown-anki-decks" => markdown_anki_decks(folder, count)?,
        _ => return Err(format!("there is no kind `{kind}`").into()),
    }
    Ok(())
}

fn write(path: &Path, pieces: impl Iterator<Item = String>) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    for piece in pieces {
        file.write_all(piece.as_bytes())?;
    }
    file.flush()
}

/// So many questions with ten lines of code each, of which so many are distinct.
fn code_questions(count: usize, distinct: usize) -> impl Iterator<Item = Question> {
    (0..count).map(move |number| {
        let said = Chance::of(number).sentence(8, 20);
        let code = Chance::of(number % distinct).code(number % distinct, 10);
        Question {
            topic: topic(number),
            prompt: format!("What does code {number} do?"),
            answer: format!("{said}\n\n{code}"),
            key_points: vec![Chance::of(number).sentence(5, 9)],
        }
    })
}

/// The same questions in many files.
fn files(folder: &Path, count: usize) -> io::Result<()> {
    let mut asked = questions(count);
    for number in 0..FILES {
        let some = asked.by_ref().take(count.div_ceil(FILES));
        write(&folder.join(format!("{number:03}.md")), native(some))?;
    }
    Ok(())
}

/// The same without the names of the languages.
fn plain(questions: impl Iterator<Item = Question>) -> impl Iterator<Item = Question> {
    questions.map(|question| {
        let (said, code) = question.answer.split_once("```").unwrap_or_default();
        let lines = code.split_once('\n').map_or("", |(_, lines)| lines);
        Question { answer: format!("{said}```\n{lines}"), ..question }
    })
}

/// Answer and key points together, for programs that know of two sides.
fn back(question: &Question) -> String {
    let points = question.key_points.join("\n- ");
    format!("{}\n\n**Key points to hit:**\n\n- {points}\n", question.answer)
}

fn topics(count: usize) -> Vec<Vec<Question>> {
    let mut topics: Vec<Vec<Question>> = Vec::new();
    for question in questions(count) {
        match topics.last_mut() {
            Some(topic) if topic[0].topic == question.topic => topic.push(question),
            _ => topics.push(vec![question]),
        }
    }
    topics
}

/// A folder per deck; `%` between the sides, `---` between the cards.
fn ankdown(folder: &Path, count: usize) -> io::Result<()> {
    for topic in topics(count) {
        let card = |card: &Question| format!("{}\n\n%\n\n{}\n---\n\n", card.prompt, back(card));
        write(&folder.join(&topic[0].topic).join("cards.md"), topic.iter().map(card))?;
    }
    Ok(())
}

/// A file per deck, which is its title; a question is a heading of the second level.
fn markdown_anki_decks(folder: &Path, count: usize) -> io::Result<()> {
    for topic in topics(count) {
        let name = &topic[0].topic;
        let title = format!("# {TITLE}::{name}\n\n");
        let cards = topic.iter().map(|card| format!("## {}\n\n{}\n", card.prompt, back(card)));
        write(&folder.join(format!("{name}.md")), std::iter::once(title).chain(cards))?;
    }
    Ok(())
}
