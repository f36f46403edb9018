//! `deckpress push`.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use anyhow::bail;
use clap::ValueEnum;

use super::input::{Anki, Input};
use super::{FAILURE, FINE, Output, PENDING, PROBLEMS};
use crate::connect::plan::{Conflicts, PushOptions, RetiredNotes, Side};
use crate::driver::push::{Draft, Outcome, Push, push};

/// Push new, changed, moved and retired notes into a running Anki
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
    /// Show what would change in Anki, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// What becomes of notes that the content no longer makes
    #[arg(long, value_name = "WHAT", default_value = "suspend")]
    retired: Retired,
    /// Which side wins where a field was edited in Anki and in the content: `stop` sends nothing,
    /// `content` or `anki` decides for all, `content:ID,…` or `anki:ID,…` for some; may be given
    /// several times
    #[arg(long, value_name = "SIDE", default_value = "stop", value_parser = choice)]
    conflicts: Vec<Choice>,
    /// Give notes our note type that were imported with `--as qa` and are of another one in Anki;
    /// their cards and reviews stay
    #[arg(long)]
    adopt: bool,
    /// Delete notes without asking, with `--retired delete`
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    anki: Anki,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Retired {
    /// Their cards are suspended, and they are tagged `deckpress::retired`
    Suspend,
    /// They are deleted, with their reviews
    Delete,
    /// Nothing
    Keep,
}

/// A value of `--conflicts`: a side, and the ids that it is for; none of them means all.
#[derive(Clone, Debug)]
struct Choice {
    side: Option<Side>,
    ids: Vec<String>,
}

fn choice(text: &str) -> Result<Choice, String> {
    let (side, ids) = text.split_once(':').unwrap_or((text, ""));
    let ids: Vec<String> = ids.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
    let side = match side {
        "stop" if ids.is_empty() => None,
        "content" => Some(Side::Content),
        "anki" => Some(Side::Anki),
        _ => {
            return Err("it is `stop`, `content`, `anki`, `content:ID,…` or `anki:ID,…`".to_owned());
        }
    };
    if text.ends_with(':') {
        return Err("ids follow the colon".to_owned());
    }
    Ok(Choice { side, ids })
}

impl Args {
    fn options(&self) -> PushOptions {
        let retired = match self.retired {
            Retired::Suspend => RetiredNotes::Suspend,
            Retired::Delete => RetiredNotes::Delete,
            Retired::Keep => RetiredNotes::Keep,
        };
        let (mut all, mut some) = (None, BTreeMap::new());
        for Choice { side, ids } in &self.conflicts {
            match side {
                Some(side) if !ids.is_empty() => {
                    some.extend(ids.iter().map(|id| (id.clone(), *side)));
                }
                side => all = *side,
            }
        }
        PushOptions { retired, conflicts: Conflicts { all, some } }
    }
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    let job = args.input.job(false);
    let address = args.anki.address();
    let wish = Push { address, options: args.options(), adopts: args.adopt };
    let mut reporter = output.reporter();
    let mut code = FINE;
    let mut spinner = Some(output.spinner(&job.progress));
    let outcome = push(&job, &wish, |draft| {
        spinner = None;
        let Draft { compiled, plan, .. } = draft;
        reporter.diagnostics(&compiled.sources, &compiled.diagnostics)?;
        output.on_stdout().push_plan(draft, args.dry_run)?;
        if !plan.conflicts.is_empty() {
            code = PROBLEMS;
            return Ok(false);
        }
        if args.dry_run {
            code = if plan.is_empty() { FINE } else { PENDING };
            return Ok(false);
        }
        if args.retired == Retired::Delete && !plan.retired.is_empty() && !args.yes {
            if !io::stdin().is_terminal() {
                bail!("nothing was sent: deleting notes needs `--yes`, or an answer at a terminal");
            }
            if !ask("Delete them")? {
                bail!("nothing was sent");
            }
        }
        spinner = Some(output.spinner(&job.progress));
        Ok(true)
    })?;
    drop(spinner);
    match outcome {
        Outcome::Stopped(compiled) => {
            reporter.diagnostics(&compiled.sources, &compiled.diagnostics)?;
            Ok(PROBLEMS)
        }
        Outcome::Declined => Ok(code),
        Outcome::Pushed(refused) => {
            reporter.refused(&refused)?;
            Ok(if refused.is_empty() { FINE } else { FAILURE })
        }
    }
}

/// Asks at the terminal; only `y` or `yes` is a yes.
fn ask(what: &str) -> anyhow::Result<bool> {
    write!(io::stderr(), "{what}? [y/N] ")?;
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}
