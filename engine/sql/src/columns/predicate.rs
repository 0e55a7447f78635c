//! Conditions that hold for rows of columns.

use std::cmp::Ordering;

use engine::{Double, Text, Value};

use super::column::{Column, ColumnValues};
use super::group_buffers::Operand;
use crate::functions::operators::order;
use crate::typed::Typed;

/// A condition on columns, made of comparisons that must all be true: it fails for no row, and is the same in any order.
#[derive(Clone, Debug)]
pub struct Predicate(Vec<Comparison>);

#[derive(Clone, Debug)]
struct Comparison {
    column: usize,
    holds: fn(Ordering) -> bool,
    with: With,
}

/// The other operand of a comparison.
#[derive(Clone, Debug)]
enum With {
    Constant(Value),
    Column(usize),
    /// None: the column has a value.
    Known,
}

impl Predicate {
    /// The condition by column, if it is made of comparisons of columns with each other or with values that were written
    /// down.
    pub fn of(condition: &Typed) -> Option<Predicate> {
        let mut comparisons = Vec::new();
        add(condition, &mut comparisons)?;
        Some(Predicate(comparisons))
    }

    /// Keeps the rows of these columns for which the condition is true, in order.
    pub fn narrow(&self, columns: &[&Column], rows: &mut Vec<u32>) {
        for comparison in &self.0 {
            let column = columns[comparison.column];
            let with = match &comparison.with {
                With::Constant(value) => Operand::Constant(value),
                With::Column(other) => Operand::Column(columns[*other]),
                With::Known => {
                    rows.retain(|row| !column.is_null(*row as usize));
                    continue;
                }
            };
            narrow(column, with, comparison.holds, rows);
        }
    }
}

/// Adds the comparisons of a condition; `None` if it is made of something else.
fn add(condition: &Typed, comparisons: &mut Vec<Comparison>) -> Option<()> {
    match condition.as_call()? {
        ("and", [one, other]) => {
            add(one, comparisons)?;
            add(other, comparisons)
        }
        ("isnotnull", [one]) => {
            comparisons.push(Comparison {
                column: one.as_column()?,
                holds: Ordering::is_eq,
                with: With::Known,
            });
            Some(())
        }
        (name, [one, other]) => {
            let holds = named(name)?;
            comparisons.push(match (one.as_column(), other.as_column()) {
                (Some(column), Some(other)) => Comparison {
                    column,
                    holds,
                    with: With::Column(other),
                },
                (Some(column), None) => Comparison {
                    column,
                    holds,
                    with: With::Constant(other.as_literal()?.clone()),
                },
                (None, Some(column)) => Comparison {
                    column,
                    holds: mirrored(name)?,
                    with: With::Constant(one.as_literal()?.clone()),
                },
                (None, None) => return None,
            });
            Some(())
        }
        _ => None,
    }
}

/// The comparison of this sign.
fn named(sign: &str) -> Option<fn(Ordering) -> bool> {
    Some(match sign {
        "=" => Ordering::is_eq,
        "<" => Ordering::is_lt,
        "<=" => Ordering::is_le,
        ">" => Ordering::is_gt,
        ">=" => Ordering::is_ge,
        _ => return None,
    })
}

/// The comparison of this sign with its operands exchanged.
fn mirrored(sign: &str) -> Option<fn(Ordering) -> bool> {
    named(match sign {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        same => same,
    })
}

/// Keeps the rows for which a comparison of two values that are not `NULL` holds.
fn narrow(column: &Column, with: Operand<'_>, holds: fn(Ordering) -> bool, rows: &mut Vec<u32>) {
    let is_known = |row: usize| !column.is_null(row);
    match (column.values(), with) {
        (ColumnValues::Whole(kind, numbers), Operand::Constant(value))
            if let Some((other, number)) = super::WholeKind::of(value)
                && *kind == other =>
        {
            let is_in = [Ordering::Less, Ordering::Equal, Ordering::Greater].map(holds);
            rows.retain(|row| {
                let row = *row as usize;
                let order = numbers[row].cmp(&number);
                is_in[(order as i8 + 1) as usize] && is_known(row)
            });
        }
        (ColumnValues::Texts(texts), Operand::Constant(Value::String(text))) => {
            keep(rows, |row| {
                is_known(row) && holds(Text::cmp(&texts[row], text))
            });
        }
        (ColumnValues::Doubles(numbers), Operand::Constant(Value::Double(number))) => {
            keep(rows, |row| {
                is_known(row) && holds(Double::cmp(&numbers[row], number))
            });
        }
        (_, with) => keep(rows, |row| {
            let one = column.value(row);
            let other = with.value(row);
            one != Value::Null && other != Value::Null && holds(order(&one, &other))
        }),
    }
}

fn keep(rows: &mut Vec<u32>, test: impl Fn(usize) -> bool) {
    rows.retain(|row| test(*row as usize));
}
