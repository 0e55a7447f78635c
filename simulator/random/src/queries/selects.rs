//! Whole queries.

use scenario::OutputMode;

use super::expressions::Expressions;
use super::relations::{Relation, draw_relation};
use super::tables::Tables;
use super::types::Type;
use super::{groups, mistakes};
use crate::Dice;

use OutputMode::{Append, Update};

/// A query, and the output modes that fit it.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) sql: String,
    pub(super) outputs: &'static [OutputMode],
}

/// Any query.
pub(super) fn draw_query(dice: &mut Dice, tables: &Tables) -> Query {
    if dice.one_in(16) {
        return mistakes::draw(dice, tables);
    }
    let relation = draw_relation(dice, tables);
    match dice.below(16) {
        0..=4 => projection(dice, tables, &relation),
        5 => distinct(dice, &relation),
        6..=9 => groups::plain(dice, &relation),
        10 => groups::chained(dice, &relation),
        _ => groups::windows(dice, &relation),
    }
}

/// Columns and expressions of each row.
fn projection(dice: &mut Dice, tables: &Tables, relation: &Relation) -> Query {
    let mut items = Vec::new();
    for index in 0..dice.between(1, 4) {
        let mut expressions = Expressions {
            dice,
            columns: &relation.columns,
        };
        let of = *expressions.dice.pick(Type::ALL);
        let item = match expressions.dice.below(6) {
            0 => "*".to_owned(),
            1 | 2 => expressions.any().name,
            3 => expressions.of(of, 3),
            _ => format!("{} AS c{index}", expressions.of(of, 3)),
        };
        items.push(item);
    }
    if dice.one_in(10) {
        let mut expressions = Expressions {
            dice,
            columns: &relation.columns,
        };
        let generator = *expressions.dice.pick(&[
            "explode({a}) AS e",
            "explode_outer({c})",
            "posexplode({c})",
            "explode({m})",
            "inline(array({r}))",
            "stack(2, {i}, {s}, {i}, {s}) AS (p, q)",
        ]);
        items.push(expressions.filled(generator, 1));
    }
    let mut sql = format!("SELECT {} FROM {}", items.join(", "), relation.text);
    sql += &match tables.tables.first() {
        Some(table) if dice.one_in(8) => subquery(dice, relation, table.name),
        _ => filter(dice, relation),
    };
    if dice.one_in(15) {
        sql = format!("{sql} LIMIT {}", dice.between(1, 8));
        return Query {
            sql,
            outputs: &[Append],
        };
    }
    let outputs: &[OutputMode] = if relation.is_stateful {
        &[Append]
    } else {
        &[Append, Update]
    };
    Query { sql, outputs }
}

/// A condition that asks the static table.
fn subquery(dice: &mut Dice, relation: &Relation, table: &str) -> String {
    let mut expressions = Expressions {
        dice,
        columns: &relation.columns,
    };
    let condition = *expressions.dice.pick(&[
        "{s} IN (SELECT user FROM users)",
        "{s} NOT IN (SELECT city FROM users WHERE city IS NOT NULL)",
        "EXISTS (SELECT 1 FROM users WHERE city = 'Oslo')",
        "{i} < (SELECT count(*) FROM users)",
    ]);
    format!(
        " WHERE {}",
        expressions.filled(condition, 1).replace("users", table)
    )
}

/// Each row once. Without an event time in it, a row is known for ever.
fn distinct(dice: &mut Dice, relation: &Relation) -> Query {
    let mut expressions = Expressions {
        dice,
        columns: &relation.columns,
    };
    let count = expressions.dice.between(1, 3);
    let mut items: Vec<String> = (0..count).map(|_| expressions.key().name).collect();
    if let Some(time) = relation.watermark.as_ref().filter(|_| dice.one_in(2)) {
        items.push(time.clone());
    }
    let sql = format!(
        "SELECT DISTINCT {} FROM {}{}",
        items.join(", "),
        relation.text,
        filter(dice, relation)
    );
    let outputs: &[OutputMode] = if relation.is_stateful {
        &[Append]
    } else {
        &[Append, Update, OutputMode::Complete]
    };
    Query { sql, outputs }
}

/// Some of the rows, or all.
pub(super) fn filter(dice: &mut Dice, relation: &Relation) -> String {
    if !dice.one_in(3) {
        return String::new();
    }
    let mut expressions = Expressions {
        dice,
        columns: &relation.columns,
    };
    format!(" WHERE {}", expressions.condition())
}
