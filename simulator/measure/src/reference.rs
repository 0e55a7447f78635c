//! The plain loop on the lines of a scenario, which its pipelines are compared with.

use std::time::Duration;

use engine::{Inline, Records};

use crate::{Checksum, Subject, Timer};

/// The least time of a round: in a shorter one the time that reading the clock takes shows.
const ROUND_MIN: Duration = Duration::from_millis(1);

/// The reference for all pipelines of a scenario: the plain loop, counting the scenario's words.
///
/// No change of the engine changes it, and it takes turns with the pipelines: whatever slows the machine
/// down slows both. It counts their own words, so that it needs as much memory as a running count does.
#[derive(Clone, Debug)]
pub struct Reference {
    batches: Vec<Vec<Records>>,
}

impl Reference {
    /// The loop over the words of these batches.
    pub fn new(batches: Vec<Vec<Records>>) -> Reference {
        Reference { batches }
    }

    /// The checksum of all words with the number of their batch: scenarios with the same one count the same
    /// words.
    pub fn words(&self) -> Checksum {
        let mut checksum = Checksum::default();
        for (number, batch) in (1..).zip(&self.batches) {
            for line in batch.iter().flat_map(|block| block.iter()) {
                for word in line.as_str().split(' ') {
                    checksum.add(word, number);
                }
            }
        }
        checksum
    }

    /// Counts all batches from an empty state, repeatedly for at least `time`, and returns the seconds of
    /// one repetition. With a `time` as long as a pipeline's turn, other programs interrupt both alike.
    ///
    /// ```
    /// use std::time::Duration;
    /// struct Ticks(Duration);
    /// impl measure::Timer for Ticks {
    ///     fn now(&mut self) -> Duration {
    ///         self.0 += Duration::from_millis(1);
    ///         self.0
    ///     }
    /// }
    ///
    /// let reference = measure::Reference::new(vec![measure::blocks(&["blue green".into()], 1)]);
    /// let seconds = reference.round(Duration::from_secs(1), &mut Ticks(Duration::ZERO));
    /// assert_eq!(seconds, 0.001);
    /// ```
    pub fn round(&self, time: Duration, timer: &mut dyn Timer) -> f64 {
        // Warms the caches, which hold the data of the pipeline before.
        self.count_all();
        let begin = timer.now();
        let mut count = 0_u32;
        loop {
            self.count_all();
            count += 1;
            let elapsed = timer.now().saturating_sub(begin);
            if elapsed >= time.max(ROUND_MIN) {
                return elapsed.as_secs_f64() / f64::from(count);
            }
        }
    }

    fn count_all(&self) {
        let mut running = Subject::PlainMap.start(0, 1, &Inline);
        for batch in &self.batches {
            running.batch(batch);
        }
    }
}
