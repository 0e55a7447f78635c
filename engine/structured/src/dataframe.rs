//! Tables and their operations.

use std::sync::Arc;
use std::time::Duration;

use engine::Text;
use engine_sql::plan::{
    Grouping, JoinCondition, JoinHint, JoinKind, LogicalPlan, PlanKind, SortOrder,
};
use engine_sql::{
    AnalysisError, Analyzer, Attribute, Expression, ExpressionKind, Resolver, Schema,
};

use crate::column::{Column, IntoColumns};
use crate::functions::count_all;
use crate::session::SparkSession;
use crate::writer::DataStreamWriter;

/// A table, unbounded or not (`org.apache.spark.sql.DataFrame`).
///
/// Names and types are resolved when a query on it starts, and what Spark refuses is refused then.
#[derive(Clone, Debug)]
pub struct DataFrame {
    session: SparkSession,
    plan: Result<LogicalPlan, AnalysisError>,
}

impl DataFrame {
    pub(crate) fn new(
        session: SparkSession,
        plan: Result<LogicalPlan, AnalysisError>,
    ) -> DataFrame {
        DataFrame { session, plan }
    }

    /// The session that it is of.
    pub fn session(&self) -> &SparkSession {
        &self.session
    }

    /// The plan that it is made by.
    ///
    /// # Errors
    ///
    /// It was written in SQL that is none.
    pub fn plan(&self) -> Result<&LogicalPlan, AnalysisError> {
        self.plan.as_ref().map_err(AnalysisError::clone)
    }

    /// The columns, with their types.
    ///
    /// # Errors
    ///
    /// A table that Spark refuses: unknown names, types that do not fit.
    pub fn schema(&self) -> Result<Schema, AnalysisError> {
        let views = self.session.tables().views.clone();
        let plan = Analyzer::new(&self.session.sql, &views).analyze(self.plan()?)?;
        Ok(plan.schema)
    }

    /// The names of the columns.
    ///
    /// # Errors
    ///
    /// As [`schema`](DataFrame::schema).
    pub fn columns(&self) -> Result<Vec<Text>, AnalysisError> {
        let schema = self.schema()?;
        Ok(schema
            .fields()
            .iter()
            .map(|field| field.name.clone())
            .collect())
    }

    /// The column of this name, or a field of one (`a.b`), as one of this table (`Dataset.col`). A table that is
    /// made of it has the column, too, also where another column has the name by then: after a join, or where it was computed anew.
    ///
    /// ```
    /// use engine_structured::JoinKind;
    /// let spark = engine_structured::SparkSession::local(2, "ids");
    /// let one = spark.sql("SELECT 1 AS id, 'a' AS name");
    /// let other = spark.sql("SELECT 1 AS id, 'b' AS name");
    /// let both = one.join(&other, one.col("id")?.eq_to(other.col("id")?), JoinKind::Inner);
    /// assert_eq!(both.select([other.col("name")?]).columns()?, ["name"]);
    /// # Ok::<(), engine_structured::AnalysisError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A name of no column, or of several; a table that Spark refuses.
    pub fn col(&self, name: &str) -> Result<Column, AnalysisError> {
        let path: Vec<Text> = name.split('.').map(Into::into).collect();
        self.attribute(&path).map(Column)
    }

    /// The column of this name, whose parts may have points, as one of this table.
    ///
    /// # Errors
    ///
    /// As [`col`](DataFrame::col).
    pub fn attribute(&self, path: &[Text]) -> Result<Expression, AnalysisError> {
        let schema = self.schema()?;
        Resolver::new(&schema, &self.session.sql).attribute(path, self.plan()?)
    }

    /// All columns, as those of this table.
    ///
    /// # Errors
    ///
    /// As [`schema`](DataFrame::schema).
    pub fn attributes(&self) -> Result<Vec<Attribute>, AnalysisError> {
        let plan = self.plan()?;
        let schema = self.schema()?;
        let fields = schema.fields().iter();
        Ok(fields
            .filter_map(|field| field.attribute(Some(plan)))
            .collect())
    }

    /// The places of the columns that these expressions are; one that the table does not have has no place.
    ///
    /// # Errors
    ///
    /// A name of several columns; a table that Spark refuses.
    pub fn places_of(&self, columns: &[Expression]) -> Result<Vec<usize>, AnalysisError> {
        let schema = self.schema()?;
        let mut places = Vec::new();
        for column in columns {
            match Resolver::new(&schema, &self.session.sql).resolve(column) {
                Ok(typed) => places.extend(typed.as_column()),
                Err(error) if error.condition() == Some("AMBIGUOUS_REFERENCE") => {
                    return Err(error);
                }
                Err(_) => {}
            }
        }
        Ok(places)
    }

    /// These columns of each row; one may be a generator, and then a row makes several.
    pub fn select(&self, columns: impl IntoIterator<Item = Column>) -> DataFrame {
        let columns = columns.into_iter().map(Expression::from).collect();
        self.with(|input| PlanKind::Project { input, columns })
    }

    /// The columns of each row, and this one under this name: in the place of one that has it, or behind all.
    pub fn with_column(&self, name: &str, column: Column) -> DataFrame {
        let columns = self.attributes().map(|columns| {
            let column = column.alias(name).0;
            let is_named = |it: &Attribute| it.name.eq_ignore_ascii_case(name);
            let is_new = !columns.iter().any(is_named);
            let columns = columns.into_iter().map(|it| {
                if is_named(&it) {
                    column.clone()
                } else {
                    Expression::new(ExpressionKind::Attribute(it))
                }
            });
            columns.chain(is_new.then(|| column.clone())).collect()
        });
        let plan = self.plan.clone().and_then(|input| {
            let columns = columns?;
            Ok(LogicalPlan::new(PlanKind::Project { input, columns }))
        });
        self.session.frame_of(plan)
    }

    /// The rows for which a condition is true.
    ///
    /// ```
    /// use engine_structured::functions::{col, text};
    /// let lines = engine_structured::SparkSession::local(2, "lines").read_stream().memory("lines");
    /// let query = lines.filter(col("value").gt(text("m"))).write_stream().console();
    /// # let _ = query;
    /// ```
    pub fn filter(&self, condition: Column) -> DataFrame {
        let condition = condition.0;
        self.with(|input| PlanKind::Filter { input, condition })
    }

    /// Bounds the lateness of rows: by at most `delay` against the latest time in this column so far
    /// (`WM-2`), in whole milliseconds.
    ///
    /// Groups by this column, or by a [`window`](crate::functions::window) over it, are final when the
    /// watermark has passed them: later rows of theirs are dropped, and nothing more is kept of them.
    /// For any other query the watermark changes no result (`WM-9`).
    pub fn with_watermark(&self, column: &str, delay: Duration) -> DataFrame {
        let column = column.into();
        self.with(|input| PlanKind::Watermark {
            input,
            column,
            delay,
        })
    }

    /// The rows without those that have come before, by the columns of these names, or by all if there are none
    /// (`dropDuplicates`).
    ///
    /// Rows are kept for ever, unless a column of theirs has the watermark.
    ///
    /// ```
    /// use engine_structured::functions::{col, explode, split};
    /// let spark = engine_structured::SparkSession::local(2, "words");
    /// let lines = spark.read_stream().socket("localhost", 9999);
    /// let words = lines.select([explode(split(col("value"), " ")).alias("word")]);
    /// let query = words.drop_duplicates(&["word"]).write_stream().console()?;
    /// # let _ = query;
    /// # Ok::<(), engine_structured::AnalysisError>(())
    /// ```
    pub fn drop_duplicates(&self, columns: &[&str]) -> DataFrame {
        self.deduplicated(columns, false)
    }

    /// The rows without those that have come before, as long as the watermark has not passed the first one
    /// (`dropDuplicatesWithinWatermark`).
    pub fn drop_duplicates_within_watermark(&self, columns: &[&str]) -> DataFrame {
        self.deduplicated(columns, true)
    }

    fn deduplicated(&self, columns: &[&str], within_watermark: bool) -> DataFrame {
        let keys = columns.iter().map(|column| (*column).into()).collect();
        self.with(|input| PlanKind::Deduplicate {
            input,
            keys,
            within_watermark,
        })
    }

    /// The rows, each once: as [`drop_duplicates`](DataFrame::drop_duplicates) of all columns, where `SELECT DISTINCT` groups
    /// by them.
    pub fn distinct(&self) -> DataFrame {
        self.deduplicated(&[], false)
    }

    /// The rows of all partitions in one, in the order that they have (`coalesce(1)`, `repartition(1)`).
    pub fn in_one_partition(&self) -> DataFrame {
        let order = Vec::new();
        self.with(|input| PlanKind::Sort { input, order })
    }

    /// The rows of this table, and then those of another one (`UNION ALL`).
    pub fn union(&self, other: &DataFrame) -> DataFrame {
        self.with_other(other, |one, other| PlanKind::Union {
            inputs: vec![one, other],
            by_name: false,
        })
    }

    /// The same table, which a join reads in this way.
    pub fn hint(&self, join: JoinHint) -> DataFrame {
        self.with(|input| PlanKind::Hint { input, join })
    }

    /// The pairs of rows for which a condition is true.
    pub fn join(&self, other: &DataFrame, condition: Column, kind: JoinKind) -> DataFrame {
        let condition = JoinCondition::On(condition.0);
        self.with_other(other, |left, right| PlanKind::Join {
            left,
            right,
            kind,
            condition,
        })
    }

    /// The pairs of rows that have the same values in these columns, of which the result has one each.
    pub fn join_using(&self, other: &DataFrame, columns: &[&str], kind: JoinKind) -> DataFrame {
        let columns = columns.iter().map(|column| (*column).into()).collect();
        let condition = JoinCondition::Using(columns);
        self.with_other(other, |left, right| PlanKind::Join {
            left,
            right,
            kind,
            condition,
        })
    }

    /// The rows in the order of these columns, `NULL` first.
    pub fn order_by(&self, columns: impl IntoColumns) -> DataFrame {
        let order = columns.into_columns().into_iter();
        let order = order.map(|column| SortOrder::ascending(column.0)).collect();
        self.with(|input| PlanKind::Sort { input, order })
    }

    /// The first rows.
    pub fn limit(&self, count: i32) -> DataFrame {
        let count = Expression::from(count);
        self.with(|input| PlanKind::Limit { input, count })
    }

    /// The same table, whose columns can be named by `name.column`.
    pub fn alias(&self, name: &str) -> DataFrame {
        let name = name.into();
        self.with(|input| PlanKind::Alias {
            input,
            name,
            columns: Vec::new(),
        })
    }

    /// Gives the table a name in its session, in the place of one that has it (`createOrReplaceTempView`). One that was
    /// written in SQL that is none has no name.
    pub fn create_or_replace_temp_view(&self, name: &str) {
        if let Ok(plan) = &self.plan {
            self.session.tables().views.insert(name, plan.clone());
        }
    }

    /// The rows without those of another table, each once (`EXCEPT`).
    pub fn except(&self, other: &DataFrame) -> DataFrame {
        self.with_other(other, |left, right| PlanKind::Except {
            left,
            right,
            all: false,
        })
    }

    /// The rows that another table has, too, each once (`INTERSECT`).
    pub fn intersect(&self, other: &DataFrame) -> DataFrame {
        self.with_other(other, |left, right| PlanKind::Intersect {
            left,
            right,
            all: false,
        })
    }

    /// The rows with the same values in these columns, together; all rows, if there are no columns.
    pub fn group_by(&self, columns: impl IntoColumns) -> GroupedData {
        GroupedData {
            table: self.clone(),
            keys: columns.into_columns(),
            initial: None,
        }
    }

    /// Starts to write the table out, batch by batch.
    pub fn write_stream(&self) -> DataStreamWriter {
        DataStreamWriter::new(self.clone())
    }

    pub(crate) fn with(&self, kind: impl FnOnce(LogicalPlan) -> PlanKind) -> DataFrame {
        let plan = self.plan.clone().map(|plan| LogicalPlan::new(kind(plan)));
        self.session.frame_of(plan)
    }

    fn with_other(
        &self,
        other: &DataFrame,
        kind: impl FnOnce(LogicalPlan, LogicalPlan) -> PlanKind,
    ) -> DataFrame {
        let other = other.plan.clone();
        let both = self.plan.clone().and_then(|one| Ok((one, other?)));
        let plan = both.map(|(one, other)| LogicalPlan::new(kind(one, other)));
        self.session.frame_of(plan)
    }
}

/// Rows that are together because of their key
/// (`org.apache.spark.sql.RelationalGroupedDataset`).
#[derive(Clone, Debug)]
pub struct GroupedData {
    pub(crate) table: DataFrame,
    pub(crate) keys: Vec<Column>,
    /// The groups whose rows are the states that functions with states begin with.
    pub(crate) initial: Option<Arc<GroupedData>>,
}

impl GroupedData {
    /// The columns of the key and how many rows have it, as column `count`.
    pub fn count(&self) -> DataFrame {
        self.agg([count_all().alias("count")])
    }

    /// The columns of the key and these aggregates.
    ///
    /// ```
    /// use engine_structured::functions::{col, length, max};
    /// let lines = engine_structured::SparkSession::local(2, "lines").read_stream().memory("lines");
    /// let longest = lines.group_by("value").agg([max(length(col("value"))).alias("longest")]);
    /// # let _ = longest;
    /// ```
    pub fn agg(&self, aggregates: impl IntoIterator<Item = Column>) -> DataFrame {
        if self.initial.is_some() {
            let message = "an aggregation has no initial state: give it to a function with states";
            let refused = Err(AnalysisError::unclassified(message));
            return self.table.session().frame_of(refused);
        }
        let keys: Vec<Expression> = self.keys.iter().map(|key| key.0.clone()).collect();
        let aggregates = aggregates.into_iter().map(Expression::from);
        let columns = keys.iter().cloned().chain(aggregates).collect();
        self.table.with(|input| PlanKind::Aggregate {
            input,
            grouping: Grouping::Keys(keys),
            columns,
            having: None,
        })
    }
}
