//! Queries that are not started.

use std::time::Duration;

use engine::Trigger;
use engine_structured::{AnalysisError, DataFrame, DataStreamWriter, Query};
use pyo3::prelude::*;

/// A query that is not started.
#[pyclass(frozen)]
pub(crate) struct Writer(DataStreamWriter);

impl Writer {
    pub(super) fn new(
        table: &DataFrame,
        output_mode: &str,
        trigger: &str,
        num_rows: usize,
        truncate: bool,
    ) -> PyResult<Writer> {
        let output_mode = super::groups::output_mode(output_mode)?;
        let trigger = match trigger {
            "default" => Trigger::Default,
            "once" => Trigger::Once,
            "available_now" => Trigger::AvailableNow,
            millis => Trigger::ProcessingTime(Duration::from_millis(millis.parse()?)),
        };
        let writer = table
            .write_stream()
            .output_mode(output_mode)
            .trigger(trigger);
        Ok(Writer(writer.num_rows(num_rows).truncate(truncate)))
    }

    pub(crate) fn query(&self) -> Result<Query, AnalysisError> {
        self.0.clone().console()
    }
}
