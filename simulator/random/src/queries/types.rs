//! The types of columns and expressions.

/// The type of an expression, as far as types differ for functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Boolean,
    Integer,
    Long,
    Double,
    Decimal,
    Text,
    Date,
    Time,
    Integers,
    Texts,
    Map,
    Struct,
}

impl Type {
    pub(super) const ALL: &[Type] = &[
        Type::Boolean,
        Type::Integer,
        Type::Long,
        Type::Double,
        Type::Decimal,
        Type::Text,
        Type::Date,
        Type::Time,
        Type::Integers,
        Type::Texts,
        Type::Map,
        Type::Struct,
    ];

    /// Types whose values have an order.
    const ORDERED: &[Type] = &[
        Type::Integer,
        Type::Long,
        Type::Double,
        Type::Decimal,
        Type::Text,
        Type::Date,
        Type::Time,
        Type::Boolean,
    ];

    const NUMBERS: &[Type] = &[Type::Integer, Type::Long, Type::Double, Type::Decimal];

    /// The types of a place with this letter.
    pub(super) fn of_letter(letter: &str) -> Option<&'static [Type]> {
        Some(match letter {
            "b" => &[Type::Boolean],
            "i" => &[Type::Integer],
            "l" => &[Type::Long],
            "x" => &[Type::Double],
            "d" => &[Type::Decimal],
            "s" => &[Type::Text],
            "y" => &[Type::Date],
            "t" => &[Type::Time],
            "a" => &[Type::Integers],
            "c" => &[Type::Texts],
            "m" => &[Type::Map],
            "r" => &[Type::Struct],
            "n" => Type::NUMBERS,
            "o" => Type::ORDERED,
            "v" => Type::ALL,
            _ => return None,
        })
    }
}

/// A column, or an expression that stands for one.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Its name, or its text.
    pub(super) name: String,
    /// Its type.
    pub(super) of: Type,
}

impl Column {
    pub(super) fn new(name: impl Into<String>, of: Type) -> Column {
        Column {
            name: name.into(),
            of,
        }
    }
}
