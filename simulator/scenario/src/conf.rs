//! The settings of Spark that change the answers of a query.

use crate::keys::{StateStore, WatermarkPolicy};
use crate::{Pipeline, Program, Scenario, Structured};

/// The settings of Spark that change the answers of a query (`conf`); what is absent is as Spark or the scenario has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conf {
    /// `spark.sql.ansi.enabled`.
    pub ansi: Option<bool>,
    /// `spark.sql.session.timeZone`, an IANA name.
    pub timezone: Option<String>,
    /// `spark.sql.shuffle.partitions`.
    pub shuffle_partitions: Option<usize>,
    /// `spark.sql.streaming.multipleWatermarkPolicy`.
    pub watermark_policy: Option<WatermarkPolicy>,
    /// `spark.sql.streaming.stateStore.providerClass`.
    pub state_store: Option<StateStore>,
    /// `spark.sql.streaming.noDataMicroBatches.enabled`.
    pub no_data_batches: Option<bool>,
    /// `spark.sql.streaming.statefulOperator.allowMultiple`.
    pub allow_multiple: Option<bool>,
}

impl Conf {
    /// No settings.
    pub(crate) const DEFAULT: Conf = Conf {
        ansi: None,
        timezone: None,
        shuffle_partitions: None,
        watermark_policy: None,
        state_store: None,
        no_data_batches: None,
        allow_multiple: None,
    };
}

impl Scenario {
    /// The IANA name of the time zone in which a pipeline prints times: its own, or that of the clock.
    pub fn timezone_of<'a>(&'a self, pipeline: &'a Pipeline) -> &'a str {
        match &pipeline.program {
            Program::Structured(query) => self.timezone_of_query(query),
            _ => &self.clock.timezone,
        }
    }

    /// `spark.sql.session.timeZone` of a query.
    pub fn timezone_of_query<'a>(&'a self, query: &'a Structured) -> &'a str {
        let own = query.conf.timezone.as_ref();
        own.unwrap_or(&self.clock.timezone)
    }

    /// `spark.sql.shuffle.partitions` of a query.
    pub fn shuffle_partitions_of(&self, query: &Structured) -> usize {
        let own = query.conf.shuffle_partitions;
        own.unwrap_or(self.cluster.shuffle_partitions)
    }
}
