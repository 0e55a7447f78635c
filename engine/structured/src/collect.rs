//! The rows of a table without streams.

use engine::{Failure, Inline, Row, TableWrite, Text, Time, Workers};
use engine_sql::plan::{TypedNode, TypedPlan};
use engine_sql::{AnalysisError, Analyzer, Context, optimize};

use crate::dataframe::DataFrame;
use crate::physical::{Batch, Builder, StreamSettings};
use crate::sink::check_kafka;

/// Why a table has no rows to be collected.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CollectError {
    /// Spark refuses it.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// An expression of it fails.
    #[error("{0}")]
    Failure(Failure),
}

impl DataFrame {
    /// The record that the rows of a table without streams were written to a place which is not here, in this save mode.
    ///
    /// ```
    /// use engine::Time;
    /// let spark = engine_structured::SparkSession::local(2, "finite");
    /// let rows = spark.sql("SELECT 'b' AS value");
    /// let write = rows.written("kafka", "append", [("topic".into(), "words".into())], Time::EPOCH)?;
    /// assert_eq!(write.title(), "kafka, append, topic=words");
    /// # Ok::<(), engine_structured::CollectError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`collect`](DataFrame::collect), and a place that does not take such rows.
    pub fn written(
        &self,
        format: &str,
        mode: &str,
        options: impl IntoIterator<Item = (Text, Text)>,
        now: Time,
    ) -> Result<TableWrite, CollectError> {
        let schema = self.schema()?;
        let options: Vec<(Text, Text)> = options.into_iter().collect();
        if format.eq_ignore_ascii_case("kafka") {
            check_kafka(&options, &schema)?;
        }
        let write = TableWrite::new(format, mode).with_options(options);
        Ok(write.with_rows(schema.to_struct().into(), self.collect(now, &Inline)?))
    }

    /// The rows of a table without streams, where it is this time.
    ///
    /// ```
    /// use engine::{Inline, Time};
    /// let spark = engine_structured::SparkSession::local(2, "finite");
    /// let rows = spark.sql("SELECT col1 AS word FROM VALUES ('b'), ('a') ORDER BY word");
    /// assert_eq!(rows.collect(Time::EPOCH, &Inline)?.len(), 2);
    /// # Ok::<(), engine_structured::CollectError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A table that Spark refuses, such as the unbounded one of a stream, and a failure in its rows.
    pub fn collect(&self, now: Time, workers: &dyn Workers) -> Result<Vec<Row>, CollectError> {
        let partitions = self.collect_partitions(now, workers)?;
        Ok(partitions.into_iter().flatten().collect())
    }

    /// The same rows, by partition.
    ///
    /// # Errors
    ///
    /// As [`collect`](DataFrame::collect).
    pub fn collect_partitions(
        &self,
        now: Time,
        workers: &dyn Workers,
    ) -> Result<Vec<Vec<Row>>, CollectError> {
        let session = self.session();
        let tables = session.tables().clone();
        let plan = Analyzer::new(&session.sql, &tables.views).analyze(self.plan()?)?;
        if plan.is_streaming() {
            let message =
                "Queries with streaming sources must be executed with writeStream.start()";
            return Err(AnalysisError::unclassified(message).into());
        }
        let mut builder = Builder::new(StreamSettings::of_table(session), &tables.finite);
        builder.is_adaptive = session.adaptive;
        let plan = optimize(plan, &session.sql);
        let is_merged = session.adaptive && is_shuffled(&plan);
        let mut operators = builder.plan(plan, session.watermark_policy)?;
        let batch = Batch {
            id: 0,
            inputs: &[],
            context: Context {
                session: &session.sql,
                timestamp: now.as_millis().saturating_mul(1_000),
            },
            cores: session.cores,
            workers,
        };
        let partitions = operators.run_once(&batch).map_err(CollectError::Failure)?;
        Ok(if is_merged {
            vec![partitions.into_iter().flatten().collect()]
        } else {
            partitions
        })
    }
}

/// True of rows that come from a shuffle, whose partitions are small: they become one
/// (`org.apache.spark.sql.execution.adaptive.CoalesceShufflePartitions`).
fn is_shuffled(plan: &TypedPlan) -> bool {
    match &plan.node {
        TypedNode::Aggregate { .. } | TypedNode::Deduplicate(_) => true,
        TypedNode::Project { input, .. } | TypedNode::Filter { input, .. } => is_shuffled(input),
        TypedNode::Generate(generate) => is_shuffled(&generate.input),
        _ => false,
    }
}
