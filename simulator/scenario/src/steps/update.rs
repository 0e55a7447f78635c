//! `update_state_by_key`: a running total for each text.

use super::draw::Draw;
use super::element::Element;
use super::row::{Keeps, Signature, StepRow};
use crate::language::{KeyCount, Kind, TableOf, TomlKey, keywords, toml_table};
use crate::spark::StepCode;

/// The update function of `updateStateByKey`, over counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Update {
    /// Old total plus new values.
    #[default]
    Sum,
    /// As `Sum`, but a key without new values is removed.
    DropIdle,
    /// As `Sum`, but a key is removed when the sum reaches this.
    DropAt(i64),
}

pub(super) static UPDATE_STATE_BY_KEY: StepRow<Update> = StepRow {
    key: TomlKey::new(
        "update_state_by_key",
        UPDATE_KIND,
        "A running total for each text.",
        r#"update_state_by_key = "sum""#,
    ),
    signature: |_| Signature {
        keeps: Keeps::KeyedState,
        ..Signature::new(&[Element::Pair], Some(Element::Pair), "totals")
    },
    code: |update, operand| {
        let function = format!("{}Func", operand.made);
        StepCode {
            python: Some(format!("updateStateByKey({})", update.python_function())),
            java: format!("updateStateByKey({function})"),
            java_before: format!("{}\n", update.java_function(&function)),
        }
    },
    weight: 1,
    draw: |from, _| Update::draw(from),
};

impl Update {
    /// The function as a Python lambda.
    fn python_function(self) -> String {
        let total = "sum(new_values) + (last_sum or 0)";
        let result = match self {
            Update::Sum => total.to_owned(),
            Update::DropIdle => format!("{total} if new_values else None"),
            Update::DropAt(limit) => format!("total if (total := {total}) < {limit} else None"),
        };
        format!("lambda new_values, last_sum: {result}")
    }

    /// The function as a Java variable of this name.
    pub fn java_function(self, name: &str) -> String {
        let result = match self {
            Update::Sum => "Optional.of(total)".to_owned(),
            Update::DropIdle => {
                "newValues.isEmpty() ? Optional.empty() : Optional.of(total)".to_owned()
            }
            Update::DropAt(limit) => {
                format!("total < {limit}L ? Optional.of(total) : Optional.empty()")
            }
        };
        format!(
            "Function2<List<Long>, Optional<Long>, Optional<Long>> {name} = (newValues, lastSum) -> {{\n    \
             long total = newValues.stream().reduce(lastSum.orElse(0L), Long::sum);\n    \
             return {result};\n}};"
        )
    }
}

/// An update function: a word or a table.
pub(crate) const UPDATE_KIND: Kind<Update> = Kind::WordOr(
    &UPDATES,
    TableOf {
        table: &DROP_AT_TABLE,
        read: |table| table.get(&DROP_AT).map(Update::DropAt),
        write: |update, items| {
            if let Update::DropAt(total) = update {
                items.set(&DROP_AT, total);
            }
        },
    },
);

keywords! {
    UPDATES of Update;

    Update::Sum = "sum", "Old total plus new values.";
    Update::DropIdle = "drop_idle", "As `sum`, but a key without new values is removed; not with `map_with_state`, which asks idle keys nothing.";
}

toml_table! {
    pub(super) DROP_AT_TABLE = "update", "in `update`", KeyCount::One;
    "An update function that takes a number."

    "As `sum`, but a key is removed when the sum reaches this."
    DROP_AT: TomlKey<i64> = ("drop_at", Kind::integer(i64::MIN, i64::MAX), "drop_at = 3");
}

impl Update {
    /// A random update function.
    pub fn draw(from: &mut dyn Draw) -> Update {
        match from.below(3) {
            0 => Update::DropIdle,
            1 => Update::DropAt(from.integer()),
            _ => Update::Sum,
        }
    }
}
