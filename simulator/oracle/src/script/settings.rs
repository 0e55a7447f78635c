//! The settings of a query's session.

use scenario::spark::python_text;
use scenario::{Scenario, Structured, WatermarkPolicy};

use super::python::TIMEZONE;

const SHUFFLE_PARTITIONS: &str = "spark.sql.shuffle.partitions";
const SESSION_TIMEZONE: &str = "spark.sql.session.timeZone";

/// The settings by their names in Spark, each with its value as a text.
pub(crate) fn settings(scenario: &Scenario, query: &Structured) -> Vec<(&'static str, String)> {
    let conf = &query.conf;
    let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
    let policy = conf.watermark_policy.map(|policy| match policy {
        WatermarkPolicy::Min => "min".to_owned(),
        WatermarkPolicy::Max => "max".to_owned(),
    });
    let shuffle_partitions = scenario.shuffle_partitions_of(query).to_string();
    let timezone = scenario.timezone_of_query(query).to_owned();
    let settings = [
        (SHUFFLE_PARTITIONS, Some(shuffle_partitions)),
        (SESSION_TIMEZONE, Some(timezone)),
        ("spark.sql.ansi.enabled", flag(conf.ansi)),
        ("spark.sql.streaming.multipleWatermarkPolicy", policy),
        (
            "spark.sql.streaming.stateStore.providerClass",
            conf.state_store.map(|it| it.class_name().to_owned()),
        ),
        (
            "spark.sql.streaming.noDataMicroBatches.enabled",
            flag(conf.no_data_batches),
        ),
        (
            "spark.sql.streaming.statefulOperator.allowMultiple",
            flag(conf.allow_multiple),
        ),
    ];
    let settings = settings.into_iter();
    settings
        .filter_map(|(setting, value)| Some((setting, value?)))
        .collect()
}

/// The lines of a session's builder that set those that differ from Spark's defaults.
pub(super) fn config(scenario: &Scenario, query: &Structured) -> String {
    let settings = settings(scenario, query).into_iter();
    let others = settings.filter(|(setting, value)| match *setting {
        SHUFFLE_PARTITIONS => value != "200",
        SESSION_TIMEZONE => value != TIMEZONE,
        _ => true,
    });
    let lines = others.map(|(setting, value)| {
        let value = match setting {
            SHUFFLE_PARTITIONS => value,
            _ => python_text(&value),
        };
        format!("    .config(\"{setting}\", {value}) \\\n")
    });
    lines.collect()
}
