//! `[cost]`, and `cost` of a pipeline.

use std::time::Duration;

use crate::language::{KeyCount, Kind, WithDefault, toml_table};

toml_table! {
    pub(crate) COST = "cost", "in `cost`", KeyCount::Any;
    "The virtual time that work takes, to the microsecond: what a job takes is the sum, rounded up to a millisecond, and `slow` in the timeline comes on top. Meanwhile batches queue, and a query waits with its next micro-batch. A run without `stop` goes on until the batches that it would have had otherwise are done. Nothing takes time without it."

    "For a batch, or a micro-batch of a query."
    COST_OF_BATCH: WithDefault<Duration> = ("batch", Kind::WORK, r#"batch = "20ms""#)
        .or(Duration::ZERO);

    "For each job: each output operation of a batch is one."
    COST_OF_JOB: WithDefault<Duration> = ("job", Kind::WORK, r#"job = "5ms""#)
        .or(Duration::ZERO);

    "For each record that came in with the batch."
    COST_OF_RECORD: WithDefault<Duration> = ("record", Kind::WORK, r#"record = "10us""#)
        .or(Duration::ZERO);

    "For each key of a state of which each batch goes through all keys, as `update_state_by_key` does."
    COST_OF_STATE_KEY: WithDefault<Duration> = ("state_key", Kind::WORK, r#"state_key = "1us""#)
        .or(Duration::ZERO);

    "For each key that a batch sets or removes in any other state, as `map_with_state` and a query do."
    COST_OF_KEY_TOUCHED: WithDefault<Duration> = ("key_touched", Kind::WORK, r#"key_touched = "1us""#)
        .or(Duration::ZERO);

    "For each row that an output prints."
    COST_OF_ROW: WithDefault<Duration> = ("row_written", Kind::WORK, r#"row_written = "5ms""#)
        .or(Duration::ZERO);

    "For each row that the output has printed in jobs before: a table into which each batch is inserted, and which costs more the more it has."
    COST_OF_TABLE_ROW: WithDefault<Duration> = ("table_row", Kind::WORK, r#"table_row = "1ms""#)
        .or(Duration::ZERO);

    "For each write of a checkpoint or of states, until it is durable; those that are begun together are done side by side."
    COST_OF_CHECKPOINT: WithDefault<Duration> = ("checkpoint", Kind::WORK, r#"checkpoint = "200ms""#)
        .or(Duration::ZERO);

    "Before a driver that starts again goes on from its checkpoint."
    COST_OF_RECOVERY: WithDefault<Duration> = ("recovery", Kind::WORK, r#"recovery = "3s""#)
        .or(Duration::ZERO);
}
