//! `deckpress completions`.

use std::io::{self, Write as _};

use clap::Command;
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap_complete::Shell;

use super::FINE;
use crate::diagnostic::Code;
use crate::target::Target;

/// Print what a shell needs to complete commands, options, targets and codes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &Args, command: Command) -> anyhow::Result<u8> {
    // It is written at once, so that a reader who goes away is no panic.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut with_values(command), "deckpress", &mut script);
    io::stdout().write_all(&script)?;
    Ok(FINE)
}

/// Names the targets and codes, which the parser only looks up.
fn with_values(command: Command) -> Command {
    let targets = || {
        let value = |(name, target): (_, Target)| {
            PossibleValue::new(name).help(format!("for {}", target.about().purpose))
        };
        PossibleValuesParser::new(Target::all().map(value))
    };
    let codes = Code::ALL.iter().map(|code| {
        let title = code.explanation().lines().next().unwrap_or_default();
        PossibleValue::new(code.name()).help(title.trim_start_matches("# "))
    });
    let codes = PossibleValuesParser::new(codes);
    let to = |command: Command| command.mut_arg("to", |to| to.value_parser(targets()));
    command
        .mut_subcommand("build", to)
        .mut_subcommand("watch", to)
        .mut_subcommand("explain", |command| {
            command.mut_arg("code", |code| code.value_parser(codes))
        })
}
