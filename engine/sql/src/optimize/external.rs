//! Functions in processes of their own, called by a projection below the expressions that they are part of
//! (`ExtractPythonUDFs`).
//!
//! So a call is made once for each row, also where it stands several times, and in each row, also where a `CASE` or an
//! `OR` does not need it. Other conditions of a filter are checked before.

use std::mem;

use crate::analyze::columns_of;
use crate::plan::{TypedNode, TypedPlan, TypedSort};
use crate::schema::{Field, Schema};
use crate::typed::Typed;

/// Puts projections below the expressions that call such functions.
pub(super) fn extract(plan: &mut TypedPlan) {
    for input in plan.inputs_mut() {
        extract(input);
    }
    match &mut plan.node {
        TypedNode::Project { input, columns } => call_below(input, columns.iter_mut()),
        TypedNode::Aggregate {
            input,
            keys,
            aggregates,
            ..
        } => {
            let aggregates = aggregates.iter_mut();
            let of_aggregates =
                aggregates.flat_map(|it| it.arguments.iter_mut().chain(&mut it.filter));
            call_below(input, keys.iter_mut().chain(of_aggregates));
        }
        TypedNode::Filter { input, condition } if condition.has_apart() => {
            let input = mem::take(&mut **input);
            let condition = mem::take(condition);
            *plan = filtered(input, condition);
        }
        TypedNode::Sort(TypedSort { input, order }) if order.iter().any(|it| it.0.has_apart()) => {
            call_below(input, order.iter_mut().map(|(expression, ..)| expression));
            let extended = input.schema.clone();
            let schema = mem::replace(&mut plan.schema, extended);
            *plan = only(mem::take(plan), schema);
        }
        _ => {}
    }
}

/// The rows of a table for which a condition is true that calls such functions.
fn filtered(mut input: TypedPlan, condition: Typed) -> TypedPlan {
    let schema = input.schema.clone();
    let is_deterministic = condition.is_deterministic();
    let (mut conditions, before): (Vec<Typed>, Vec<Typed>) = condition
        .conjuncts()
        .into_iter()
        .partition(|it| it.has_apart() || !is_deterministic);
    input.filter(before);
    call_below(&mut input, conditions.iter_mut());
    input.filter(conditions);
    only(input, schema)
}

/// The first columns of a table, which have this schema.
fn only(input: TypedPlan, schema: Schema) -> TypedPlan {
    TypedPlan {
        span: None,
        node: TypedNode::Project {
            input: Box::new(input),
            columns: columns_of(&schema),
        },
        schema,
    }
}

/// Has a table the results of the calls in some expressions as columns, which stand in their place.
fn call_below<'a>(input: &mut TypedPlan, expressions: impl Iterator<Item = &'a mut Typed>) {
    let mut expressions: Vec<&mut Typed> = expressions.filter(|it| it.has_apart()).collect();
    // A call of a function of others' results waits for theirs.
    while expressions.iter().any(|it| it.has_apart()) {
        let mut calls = Vec::new();
        for expression in &mut expressions {
            expression.take_calls(input.schema.fields().len(), &mut calls);
        }
        let mut columns = columns_of(&input.schema);
        let made = calls.iter().enumerate();
        let made = made
            .map(|(index, call)| Field::new(format!("pythonUDF{index}"), call.data_type.clone()));
        let schema = input.schema.fields().iter().cloned().chain(made).collect();
        columns.append(&mut calls);
        *input = TypedPlan {
            span: None,
            node: TypedNode::Project {
                input: Box::new(mem::take(input)),
                columns,
            },
            schema,
        };
    }
}

#[cfg(test)]
mod tests {
    use engine::{DataType, Failure, SparkVersion, Value};

    use crate::{Analyzer, Catalog, ExternalFunction, Session, optimize, parse_query};

    /// A session in which `far` runs in a process of its own, and `near` does not.
    fn session() -> Session {
        let session = Session::new(SparkVersion::V3_5);
        let function = |name: &str| {
            let first = |arguments: &[Value]| Ok::<_, Failure>(arguments[0].clone());
            ExternalFunction::new(name, DataType::Boolean, first)
        };
        session.functions.register(function("far").apart());
        session.functions.register(function("near"));
        session
    }

    #[track_caller]
    fn check(sql: &str, tree: &[&str]) {
        let session = session();
        let plan = parse_query(sql).expect("it is SQL");
        let plan = Analyzer::new(&session, &Catalog::default()).analyze(&plan);
        let text = optimize(plan.expect("it is sound"), &session).to_string();
        assert_eq!(text.lines().collect::<Vec<_>>(), tree, "{sql}");
    }

    #[test]
    fn a_call_is_made_once_for_each_row_and_before_a_branch_needs_it() {
        check(
            "SELECT far(col1) AS a, CASE WHEN col2 THEN far(col1) END AS b FROM VALUES (true, false)",
            &[
                "Project [pythonUDF0 AS a, case(col2, pythonUDF0) AS b]",
                "+- Project [col1, col2, far(col1) AS pythonUDF0]",
                "   +- LocalRelation [col1, col2], 1 rows",
            ],
        );
        check(
            "SELECT CASE WHEN col2 THEN near(col1) END AS b FROM VALUES (true, false)",
            &[
                "Project [case(col2, near(col1)) AS b]",
                "+- LocalRelation [col1, col2], 1 rows",
            ],
        );
    }

    #[test]
    fn other_conditions_of_a_filter_come_before_a_call() {
        check(
            "SELECT * FROM VALUES (true, false) WHERE far(col1) AND col2",
            &[
                "Project [col1, col2]",
                "+- Project [col1, col2]",
                "   +- Filter pythonUDF0",
                "      +- Project [col1, col2, far(col1) AS pythonUDF0]",
                "         +- Filter col2",
                "            +- LocalRelation [col1, col2], 1 rows",
            ],
        );
    }

    #[test]
    fn a_call_that_needs_the_result_of_another_one_comes_after_it() {
        check(
            "SELECT far(NOT far(col1)) AS a FROM VALUES (true)",
            &[
                "Project [pythonUDF0 AS a]",
                "+- Project [col1, pythonUDF0, far(not(pythonUDF0)) AS pythonUDF0]",
                "   +- Project [col1, far(col1) AS pythonUDF0]",
                "      +- LocalRelation [col1], 1 rows",
            ],
        );
    }

    #[test]
    fn it_is_refused_in_a_lambda_and_by_an_outer_join_of_both_tables() {
        let refused = |sql: &str| {
            let session = session();
            let plan = parse_query(sql).expect("it is SQL");
            let plan = Analyzer::new(&session, &Catalog::default()).analyze(&plan);
            plan.expect_err("it is refused").condition()
        };
        assert_eq!(
            refused("SELECT transform(array(true), x -> far(x))"),
            Some("UNSUPPORTED_FEATURE.LAMBDA_FUNCTION_WITH_PYTHON_UDF")
        );
        assert_eq!(
            refused(
                "SELECT * FROM VALUES (true) AS a LEFT JOIN VALUES (true) AS b ON far(a.col1 = b.col1)"
            ),
            Some("UNSUPPORTED_FEATURE.PYTHON_UDF_IN_ON_CLAUSE")
        );
    }
}
