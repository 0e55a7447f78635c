//! Tables as text: their first rows, and their plans.

use std::fmt::Write;

use engine::{Inline, OutputMode, Table, Time, render};
use engine_sql::plan::TypedPlan;
use engine_sql::{AnalysisError, Analyzer, local_micros, optimize};

use crate::collect::CollectError;
use crate::dataframe::DataFrame;
use crate::physical::{Builder, StreamSettings};

impl DataFrame {
    /// The first rows, up to `rows`, as the text that `show` prints. Cells of more than `cut` UTF-16 units are cut; of
    /// 0 none is.
    ///
    /// ```
    /// use engine::Time;
    /// let spark = engine_structured::SparkSession::local(2, "finite");
    /// let text = spark.sql("SELECT 1 AS one").show(20, 20, Time::EPOCH)?;
    /// assert_eq!(text, "+---+\n|one|\n+---+\n|  1|\n+---+\n");
    /// # Ok::<(), engine_structured::CollectError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`collect`](DataFrame::collect).
    pub fn show(&self, rows: usize, cut: usize, now: Time) -> Result<String, CollectError> {
        self.shown(rows, cut, now, render::table::shown)
    }

    /// The first rows, up to `rows`, as [`show`](DataFrame::show) prints them with a line for each cell.
    ///
    /// # Errors
    ///
    /// As [`collect`](DataFrame::collect).
    pub fn show_vertical(
        &self,
        rows: usize,
        cut: usize,
        now: Time,
    ) -> Result<String, CollectError> {
        self.shown(rows, cut, now, render::table::vertical)
    }

    fn shown(
        &self,
        rows: usize,
        cut: usize,
        now: Time,
        render: impl Fn(&Table, Option<usize>, &dyn Fn(i64) -> i64) -> String,
    ) -> Result<String, CollectError> {
        let zone = &self.session().sql.zone;
        let first = i32::try_from(rows).unwrap_or(i32::MAX).saturating_add(1);
        let mut shown = self.limit(first).collect(now, &Inline)?;
        let more = shown.len() > rows;
        shown.truncate(rows);
        let table = Table {
            columns: self.columns()?.into(),
            rows: shown,
            more,
            truncate: cut > 0,
            spark: self.session().sql.spark,
        };
        let cut = Some(cut).filter(|cut| *cut > 0);
        let local = |micros| local_micros(zone, micros);
        Ok(render(&table, cut, &local))
    }

    /// True if a stream is among the tables that it is made of.
    ///
    /// # Errors
    ///
    /// A table that Spark refuses.
    pub fn is_streaming(&self) -> Result<bool, AnalysisError> {
        Ok(self.typed()?.is_streaming())
    }

    /// The plan as trees: the operators that run it, and before them, if `extended` is true, the table as it is written, as
    /// it is resolved and as it is optimised. That of a stream is the plan of each micro-batch in append mode: see
    /// [`explain_query`](DataFrame::explain_query).
    ///
    /// ```
    /// let spark = engine_structured::SparkSession::local(2, "plans");
    /// let text = spark.sql("SELECT 1 + 1 AS two").explain(false)?;
    /// assert_eq!(text, "== Physical Plan ==\nProject [2 AS two]\n+- LocalTableScan\n");
    /// # Ok::<(), engine_structured::AnalysisError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A table that Spark refuses.
    pub fn explain(&self, extended: bool) -> Result<String, AnalysisError> {
        self.explain_query(OutputMode::Append, extended)
    }

    /// The same of a query that writes the table in an output mode.
    ///
    /// # Errors
    ///
    /// A table that Spark refuses.
    pub fn explain_query(
        &self,
        output_mode: OutputMode,
        extended: bool,
    ) -> Result<String, AnalysisError> {
        let session = self.session();
        let tables = session.tables().clone();
        let written = self.plan()?;
        let typed = Analyzer::new(&session.sql, &tables.views).analyze(written)?;
        let mut text = String::new();
        if extended {
            let _ = write!(text, "== Parsed Logical Plan ==\n{written}\n");
            let _ = write!(text, "== Analyzed Logical Plan ==\n{typed}\n");
        }
        let title = if typed.is_streaming() {
            "Incremental Physical Plan"
        } else {
            "Physical Plan"
        };
        let optimized = optimize(typed, &session.sql);
        if extended {
            let _ = write!(text, "== Optimized Logical Plan ==\n{optimized}\n");
        }
        let settings = StreamSettings {
            output_mode,
            ..StreamSettings::of_table(session)
        };
        let mut builder = Builder::new(settings, &tables.finite);
        let operators = builder.plan(optimized, session.watermark_policy)?;
        let _ = write!(text, "== {title} ==\n{}", operators.tree());
        Ok(text)
    }

    fn typed(&self) -> Result<TypedPlan, AnalysisError> {
        let views = self.session().tables().views.clone();
        Analyzer::new(&self.session().sql, &views).analyze(self.plan()?)
    }
}
