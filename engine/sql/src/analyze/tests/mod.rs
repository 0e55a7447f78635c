//! Queries as the trees of their plans.

mod columns;
mod conditions;
mod groups;

use engine::{DataType, SparkVersion};

use super::*;
use crate::plan::Relation;
use crate::{Field, optimize, parse_query};

/// The views `events(ts, user, n, tags)`, whose `ts` has a watermark, and `names(user, name)`.
fn catalog() -> Catalog {
    let relation = |id, name: &str, is_streaming, columns: Vec<(&str, DataType)>| {
        let fields = columns
            .into_iter()
            .map(|(name, data_type)| Field::new(name, data_type));
        LogicalPlan::from(Relation {
            id,
            name: name.into(),
            schema: fields.collect(),
            hidden: None,
            is_streaming,
            is_sized: true,
        })
    };
    let events = vec![
        ("ts", DataType::Timestamp),
        ("user", DataType::String),
        ("n", DataType::Integer),
        ("tags", DataType::array(DataType::String)),
    ];
    let names = vec![("user", DataType::String), ("name", DataType::String)];
    let mut catalog = Catalog::default();
    let events = LogicalPlan::new(PlanKind::Watermark {
        input: relation(0, "events", true, events),
        column: "ts".into(),
        delay: std::time::Duration::from_secs(10),
    });
    catalog.insert("events", events);
    catalog.insert("names", relation(1, "names", false, names));
    catalog
}

fn analyzed(sql: &str) -> Result<TypedPlan, AnalysisError> {
    let session = Session::new(SparkVersion::V3_5);
    let plan = parse_query(sql)?;
    Analyzer::new(&session, &catalog()).analyze(&plan)
}

#[track_caller]
fn check(sql: &str, tree: &[&str]) {
    let plan = analyzed(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let text = plan.to_string();
    assert_eq!(text.lines().collect::<Vec<_>>(), tree, "{sql}");
}

#[track_caller]
fn check_optimized(sql: &str, tree: &[&str]) {
    let plan = analyzed(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let text = optimize(plan, &Session::new(SparkVersion::V3_5)).to_string();
    assert_eq!(text.lines().collect::<Vec<_>>(), tree, "{sql}");
}

/// The class of the error, and the part of the text that it points at.
#[track_caller]
fn check_refused(sql: &str, condition: &str, place: &str) {
    let error = analyzed(sql).expect_err(sql);
    let span = error.span().map(|span| &sql[span.start..span.end]);
    assert_eq!(
        (error.condition(), span),
        (Some(condition), Some(place)),
        "{sql}: {error}"
    );
}
