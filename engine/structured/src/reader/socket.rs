//! The options of a socket (`org.apache.spark.sql.execution.streaming.sources.TextSocketSourceProvider`).

use engine::DataType;
use engine_sql::{AnalysisError, Field, Schema};

use super::options::{Options, invalid};
use super::{Described, text_schema};
use crate::source::SourceSettings;

pub(super) fn described(options: &mut Options) -> Result<Described, AnalysisError> {
    let missing = |name: &str| {
        let message = format!("Set a {name} to read from with option(\"{name}\", ...).");
        AnalysisError::unclassified(message)
    };
    let host = options.take("host").ok_or_else(|| missing("host"))?;
    let port = options.take("port").ok_or_else(|| missing("port"))?;
    let number = port.trim().parse();
    let has_time = options.flag("includeTimestamp")?;
    let mut schema = text_schema();
    if has_time {
        let time = Field::new("timestamp", DataType::Timestamp);
        schema = schema
            .fields()
            .iter()
            .cloned()
            .chain([time])
            .collect::<Schema>();
    }
    Ok(Described {
        name: "socket".into(),
        schema,
        source: SourceSettings::Socket {
            host,
            port: number.map_err(|_| invalid("port", &port, "must be a port"))?,
            has_time,
        },
    })
}
