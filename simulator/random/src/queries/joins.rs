//! Joins of a stream with a table that does not change, and of two streams.

use super::expressions::Expressions;
use super::relations::{self, Relation};
use super::tables::{Stream, TIME, Tables, USER};
use super::types::Column;
use crate::Dice;

/// Kinds of joins that Spark takes between a stream on the left and a table on the right.
const WITH_TABLE: &[&str] = &[
    "JOIN",
    "JOIN",
    "INNER JOIN",
    "LEFT JOIN",
    "LEFT JOIN",
    "LEFT SEMI JOIN",
    "LEFT ANTI JOIN",
    "CROSS JOIN",
];

/// A stream with a static table.
pub(super) fn with_table(dice: &mut Dice, tables: &Tables) -> Relation {
    let left = dice.pick(&tables.streams);
    let right = &tables.tables[0];
    let mut relation = relations::stream(left);
    let has_user = left.columns.iter().any(|it| it.name == USER.name);
    let kind = match dice.below(12) {
        0 => *dice.pick(&["RIGHT JOIN", "FULL JOIN"]),
        _ => *dice.pick(WITH_TABLE),
    };
    let keeps_right = !kind.contains("SEMI") && !kind.contains("ANTI");
    if has_user && dice.one_in(3) && kind != "CROSS JOIN" {
        relation.text = format!("{} {kind} {} USING (user)", left.name, right.name);
        if keeps_right {
            let others = right
                .columns()
                .into_iter()
                .filter(|it| it.name != USER.name);
            relation.columns.retain(|it| {
                right
                    .columns
                    .iter()
                    .all(|other| it.name == USER.name || other.name != it.name)
            });
            let named = |it: &Column| left.columns.iter().all(|other| other.name != it.name);
            relation.columns.extend(others.filter(named));
        }
        return relation;
    }
    let left_columns = qualified("e", relation.columns);
    let right_columns = qualified("u", right.columns());
    let all: Vec<Column> = left_columns.iter().chain(&right_columns).cloned().collect();
    let condition = if kind == "CROSS JOIN" {
        String::new()
    } else {
        let equal = if has_user {
            "e.user = u.user"
        } else {
            "e.value = u.user"
        };
        format!(" ON {}", condition(dice, equal, &all))
    };
    Relation {
        text: format!("{} e {kind} {} u{condition}", left.name, right.name),
        columns: if keeps_right { all } else { left_columns },
        watermark: relation.watermark.map(|it| format!("e.{it}")),
        time: relation.time.map(|it| format!("e.{it}")),
        is_stateful: relation.is_stateful,
    }
}

/// The condition of a join: mostly that keys are equal, and now and then more, or something else.
fn condition(dice: &mut Dice, equal: &str, columns: &[Column]) -> String {
    let drawn = dice.below(8);
    let mut expressions = Expressions { dice, columns };
    match drawn {
        0 => format!("{equal} AND {}", expressions.condition()),
        1 => equal.replace('=', "<=>"),
        2 => expressions.filled("{i} = {i}", 1),
        3 => expressions.filled("{i} > {i}", 1),
        _ => equal.to_owned(),
    }
}

/// Both streams, mostly with bounds between their times.
pub(super) fn streams(dice: &mut Dice, tables: &Tables) -> Relation {
    let [left, right, ..] = &*tables.streams else {
        return relations::stream(&tables.streams[0]);
    };
    let have_time = has_time(left) && has_time(right);
    let have_watermarks = left.watermark.is_some() && right.watermark.is_some();
    let kind = match dice.below(8) {
        0 | 1 if have_watermarks => "LEFT JOIN",
        2 if have_watermarks => "RIGHT JOIN",
        3 if have_watermarks => "FULL OUTER JOIN",
        4 => "LEFT SEMI JOIN",
        5 if dice.one_in(4) => *dice.pick(&["LEFT ANTI JOIN", "CROSS JOIN", "FULL JOIN"]),
        _ => "JOIN",
    };
    let columns = qualified("a", left.columns());
    let others = qualified("b", right.columns());
    let all: Vec<Column> = columns.iter().chain(&others).cloned().collect();
    let keys = if has_time(left) { "a.user" } else { "a.value" };
    let other_keys = if has_time(right) { "b.user" } else { "b.value" };
    let equal = format!("{keys} = {other_keys}");
    let mut on = if dice.one_in(4) {
        condition(dice, &equal, &all)
    } else {
        equal
    };
    if have_time {
        on += dice.pick::<&str>(&[
            " AND b.ts BETWEEN a.ts AND a.ts + INTERVAL 10 SECONDS",
            " AND b.ts >= a.ts - INTERVAL 5 SECONDS AND b.ts <= a.ts + INTERVAL 20 SECONDS",
            " AND a.ts = b.ts",
            " AND b.ts > a.ts",
            " AND a.n <= b.n AND a.ts >= b.ts AND a.ts < b.ts + INTERVAL 1 MINUTE",
            "",
        ]);
    }
    let on = if kind == "CROSS JOIN" {
        String::new()
    } else {
        format!(" ON {on}")
    };
    let is_semi = kind.contains("SEMI") || kind.contains("ANTI");
    Relation {
        text: format!("{} a {kind} {} b{on}", left.name, right.name),
        columns: if is_semi { columns } else { all },
        watermark: left.watermark.map(|_| format!("a.{}", TIME.name)),
        time: has_time(left).then(|| format!("a.{}", TIME.name)),
        is_stateful: true,
    }
}

fn has_time(stream: &Stream) -> bool {
    stream.columns.iter().any(|it| it.name == TIME.name)
}

fn qualified(alias: &str, columns: Vec<Column>) -> Vec<Column> {
    let columns = columns.into_iter();
    let columns = columns.map(|it| Column::new(format!("{alias}.{}", it.name), it.of));
    columns.collect()
}
