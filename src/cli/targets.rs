//! `deckpress targets`.

use std::io::{self, Write as _};

use super::FINE;
use crate::target::{Loss, Target};

/// List what a build can write, with what each target keeps and loses
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args) -> anyhow::Result<u8> {
    let mut stdout = io::stdout().lock();
    for (name, target) in Target::all() {
        let about = target.about();
        let lost: Vec<&str> = about.loses.iter().map(|loss: &Loss| loss.name()).collect();
        let loses = match lost[..] {
            [] => String::new(),
            _ => format!("; loses {}", lost.join(", ")),
        };
        writeln!(stdout, "{name:20} for {}: {}{loses}", about.purpose, about.keeps)?;
    }
    Ok(FINE)
}
