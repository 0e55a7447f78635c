//! A query that is about to start: its names and types are resolved, and what Spark refuses was refused.

use std::sync::Arc;

use engine::{SparkContext, SparkVersion, Text};
use engine_sql::plan::{ColumnsRead, LogicalPlan, TypedPlan};
use engine_sql::{AnalysisError, Analyzer, Schema, optimize};

use crate::dataframe::DataFrame;
use crate::physical::{Builder, PhysicalPlan, QueryMode, StreamSettings, check, has_state};
use crate::session::{SessionTables, SparkSession};
use crate::settings::QuerySettings;
use crate::source::SourceSettings;

/// A query with the operators that run it.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The session that it was started in.
    pub(crate) session: SparkSession,
    /// As it was written, from which operators for other settings are made.
    written: LogicalPlan,
    /// The tables of the session when it was started.
    tables: SessionTables,
    pub(crate) settings: QuerySettings,
    pub(crate) operators: PhysicalPlan,
    /// The sources that it reads.
    pub(crate) sources: Vec<SourceSettings>,
    /// The result's columns.
    pub(crate) schema: Schema,
    /// Their names.
    pub(crate) columns: Arc<[Text]>,
}

impl Prepared {
    /// Resolves a table, and refuses what Spark refuses.
    pub(crate) fn new(
        table: &DataFrame,
        settings: QuerySettings,
    ) -> Result<Prepared, AnalysisError> {
        check_number("number of cores", settings.cores, SparkContext::CORES_MAX)?;
        check_number(
            "number of shuffle partitions",
            settings.shuffle_partitions,
            SparkSession::SHUFFLE_PARTITIONS_MAX,
        )?;
        let written = table.plan()?.clone();
        let tables = table.session().tables().clone();
        let typed = Analyzer::new(&settings.sql, &tables.views).analyze(&written)?;
        let mode = QueryMode {
            output: settings.output_mode,
            spark: settings.sql.spark,
        };
        check(&typed, mode)?;
        settings.sink.check(settings.output_mode, &typed.schema)?;
        let columns = typed.names().into();
        let schema = typed.schema.clone();
        let session = table.session().clone();
        let (operators, sources) = build(typed, &session, &tables, &settings)?;
        for source in &sources {
            check_source(source, &settings)?;
        }
        Ok(Prepared {
            session,
            written,
            tables,
            settings,
            operators,
            sources,
            schema,
            columns,
        })
    }

    /// Makes the operators anew, with as many shuffle partitions as those of a run before (`MB-8`).
    ///
    /// # Errors
    ///
    /// As when it was started: there are none.
    pub(crate) fn set_shuffle_partitions(
        &mut self,
        shuffle_partitions: usize,
    ) -> Result<(), AnalysisError> {
        self.settings.shuffle_partitions = shuffle_partitions;
        let typed = Analyzer::new(&self.settings.sql, &self.tables.views).analyze(&self.written)?;
        self.operators = build(typed, &self.session, &self.tables, &self.settings)?.0;
        Ok(())
    }
}

fn build(
    typed: TypedPlan,
    session: &SparkSession,
    tables: &SessionTables,
    settings: &QuerySettings,
) -> Result<(PhysicalPlan, Vec<SourceSettings>), AnalysisError> {
    let stream = StreamSettings {
        output_mode: settings.output_mode,
        shuffle_partitions: settings.shuffle_partitions,
        key_order: settings.key_order,
        state_store: settings.state_store,
        saves: settings.checkpoint,
    };
    let mut builder = Builder::new(stream, &tables.finite);
    let plan = optimize(typed, &settings.sql);
    // Spark 4 adapts the micro-batches of queries without states.
    builder.is_adaptive =
        session.adaptive && settings.sql.spark == SparkVersion::V4 && !has_state(&plan);
    let read = ColumnsRead::of(&plan);
    let operators = builder.plan(plan, settings.watermark_policy)?;
    let sources = builder.sources.iter();
    let sources = sources.map(|id| tables.sources[*id].reading(&read.of_relation(*id)));
    Ok((operators, sources.collect::<Result<_, _>>()?))
}

fn check_number(what: &str, given: usize, most: usize) -> Result<(), AnalysisError> {
    let message = if given == 0 {
        format!("the {what} must be at least 1")
    } else if given > most {
        format!("the {what} must be at most {most}, not {given}")
    } else {
        return Ok(());
    };
    Err(AnalysisError::unclassified(message))
}

fn check_source(source: &SourceSettings, settings: &QuerySettings) -> Result<(), AnalysisError> {
    // It keeps neither its lines nor its offsets for a query that starts again.
    let is_forgetful = matches!(source, SourceSettings::Memory { .. });
    if settings.checkpoint && is_forgetful {
        return Err(AnalysisError::unclassified(
            "a memory source keeps no lines for a query that starts again, and so has no checkpoint; read a folder of \
             files by `text`, or a socket",
        ));
    }
    Ok(())
}
