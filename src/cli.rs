//! The command line: one file per subcommand.

mod build;
mod check;
mod completions;
mod explain;
mod import;
mod init;
mod input;
mod inspect;
mod lock;
mod man;
mod plan;
mod preview;
mod pull;
mod push;
mod stats;
mod targets;
mod watch;

use std::io::{self, IsTerminal as _, Write};
use std::num::NonZero;
use std::process::ExitCode;

use anyhow::anyhow;
use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::compile::Compiled;
use crate::diagnostic::{Diagnostic, Severity};
use crate::driver::{self, Job};
use crate::progress::Progress;
use crate::report::{Reporter, Spinner, Style};

/// The program's exit codes.
const FINE: u8 = 0;
const PROBLEMS: u8 = 1;
const FAILURE: u8 = 2;
const PENDING: u8 = 3;
/// As shells say of what Ctrl-C has ended.
const STOPPED: u8 = 130;

/// Presses Markdown questions and answers into Anki packages, CSV and Markdown decks.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    output: Output,
    /// How many cores to use, at most; what is written is the same with any [default: all]
    #[arg(short, long, global = true, value_name = "N")]
    jobs: Option<NonZero<usize>>,
}

const AFTER_HELP: &str = "\
Exit codes: 0 fine, 1 errors in the content (nothing is written), 2 anything else that fails,
3 from plan or a dry run: something would change, 130 from watch and preview: Ctrl-C.";

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Import(import::Args),
    Build(build::Args),
    Check(check::Args),
    Plan(plan::Args),
    Push(push::Args),
    Pull(pull::Args),
    Watch(watch::Args),
    Preview(preview::Args),
    Inspect(inspect::Args),
    Stats(stats::Args),
    Lock(lock::Args),
    Targets(targets::Args),
    Explain(explain::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// How a command reports.
#[derive(Debug, clap::Args)]
struct Output {
    /// Say nothing but what is wrong
    #[arg(short, long, global = true)]
    quiet: bool,
    /// How messages are written: `human` and `short` go to standard error, all else to standard
    /// output; `github` and `sarif` are for `check`, `markdown` is for `plan`
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    message_format: MessageFormat,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum MessageFormat {
    Human,
    Short,
    Json,
    Github,
    Sarif,
    Markdown,
}

impl MessageFormat {
    /// Says whether a command can write it.
    fn suits(self, command: &Command) -> bool {
        match self {
            MessageFormat::Human | MessageFormat::Short | MessageFormat::Json => true,
            MessageFormat::Github | MessageFormat::Sarif => matches!(command, Command::Check(_)),
            MessageFormat::Markdown => matches!(command, Command::Plan(_)),
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl Output {
    /// For messages: people read them on standard error, programs on standard output.
    fn reporter(&self) -> Reporter<Box<dyn Write>> {
        match self.message_format {
            MessageFormat::Json | MessageFormat::Github | MessageFormat::Sarif => self.on_stdout(),
            MessageFormat::Human | MessageFormat::Short | MessageFormat::Markdown => {
                self.on(Box::new(io::stderr()), io::stderr().is_terminal())
            }
        }
    }

    /// For what a command is called for.
    fn on_stdout(&self) -> Reporter<Box<dyn Write>> {
        self.on(Box::new(io::stdout()), io::stdout().is_terminal())
    }

    #[expect(clippy::disallowed_methods, reason = "NO_COLOR is a convention of terminals")]
    fn on(&self, to: Box<dyn Write>, is_terminal: bool) -> Reporter<Box<dyn Write>> {
        let is_unwanted = || std::env::var("NO_COLOR").is_ok_and(|value| !value.is_empty());
        let color = match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && !is_unwanted(),
        };
        Reporter { to, style: self.style(), color, quiet: self.quiet }
    }

    fn style(&self) -> Style {
        match self.message_format {
            MessageFormat::Human => Style::Human,
            MessageFormat::Short => Style::Short,
            MessageFormat::Json => Style::Json,
            MessageFormat::Github => Style::Github,
            MessageFormat::Sarif => Style::Sarif,
            MessageFormat::Markdown => Style::Markdown,
        }
    }

    /// Shows the phases while the work is going on.
    #[expect(clippy::disallowed_methods, reason = "TERM is a convention of terminals")]
    fn spinner(&self, progress: &Progress) -> Spinner {
        let can_move = io::stderr().is_terminal() && std::env::var("TERM").as_deref() != Ok("dumb");
        Spinner::start(progress, self.style(), self.quiet, can_move)
    }

    /// Reports the errors alone, and returns the exit code: what is doubtful is `check`'s concern.
    fn report_errors(&self, compiled: &Compiled) -> anyhow::Result<u8> {
        let is_error = |problem: &&Diagnostic| problem.severity == Severity::Error;
        let errors: Vec<Diagnostic> =
            compiled.diagnostics.iter().filter(is_error).cloned().collect();
        self.reporter().diagnostics(&compiled.sources, &errors)?;
        Ok(if compiled.has_errors() { PROBLEMS } else { FINE })
    }

    /// Compiles content, and shows the phases meanwhile.
    fn read(&self, job: &Job) -> anyhow::Result<Compiled> {
        let _spinner = self.spinner(&job.progress);
        driver::read(job)
    }
}

/// Runs the program and says how it went.
#[must_use]
pub fn run() -> ExitCode {
    let Cli { command, output, jobs } = Cli::parse();
    if let Some(jobs) = jobs {
        // It fails only where threads were started before.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build_global();
    }
    if !output.message_format.suits(&command) {
        complain(&anyhow!("`--message-format` has a value that is for another command"));
        return ExitCode::from(FAILURE);
    }
    let result = match command {
        Command::Init(args) => init::run(&args, &output),
        Command::Import(args) => import::run(&args, &output),
        Command::Build(args) => build::run(&args, &output),
        Command::Check(args) => check::run(&args, &output),
        Command::Plan(args) => plan::run(&args, &output),
        Command::Push(args) => push::run(&args, &output),
        Command::Pull(args) => pull::run(&args, &output),
        Command::Watch(args) => watch::run(&args, &output),
        Command::Preview(args) => preview::run(&args, &output),
        Command::Inspect(args) => inspect::run(&args, &output),
        Command::Stats(args) => stats::run(&args, &output),
        Command::Lock(args) => lock::run(&args, &output),
        Command::Targets(args) => targets::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Completions(args) => completions::run(&args, Cli::command()),
        Command::Man(args) => man::run(&args, Cli::command()),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) if is_broken_pipe(&error) => ExitCode::from(FINE),
        Err(error) => {
            complain(&error);
            ExitCode::from(FAILURE)
        }
    }
}

fn complain(error: &anyhow::Error) {
    // Nothing is left to tell if standard error fails too.
    let _ = writeln!(io::stderr(), "error: {error:#}");
}

/// Returns whether the reader of our output went away, as `head` does.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io_error = error.downcast_ref::<io::Error>();
    io_error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
