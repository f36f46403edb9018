//! A plan as a person or a program reads it.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};
use serde_json::{Value, json};

use super::{Reporter, Style, plan_markdown};
use crate::identity::plan::{Blank, Item, Plan};
use crate::identity::reasons::Reasons;
use crate::source::Sources;

impl<W: Write> Reporter<W> {
    /// Shows a plan: everything that an import would change, and what it cannot.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn plan(&mut self, sources: &Sources, plan: &Plan) -> io::Result<()> {
        if self.style == Style::Json {
            for line in machine(sources, plan) {
                writeln!(self.to, "{line}")?;
            }
            return writeln!(self.to, "{}", counts(plan));
        }
        if self.style == Style::Markdown {
            return self.to.write_all(plan_markdown::text(sources, plan, &line(plan)).as_bytes());
        }
        if self.quiet {
            return Ok(());
        }
        self.list("Added", &plan.added, '+', AnsiColor::Green, sources, |item| vec![item.clone()])?;
        self.list("Back again", &plan.revived, '+', AnsiColor::Green, sources, |item| {
            vec![item.clone()]
        })?;
        self.list("Reworded", &plan.reworded, '~', AnsiColor::Yellow, sources, |(item, old)| {
            vec![Item { question: old.clone(), span: None, ..item.clone() }, item.clone()]
        })?;
        self.list("Changed", &plan.changed, '~', AnsiColor::Yellow, sources, |(item, parts)| {
            let question = format!("{} ({})", item.question, parts.join(", "));
            vec![Item { question, ..item.clone() }]
        })?;
        self.list("Moved", &plan.moved, '>', AnsiColor::Cyan, sources, |(item, from, to)| {
            let question = format!("{}: {from} → {to}", item.question);
            vec![Item { question, ..item.clone() }]
        })?;
        for (deck, search) in plan.moves() {
            writeln!(self.to, "  Anki leaves cards where they are. In its browser, search for")?;
            writeln!(self.to, "    {search}")?;
            writeln!(self.to, "  and move what it finds to {deck} (Cards ▸ Change Deck).\n")?;
        }
        self.list(
            "Not confirmed",
            &plan.open,
            '?',
            AnsiColor::Yellow,
            sources,
            |(item, old, why)| {
                let why = Item { question: reasons(why), span: None, ..item.clone() };
                vec![Item { question: old.clone(), span: None, ..item.clone() }, item.clone(), why]
            },
        )?;
        if !plan.open.is_empty() {
            writeln!(
                self.to,
                "  `deckpress lock accept` confirms them, or those whose ids follow it; a question"
            )?;
            writeln!(self.to, "  with `{{id=new}}` behind its heading is taken for a new one.\n")?;
        }
        self.list("Retired", &plan.retired, '-', AnsiColor::Red, sources, |item| {
            vec![item.clone()]
        })?;
        if let Some(search) = plan.retired_search() {
            let before = match plan.retired_before.len() {
                0 => String::new(),
                before => format!(", {before} of them retired before"),
            };
            let total = plan.retired.len() + plan.retired_before.len();
            writeln!(self.to, "  Anki never deletes on import. In its browser, search for")?;
            writeln!(self.to, "    {search}")?;
            writeln!(self.to, "  and delete or suspend what it finds ({total} in all{before});")?;
            writeln!(self.to, "  `deckpress lock prune` then forgets them.\n")?;
        }
        self.list("No longer made", &plan.unmade, '-', AnsiColor::Red, sources, |(item, what)| {
            let question = format!("{} ({what})", item.question);
            vec![Item { question, ..item.clone() }]
        })?;
        if let Some(search) = plan.unmade_search() {
            writeln!(self.to, "  Anki keeps these notes. In its browser, search for")?;
            writeln!(self.to, "    {search}")?;
            writeln!(self.to, "  and suspend what it finds, or delete it with its reviews.\n")?;
        }
        let blank: Vec<(&Item, &Blank)> = plan
            .blank
            .iter()
            .flat_map(|(of, cards)| cards.iter().map(move |card| (of, card)))
            .collect();
        self.list("Cards left blank", &blank, '-', AnsiColor::Red, sources, |(of, card)| {
            let question = format!("{} ({})", of.question, name(card));
            vec![Item { question, ..(*of).clone() }]
        })?;
        if !plan.blank.is_empty() {
            writeln!(self.to, "  After the import, Tools ▸ Empty Cards removes them.\n")?;
        }
        writeln!(self.to, "{}", line(plan))
    }

    fn list<T>(
        &mut self,
        title: &str,
        entries: &[T],
        sign: char,
        color: AnsiColor,
        sources: &Sources,
        show: impl Fn(&T) -> Vec<Item>,
    ) -> io::Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let (bold, paint) = if self.color {
            (Paint::new().bold(), Paint::new().fg_color(Some(color.into())))
        } else {
            (Paint::new(), Paint::new())
        };
        let dim = if self.color { Paint::new().dimmed() } else { Paint::new() };
        writeln!(self.to, "{bold}{title}{bold:#}")?;
        for entry in entries {
            for (at, item) in show(entry).iter().enumerate() {
                let sign = if at == 0 { sign } else { '→' };
                let indent = if at == 0 { "  " } else { "    " };
                let question = item.question.replace('\n', " ");
                write!(self.to, "{indent}{paint}{sign} {question}{paint:#}")?;
                if let Some(span) = item.span {
                    let (line, _) = sources.position(span);
                    let path = sources.display(span.file);
                    write!(self.to, "  {dim}{path}:{line}{dim:#}")?;
                }
                writeln!(self.to)?;
            }
        }
        writeln!(self.to)
    }

    /// Says that the lock would change, where it must not.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn locked(&mut self) -> io::Result<()> {
        if self.style == Style::Json {
            return Ok(());
        }
        writeln!(
            self.to,
            "error: the lock would change; build without `--locked` and commit the lock"
        )
    }

    /// Says how many edits were made.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn fixed(&mut self, count: usize) -> io::Result<()> {
        match self.style {
            Style::Json => writeln!(self.to, "{}", json!({"reason": "fixed", "edits": count})),
            Style::Sarif => Ok(()),
            _ if self.quiet || count == 0 => Ok(()),
            _ => writeln!(self.to, "{} made", super::amount(count, "edit")),
        }
    }
}

/// Returns the words that decided on a pair, as a person reads them.
fn reasons(Reasons { shared, gone, new, is_same_answer }: &Reasons) -> String {
    let words = |what: &str, words: &[String]| {
        (!words.is_empty()).then(|| format!("{what}: {}", words.join(", ")))
    };
    let answer = if *is_same_answer { "same answer" } else { "another answer" };
    let parts = [words("both", shared), words("before", gone), words("now", new)];
    let parts = parts.into_iter().flatten().chain([answer.to_owned()]);
    parts.collect::<Vec<_>>().join("; ")
}

/// Returns what a person may call a card: its number, and what it asked for.
fn name(card: &Blank) -> String {
    match &card.text {
        Some(text) => format!("card {}: \"{text}\"", card.number),
        None => format!("card {}: reverse", card.number),
    }
}

/// Returns a plan in one line.
pub(super) fn line(plan: &Plan) -> String {
    let counts = plan.counts();
    let parts: Vec<String> = counts
        .iter()
        .filter(|(what, count)| *count > 0 || *what == "unchanged")
        .map(|(what, count)| format!("{count} {what}"))
        .collect();
    let is_quiet = counts.iter().all(|(what, count)| *count == 0 || *what == "unchanged");
    let note =
        if is_quiet && plan.writes_lock { "; only the lock is brought up to date" } else { "" };
    format!("{}{note}", parts.join(", "))
}

/// Returns a plan in numbers.
pub(super) fn counts(plan: &Plan) -> Value {
    let mut line = json!({"reason": "plan", "lock_changes": plan.writes_lock});
    for (what, count) in plan.counts() {
        line[what] = json!(count);
    }
    line["retired_search"] = json!(plan.retired_search());
    line["unmade_search"] = json!(plan.unmade_search());
    line["blank_cards"] = json!(plan.blank_cards());
    line["moves"] = json!(plan.moves());
    line
}

fn machine(sources: &Sources, plan: &Plan) -> Vec<Value> {
    let item = |reason: &str, item: &Item| {
        let mut line = json!({"reason": reason, "id": item.id, "question": item.question});
        if let Some(span) = item.span {
            line["file"] = json!(sources.display(span.file));
            line["line"] = json!(sources.position(span).0);
        }
        line
    };
    let with = |mut line: Value, key: &str, value: Value| {
        line[key] = value;
        line
    };
    let mut lines: Vec<Value> = Vec::new();
    lines.extend(plan.added.iter().map(|added| item("added", added)));
    lines.extend(plan.revived.iter().map(|revived| item("revived", revived)));
    lines.extend(
        plan.reworded.iter().map(|(new, old)| with(item("reworded", new), "old", json!(old))),
    );
    lines.extend(
        plan.changed.iter().map(|(new, parts)| with(item("changed", new), "parts", json!(parts))),
    );
    lines.extend(plan.open.iter().map(|(new, old, why)| {
        let line = with(item("open", new), "old", json!(old));
        let line = with(with(line, "shared", json!(why.shared)), "gone", json!(why.gone));
        with(with(line, "new", json!(why.new)), "same_answer", json!(why.is_same_answer))
    }));
    lines.extend(plan.moved.iter().map(|(new, from, to)| {
        with(with(item("moved", new), "from", json!(from)), "to", json!(to))
    }));
    lines.extend(
        plan.unmade.iter().map(|(was, what)| with(item("unmade", was), "note", json!(what))),
    );
    lines.extend(plan.blank.iter().map(|(of, cards)| {
        let asked: Vec<Value> =
            cards.iter().map(|card| json!({"card": card.number, "text": card.text})).collect();
        with(with(item("blank", of), "cards", json!(cards.len())), "asked", json!(asked))
    }));
    lines.extend(plan.retired.iter().map(|retired| item("retired", retired)));
    lines.extend(plan.retired_before.iter().map(|retired| item("retired-before", retired)));
    lines
}
