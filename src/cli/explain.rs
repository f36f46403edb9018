//! `deckpress explain`.

use std::io::{self, Write as _};

use anyhow::bail;

use super::FINE;
use crate::config::tree::similar;
use crate::diagnostic::Code;

/// Say what a code means and how to mend it; without a code, list them all
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A code from a message, such as `empty-key-points`
    code: Option<String>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<u8> {
    let mut stdout = io::stdout().lock();
    let Some(name) = &args.code else {
        for code in Code::ALL {
            let title = code.explanation().lines().next().unwrap_or_default();
            let title = title.trim_start_matches("# ");
            writeln!(stdout, "{:22} {:8} {title}", code.name(), code.severity().name())?;
        }
        return Ok(FINE);
    };
    let Some(code) = Code::ALL.iter().find(|code| code.name() == name) else {
        let names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        match similar(name, &names) {
            Some(near) => bail!("there is no code `{name}`; did you mean `{near}`?"),
            None => bail!("there is no code `{name}`; `deckpress explain` lists them"),
        }
    };
    write!(stdout, "{}", code.explanation())?;
    Ok(FINE)
}
