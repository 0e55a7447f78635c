//! What a DStream program prints: blocks headed by the batch time, in the words of a profile.

use std::fmt::Write;

use engine::render::{Notation, Renderer};
use engine::{Time, Value};
use scenario::Profile;

use crate::Zone;

/// The blocks of one DStream program.
#[derive(Debug)]
pub(super) struct DStreamBlocks {
    profile: Profile,
    zone: Zone,
    any: bool,
    /// Kept for its memory: one is written for every batch.
    time_text: String,
}

impl DStreamBlocks {
    pub(super) fn new(profile: Profile, zone: Zone) -> DStreamBlocks {
        DStreamBlocks {
            profile,
            zone,
            any: false,
            time_text: String::new(),
        }
    }

    /// Appends a block (`OUT-1`).
    pub(super) fn block(&mut self, batch_time: Time, rows: &[Value], more: bool, out: &mut String) {
        self.any = true;
        self.write_time(batch_time);
        let local = |micros| self.zone.local_micros(micros);
        let renderer = Renderer::new(self.notation(), &local);
        renderer.block(&self.time_text, rows, more, out);
    }

    /// Whether rows of a batch with `records` input records are shown.
    pub(super) fn shows_rows(&self, records: usize) -> bool {
        self.notation().shows_rows(records)
    }

    /// Appends what follows the last block.
    pub(super) fn close(&self, out: &mut String) {
        if self.any {
            self.notation().closing_rule(out);
        }
    }

    fn notation(&self) -> Notation {
        match self.profile {
            Profile::Pyspark => Notation::Python3,
            Profile::Jvm => Notation::Java,
            Profile::Cookbook => Notation::Python2,
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
