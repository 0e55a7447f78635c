//! How fast the machine is meanwhile, by the plain loop.

use std::time::Duration;

use engine::{Block, Inline};

use crate::{Contender, Digest, Watch};

/// A round is at least so long: a shorter one is little more than looks at the clock.
const ROUND_MIN: Duration = Duration::from_millis(1);

/// The plain loop on the lines of a scenario, as the measure of its pipelines, whatever they do.
///
/// No change of the engine changes it, and it takes turns with the pipelines: whatever slows the machine
/// down slows both. Its words are theirs, so that it asks for as much memory as a running count does.
#[derive(Clone, Debug)]
pub struct Yardstick {
    batches: Vec<Vec<Block>>,
}

impl Yardstick {
    /// The loop that is to count the words of these batches.
    pub fn new(batches: Vec<Vec<Block>>) -> Yardstick {
        Yardstick { batches }
    }

    /// All words with the number of their batch: two scenarios of the same digest count the same.
    pub fn words(&self) -> Digest {
        let numbered = (1..).zip(&self.batches);
        let lines = numbered.flat_map(|(number, batch)| {
            let lines = batch.iter().flat_map(|block| block.iter());
            lines.map(move |line| (line, number))
        });
        Digest::of(
            lines.flat_map(|(line, number)| {
                line.as_str().split(' ').map(move |word| (word, number))
            }),
        )
    }

    /// Counts all batches from nothing, again and again for at least so long, and returns the seconds of
    /// once. Whoever gives it as long as a pipeline's turn was has other programs interrupt both alike.
    ///
    /// ```
    /// use std::time::Duration;
    /// struct Ticks(Duration);
    /// impl measure::Watch for Ticks {
    ///     fn now(&mut self) -> Duration {
    ///         self.0 += Duration::from_millis(1);
    ///         self.0
    ///     }
    ///     fn progress(&mut self, _: f64) {}
    /// }
    ///
    /// let yardstick = measure::Yardstick::new(vec![measure::blocks(&["blue green".into()], 1)]);
    /// let seconds = yardstick.round(Duration::from_secs(1), &mut Ticks(Duration::ZERO));
    /// assert_eq!(seconds, 0.001);
    /// ```
    pub fn round(&self, time: Duration, watch: &mut dyn Watch) -> f64 {
        // The caches are still those of whoever went before.
        self.once();
        let begin = watch.now();
        let mut count = 0_u32;
        loop {
            self.once();
            count += 1;
            let elapsed = watch.now().saturating_sub(begin);
            if elapsed >= time.max(ROUND_MIN) {
                return elapsed.as_secs_f64() / f64::from(count);
            }
        }
    }

    fn once(&self) {
        let running = Contender::PlainMap.start(0, 1, &Inline);
        let mut running = running.expect("a loop has no program that could break a rule");
        for batch in &self.batches {
            running.batch(batch);
        }
    }
}
