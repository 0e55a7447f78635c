//! The clock of a measurement, with a progress bar.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use measure::Timer;

use crate::progress::progress_bar;

/// Steps of the bar.
const STEPS: u64 = 1_000;

/// Reads the system's clock, and draws a bar with the time left if standard error is a terminal.
#[derive(Debug)]
pub(super) struct Stopwatch {
    started: Instant,
    bar: Option<ProgressBar>,
}

impl Stopwatch {
    pub(super) fn new(quiet: bool) -> Stopwatch {
        let is_wanted = !quiet && io::stderr().is_terminal();
        Stopwatch {
            started: Instant::now(),
            bar: is_wanted.then(|| progress_bar(STEPS, "{bar:40} {percent} %, {eta} left")),
        }
    }
}

impl Timer for Stopwatch {
    fn now(&mut self) -> Duration {
        self.started.elapsed()
    }

    fn report_progress(&mut self, done: f64) {
        if let Some(bar) = &self.bar {
            bar.set_position((done * STEPS as f64) as u64);
        }
    }
}

impl Drop for Stopwatch {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
