//! Metrics of the rows of a table, which the progress of a query has.

use std::sync::Arc;

use engine::{Failure, Inline, Row, Text, Time, Value};
use engine_sql::plan::{Grouping, PlanKind};
use engine_sql::{Expression, ExternalOperator, Schema};

use crate::dataframe::DataFrame;
use crate::functions::{call, col, text};
use crate::session::SparkSession;

/// The metrics of a table's rows (`org.apache.spark.sql.catalyst.plans.logical.CollectMetrics`).
#[derive(Debug)]
pub(crate) struct Observe {
    pub(crate) name: Text,
    metrics: Vec<Expression>,
    session: SparkSession,
    columns: Schema,
}

impl DataFrame {
    /// The same rows, of which these aggregates are computed for each micro-batch: the progress of the query has them by this
    /// name (`Dataset.observe`).
    pub fn observe(&self, name: &str, metrics: Vec<Expression>) -> DataFrame {
        let columns = self.aggregated(metrics.clone()).schema();
        let columns = match columns.and_then(|_| self.schema()) {
            Ok(columns) => columns,
            Err(error) => return self.session().frame_of(Err(error)),
        };
        let operator = ExternalOperator {
            name: "CollectMetrics".into(),
            columns: columns.clone(),
            code: Arc::new(Observe {
                name: name.into(),
                metrics,
                session: self.session().clone(),
                columns,
            }),
        };
        self.with(|input| PlanKind::External {
            input,
            keys: Vec::new(),
            operator,
        })
    }

    fn aggregated(&self, columns: Vec<Expression>) -> DataFrame {
        let grouping = Grouping::Keys(Vec::new());
        self.with(|input| PlanKind::Aggregate {
            input,
            grouping,
            columns,
            having: None,
        })
    }
}

impl Observe {
    /// The metrics of these rows, as JSON.
    pub(crate) fn json(&self, rows: Vec<Vec<Row>>, now: Time) -> Result<Text, Failure> {
        let columns = self.columns.clone();
        let table = self
            .session
            .table_of_partitions("LocalTable", columns, rows);
        let row = call("struct", [col("*")]);
        let metrics = table.aggregated(self.metrics.clone());
        let with_nulls = call("map", [text("ignoreNullFields"), text("false")]);
        let json = metrics.select([call("to_json", [row, with_nulls])]);
        let json = json.collect(now, &Inline).map_err(Failure::from)?;
        Ok(match json.first().and_then(|row| row.first()) {
            Some(Value::String(json)) => json.clone(),
            _ => "{}".into(),
        })
    }
}
