//! Casts that may be added: those that keep what is not `NULL`, and those of ANSI's store assignment.

use engine::{DataType, StructField};

use super::common::{digits_for, is_atomic, is_integral};
use crate::function::Type;

/// True if a value that is not `NULL` may become `NULL` (`Cast.forceNullable`).
pub(super) fn forces_null(from: &DataType, to: &DataType) -> bool {
    use DataType::{
        Binary, Byte, Date, Decimal, Double, Float, Integer, Null, Short, String, Timestamp,
    };
    if from == to {
        return false;
    }
    match (from, to) {
        (Null, _) | (String, Binary) | (Timestamp, Date) | (_, String) => false,
        (String, _)
        | (Timestamp, Byte | Short | Integer)
        | (Float | Double, Timestamp)
        | (_, Date) => true,
        (_, Decimal { .. }) => !is_wider(from, to),
        (Float | Double | Decimal { .. }, to) => is_integral(to),
        _ => false,
    }
}

/// True of a decimal that holds all numbers of a type (`Cast.canNullSafeCastToDecimal`).
fn is_wider(from: &DataType, decimal: &DataType) -> bool {
    let is_exact = is_integral(from) || matches!(from, DataType::Decimal { .. });
    match (digits_for(from), digits_for(decimal)) {
        (Some((precision, scale)), Some((to_precision, to_scale))) if is_exact => {
            to_scale >= scale && to_precision - to_scale >= precision - scale
        }
        _ => *from == DataType::Boolean,
    }
}

/// True of a cast that ANSI SQL allows where a value is stored (`Cast.canANSIStoreAssign`).
pub(super) fn is_store_assignable(from: &DataType, to: &DataType) -> bool {
    let is_numeric = |it: &DataType| Type::Numeric.has(it);
    let is_time = |it: &DataType| {
        matches!(
            it,
            DataType::Date | DataType::Timestamp | DataType::TimestampNtz
        )
    };
    if from == to {
        return true;
    }
    match (from, to) {
        (DataType::Null, _) => true,
        (
            DataType::Array { element, nullable },
            DataType::Array {
                element: to,
                nullable: to_nullable,
            },
        ) => (*to_nullable || !nullable) && is_store_assignable(element, to),
        (
            DataType::Map {
                key,
                value,
                nullable,
            },
            DataType::Map {
                key: to_key,
                value: to_value,
                nullable: to_nullable,
            },
        ) => {
            (*to_nullable || !nullable)
                && is_store_assignable(key, to_key)
                && is_store_assignable(value, to_value)
        }
        (DataType::Struct(fields), DataType::Struct(others)) => {
            let is_assignable = |(from, to): (&StructField, &StructField)| {
                (to.nullable || !from.nullable)
                    && is_store_assignable(&from.data_type, &to.data_type)
            };
            fields.len() == others.len() && fields.iter().zip(others).all(is_assignable)
        }
        (_, DataType::String) => is_atomic(from),
        _ => is_numeric(from) && is_numeric(to) || is_time(from) && is_time(to),
    }
}
