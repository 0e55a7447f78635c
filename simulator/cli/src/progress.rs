//! A progress bar for long runs, on a terminal that shows nothing else.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use engine::{Event, Reader, Time};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scenario::Scenario;

/// Runs shorter than this show no progress.
const LONG: Duration = Duration::from_secs(1);

/// The number of batches between two readings of the clock.
const STRIDE: u64 = 4096;

/// Counts batches and draws a bar on standard error once a run turns out to be long.
///
/// It draws only where standard error is a terminal and standard output is not, so that it does not mix with
/// the console text.
#[derive(Debug)]
pub(crate) struct Progress {
    started: Instant,
    batches: u64,
    expected: u64,
    is_shown: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(crate) fn new(scenario: &Scenario, quiet: bool) -> Progress {
        let length = simulator::stop_time(scenario).since(scenario.clock.start);
        let expected = length.as_millis() / scenario.clock.interval.as_millis().max(1);
        Progress {
            started: Instant::now(),
            batches: 0,
            expected: u64::try_from(expected).unwrap_or(u64::MAX),
            is_shown: !quiet && io::stderr().is_terminal() && !io::stdout().is_terminal(),
            bar: None,
        }
    }

    fn draw(&mut self) {
        if self.started.elapsed() < LONG {
            return;
        }
        let template = "{bar:40} {pos} of {len} batches, {eta} left";
        let bar = self
            .bar
            .get_or_insert_with(|| progress_bar(self.expected, template));
        bar.set_position(self.batches);
    }
}

/// A bar of this length on standard error.
pub(crate) fn progress_bar(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template(template);
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

impl Reader for Progress {
    fn read(&mut self, _: Time, event: &Event) {
        if !self.is_shown || !matches!(event, Event::BatchSubmitted { .. }) {
            return;
        }
        self.batches += 1;
        if self.batches.is_multiple_of(STRIDE) {
            self.draw();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
