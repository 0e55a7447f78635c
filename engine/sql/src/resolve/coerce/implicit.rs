//! The type that an argument is cast to for a parameter (`TypeCoercion.implicitCast`).

use engine::DataType;

use super::assign::is_store_assignable;
use super::common::{digits_for, is_atomic};

use crate::context::Session;
use crate::function::Type;
use crate::typed::Typed;

/// The type that an argument is cast to for a parameter; `None` if Spark does not cast it by itself.
pub fn implicit_cast(argument: &Typed, takes: Type, session: &Session) -> Option<DataType> {
    takes.cast_from(&argument.data_type, session)
}

impl Type {
    /// Returns true of a type that needs no cast.
    pub(crate) fn has(self, given: &DataType) -> bool {
        match self {
            Type::Any | Type::Ordered | Type::Lambda => true,
            Type::OneOf(types) => types.iter().any(|it| it.has(given)),
            Type::StringOrBinary => matches!(given, DataType::String | DataType::Binary),
            Type::Integral => matches!(
                given,
                DataType::Byte | DataType::Short | DataType::Integer | DataType::Long
            ),
            Type::Numeric => digits_for(given).is_some(),
            Type::Decimal => matches!(given, DataType::Decimal { .. }),
            Type::DayTimeInterval => matches!(given, DataType::DayTimeInterval(_)),
            Type::YearMonthInterval => matches!(given, DataType::YearMonthInterval(_)),
            Type::AnyTimestamp => matches!(given, DataType::Timestamp | DataType::TimestampNtz),
            Type::Array => matches!(given, DataType::Array { .. }),
            Type::StringArray => {
                matches!(given, DataType::Array { element, .. } if **element == DataType::String)
            }
            Type::Map => matches!(given, DataType::Map { .. }),
            Type::ArrayOrMap => matches!(given, DataType::Array { .. } | DataType::Map { .. }),
            Type::Struct => matches!(given, DataType::Struct(_)),
            _ => self.only().as_ref() == Some(given),
        }
    }

    /// The type, of a parameter that has this type alone.
    fn only(self) -> Option<DataType> {
        Some(match self {
            Type::Boolean => DataType::Boolean,
            Type::Byte => DataType::Byte,
            Type::Short => DataType::Short,
            Type::Integer => DataType::Integer,
            Type::Long => DataType::Long,
            Type::Float => DataType::Float,
            Type::Double => DataType::Double,
            Type::String => DataType::String,
            Type::Binary => DataType::Binary,
            Type::Date => DataType::Date,
            Type::Timestamp => DataType::Timestamp,
            Type::StringArray => DataType::array(DataType::String),
            _ => return None,
        })
    }

    /// The types of a collection, of which one is chosen (`TypeCollection`).
    fn choices(self) -> Option<&'static [Type]> {
        match self {
            Type::OneOf(types) => Some(types),
            Type::StringOrBinary => Some(&[Type::String, Type::Binary]),
            Type::ArrayOrMap => Some(&[Type::Array, Type::Map]),
            _ => None,
        }
    }

    /// The type that a `NULL` of no type becomes (`AbstractDataType.defaultConcreteType`).
    pub(crate) fn default_type(self) -> Option<DataType> {
        if let Some(choices) = self.choices() {
            return choices.first().and_then(|it| it.default_type());
        }
        match self {
            Type::Integral => Some(DataType::Integer),
            Type::Numeric => Some(DataType::Double),
            Type::Decimal => Some(SYSTEM_DECIMAL),
            Type::AnyTimestamp => Some(DataType::Timestamp),
            Type::Array => Some(DataType::array(DataType::Null)),
            Type::Map => Some(DataType::Map {
                key: Box::new(DataType::Null),
                value: Box::new(DataType::Null),
                nullable: true,
            }),
            Type::Struct => Some(DataType::Struct(Vec::new())),
            _ => self.only(),
        }
    }

    /// The type that a value of this type is cast to.
    fn cast_from(self, given: &DataType, session: &Session) -> Option<DataType> {
        if self.has(given) {
            return Some(given.clone());
        }
        if session.ansi {
            return self.cast_in_ansi(given);
        }
        if *given == DataType::Null {
            return self.default_type();
        }
        if let Some(choices) = self.choices() {
            return choices.iter().find_map(|it| it.cast_from(given, session));
        }
        let is_numeric = Type::Numeric.has(given);
        let to = self.only();
        match (given, self) {
            (DataType::String, Type::Date | Type::Timestamp | Type::Binary)
            | (
                DataType::Date | DataType::Timestamp | DataType::TimestampNtz,
                Type::Date | Type::Timestamp,
            ) => to,
            (_, Type::String) if is_atomic(given) => to,
            (DataType::String, Type::Numeric) => Some(DataType::Double),
            (DataType::String, Type::Decimal) => Some(SYSTEM_DECIMAL),
            (DataType::String, Type::AnyTimestamp) => Some(DataType::Timestamp),
            (DataType::String, _) => to.filter(|to| Type::Numeric.has(to)),
            (_, Type::Decimal) if is_numeric => decimal_for(given),
            (DataType::Date | DataType::Timestamp | DataType::TimestampNtz, Type::AnyTimestamp) => {
                Some(DataType::Timestamp)
            }
            (DataType::Array { element, .. }, Type::StringArray) => Type::String
                .cast_from(element, session)
                .map(DataType::array),
            _ if is_numeric => to.filter(|to| Type::Numeric.has(to)),
            _ => None,
        }
    }

    /// The same in ANSI mode (`AnsiTypeCoercion.implicitCast`).
    fn cast_in_ansi(self, given: &DataType) -> Option<DataType> {
        if self.has(given) {
            return Some(given.clone());
        }
        if let Some(choices) = self.choices() {
            let is_null = *given == DataType::Null;
            return closest(choices, given).or_else(|| self.default_type().filter(|_| is_null));
        }
        let to = self.only();
        match (given, self) {
            (DataType::Null, _) => self.default_type(),
            (DataType::String, Type::Numeric) => Some(DataType::Double),
            (DataType::String, Type::Decimal) => Some(SYSTEM_DECIMAL),
            (DataType::String | DataType::Date, Type::AnyTimestamp) => Some(DataType::Timestamp),
            (DataType::String, _) => to.filter(is_atomic),
            (_, Type::Decimal) => decimal_for(given),
            _ => to.filter(|to| is_store_assignable(given, to)),
        }
    }
}

/// The type that a text or a `NULL` becomes where a decimal of any digits is taken (`DecimalType.SYSTEM_DEFAULT`).
const SYSTEM_DECIMAL: DataType = DataType::Decimal {
    precision: 38,
    scale: 18,
};

fn decimal_for(given: &DataType) -> Option<DataType> {
    digits_for(given).map(|(precision, scale)| DataType::Decimal { precision, scale })
}

/// In ANSI mode, of the types that a value may be cast to, the one that may be cast to all others.
fn closest(choices: &[Type], given: &DataType) -> Option<DataType> {
    let types: Vec<(Type, DataType)> = choices
        .iter()
        .filter_map(|it| Some((*it, it.cast_in_ansi(given)?)))
        .collect();
    let is_closest = |one: &DataType| types.iter().all(|(it, _)| it.cast_in_ansi(one).is_some());
    let found = types.iter().map(|(_, it)| it).find(|it| is_closest(it))?;
    let has_double = types.iter().any(|(_, it)| *it == DataType::Double);
    if *found == DataType::Float && has_double {
        return Some(DataType::Double);
    }
    Some(found.clone())
}
