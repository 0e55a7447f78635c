//! Operators of plans that are made by hand.

use engine::{
    DataType, Inline, KeyOrder, OutputMode, Records, Row, SparkVersion, Text, Time, Value,
};
use engine_sql::plan::{Grouping, LogicalPlan, PlanKind, Relation, SortOrder};
use engine_sql::{AnalysisError, Analyzer, Catalog, Context, Expression, Field, Schema, Session};

use super::aggregate::StreamSettings;
use super::build::Tables;
use super::{Batch, Builder, PhysicalPlan, QueryMode, WatermarkPolicy, check};
use crate::settings::StateStoreProvider;
use crate::source::{BatchInput, InputLines, RowFormat};

/// A plan that is run batch by batch on lines.
struct Run {
    plan: PhysicalPlan,
    session: Session,
    cores: usize,
}

impl Run {
    fn new(
        plan: &LogicalPlan,
        output_mode: OutputMode,
        cores: usize,
    ) -> Result<Run, AnalysisError> {
        let (session, catalog) = (Session::new(SparkVersion::V3_5), Catalog::default());
        let plan = Analyzer::new(&session, &catalog).analyze(plan)?;
        if plan.is_streaming() {
            let mode = QueryMode {
                output: output_mode,
                spark: session.spark,
            };
            check(&plan, mode)?;
        }
        let settings = StreamSettings {
            output_mode,
            shuffle_partitions: 1,
            key_order: KeyOrder::Spark,
            state_store: StateStoreProvider::default(),
            saves: false,
        };
        let tables = Tables::new();
        let plan = Builder::new(settings, &tables).plan(plan, WatermarkPolicy::Min)?;
        Ok(Run {
            plan,
            session,
            cores,
        })
    }

    fn batch(&mut self, lines: &[&str]) -> Vec<Row> {
        let lines: Records = lines.iter().map(|line| Text::from(*line)).collect();
        let inputs = [BatchInput::Dealt(
            vec![InputLines {
                time: Time::EPOCH,
                lines,
            }],
            RowFormat::Text.into(),
        )];
        let batch = Batch {
            id: 0,
            inputs: &inputs,
            context: Context {
                session: &self.session,
                timestamp: 0,
            },
            cores: self.cores,
            workers: &Inline,
        };
        self.plan
            .run_once(&batch)
            .expect("the batch has no failure")
            .concat()
    }

    #[track_caller]
    fn check(&mut self, lines: &[&str], expected: &str) {
        let rows = self.batch(lines);
        let rows: Vec<String> = rows
            .iter()
            .map(|row| row.iter().map(text).collect::<Vec<_>>().join("="))
            .collect();
        assert_eq!(rows.join(" "), expected);
    }
}

fn text(value: &Value) -> String {
    engine::render::Notation::Sql.text(value)
}

fn lines() -> LogicalPlan {
    Relation {
        id: 7,
        name: "lines".into(),
        schema: Schema::from_iter([Field::new("value", DataType::String)]),
        is_sized: true,
        hidden: None,
        is_streaming: true,
    }
    .into()
}

fn value() -> Expression {
    Expression::column("value")
}

fn count() -> Expression {
    Expression::call("count", [Expression::from(1)])
}

fn counts(keys: &[Expression]) -> LogicalPlan {
    LogicalPlan::new(PlanKind::Aggregate {
        input: lines(),
        grouping: Grouping::Keys(keys.to_vec()),
        columns: keys.iter().cloned().chain([count().alias("n")]).collect(),
        having: None,
    })
}

#[test]
fn om_1_update_output_has_the_groups_that_came_in_the_order_in_which_they_came() {
    let mut run = Run::new(&counts(&[value()]), OutputMode::Update, 2).expect("Spark takes it");
    run.check(&["b", "a", "b"], "b=2 a=1");
    run.check(&["c", "a"], "c=1 a=2");
    run.check(&[], "");
}

#[test]
fn groups_without_room_in_the_small_map_come_last_in_each_partition() {
    let words = ["p", "oyoo", "lrqgy", "hmnbmpf", "exbb", "didefug", "x"];
    let mut run = Run::new(&counts(&[value()]), OutputMode::Update, 1).expect("Spark takes it");
    run.check(&words, "p=1 oyoo=1 lrqgy=1 x=1 hmnbmpf=1 exbb=1 didefug=1");
}

#[test]
fn om_2_a_group_of_all_rows_is_there_without_any() {
    let mut run = Run::new(&counts(&[]), OutputMode::Complete, 2).expect("Spark takes it");
    run.check(&[], "0");
    run.check(&["a", "b", "c"], "3");
}

#[test]
fn complete_output_is_sorted_and_its_first_rows_are_taken() {
    let order = vec![
        SortOrder {
            descending: true,
            nulls_first: false,
            ..SortOrder::ascending(Expression::column("n"))
        },
        SortOrder::ascending(value()),
    ];
    let sorted = LogicalPlan::new(PlanKind::Sort {
        input: counts(&[value()]),
        order,
    });
    let top = LogicalPlan::new(PlanKind::Limit {
        input: sorted.clone(),
        count: Expression::from(2),
    });
    let mut sorted = Run::new(&sorted, OutputMode::Complete, 2).expect("Spark takes it");
    let mut top = Run::new(&top, OutputMode::Complete, 2).expect("Spark takes it");
    for (lines, expected) in [
        (["c", "b", "c", "a"], "c=2 a=1 b=1"),
        (["a", "a", "d", "b"], "a=3 b=2 c=2 d=1"),
    ] {
        sorted.check(&lines, expected);
        let first: Vec<&str> = expected.split(' ').take(2).collect();
        top.check(&lines, &first.join(" "));
    }
}

#[test]
fn a_limit_of_appended_rows_counts_over_all_batches() {
    let limit = LogicalPlan::new(PlanKind::Limit {
        input: lines(),
        count: Expression::from(3),
    });
    let mut run = Run::new(&limit, OutputMode::Append, 2).expect("Spark takes it");
    run.check(&["a", "b"], "a b");
    run.check(&["c", "d"], "c");
    run.check(&["e"], "");
}

#[test]
fn a_union_has_the_rows_of_its_tables_one_after_the_other() {
    let union = LogicalPlan::new(PlanKind::Union {
        inputs: vec![lines(), lines()],
        by_name: false,
    });
    let mut run = Run::new(&union, OutputMode::Append, 2).expect("Spark takes it");
    run.check(&["a", "b", "c"], "a c b a c b");
}

#[test]
fn om_3_what_spark_refuses_is_refused() {
    let check = |plan: &LogicalPlan, mode, expected: &str| {
        let error = Run::new(plan, mode, 1).err().expect("Spark refuses it");
        assert!(error.message().starts_with(expected), "{error}");
    };
    check(
        &lines(),
        OutputMode::Complete,
        "Complete output mode not supported when there are no streaming aggregations",
    );
    check(
        &counts(&[value()]),
        OutputMode::Append,
        "Append output mode not supported when there are streaming aggregations",
    );
    let sorted = LogicalPlan::new(PlanKind::Sort {
        input: lines(),
        order: vec![SortOrder::ascending(value())],
    });
    check(
        &sorted,
        OutputMode::Append,
        "Sorting is not supported on streaming DataFrames/Datasets",
    );
    let limit = LogicalPlan::new(PlanKind::Limit {
        input: lines(),
        count: Expression::from(3),
    });
    check(
        &limit,
        OutputMode::Update,
        "Limits are not supported on streaming DataFrames/Datasets in Update output mode",
    );
}

#[test]
fn a_plan_without_streams_runs_once() {
    let rows = LogicalPlan::new(PlanKind::Values(
        ["b", "a", "b"]
            .map(|it| vec![Expression::from(it)])
            .to_vec(),
    ));
    let word = Expression::column("col1");
    let counts = LogicalPlan::new(PlanKind::Aggregate {
        input: rows,
        grouping: Grouping::Keys(vec![word.clone()]),
        columns: vec![word, count()],
        having: None,
    });
    let mut run = Run::new(&counts, OutputMode::Append, 1).expect("Spark takes it");
    run.check(&[], "b=2 a=1");
}
