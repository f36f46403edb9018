//! A line on the terminal that names the present phase, for as long as there is nothing else to
//! say.

use std::fmt::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::{Style, human_size};
use crate::progress::Progress;

/// What takes less time than this is not worth a word.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long one picture is shown.
const BEAT: Duration = Duration::from_millis(100);

/// Media of less than so many bytes are not counted.
const SHOWN: u64 = 16 << 20;

const PICTURES: [char; 10] = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/// The line; it vanishes when this is dropped.
#[derive(Debug)]
#[must_use]
pub struct Spinner(Option<ProgressBar>);

impl Spinner {
    /// Shows the phase on standard error, if somebody is there to look at it.
    pub fn start(progress: &Progress, style: Style, quiet: bool, is_terminal: bool) -> Self {
        if !is_wanted(style, quiet, is_terminal) {
            return Self(None);
        }
        let progress = progress.clone();
        let line = move |state: &ProgressState, out: &mut dyn Write| {
            // A line that cannot be formatted is left out this time.
            let _ = out.write_str(&line(state.elapsed(), &progress));
        };
        let look = ProgressStyle::with_template("{line}");
        let look = look.map(|look| look.with_key("line", line));
        let bar = ProgressBar::new_spinner();
        bar.set_style(look.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.enable_steady_tick(BEAT);
        Self(Some(bar))
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// Programs, and people who want silence, are not shown it.
fn is_wanted(style: Style, quiet: bool, is_terminal: bool) -> bool {
    is_terminal && !quiet && style != Style::Json
}

fn line(elapsed: Duration, progress: &Progress) -> String {
    if elapsed < PATIENCE {
        return String::new();
    }
    let beats = elapsed.as_millis() / BEAT.as_millis();
    let picture = PICTURES[usize::try_from(beats).unwrap_or(0) % PICTURES.len()];
    let phase = progress.phase().name();
    match progress.bytes() {
        (_, 0..SHOWN) => format!("{picture} {phase} …"),
        (done, all) => format!("{picture} {phase} … {} of {}", human_size(done), human_size(all)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Style, is_wanted, line};
    use crate::progress::{Phase, Progress};

    #[test]
    fn people_at_a_terminal_are_shown_it() {
        assert!(is_wanted(Style::Human, false, true));
        assert!(is_wanted(Style::Short, false, true));
        assert!(!is_wanted(Style::Human, false, false));
        assert!(!is_wanted(Style::Human, true, true));
        assert!(!is_wanted(Style::Json, false, true));
    }

    #[test]
    fn short_work_has_no_line() {
        let progress = Progress::default();
        progress.begin(Phase::Writing);
        assert_eq!(line(Duration::from_millis(499), &progress), "");
        assert_eq!(line(Duration::from_millis(500), &progress), "⠴ writing …");
    }

    #[test]
    fn media_are_counted_by_bytes() {
        let progress = Progress::default();
        progress.begin(Phase::Pressing);
        progress.expect(5 << 30);
        progress.advance(300 << 20);
        let line = line(Duration::from_millis(500), &progress);
        assert_eq!(line, "⠴ pressing … 300.0 MiB of 5.0 GiB");
    }
}
