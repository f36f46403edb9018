//! A plan as Markdown, for a comment on a pull request.

use crate::identity::plan::{Item, Plan};
use crate::source::Sources;

/// So many questions of a kind are named: a comment has an end.
const MOST: usize = 50;

/// Returns the plan, below what it comes to in one line.
pub(super) fn text(sources: &Sources, plan: &Plan, line: &str) -> String {
    let mut text = format!("**{line}**\n");
    let plain = |item: &Item| linked(sources, item, &escaped(&item.question));
    list(&mut text, "Added", &plan.added, plain);
    list(&mut text, "Back again", &plan.revived, plain);
    list(&mut text, "Reworded", &plan.reworded, |(item, old)| {
        linked(sources, item, &format!("~~{}~~ {}", escaped(old), escaped(&item.question)))
    });
    list(&mut text, "Changed", &plan.changed, |(item, parts)| {
        linked(sources, item, &format!("{} ({})", escaped(&item.question), parts.join(", ")))
    });
    list(&mut text, "Moved", &plan.moved, |(item, from, to)| {
        let says = [&item.question, from, to].map(|text| escaped(text));
        linked(sources, item, &format!("{}: {} → {}", says[0], says[1], says[2]))
    });
    list(&mut text, "Not confirmed", &plan.open, |(item, old, _)| {
        linked(sources, item, &format!("~~{}~~ {}", escaped(old), escaped(&item.question)))
    });
    list(&mut text, "Retired", &plan.retired, plain);
    list(&mut text, "No longer made", &plan.unmade, |(item, what)| {
        linked(sources, item, &format!("{} ({what})", escaped(&item.question)))
    });
    list(&mut text, "Cards left blank", &plan.blank, |(item, cards)| {
        linked(sources, item, &format!("{} ({} in all)", escaped(&item.question), cards.len()))
    });
    text
}

fn list<T>(text: &mut String, title: &str, all: &[T], show: impl Fn(&T) -> String) {
    if all.is_empty() {
        return;
    }
    text.push_str(&format!("\n#### {title}: {}\n\n", all.len()));
    for it in all.iter().take(MOST) {
        text.push_str(&format!("- {}\n", show(it)));
    }
    if all.len() > MOST {
        text.push_str(&format!("- and {} more\n", all.len() - MOST));
    }
}

/// Adds the place of a question.
fn linked(sources: &Sources, item: &Item, says: &str) -> String {
    let Some(span) = item.span else { return says.to_owned() };
    let (line, _) = sources.position(span);
    format!("{says} <sub>{}:{line}</sub>", escaped(&sources.display(span.file)))
}

/// Returns a text in which nothing is markup, on one line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>&~$#|".contains(c) {
            escaped.push('\\');
        }
        escaped.push(if c == '\n' { ' ' } else { c });
    }
    escaped
}
