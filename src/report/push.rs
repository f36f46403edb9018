//! What a push would do, as a person or a program reads it.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};
use serde_json::{Value, json};

use super::{Reporter, Style, amount};
use crate::connect::diff;
use crate::connect::plan::{Conflict, Plan};
use crate::connect::sending::Refused;
use crate::driver::collection::Named;
use crate::driver::push::Draft;
use crate::source::Sources;

/// What is said of a note that is sent in an older version, as after a checkout.
const OLDER: &str = "; older than what Anki got last";

/// So many notes are named in a list; a program gets all.
const MOST: usize = 50;

impl<W: Write> Reporter<W> {
    /// Shows what a push would do; a dry run names what was named before as well.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn push_plan(&mut self, draft: &Draft<'_>, is_dry: bool) -> io::Result<()> {
        if self.style == Style::Json {
            for line in machine(draft) {
                writeln!(self.to, "{line}")?;
            }
            return Ok(());
        }
        let plan = draft.plan;
        if self.quiet && plan.conflicts.is_empty() {
            return Ok(());
        }
        let (green, yellow, cyan, red) =
            (AnsiColor::Green, AnsiColor::Yellow, AnsiColor::Cyan, AnsiColor::Red);
        let sources = &draft.compiled.sources;
        let named = |at: &usize| line(&draft.notes[*at], "", sources);
        let with = |at: &usize, more: &str| line(&draft.notes[*at], more, sources);
        let list = |parts: &[String]| format!(" ({})", parts.join(", "));
        self.notes("Added", '+', green, plan.added.iter().map(named))?;
        let suspended_by_unknown = " (with cards that stay suspended: it is not known who did it)";
        let returned = plan.returned.iter().map(|(at, _)| {
            let is_asleep = plan.suspended_by_unknown.contains(at);
            with(at, if is_asleep { suspended_by_unknown } else { "" })
        });
        self.notes("Back again", '+', green, returned)?;
        let updated = plan.updated.iter().map(|(at, parts)| {
            let older = if plan.older.contains(at) { OLDER } else { "" };
            with(at, &format!(" ({}{older})", parts.join(", ")))
        });
        self.notes("Changed", '~', yellow, updated)?;
        let adopted = plan.adopted.iter().map(named);
        self.notes("Taken over from another note type", '~', yellow, adopted)?;
        let moved = plan.moved.iter().map(|moved| {
            let to = &draft.notes[moved.note].deck;
            with(&moved.note, &format!(": {} → {to}", moved.from))
        });
        self.notes("Moved", '>', cyan, moved)?;
        let asked = |id: &String| draft.gone.get(id).map_or("", |asked| asked).replace('\n', " ");
        let retired = plan.retired.iter().map(|note| {
            let what = ["+cloze", "+recall"].into_iter().find(|end| note.id.ends_with(end));
            let what = what.map_or_else(String::new, |what| format!(" ({})", &what[1..]));
            (asked(&note.id) + &what, String::new())
        });
        self.notes("Retired", '-', red, retired)?;
        if draft.deletes {
            writeln!(
                self.to,
                "  {} and {} would be deleted.\n",
                amount(plan.retired.len(), "note"),
                amount(draft.reviews, "review")
            )?;
        }
        let edited = plan.edited.iter().map(|(at, parts)| with(at, &list(parts)));
        self.notes("Edited in Anki, and left so", '=', cyan, edited)?;
        if !plan.edited.is_empty() {
            writeln!(
                self.to,
                "  `deckpress pull` brings them home, `--conflicts content:ID,…` overwrites them: {}\n",
                ids(draft, plan.edited.iter().map(|(at, _)| at))
            )?;
        }
        let is_shown = |at: &&usize| is_dry || plan.newly_deleted.contains(at);
        let deleted: Vec<&usize> = plan.deleted.iter().filter(is_shown).collect();
        self.notes("Deleted in Anki, and left so", '=', cyan, deleted.iter().map(|at| named(at)))?;
        if !deleted.is_empty() {
            writeln!(
                self.to,
                "  `--conflicts content:ID,…` brings them back: {}\n",
                ids(draft, deleted.into_iter())
            )?;
        }
        let others = plan.of_other_type.iter().filter(|at| !plan.is_conflict(**at));
        let others: Vec<_> = others.map(named).collect();
        let are_there = !others.is_empty();
        self.notes("Of another note type in Anki, and left so", '=', cyan, others.into_iter())?;
        if are_there {
            writeln!(
                self.to,
                "  `--adopt` gives them that of the content, with cards and reviews; one of your own \
                 they get in Anki, by Notes ▸ Change Note Type.\n"
            )?;
        }
        let stay = plan.stay.iter().map(|(at, deck)| with(at, &format!(": {deck}")));
        self.notes("Moved in Anki, and left there", '=', cyan, stay)?;
        let filtered = plan.filtered.iter().map(named);
        self.notes("In a filtered deck, to be moved when they are back", '=', cyan, filtered)?;
        self.notes("With cards left blank", '-', red, plan.blank.iter().map(named))?;
        if !plan.blank.is_empty() {
            writeln!(self.to, "  Tools ▸ Empty Cards removes them.\n")?;
        }
        self.conflicts(draft)?;
        if self.quiet {
            return Ok(());
        }
        writeln!(self.to, "{}", summary(draft))
    }

    /// Shows notes, each with what it asks and where that stands.
    fn notes(
        &mut self,
        title: &str,
        sign: char,
        color: AnsiColor,
        notes: impl ExactSizeIterator<Item = (String, String)>,
    ) -> io::Result<()> {
        let total = notes.len();
        if total == 0 {
            return Ok(());
        }
        let style = |paint: Paint| if self.color { paint } else { Paint::new() };
        let bold = style(Paint::new().bold());
        let paint = style(Paint::new().fg_color(Some(color.into())));
        let dim = style(Paint::new().dimmed());
        writeln!(self.to, "{bold}{title}{bold:#}")?;
        for (text, place) in notes.take(MOST) {
            write!(self.to, "  {paint}{sign} {text}{paint:#}")?;
            if !place.is_empty() {
                write!(self.to, "  {dim}{place}{dim:#}")?;
            }
            writeln!(self.to)?;
        }
        if total > MOST {
            writeln!(self.to, "  and {} more", total - MOST)?;
        }
        writeln!(self.to)
    }

    /// Shows the fields that both sides have edited, and how to decide.
    fn conflicts(&mut self, draft: &Draft<'_>) -> io::Result<()> {
        let conflicts = &draft.plan.conflicts;
        if conflicts.is_empty() {
            return Ok(());
        }
        let style = |paint: Paint| if self.color { paint } else { Paint::new() };
        let bold = style(Paint::new().bold());
        let (red, green) =
            (style(AnsiColor::Red.on_default()), style(AnsiColor::Green.on_default()));
        writeln!(self.to, "{bold}Edited on both sides{bold:#} (- in Anki, + in the content)")?;
        for Conflict { note, fields } in conflicts {
            let named = &draft.notes[*note];
            let (text, place) = line(named, "", &draft.compiled.sources);
            writeln!(self.to, "  {bold}! {text}{bold:#}  {place} {{{}}}", named.id)?;
            for (name, live, new) in fields {
                writeln!(self.to, "    {name}:")?;
                for shown in
                    diff::lines(&diff::broken_into_lines(live), &diff::broken_into_lines(new))
                {
                    let paint = match shown.sign {
                        '-' => red,
                        '+' => green,
                        _ => Paint::new(),
                    };
                    writeln!(self.to, "      {paint}{} {}{paint:#}", shown.sign, shown.text)?;
                }
            }
        }
        writeln!(
            self.to,
            "\nNothing was sent. `--conflicts anki` keeps what is in Anki, `--conflicts content` \
             overwrites it;\n`--conflicts content:{}` does so for single ones.\n",
            ids(draft, conflicts.iter().map(|conflict| &conflict.note))
        )
    }

    /// Says which notes Anki has not taken.
    ///
    /// # Errors
    /// If the stream fails.
    pub fn refused(&mut self, refused: &[Refused]) -> io::Result<()> {
        for Refused { id, why } in refused {
            if self.style == Style::Json {
                writeln!(self.to, "{}", json!({"reason": "refused", "id": id, "why": why}))?;
            } else {
                writeln!(
                    self.to,
                    "error: Anki has not taken the note {id} as it was sent: {why}\n  if it is open in \
                     Anki's editor or browser, which write it back: close these, and push again"
                )?;
            }
        }
        Ok(())
    }
}

/// Returns what a note asks, and where that stands.
fn line(note: &Named, more: &str, sources: &Sources) -> (String, String) {
    let (line, _) = sources.position(note.span);
    let place = format!("{}:{line}", sources.display(note.span.file));
    (format!("{}{more}", note.question.replace('\n', " ")), place)
}

fn ids<'p>(draft: &Draft<'_>, notes: impl Iterator<Item = &'p usize>) -> String {
    let ids: Vec<&str> = notes.map(|at| &*draft.notes[*at].id).collect();
    match ids.len() {
        0..=5 => ids.join(","),
        _ => format!("{},…", ids[..5].join(",")),
    }
}

/// Returns how many notes there are of each kind.
fn counts(plan: &Plan) -> [(&'static str, usize); 9] {
    [
        ("added", plan.added.len()),
        ("changed", plan.updated.len()),
        ("taken over", plan.adopted.len()),
        ("moved", plan.moved.len()),
        ("retired", plan.retired.len()),
        ("returned", plan.returned.len()),
        ("in conflict", plan.conflicts.len()),
        ("deleted in Anki", plan.deleted.len()),
        ("unchanged", plan.unchanged),
    ]
}

fn summary(draft: &Draft<'_>) -> String {
    let counts = counts(draft.plan).into_iter();
    let counts = counts.filter(|(what, count)| *count > 0 || *what == "unchanged");
    let counts: Vec<String> = counts.map(|(what, count)| format!("{count} {what}")).collect();
    format!("{}: {}", draft.profile, counts.join(", "))
}

/// Returns the line of a program that says something about a note.
pub(super) fn note_line(sources: &Sources, reason: &str, named: &Named) -> Value {
    json!({
        "reason": reason,
        "id": named.id,
        "question": named.question,
        "file": sources.display(named.span.file),
        "line": sources.position(named.span).0,
    })
}

fn machine(draft: &Draft<'_>) -> Vec<Value> {
    let plan = draft.plan;
    let sources = &draft.compiled.sources;
    let note = |reason: &str, at: usize| note_line(sources, reason, &draft.notes[at]);
    let with = |mut line: Value, key: &str, value: Value| {
        line[key] = value;
        line
    };
    let gone = |reason: &str, id: &String| json!({"reason": reason, "id": id, "question": draft.gone.get(id)});
    let mut lines: Vec<Value> = Vec::new();
    lines.extend(plan.added.iter().map(|at| note("added", *at)));
    lines.extend(plan.returned.iter().map(|(at, _)| {
        let line = note("returned", *at);
        if plan.suspended_by_unknown.contains(at) {
            with(line, "suspended", json!(true))
        } else {
            line
        }
    }));
    lines.extend(plan.updated.iter().map(|(at, parts)| {
        let line = with(note("changed", *at), "parts", json!(parts));
        if plan.older.contains(at) { with(line, "older", json!(true)) } else { line }
    }));
    lines.extend(plan.adopted.iter().map(|at| note("adopted", *at)));
    lines.extend(plan.of_other_type.iter().map(|at| note("of another type", *at)));
    lines.extend(plan.moved.iter().map(|moved| {
        let line = with(note("moved", moved.note), "from", json!(moved.from));
        with(line, "to", json!(draft.notes[moved.note].deck))
    }));
    lines.extend(plan.retired.iter().map(|retired| gone("retired", &retired.id)));
    lines.extend(plan.kept.iter().map(|id| gone("kept", id)));
    lines.extend(
        plan.edited.iter().map(|(at, parts)| with(note("edited", *at), "parts", json!(parts))),
    );
    lines.extend(plan.deleted.iter().map(|at| note("deleted", *at)));
    lines.extend(
        plan.stay.iter().map(|(at, deck)| with(note("elsewhere", *at), "deck", json!(deck))),
    );
    lines.extend(plan.filtered.iter().map(|at| note("filtered", *at)));
    lines.extend(plan.blank.iter().map(|at| note("blank", *at)));
    lines.extend(plan.conflicts.iter().map(|Conflict { note: at, fields }| {
        let field = |(name, live, new): &(String, String, String)| {
            json!({"field": name, "anki": live, "content": new})
        };
        let fields: Vec<Value> = fields.iter().map(field).collect();
        with(note("conflict", *at), "fields", json!(fields))
    }));
    let mut total = json!({"reason": "push", "profile": draft.profile});
    for (what, count) in counts(plan) {
        total[what.to_lowercase().replace(' ', "_")] = json!(count);
    }
    if draft.deletes {
        total["deleted_reviews"] = json!(draft.reviews);
    }
    lines.push(total);
    lines
}
