//! What a DStream program prints: blocks headed by the batch time, in the words of a profile.

use std::collections::BTreeSet;
use std::fmt::Write;

use engine::{Time, Value};
use scenario::Profile;

use crate::Zone;

/// The blocks of one DStream program.
#[derive(Debug)]
pub(super) struct DStreamBlocks {
    profile: Profile,
    zone: Zone,
    /// Batches without input that have not ended: as many as the scheduler has waiting.
    without_input: BTreeSet<Time>,
    any: bool,
    /// Kept for its memory: one is written for every batch.
    time_text: String,
}

impl DStreamBlocks {
    pub(super) fn new(profile: Profile, zone: Zone) -> DStreamBlocks {
        DStreamBlocks {
            profile,
            zone,
            without_input: BTreeSet::new(),
            any: false,
            time_text: String::new(),
        }
    }

    /// Forgets what an earlier life of the program left unfinished.
    pub(super) fn start(&mut self) {
        self.without_input.clear();
    }

    /// Takes note of a batch to come.
    pub(super) fn submit(&mut self, batch_time: Time, records: usize) {
        if records == 0 && self.profile == Profile::Cookbook {
            self.without_input.insert(batch_time);
        }
    }

    /// Forgets a batch that has ended.
    pub(super) fn complete(&mut self, batch_time: Time) {
        self.without_input.remove(&batch_time);
    }

    /// Appends a block (`OUT-1`). The book shows a batch without input as an empty one, whatever
    /// state or window there would be to print.
    pub(super) fn block(&mut self, batch_time: Time, rows: &[Value], more: bool, out: &mut String) {
        let (rows, more) = if self.without_input.contains(&batch_time) {
            (&[][..], false)
        } else {
            (rows, more)
        };
        self.any = true;
        self.write_time(batch_time);
        self.profile.block(&self.time_text, rows, more, out);
    }

    /// Appends what follows the last block.
    pub(super) fn close(&self, out: &mut String) {
        if self.any {
            self.profile.closing_rule(out);
        }
    }

    fn write_time(&mut self, time: Time) {
        let text = &mut self.time_text;
        text.clear();
        match self.profile {
            Profile::Pyspark | Profile::Cookbook => self.zone.write_local(time, text),
            Profile::Jvm => {
                write!(text, "{time}").expect("a `String` takes all that is written to it");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_that_have_ended_are_forgotten() {
        let mut blocks = DStreamBlocks::new(Profile::Cookbook, Zone::UTC);
        for second in 0..100 {
            let batch_time = Time::from_millis(second * 1_000);
            blocks.submit(batch_time, 0);
            assert_eq!(blocks.without_input.len(), 1);
            blocks.complete(batch_time);
        }
        assert!(blocks.without_input.is_empty());
    }

    #[test]
    fn batches_that_a_crash_left_behind_are_forgotten() {
        let mut blocks = DStreamBlocks::new(Profile::Cookbook, Zone::UTC);
        blocks.submit(Time::from_millis(1_000), 0);
        blocks.start();
        assert!(blocks.without_input.is_empty());
    }
}
