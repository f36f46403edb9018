//! `deckpress completions`.

use std::io::{self, Write as _};

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command};
use clap_complete::Shell;

use super::FINE;
use crate::diagnostic::Code;
use crate::target::Target;

const NAME: &str = "deckpress";

/// Print what a shell needs to complete commands, options, targets and codes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &Args, command: Command) -> anyhow::Result<u8> {
    // It is written at once, so that a reader who goes away is no panic.
    let mut script = Vec::new();
    let mut command = with_values(command);
    clap_complete::generate(args.shell, &mut command, NAME, &mut script);
    if args.shell == Shell::Fish {
        script.extend(fish_values(&command).into_bytes());
    }
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

/// Completes what stands without an option before it, which `clap_complete` leaves out for fish.
fn fish_values(command: &Command) -> String {
    let mut script = String::new();
    for subcommand in command.get_subcommands() {
        let values = subcommand.get_positionals().flat_map(Arg::get_possible_values);
        for value in values.filter(|value| !value.is_hide_set()) {
            let about = value.get_help().map(ToString::to_string).unwrap_or_default();
            let about = about.replace('\\', "\\\\").replace('\'', "\\'");
            let (subcommand, value) = (subcommand.get_name(), value.get_name());
            script.push_str(&format!(
                "complete -c {NAME} -n \"__fish_{NAME}_using_subcommand {subcommand}\" -f -a \"{value}\" \
                 -d '{about}'\n"
            ));
        }
    }
    script
}
