//! The casts that there are, and those that may give `NULL` (`Cast.canCast`, `canAnsiCast`, `canTryCast`, `canUpCast`,
//! `forceNullable`).

use engine::DataType::{
    self, Array, Binary, Boolean, Byte, Date, DayTimeInterval, Decimal, Double, Float, Integer,
    Long, Map, Null, Short, String, Struct, Timestamp, TimestampNtz, YearMonthInterval,
};
use engine::SparkVersion;

use super::CastMode;
use crate::function::Mismatch;

/// Returns true if Spark has this cast in this mode.
pub(super) fn can_cast(from: &DataType, to: &DataType, mode: CastMode) -> bool {
    if from == to {
        return true;
    }
    match (from, to) {
        (Array { .. } | Map { .. } | Struct(_), to) if *to != String => {
            can_cast_nested(from, to, mode)
        }
        (Boolean, Timestamp)
        | (Date | Timestamp, Boolean)
        | (Byte | Short | Integer | Long, Binary) => mode == CastMode::Legacy,
        (Date, to) if is_numeric(to) => mode == CastMode::Legacy,
        (String, Array { .. } | Map { .. } | Struct(_) | Null) => false,
        (Null | String, _)
        | (_, String)
        | (Date | Timestamp | TimestampNtz, Date | Timestamp | TimestampNtz)
        | (YearMonthInterval(_), YearMonthInterval(_))
        | (DayTimeInterval(_), DayTimeInterval(_)) => true,
        (Boolean | Timestamp, to) => is_numeric(to),
        (YearMonthInterval(_) | DayTimeInterval(_), to) => is_exact(to),
        (from, YearMonthInterval(_) | DayTimeInterval(_)) => is_exact(from),
        (from, to) => is_numeric(from) && (is_numeric(to) || matches!(to, Boolean | Timestamp)),
    }
}

fn can_cast_nested(from: &DataType, to: &DataType, mode: CastMode) -> bool {
    // A value that may become `NULL` where none may be is refused; Spark does not ask in ANSI mode.
    let fits = |from: &DataType, nullable: bool, to: &DataType, to_nullable: bool| {
        let forced = mode != CastMode::Ansi && force_nullable(from, to);
        can_cast(from, to, mode) && (to_nullable || !(nullable || forced))
    };
    match (from, to) {
        (
            Array { element, nullable },
            Array {
                element: to,
                nullable: to_nullable,
            },
        ) => fits(element, *nullable, to, *to_nullable),
        (
            Map {
                key,
                value,
                nullable,
            },
            Map {
                key: to_key,
                value: to_value,
                nullable: to_nullable,
            },
        ) => fits(key, false, to_key, false) && fits(value, *nullable, to_value, *to_nullable),
        (Struct(from), Struct(to)) => {
            from.len() == to.len()
                && from.iter().zip(to).all(|(from, to)| {
                    fits(&from.data_type, from.nullable, &to.data_type, to.nullable)
                })
        }
        _ => false,
    }
}

/// Returns true if a value that is not `NULL` may be cast to `NULL`.
pub(super) fn may_be_null(
    from: &DataType,
    to: &DataType,
    mode: CastMode,
    spark: SparkVersion,
) -> bool {
    match (mode, from, to) {
        (CastMode::Try, String, Binary) => false,
        (CastMode::Try, Decimal { .. }, Byte | Short | Integer | Long) => true,
        (CastMode::Try, _, _) => !can_up_cast(from, to),
        (_, Timestamp, Byte | Short | Integer) => spark == SparkVersion::V4,
        _ => force_nullable(from, to),
    }
}

fn force_nullable(from: &DataType, to: &DataType) -> bool {
    match (from, to) {
        (from, to) if from == to => false,
        (Null, _) | (_, String) | (String, Binary) | (Timestamp, Date) | (Date, Timestamp) => false,
        (String | Date, _)
        | (_, Date)
        | (Float | Double, Timestamp)
        | (Float | Double | Decimal { .. }, Byte | Short | Integer | Long) => true,
        (from, Decimal { precision, scale }) => !has_room(*precision, *scale, from),
        _ => false,
    }
}

/// Returns true if a decimal type has room for every whole number, truth or decimal of a type; a decimal may lose digits
/// of its fraction (`Cast.canNullSafeCastToDecimal`).
fn has_room(precision: u8, scale: u8, from: &DataType) -> bool {
    let whole = precision - scale;
    match from {
        Boolean => whole >= 1,
        Decimal {
            precision: digits,
            scale: decimals,
        } => {
            (scale >= *decimals && precision - scale >= digits - decimals)
                || whole > digits - decimals
        }
        from => whole_digits(from).is_some_and(|digits| whole >= digits),
    }
}

/// The digits of the greatest number of a type.
fn whole_digits(data_type: &DataType) -> Option<u8> {
    match data_type {
        Byte => Some(3),
        Short => Some(5),
        Integer => Some(10),
        Long => Some(20),
        _ => None,
    }
}

/// Returns true if every value keeps its meaning in the other type (`UpCastRule.canUpCast`).
fn can_up_cast(from: &DataType, to: &DataType) -> bool {
    let fits = |from: &DataType, nullable: bool, to: &DataType, to_nullable: bool| {
        (to_nullable || !nullable) && can_up_cast(from, to)
    };
    match (from, to) {
        (from, to) if from == to => true,
        (Array { .. } | Map { .. } | Struct(_), String) => false,
        (Null, _)
        | (_, String)
        | (Date, Timestamp | TimestampNtz)
        | (Timestamp, TimestampNtz | Long)
        | (TimestampNtz | Long, Timestamp)
        | (YearMonthInterval(_), YearMonthInterval(_))
        | (DayTimeInterval(_), DayTimeInterval(_)) => true,
        (
            Decimal { precision, scale },
            Decimal {
                precision: to,
                scale: to_scale,
            },
        ) => *to_scale >= *scale && to - to_scale >= precision - scale,
        (from, Decimal { precision, scale }) => {
            whole_digits(from).is_some_and(|digits| precision - scale >= digits)
        }
        (Decimal { precision, scale }, to) => {
            *scale == 0 && whole_digits(to).is_some_and(|digits| *precision < digits)
        }
        (
            Array { element, nullable },
            Array {
                element: to,
                nullable: to_nullable,
            },
        ) => fits(element, *nullable, to, *to_nullable),
        (
            Map {
                key,
                value,
                nullable,
            },
            Map {
                key: to_key,
                value: to_value,
                nullable: to_nullable,
            },
        ) => can_up_cast(key, to_key) && fits(value, *nullable, to_value, *to_nullable),
        (Struct(from), Struct(to)) => {
            from.len() == to.len()
                && from.iter().zip(to).all(|(from, to)| {
                    fits(&from.data_type, from.nullable, &to.data_type, to.nullable)
                })
        }
        (from, to) => matches!((rank(from), rank(to)), (Some(from), Some(to)) if from < to),
    }
}

/// The place of a type among the numbers, from the narrowest on.
fn rank(data_type: &DataType) -> Option<usize> {
    [Byte, Short, Integer, Long, Float, Double]
        .iter()
        .position(|it| it == data_type)
}

fn is_numeric(data_type: &DataType) -> bool {
    matches!(data_type, Float | Double) || is_exact(data_type)
}

/// Whole numbers and decimals.
fn is_exact(data_type: &DataType) -> bool {
    matches!(data_type, Byte | Short | Integer | Long | Decimal { .. })
}

/// The reason of a refused cast (`Cast.typeCheckFailureInCast`).
pub(super) fn refused(from: &DataType, to: &DataType, mode: CastMode) -> Mismatch {
    let cannot = format!("cannot cast \"{from}\" to \"{to}\"");
    let function = match (from, to) {
        (from, Date) if is_numeric(from) => Some("DATE_FROM_UNIX_DATE"),
        (Date, to) if is_numeric(to) => Some("UNIX_DATE"),
        _ => None,
    };
    match (mode, function) {
        (CastMode::Ansi | CastMode::Try, Some(function)) => Mismatch::new(
            "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION",
            format!(
                "{cannot}.\nTo convert values from \"{from}\" to \"{to}\", you can use the functions `{function}` instead."
            ),
        ),
        (CastMode::Ansi, None) if can_cast(from, to, CastMode::Legacy) => Mismatch::new(
            "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION",
            format!(
                "{cannot} with ANSI mode on.\nIf you have to cast \"{from}\" to \"{to}\", you can set \
                 \"spark.sql.ansi.enabled\" as 'false'."
            ),
        ),
        _ => Mismatch::new(
            "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
            format!("{cannot}."),
        ),
    }
}
