//! The tables that a query reads from: streams as they are, and with more around them.

use super::expressions::Expressions;
use super::joins;
use super::tables::{Stream, TIME, Tables};
use super::types::{Column, Type};
use crate::Dice;

/// A table that stands behind `FROM`.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    pub(super) text: String,
    /// Its columns, as they are named in the query.
    pub(super) columns: Vec<Column>,
    /// The column of event time, if it has a watermark.
    pub(super) watermark: Option<String>,
    /// The column of event time.
    pub(super) time: Option<String>,
    /// True if an operator with a state is among what makes it: then append output alone is taken, if any.
    pub(super) is_stateful: bool,
}

/// Any table of which one part at least is a stream.
pub(super) fn draw_relation(dice: &mut Dice, tables: &Tables) -> Relation {
    let several = tables.streams.len() > 1;
    match dice.below(10) {
        0..=2 if several => joins::streams(dice, tables),
        3 | 4 if several => union(dice, tables),
        0..=3 if !tables.tables.is_empty() => joins::with_table(dice, tables),
        4 => generated(dice, tables),
        5 => derived(dice, tables),
        6 if !several => united_with_itself(dice, tables),
        _ => stream(dice.pick(&tables.streams)),
    }
}

/// A stream as it is. Words of text are its rows, if it is one of text.
pub(super) fn stream(stream: &Stream) -> Relation {
    let time = stream.columns.iter().any(|it| it.name == TIME.name);
    let time = time.then(|| TIME.name.to_owned());
    Relation {
        text: stream.name.to_owned(),
        columns: stream.columns(),
        watermark: time.clone().filter(|_| stream.watermark.is_some()),
        time,
        is_stateful: stream.drop_duplicates.is_some(),
    }
}

/// A stream whose arrays, maps or texts are taken apart into rows.
fn generated(dice: &mut Dice, tables: &Tables) -> Relation {
    let mut relation = stream(dice.pick(&tables.streams));
    let mut expressions = Expressions {
        dice,
        columns: &relation.columns,
    };
    let views: &[(&str, &[(&str, Type)])] = &[
        ("explode({c}) g AS word", &[("word", Type::Text)]),
        (
            "explode(split({s}, ' ')) g AS word",
            &[("word", Type::Text)],
        ),
        (
            "posexplode({c}) g AS place, word",
            &[("place", Type::Integer), ("word", Type::Text)],
        ),
        ("explode({a}) g AS item", &[("item", Type::Integer)]),
        (
            "explode({m}) g AS k, v",
            &[("k", Type::Text), ("v", Type::Integer)],
        ),
        (
            "inline(array({r}, {r})) g AS p, q",
            &[("p", Type::Integer), ("q", Type::Text)],
        ),
        (
            "stack(2, 1, {s}, 2, {s}) g AS place, word",
            &[("place", Type::Integer), ("word", Type::Text)],
        ),
        (
            "json_tuple({s}, 'p', 'q') g AS p, q",
            &[("p", Type::Text), ("q", Type::Text)],
        ),
    ];
    let (view, columns) = *expressions.dice.pick(views);
    let view = expressions.filled(view, 1);
    let outer = if expressions.dice.one_in(3) {
        "OUTER "
    } else {
        ""
    };
    relation.text = format!("{} LATERAL VIEW {outer}{view}", relation.text);
    let more = columns.iter().map(|(name, of)| Column::new(*name, *of));
    relation.columns.extend(more);
    relation
}

/// A stream with other columns, or some of its rows, in a query of its own.
fn derived(dice: &mut Dice, tables: &Tables) -> Relation {
    let mut relation = stream(dice.pick(&tables.streams));
    let mut expressions = Expressions {
        dice,
        columns: &relation.columns,
    };
    let of = *expressions.dice.pick(Type::ALL);
    let made = expressions.of(of, 2);
    let filter = if expressions.dice.one_in(2) {
        format!(" WHERE {}", expressions.condition())
    } else {
        String::new()
    };
    relation.text = format!(
        "(SELECT *, {made} AS made FROM {}{filter}) AS q",
        relation.text
    );
    relation.columns.push(Column::new("made", of));
    relation
}

/// The rows of both streams, by the columns that both have.
fn union(dice: &mut Dice, tables: &Tables) -> Relation {
    let [first, second, ..] = &*tables.streams else {
        return stream(&tables.streams[0]);
    };
    let both = |it: &Column| {
        second
            .columns()
            .iter()
            .any(|other| other.name == it.name && other.of == it.of)
    };
    let columns: Vec<Column> = first.columns().into_iter().filter(both).collect();
    if columns.is_empty() {
        return stream(first);
    }
    let names: Vec<&str> = columns.iter().map(|it| &*it.name).collect();
    let names = names.join(", ");
    let all = *dice.pick(&["UNION ALL", "UNION ALL", "UNION ALL", "UNION"]);
    let time = columns
        .iter()
        .any(|it| it.name == TIME.name)
        .then(|| TIME.name.to_owned());
    let has_watermark = first.watermark.is_some() && second.watermark.is_some();
    Relation {
        text: format!(
            "(SELECT {names} FROM {} {all} SELECT {names} FROM {}) AS u",
            first.name, second.name
        ),
        columns,
        watermark: time.clone().filter(|_| has_watermark),
        time,
        is_stateful: all == "UNION"
            || first.drop_duplicates.is_some()
            || second.drop_duplicates.is_some(),
    }
}

/// Each row twice, the second time with another value in one column.
fn united_with_itself(dice: &mut Dice, tables: &Tables) -> Relation {
    let mut relation = stream(&tables.streams[0]);
    let kept = relation
        .columns
        .iter()
        .filter(|it| it.name == TIME.name || it.of == Type::Text);
    let kept: Vec<Column> = kept.cloned().collect();
    let names: Vec<&str> = kept.iter().map(|it| &*it.name).collect();
    let names = names.join(", ");
    let mut expressions = Expressions {
        dice,
        columns: &relation.columns,
    };
    let of = *expressions
        .dice
        .pick(&[Type::Integer, Type::Text, Type::Double]);
    let one = expressions.of(of, 1);
    let other = expressions.of(of, 1);
    let name = relation.text;
    relation.text = format!(
        "(SELECT {names}, {one} AS made FROM {name} UNION ALL SELECT {names}, {other} FROM {name}) AS u"
    );
    relation.columns = kept;
    relation.columns.push(Column::new("made", of));
    relation
}
