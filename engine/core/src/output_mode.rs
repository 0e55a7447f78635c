//! Which rows a micro-batch writes, and what that asks of the state.

/// Which rows a micro-batch writes (`OM-1`, `OM-3`).
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
    /// Whether the watermark drops late rows and removes groups (`WM-4`, `WM-11`).
    pub fn heeds_watermark(self) -> bool {
        self != OutputMode::Complete
    }

    /// Whether rows are written in the order of the state, and not in that of the batch.
    pub fn reads_state(self) -> bool {
        self != OutputMode::Update
    }
}
