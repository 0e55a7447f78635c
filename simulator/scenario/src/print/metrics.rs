//! Expected delays and rates as TOML.

use crate::ExpectedMetrics;
use crate::keys::{
    AVERAGE_TOTAL_DELAY, INPUT_RATE, PROCESSING_TIME_OF_BATCH, QUEUE_LENGTH, SCHEDULING_DELAY,
    TOTAL_DELAY,
};
use crate::language::Items;

pub(super) fn set(items: &mut Items, metrics: &ExpectedMetrics) {
    items.set_some(&SCHEDULING_DELAY, metrics.scheduling_delay.as_ref());
    items.set_some(&PROCESSING_TIME_OF_BATCH, metrics.processing_time.as_ref());
    items.set_some(&TOTAL_DELAY, metrics.total_delay.as_ref());
    items.set_some(&AVERAGE_TOTAL_DELAY, metrics.average_total_delay.as_ref());
    items.set_some(&QUEUE_LENGTH, metrics.queue_length.as_ref());
    items.set_some(&INPUT_RATE, metrics.input_rate.as_ref());
}
