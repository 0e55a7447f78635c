//! Trees as text.

use std::sync::Arc;

use engine::{SparkVersion, Value};
use engine_sql::plan::{JoinCondition, LogicalPlan, PlanKind, SortOrder};
use engine_sql::{
    Expression, ExpressionKind, Session, SubqueryKind, parse_expression, parse_expression_in,
    parse_query,
};

/// An expression in the form of calls: `+(a, 1)`.
pub(crate) fn shape(expression: &Expression) -> String {
    let all = |parts: &[Expression]| parts.iter().map(shape).collect::<Vec<_>>().join(", ");
    match &*expression.kind {
        ExpressionKind::Column(path) => path.join("."),
        ExpressionKind::Attribute(attribute) => attribute.name.to_string(),
        ExpressionKind::Attributes(columns) => {
            let names: Vec<&str> = columns.iter().map(|it| it.name.as_str()).collect();
            names.join(", ")
        }
        ExpressionKind::Star(path) => {
            let table = path.iter().map(|name| format!("{name}."));
            format!("{}*", table.collect::<String>())
        }
        ExpressionKind::StarExcept { except, .. } => {
            let except: Vec<String> = except.iter().map(|path| path.join(".")).collect();
            format!("* EXCEPT ({})", except.join(", "))
        }
        ExpressionKind::Literal(literal) => match &literal.value {
            Value::String(text) => format!("'{text}'"),
            value => engine::render::Notation::Sql.text(value),
        },
        ExpressionKind::Call(call) => {
            let distinct = if call.is_distinct { "DISTINCT " } else { "" };
            let nulls = if call.ignore_nulls {
                " IGNORE NULLS"
            } else {
                ""
            };
            let filter = call.filter.as_ref();
            let filter = filter.map_or_else(String::new, |it| format!(" WHERE {}", shape(it)));
            format!(
                "{}({distinct}{}){filter}{nulls}",
                call.function,
                all(&call.arguments)
            )
        }
        ExpressionKind::External {
            function,
            arguments,
        } => format!("{}({})", function.name(), all(arguments)),
        ExpressionKind::Cast {
            operand,
            to,
            is_try,
        } => {
            format!(
                "{}({} AS {to})",
                if *is_try { "try_cast" } else { "cast" },
                shape(operand)
            )
        }
        ExpressionKind::Field { operand, name } => format!("{}.{name}", shape(operand)),
        ExpressionKind::Alias { operand, names } => {
            format!("{} AS {}", shape(operand), names.join(", "))
        }
        ExpressionKind::Lambda(lambda) => {
            format!(
                "({}) -> {}",
                lambda.parameters.join(", "),
                shape(&lambda.body)
            )
        }
        ExpressionKind::Over { function, .. } => format!("over({})", shape(function)),
        ExpressionKind::Subquery(subquery) => match &subquery.kind {
            SubqueryKind::Scalar => "(query)".to_owned(),
            SubqueryKind::Exists => "exists(query)".to_owned(),
            SubqueryKind::In(operand) => format!("in({}, query)", shape(operand)),
        },
    }
}

#[track_caller]
pub(crate) fn plan(text: &str) -> PlanKind {
    Arc::unwrap_or_clone(parse_query(text).expect("it is SQL").kind)
}

/// A plan as the names of its operators, outermost first.
pub(crate) fn operators(plan: &LogicalPlan) -> String {
    match &*plan.kind {
        PlanKind::Hint { .. }
        | PlanKind::Lateral { .. }
        | PlanKind::Pivot { .. }
        | PlanKind::Unpivot(_)
        | PlanKind::Sample { .. } => plan.to_string().trim_end().to_owned(),
        PlanKind::Table(path) => path.join("."),
        PlanKind::Relation(relation) => relation.name.to_string(),
        PlanKind::OneRow => "row".to_owned(),
        PlanKind::Values(rows) => format!("values({})", rows.len()),
        PlanKind::Project { input, columns } => {
            let columns: Vec<String> = columns.iter().map(shape).collect();
            format!("project({}; {})", operators(input), columns.join(", "))
        }
        PlanKind::Filter { input, condition } => {
            format!("filter({}; {})", operators(input), shape(condition))
        }
        PlanKind::Aggregate { input, .. } => format!("aggregate({})", operators(input)),
        PlanKind::Join { .. } => joined(plan),
        PlanKind::Union { inputs, .. } => {
            let inputs: Vec<String> = inputs.iter().map(operators).collect();
            format!("union({})", inputs.join(", "))
        }
        PlanKind::Except { left, right, .. } => {
            format!("except({}, {})", operators(left), operators(right))
        }
        PlanKind::Intersect { left, right, .. } => {
            format!("intersect({}, {})", operators(left), operators(right))
        }
        PlanKind::Distinct(input) => format!("distinct({})", operators(input)),
        PlanKind::Deduplicate { input, .. } => format!("deduplicate({})", operators(input)),
        PlanKind::External {
            input, operator, ..
        } => format!("{}({})", operator.name, operators(input)),
        PlanKind::Sort { input, order } => sorted(input, order),
        PlanKind::Limit { input, count } => {
            format!("limit({}; {})", operators(input), shape(count))
        }
        PlanKind::Offset { input, count } => {
            format!("offset({}; {})", operators(input), shape(count))
        }
        PlanKind::Alias {
            input,
            name,
            columns,
        } => {
            format!("{}({}; {})", name, operators(input), columns.join(", "))
        }
        PlanKind::Generate { .. } => generated(plan),
        PlanKind::Watermark { input, .. } => format!("watermark({})", operators(input)),
        PlanKind::With { tables, input } => {
            let tables: Vec<String> = tables
                .iter()
                .map(|(name, plan)| format!("{name} = {}", operators(plan)))
                .collect();
            format!("with({}; {})", tables.join(", "), operators(input))
        }
    }
}

fn generated(plan: &LogicalPlan) -> String {
    let PlanKind::Generate {
        input,
        generator,
        outer,
        table,
        columns,
    } = &*plan.kind
    else {
        panic!("{plan} generates no rows");
    };
    let outer = if *outer { "outer " } else { "" };
    let table = table.as_ref().map_or("", |table| table.as_str());
    format!(
        "{outer}view({}; {} {table} {})",
        operators(input),
        shape(generator),
        columns.join(", ")
    )
}

#[track_caller]
pub(crate) fn check(text: &str, expected: &str) {
    assert_eq!(
        shape(&parse_expression(text).expect("it is SQL")),
        expected,
        "{text}"
    );
}

#[track_caller]
pub(crate) fn check_4(text: &str, expected: &str) {
    let session = Session::new(SparkVersion::V4);
    let expression = parse_expression_in(text, &session).expect("it is SQL");
    assert_eq!(shape(&expression), expected, "{text}");
}

#[track_caller]
pub(crate) fn check_query(text: &str, expected: &str) {
    assert_eq!(
        operators(&parse_query(text).expect("it is SQL")),
        expected,
        "{text}"
    );
}

fn sorted(input: &LogicalPlan, order: &[SortOrder]) -> String {
    let order = order.iter().map(|it| {
        let descending = if it.descending { " desc" } else { "" };
        let nulls = if it.nulls_first { "first" } else { "last" };
        format!("{}{descending} {nulls}", shape(&it.expression))
    });
    format!(
        "sort({}; {})",
        operators(input),
        order.collect::<Vec<_>>().join(", ")
    )
}

fn joined(plan: &LogicalPlan) -> String {
    let PlanKind::Join {
        left,
        right,
        kind,
        condition,
    } = &*plan.kind
    else {
        return String::new();
    };

    let condition = match condition {
        JoinCondition::None => String::new(),
        JoinCondition::On(condition) => format!(" on {}", shape(condition)),
        JoinCondition::Using(columns) => format!(" using {}", columns.join(", ")),
        JoinCondition::Natural => " natural".to_owned(),
    };
    format!(
        "{kind:?}({}, {}{condition})",
        operators(left),
        operators(right)
    )
}
