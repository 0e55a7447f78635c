//! Expressions over the columns of a table.

use super::functions::functions;
use super::types::{Column, Type};
use super::words::words;
use crate::Dice;

/// Draws expressions over these columns.
pub(super) struct Expressions<'a> {
    pub(super) dice: &'a mut Dice,
    pub(super) columns: &'a [Column],
}

impl Expressions<'_> {
    /// An expression of some type, mostly a column or a call of functions of columns.
    pub(super) fn any(&mut self) -> Column {
        if !self.dice.one_in(3) && !self.columns.is_empty() {
            let column: &Column = self.dice.pick(self.columns);
            return column.clone();
        }
        let of = *self.dice.pick(Type::ALL);
        Column::new(self.of(of, 2), of)
    }

    /// An expression by which rows can be grouped: none is a map.
    pub(super) fn key(&mut self) -> Column {
        let drawn = (0..5).map(|_| self.any()).find(|it| it.of != Type::Map);
        drawn.unwrap_or_else(|| Column::new("1", Type::Integer))
    }

    /// A condition.
    pub(super) fn condition(&mut self) -> String {
        self.of(Type::Boolean, 2)
    }

    /// An expression of this type, with functions within functions up to this depth.
    pub(super) fn of(&mut self, of: Type, depth: u32) -> String {
        if depth == 0 || self.dice.one_in(3) {
            return self.leaf(of);
        }
        let text = *self.dice.pick(functions(of));
        self.filled(text, depth - 1)
    }

    /// The text, with something in each of its places.
    pub(super) fn filled(&mut self, text: &str, depth: u32) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((place, after)) = after.split_once('}') else {
                break;
            };
            filled += before;
            filled += &self.place(place, depth);
            rest = after;
        }
        filled + rest
    }

    fn place(&mut self, place: &str, depth: u32) -> String {
        if let Some(words) = words(place) {
            return (*self.dice.pick(words)).to_owned();
        }
        let types = Type::of_letter(place).unwrap_or(Type::ALL);
        // Now and then another type, which is cast or refused.
        let types = if self.dice.one_in(80) {
            Type::ALL
        } else {
            types
        };
        let of = *self.dice.pick(types);
        self.of(of, depth)
    }

    /// A column of this type, if there is one, or a literal.
    fn leaf(&mut self, of: Type) -> String {
        let columns: Vec<&Column> = self.columns.iter().filter(|it| it.of == of).collect();
        if columns.is_empty() || self.dice.one_in(6) {
            return (*self.dice.pick(literals(of))).to_owned();
        }
        self.dice.pick(&columns).name.clone()
    }
}

fn literals(of: Type) -> &'static [&'static str] {
    match of {
        Type::Boolean => &["true", "false", "NULL"],
        Type::Integer => &["0", "1", "2", "3", "7", "-1", "NULL", "2147483647"],
        Type::Long => &[
            "1L",
            "0L",
            "-5L",
            "9223372036854775807",
            "CAST(NULL AS BIGINT)",
        ],
        Type::Double => &[
            "0.5D",
            "1e0",
            "-0.0D",
            "2.675D",
            "1e10",
            "double('NaN')",
            "double('Infinity')",
        ],
        Type::Decimal => &["1.5", "0.10", "-2.25", "100", "99999999.99", "0.125BD"],
        Type::Text => &[
            "'ann'",
            "''",
            "'a b'",
            "'12'",
            "' 7 '",
            "'2024-02-29'",
            "'é😀'",
            "NULL",
            "'x,y'",
            "'{\"p\": 1, \"q\": \"z\"}'",
        ],
        Type::Date => &["DATE'2024-02-29'", "DATE'1969-12-31'", "CAST(NULL AS DATE)"],
        Type::Time => &[
            "TIMESTAMP'2024-03-31 01:30:00'",
            "TIMESTAMP'1969-12-31 23:59:59.5'",
            "CAST(NULL AS TIMESTAMP)",
        ],
        Type::Integers => &[
            "array(1, 2, 3)",
            "array(2, NULL, 2)",
            "CAST(NULL AS ARRAY<INT>)",
        ],
        Type::Texts => &[
            "array('a', 'b')",
            "array('ann', NULL)",
            "split('a,b,,c', ',')",
        ],
        Type::Map => &["map('a', 1)", "map('ann', 2, 'bob', NULL)"],
        Type::Struct => &[
            "named_struct('p', 1, 'q', 'x')",
            "named_struct('p', CAST(NULL AS INT), 'q', 'y')",
        ],
    }
}
