//! What a bank is like, as a person or a program reads it.

use std::io::{self, Write};

use anstyle::Style as Paint;
use serde_json::{Value, json};

use super::{Reporter, Style, human_size, in_numbers, shorten};
use crate::compile::Counts;
use crate::config::lint::Limits;
use crate::source::Sources;
use crate::stats::{Lengths, Named, Stats};

/// So many questions of a kind are named.
const MOST: usize = 10;

/// How wide the longest bar is.
const BAR: usize = 40;

/// How much of a question is shown.
const SHOWN: usize = 70;

impl<W: Write> Reporter<W> {
    /// Shows how much there is, and what stands out.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn stats(
        &mut self,
        sources: &Sources,
        counts: Counts,
        stats: &Stats,
        limits: Limits,
    ) -> io::Result<()> {
        if self.style == Style::Json {
            for line in machine(sources, counts, stats) {
                writeln!(self.to, "{line}")?;
            }
            return Ok(());
        }
        writeln!(self.to, "{}", in_numbers(counts))?;
        self.histogram("Words in a question", &stats.prompts)?;
        self.histogram("Words in an answer", &stats.answers)?;
        let counted = |(named, count): &(Named, usize), what: &str| {
            vec![(named.clone(), format!("{count} {what}"))]
        };
        let alone = |named: &Named| vec![(named.clone(), String::new())];
        let title = format!("Answers of more than {} words", limits.answer_words);
        self.named(&title, &stats.long, sources, |it| counted(it, "words"))?;
        let title = format!("More than {} key points", limits.key_points);
        self.named(&title, &stats.pointed, sources, |it| counted(it, "key points"))?;
        self.named("Unanswered", &stats.unanswered, sources, alone)?;
        self.named("In no topic", &stats.without_topic, sources, alone)?;
        self.named("Alike", &stats.alike, sources, |(one, other, share)| {
            let share = format!("{}% of the words in common", percent(*share));
            vec![(one.clone(), String::new()), (other.clone(), share)]
        })?;
        let title = format!("Files of more than {} MiB", limits.media_mib);
        self.named(&title, &stats.large, sources, |(path, span, size)| {
            vec![(Named { question: path.clone(), span: *span }, human_size(*size))]
        })
    }

    fn bold(&self) -> Paint {
        if self.color { Paint::new().bold() } else { Paint::new() }
    }

    fn histogram(&mut self, title: &str, lengths: &Lengths) -> io::Result<()> {
        let Lengths { classes, median, longest, texts } = lengths;
        if *texts == 0 {
            return Ok(());
        }
        let bold = self.bold();
        writeln!(self.to, "\n{bold}{title}{bold:#}: {median} in the middle, {longest} at most")?;
        let most = classes.iter().map(|(.., count)| *count).max().unwrap_or(1).max(1);
        let is_used = |(.., count): &(usize, Option<usize>, usize)| *count > 0;
        let last = classes.iter().rposition(is_used).unwrap_or(0);
        let first = classes.iter().position(is_used).unwrap_or(0);
        for (from, to, count) in &classes[first..=last] {
            let range = match to {
                Some(to) => format!("{from}–{to}"),
                None => format!("{from} or more"),
            };
            let bar = "█".repeat((count * BAR).div_ceil(most));
            let gap = if bar.is_empty() { "" } else { " " };
            writeln!(self.to, "  {range:>11}  {bar}{gap}{count}")?;
        }
        Ok(())
    }

    fn named<T>(
        &mut self,
        title: &str,
        all: &[T],
        sources: &Sources,
        show: impl Fn(&T) -> Vec<(Named, String)>,
    ) -> io::Result<()> {
        if all.is_empty() {
            return Ok(());
        }
        let bold = self.bold();
        writeln!(self.to, "\n{bold}{title}{bold:#}: {}", all.len())?;
        for it in all.iter().take(MOST) {
            for (nth, (Named { question, span }, note)) in show(it).iter().enumerate() {
                let indent = if nth == 0 { "  " } else { "    " };
                let (line, _) = sources.position(*span);
                let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
                let path = sources.display(span.file);
                writeln!(
                    self.to,
                    "{indent}{path}:{line}  {}{note}",
                    shorten(question, SHOWN).replace('\n', " ")
                )?;
            }
        }
        match all.len().saturating_sub(MOST) {
            0 => Ok(()),
            more => writeln!(self.to, "  and {more} more, which `--message-format json` lists"),
        }
    }
}

fn percent(share: f64) -> u8 {
    (0..=100).rev().find(|percent| f64::from(*percent) <= share * 100.0).unwrap_or(0)
}

fn machine(sources: &Sources, counts: Counts, stats: &Stats) -> Vec<Value> {
    let named = |Named { question, span }: &Named| {
        let line = sources.position(*span).0;
        json!({"file": sources.display(span.file), "line": line, "question": question})
    };
    let with = |reason: &str, of: &Named, key: &str, value: Value| {
        let mut line = named(of);
        line["reason"] = json!(reason);
        if !key.is_empty() {
            line[key] = value;
        }
        line
    };
    let alone = |reason: &str, of: &Named| with(reason, of, "", Value::Null);
    let lengths = |Lengths { classes, median, longest, texts }: &Lengths| {
        let class = |(from, to, texts): &(usize, Option<usize>, usize)| json!({"from": from, "to": to, "texts": texts});
        let classes: Vec<Value> = classes.iter().map(class).collect();
        json!({"texts": texts, "median": median, "longest": longest, "classes": classes})
    };
    let mut lines: Vec<Value> = Vec::new();
    lines.extend(stats.long.iter().map(|(of, it)| with("long-answer", of, "words", json!(it))));
    lines.extend(
        stats.pointed.iter().map(|(of, it)| with("many-key-points", of, "key_points", json!(it))),
    );
    lines.extend(stats.unanswered.iter().map(|of| alone("unanswered", of)));
    lines.extend(stats.without_topic.iter().map(|of| alone("no-topic", of)));
    lines.extend(stats.alike.iter().map(|(one, other, share)| {
        let mut line = with("alike", one, "other", named(other));
        line["percent"] = json!(percent(*share));
        line
    }));
    lines.extend(stats.large.iter().map(|(path, span, size)| {
        let line = sources.position(*span).0;
        json!({"file": sources.display(span.file), "line": line, "path": path, "bytes": size,
            "reason": "large-file"})
    }));
    let mut summary = super::summary(counts);
    summary["question_words"] = lengths(&stats.prompts);
    summary["answer_words"] = lengths(&stats.answers);
    summary["reason"] = json!("stats");
    lines.push(summary);
    lines
}
