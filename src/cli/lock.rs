//! `deckpress lock`.

use std::path::PathBuf;

use clap::Subcommand;

use super::input::Input;
use super::{FINE, Output, PROBLEMS};
use crate::driver;
use crate::driver::locks::{self, Damage};

/// Look after the lock
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Forget the questions that were taken out of the content
    Prune(Input),
    /// Confirm that questions are the earlier ones that they were taken for
    Accept(Accept),
    /// Carry questions over to the lock of the content folder that they move to
    Move(Move),
}

#[derive(Debug, clap::Args)]
struct Accept {
    /// The ids of the questions [default: all that are not confirmed]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct Move {
    /// The ids of the questions
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// The content folder, or the single file, that they move to
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Where the lock is.
#[derive(Debug, clap::Args)]
struct Place {
    /// A folder of Markdown files, or a single one, whose lock it is
    #[arg(long, value_name = "DIR", default_value = "content")]
    content: PathBuf,
    /// The lock is this file
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
}

impl Place {
    fn find(&self) -> anyhow::Result<PathBuf> {
        locks::place(&self.content, self.lock.as_deref())
    }
}

pub(super) fn run(args: &Args, output: &Output) -> anyhow::Result<u8> {
    match &args.command {
        Command::Prune(input) => prune(input, output),
        Command::Accept(args) => accept(args, output),
        Command::Move(args) => carry(args, output),
    }
}

fn prune(input: &Input, output: &Output) -> anyhow::Result<u8> {
    let mut reporter = output.reporter();
    let job = input.job(false);
    let _claim = driver::claim(&job)?;
    let compiled = output.read(&job)?;
    if compiled.has_errors() {
        reporter.diagnostics(&compiled.sources, &compiled.diagnostics)?;
        return Ok(PROBLEMS);
    }
    reporter.pruned(locks::prune(&job, &compiled)?)?;
    Ok(FINE)
}

fn accept(args: &Accept, output: &Output) -> anyhow::Result<u8> {
    match locks::accept(&args.place.find()?, &args.ids)? {
        Ok(confirmed) => output.reporter().confirmed(&confirmed)?,
        Err(damage) => return report(&damage, output),
    }
    Ok(FINE)
}

fn carry(args: &Move, output: &Output) -> anyhow::Result<u8> {
    let to = locks::place(&args.to, None)?;
    match locks::carry(&args.place.find()?, &to, &args.ids)? {
        Ok(carried) => output.reporter().carried(&carried, &to)?,
        Err(damage) => return report(&damage, output),
    }
    Ok(FINE)
}

fn report(damage: &Damage, output: &Output) -> anyhow::Result<u8> {
    output.reporter().diagnostics(&damage.sources, &damage.diagnostics)?;
    Ok(PROBLEMS)
}
