//! The rows that a micro-batch writes, and their demands on the state.

/// The rows that a micro-batch writes (`OM-1`, `OM-3`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputMode {
    /// The rows that will not change any more: groups that the watermark has passed, or all rows of a
    /// query without aggregation.
    Append,
    /// The whole result table.
    Complete,
    /// The rows that this micro-batch touched.
    Update,
}

impl OutputMode {
    /// Returns true if the watermark drops late rows and removes groups (`WM-4`, `WM-11`).
    pub fn heeds_watermark(self) -> bool {
        self != OutputMode::Complete
    }

    /// Returns true if rows are written in the order of the state, and not in that of the batch.
    pub fn reads_state(self) -> bool {
        self != OutputMode::Update
    }
}
