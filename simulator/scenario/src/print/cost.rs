//! Costs as TOML.

use crate::Cost;
use crate::keys::{
    COST_OF_BATCH, COST_OF_CHECKPOINT, COST_OF_JOB, COST_OF_KEY_TOUCHED, COST_OF_RECORD,
    COST_OF_RECOVERY, COST_OF_ROW, COST_OF_STATE_KEY, COST_OF_TABLE_ROW,
};
use crate::language::Items;

pub(super) fn items(cost: &Cost) -> Items {
    let mut items = Items::default();
    items.set_unless_default(&COST_OF_BATCH, &cost.batch);
    items.set_unless_default(&COST_OF_JOB, &cost.job);
    items.set_unless_default(&COST_OF_RECORD, &cost.record);
    items.set_unless_default(&COST_OF_STATE_KEY, &cost.state_key);
    items.set_unless_default(&COST_OF_KEY_TOUCHED, &cost.key_touched);
    items.set_unless_default(&COST_OF_ROW, &cost.row_written);
    items.set_unless_default(&COST_OF_TABLE_ROW, &cost.table_row);
    items.set_unless_default(&COST_OF_CHECKPOINT, &cost.checkpoint);
    items.set_unless_default(&COST_OF_RECOVERY, &cost.recovery);
    items
}
