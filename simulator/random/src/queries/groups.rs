//! Groups: their keys, windows among them, their aggregates, and what is asked of both.

use scenario::OutputMode;

use super::aggregates::{AGGREGATES, USUAL};
use super::expressions::Expressions;
use super::relations::Relation;
use super::selects::{Query, filter};
use super::types::{Column, Type};
use crate::Dice;

use OutputMode::{Append, Complete, Update};

/// The lengths of windows and, of those that slide, how often one begins.
const WINDOWS: &[&str] = &[
    "'10 seconds'",
    "'10 seconds'",
    "'20 seconds', '10 seconds'",
    "'10 seconds', '3 seconds'",
    "'1 minute'",
    "'10 seconds', '10 seconds', '4 seconds'",
    "'1 hour'",
    "'1 day'",
    "'500 milliseconds'",
];

const GAPS: &[&str] = &[
    "'5 seconds'",
    "'10 seconds'",
    "'1 minute'",
    "CASE WHEN {b} THEN '5 seconds' ELSE '20 seconds' END",
];

/// Groups by any keys.
pub(super) fn plain(dice: &mut Dice, relation: &Relation) -> Query {
    let count = *dice.pick(&[0, 1, 1, 1, 2, 2, 3]);
    let keys: Vec<Column> = (0..count).map(|_| key(dice, relation)).collect();
    let by_time = relation
        .watermark
        .as_ref()
        .is_some_and(|time| keys.iter().any(|it| it.name == *time));
    let outputs: &[OutputMode] = match (by_time, relation.is_stateful) {
        (true, true) => &[Append],
        (true, false) => &[Append, Update, Complete],
        (false, _) => &[Update, Complete, Complete],
    };
    let outputs = Outputs {
        modes: outputs,
        dice_mode: *dice.pick(outputs),
    };
    grouped(dice, relation, &keys, &outputs)
}

/// The output modes that fit, of which one is chosen before the query is written, as `ORDER BY` needs complete output.
struct Outputs {
    modes: &'static [OutputMode],
    dice_mode: OutputMode,
}

/// Groups by windows of event time, and mostly another key.
pub(super) fn windows(dice: &mut Dice, relation: &Relation) -> Query {
    let Some(time) = &relation.time else {
        return plain(dice, relation);
    };
    let is_session = dice.one_in(4);
    let mut expressions = Expressions {
        dice,
        columns: &relation.columns,
    };
    let window = if is_session {
        let gap = *expressions.dice.pick(GAPS);
        let gap = expressions.filled(gap, 0);
        format!("session_window({time}, {gap})")
    } else {
        format!("window({time}, {})", expressions.dice.pick(WINDOWS))
    };
    let mut keys = vec![Column::new(window, Type::Struct)];
    let count = *dice.pick(&[0, 1, 1, 2]);
    keys.extend((0..count).map(|_| key(dice, relation)));
    if dice.one_in(3) {
        keys.reverse();
    }
    let outputs: &[OutputMode] = match (&relation.watermark, is_session, relation.is_stateful) {
        (Some(_), _, true) => &[Append],
        (Some(_), true, false) => &[Append, Complete],
        (Some(_), false, false) => &[Append, Append, Update, Complete],
        (None, true, _) => &[Complete],
        (None, false, _) => &[Update, Complete],
    };
    let outputs = Outputs {
        modes: outputs,
        dice_mode: *dice.pick(outputs),
    };
    grouped(dice, relation, &keys, &outputs)
}

/// Windows of windows.
pub(super) fn chained(dice: &mut Dice, relation: &Relation) -> Query {
    let Some(time) = &relation.time else {
        return plain(dice, relation);
    };
    let mut expressions = Expressions {
        dice,
        columns: &relation.columns,
    };
    let key = expressions.key();
    let inner =
        *expressions
            .dice
            .pick(&["'5 seconds'", "'10 seconds'", "'10 seconds', '5 seconds'"]);
    let outer = *expressions.dice.pick(&["'20 seconds'", "'1 minute'"]);
    let (aggregate, _) = *expressions.dice.pick(USUAL);
    let aggregate = expressions.filled(aggregate, 1);
    let given = *expressions
        .dice
        .pick(&["window_time(window)", "window", "window.end"]);
    let sql = format!(
        "SELECT window({given}, {outer}) AS w, count(*) AS c, sum(m) AS s, max(k) AS k FROM \
         (SELECT window({time}, {inner}) AS window, {} AS k, {aggregate} AS m FROM {} \
         GROUP BY window({time}, {inner}), {}) GROUP BY window({given}, {outer})",
        key.name, relation.text, key.name
    );
    Query {
        sql,
        outputs: &[Append],
    }
}

/// A column, mostly, or an expression.
fn key(dice: &mut Dice, relation: &Relation) -> Column {
    let mut expressions = Expressions {
        dice,
        columns: &relation.columns,
    };
    if expressions.dice.one_in(3) {
        let text = *expressions.dice.pick(&[
            "length({s})",
            "({i} > 2)",
            "date_trunc('MINUTE', {t})",
            "upper({s})",
            "({i} % 3)",
            "CAST({x} AS INT)",
            "struct({s}, {i})",
            "array({i}, {i})",
            "coalesce({s}, 'none')",
            "CAST({d} AS DECIMAL(30,4))",
            "CAST({t} AS DATE)",
        ]);
        let text = expressions.filled(text, 0);
        return Column::new(text, Type::Text);
    }
    expressions.key()
}

/// The query over groups by these keys.
fn grouped(dice: &mut Dice, relation: &Relation, keys: &[Column], outputs: &Outputs) -> Query {
    let mut items = Vec::new();
    let mut named = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        if dice.one_in(8) {
            continue;
        }
        let window = key
            .name
            .split_once('(')
            .map(|it| it.0)
            .filter(|it| it.ends_with("window"));
        let text = match window {
            Some(window) => match dice.below(3) {
                0 => window.to_owned(),
                1 => format!("{window}.start, {window}.end"),
                _ => format!("{} AS w", key.name),
            },
            None if dice.one_in(2) => format!("{} AS k{index}", key.name),
            None => key.name.clone(),
        };
        items.push(text);
    }
    for index in 0..dice.between(1, 4) {
        let (text, of) = if dice.one_in(2) {
            *dice.pick(AGGREGATES)
        } else {
            *dice.pick(USUAL)
        };
        let mut expressions = Expressions {
            dice,
            columns: &relation.columns,
        };
        let text = expressions.filled(text, 1);
        if dice.one_in(3) {
            items.push(text);
        } else {
            items.push(format!("{text} AS m{index}"));
            named.push(Column::new(format!("m{index}"), of));
        }
    }
    let mut sql = format!(
        "SELECT {} FROM {}{}",
        items.join(", "),
        relation.text,
        filter(dice, relation)
    );
    sql += &group_by(dice, keys, outputs);
    if dice.one_in(5) && !named.is_empty() {
        let mut expressions = Expressions {
            dice,
            columns: &named,
        };
        let having = *expressions
            .dice
            .pick(&["{n} > 1", "{v} IS NOT NULL", "{n} BETWEEN 1 AND 3"]);
        sql = sql + " HAVING " + &expressions.filled(having, 0);
    }
    if outputs.dice_mode == Complete && !named.is_empty() {
        sql += &ordered(dice, &named);
        return Query {
            sql,
            outputs: &[Complete],
        };
    }
    Query {
        sql,
        outputs: outputs.modes,
    }
}

fn group_by(dice: &mut Dice, keys: &[Column], outputs: &Outputs) -> String {
    if keys.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = keys.iter().map(|it| &*it.name).collect();
    let names = names.join(", ");
    // Of session windows Spark's grouping sets fail when they run.
    let has_session = names.contains("session_window");
    if outputs.dice_mode == Complete && keys.len() > 1 && !has_session && dice.one_in(4) {
        let sets = *dice.pick(&["ROLLUP", "CUBE"]);
        return format!(" GROUP BY {sets} ({names})");
    }
    format!(" GROUP BY {names}")
}

/// The order of a complete table, or its first rows.
fn ordered(dice: &mut Dice, named: &[Column]) -> String {
    let order = if dice.one_in(3) {
        let mut expressions = Expressions {
            dice,
            columns: named,
        };
        let one = expressions.dice.pick(named).name.clone();
        format!(" ORDER BY {one}{}", expressions.filled("{order}, 1", 0))
    } else {
        String::new()
    };
    let limit = if dice.one_in(5) {
        format!(" LIMIT {}", dice.between(1, 5))
    } else {
        String::new()
    };
    order + &limit
}
