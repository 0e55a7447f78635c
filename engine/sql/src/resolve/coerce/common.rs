//! The one type that values of several types are cast to (`TypeCoercion`, `AnsiTypeCoercion`).

use engine::{DataType, IntervalUnits, SparkVersion, StructField};

use super::assign::forces_null;
use crate::context::Session;

/// The rules by which two types become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Widening {
    /// No digit is lost, and no text becomes a number or the reverse (`findTightestCommonType`).
    Tightest,
    /// Decimals may lose digits (`findWiderTypeWithoutStringPromotionForTwo`).
    WithoutTexts,
    /// Texts become numbers, or the reverse (`findWiderTypeForTwo`).
    Wider,
}

/// The one type that values of all these types are cast to; `None` if there is none (`findWiderCommonType`).
pub fn common_type<'a>(
    types: impl Iterator<Item = &'a DataType>,
    session: &Session,
) -> Option<DataType> {
    let mut types: Vec<&DataType> = types.collect();
    if !session.ansi {
        // The order matters: a number and a date have no common type, and with a text between them they have.
        types.sort_by_key(|it| !has_string(it));
    }
    fold(types, Widening::Wider, session)
}

/// The one type of all these where no text becomes a number or the reverse (`findWiderTypeWithoutStringPromotion`).
pub(crate) fn common_type_without_texts<'a>(
    types: impl Iterator<Item = &'a DataType>,
    session: &Session,
) -> Option<DataType> {
    fold(types.collect(), Widening::WithoutTexts, session)
}

/// The one type of two where no digit is lost (`findTightestCommonType`).
pub(crate) fn tightest_type(
    one: &DataType,
    other: &DataType,
    session: &Session,
) -> Option<DataType> {
    Widening::Tightest.common(one, other, session)
}

/// The one type of two (`findWiderTypeForTwo`).
pub(crate) fn wider_type(one: &DataType, other: &DataType, session: &Session) -> Option<DataType> {
    Widening::Wider.common(one, other, session)
}

fn fold(types: Vec<&DataType>, widening: Widening, session: &Session) -> Option<DataType> {
    let mut types = types.into_iter();
    types.try_fold(DataType::Null, |common, it| {
        widening.common(&common, it, session)
    })
}

fn has_string(data_type: &DataType) -> bool {
    match data_type {
        DataType::String => true,
        DataType::Array { element, .. } => has_string(element),
        _ => false,
    }
}

impl Widening {
    fn common(self, one: &DataType, other: &DataType, session: &Session) -> Option<DataType> {
        let common = tightest_of_atoms(one, other, session);
        let common = common.or_else(|| match self {
            Widening::Tightest => None,
            Widening::WithoutTexts => wider_decimal(one, other, session),
            Widening::Wider => {
                wider_decimal(one, other, session).or_else(|| with_text(one, other, session))
            }
        });
        common.or_else(|| self.of_parts(one, other, session))
    }

    /// Of two arrays, maps or structs (`findTypeForComplex`).
    fn of_parts(self, one: &DataType, other: &DataType, session: &Session) -> Option<DataType> {
        let may_fail = |from: &DataType, to: &DataType| forces_null(from, to);
        match (one, other) {
            (
                DataType::Array {
                    element: one,
                    nullable,
                },
                DataType::Array {
                    element: other,
                    nullable: other_nullable,
                },
            ) => {
                let element = self.common(one, other, session)?;
                Some(DataType::Array {
                    nullable: *nullable
                        || *other_nullable
                        || may_fail(one, &element)
                        || may_fail(other, &element),
                    element: Box::new(element),
                })
            }
            (
                DataType::Map {
                    key,
                    value,
                    nullable,
                },
                DataType::Map {
                    key: other_key,
                    value: other_value,
                    nullable: other_nullable,
                },
            ) => {
                let common_key = self.common(key, other_key, session)?;
                if may_fail(key, &common_key) || may_fail(other_key, &common_key) {
                    return None;
                }
                let common = self.common(value, other_value, session)?;
                Some(DataType::Map {
                    key: Box::new(common_key),
                    nullable: *nullable
                        || *other_nullable
                        || may_fail(value, &common)
                        || may_fail(other_value, &common),
                    value: Box::new(common),
                })
            }
            (DataType::Struct(fields), DataType::Struct(others))
                if fields.len() == others.len() =>
            {
                let fields = fields.iter().zip(others);
                let common = fields.map(|(one, other)| self.of_fields(one, other, session));
                common.collect::<Option<_>>().map(DataType::Struct)
            }
            _ => None,
        }
    }

    fn of_fields(
        self,
        one: &StructField,
        other: &StructField,
        session: &Session,
    ) -> Option<StructField> {
        if !one.name.eq_ignore_ascii_case(&other.name) {
            return None;
        }
        let common = self.common(&one.data_type, &other.data_type, session)?;
        let may_fail = |from: &DataType| forces_null(from, &common);
        Some(StructField {
            name: one.name.clone(),
            nullable: one.nullable
                || other.nullable
                || may_fail(&one.data_type)
                || may_fail(&other.data_type),
            data_type: common,
        })
    }
}

/// The place of a number that is no decimal among the types that widen to the next (`numericPrecedence`).
fn precedence(data_type: &DataType) -> Option<u8> {
    Some(match data_type {
        DataType::Byte => 0,
        DataType::Short => 1,
        DataType::Integer => 2,
        DataType::Long => 3,
        DataType::Float => 4,
        DataType::Double => 5,
        _ => return None,
    })
}

/// True of `TINYINT`, `SMALLINT`, `INT` and `BIGINT`.
pub(crate) fn is_integral(data_type: &DataType) -> bool {
    precedence(data_type).is_some_and(|it| it <= 3)
}

fn tightest_of_atoms(one: &DataType, other: &DataType, session: &Session) -> Option<DataType> {
    use DataType::{
        Date, DayTimeInterval, Decimal, Null, Timestamp, TimestampNtz, YearMonthInterval,
    };
    if one == other {
        return Some(one.clone());
    }
    match (one, other) {
        (Null, some) | (some, Null) => Some(some.clone()),
        (integral, decimal @ Decimal { .. }) | (decimal @ Decimal { .. }, integral) => {
            let holds = is_integral(integral) && holds_integral(decimal, integral);
            holds.then(|| decimal.clone())
        }
        (Timestamp, Date | TimestampNtz) | (Date | TimestampNtz, Timestamp) => Some(Timestamp),
        (TimestampNtz, Date) | (Date, TimestampNtz) => Some(TimestampNtz),
        (DayTimeInterval(one), DayTimeInterval(other)) => Some(DayTimeInterval(span(*one, *other))),
        (YearMonthInterval(one), YearMonthInterval(other)) => {
            Some(YearMonthInterval(span(*one, *other)))
        }
        _ => {
            let wider = if precedence(one)? > precedence(other)? {
                one
            } else {
                other
            };
            // In ANSI mode an integer keeps its digits, which a `FLOAT` has no room for.
            if session.ansi && *wider == DataType::Float {
                return Some(DataType::Double);
            }
            Some(wider.clone())
        }
    }
}

/// All units of both.
fn span(one: IntervalUnits, other: IntervalUnits) -> IntervalUnits {
    IntervalUnits::new(
        one.longest().min(other.longest()),
        one.shortest().max(other.shortest()),
    )
}

/// The digits of a decimal that holds all numbers of a type (`DecimalType.forType`): of `FLOAT` and `DOUBLE` those that
/// they have.
pub(crate) fn digits_for(data_type: &DataType) -> Option<(u8, u8)> {
    Some(match data_type {
        DataType::Byte => (3, 0),
        DataType::Short => (5, 0),
        DataType::Integer => (10, 0),
        DataType::Long => (20, 0),
        DataType::Float => (14, 7),
        DataType::Double => (30, 15),
        DataType::Decimal { precision, scale } => (*precision, *scale),
        _ => return None,
    })
}

fn holds_integral(decimal: &DataType, integral: &DataType) -> bool {
    match (digits_for(decimal), digits_for(integral)) {
        (Some((precision, scale)), Some((needed, _))) => precision - scale >= needed,
        _ => false,
    }
}

/// The one type of two numbers of which one is a decimal (`findWiderTypeForDecimal`).
fn wider_decimal(one: &DataType, other: &DataType, session: &Session) -> Option<DataType> {
    let is_decimal = |it: &DataType| matches!(it, DataType::Decimal { .. });
    if !is_decimal(one) && !is_decimal(other) {
        return None;
    }
    let is_fraction = |it: &DataType| matches!(it, DataType::Float | DataType::Double);
    if is_fraction(one) || is_fraction(other) {
        return Some(DataType::Double);
    }
    Some(wider_digits(digits_for(one)?, digits_for(other)?, session))
}

/// The decimal that has the digits of both before the point and after it, as far as there is room
/// (`DecimalPrecision.widerDecimalType`).
pub(crate) fn wider_digits(one: (u8, u8), other: (u8, u8), session: &Session) -> DataType {
    let scale = one.1.max(other.1);
    let precision = (one.0 - one.1).max(other.0 - other.1) + scale;
    let too_many = precision.saturating_sub(38);
    // Spark 4 rather loses digits after the point.
    let scale = match session.spark {
        SparkVersion::V3_5 => scale,
        SparkVersion::V4 => scale.saturating_sub(too_many),
    };
    DataType::Decimal {
        precision: precision.min(38),
        scale,
    }
}

/// The one type of a text and something else (`stringPromotion`; in ANSI mode `findWiderTypeForString`).
fn with_text(one: &DataType, other: &DataType, session: &Session) -> Option<DataType> {
    let ((DataType::String, other) | (other, DataType::String)) = (one, other) else {
        return None;
    };
    if session.ansi {
        return text_in_ansi(other);
    }
    let is_promoted = is_atomic(other) && !matches!(other, DataType::Binary | DataType::Boolean);
    is_promoted.then_some(DataType::String)
}

/// The type that a text and a value of this type have in common in ANSI mode (`findWiderTypeForString`).
pub(crate) fn text_in_ansi(other: &DataType) -> Option<DataType> {
    match other {
        DataType::Null | DataType::String => Some(DataType::String),
        DataType::Float | DataType::Double | DataType::Decimal { .. } => Some(DataType::Double),
        DataType::DayTimeInterval(_) | DataType::YearMonthInterval(_) => None,
        integral if is_integral(integral) => Some(DataType::Long),
        atom if is_atomic(atom) => Some(atom.clone()),
        _ => None,
    }
}

/// True of a type of values without parts, `VOID` excepted (`AtomicType`).
pub(crate) fn is_atomic(data_type: &DataType) -> bool {
    !matches!(
        data_type,
        DataType::Null | DataType::Array { .. } | DataType::Map { .. } | DataType::Struct(_)
    )
}

/// True of types that differ at most in what may be `NULL`, and in the case of the names of fields: in Spark 4 in
/// these names (`DataType.equalsStructurally`).
pub(crate) fn is_same_type(one: &DataType, other: &DataType, session: &Session) -> bool {
    match (one, other) {
        (DataType::Array { element: one, .. }, DataType::Array { element: other, .. }) => {
            is_same_type(one, other, session)
        }
        (
            DataType::Map { key, value, .. },
            DataType::Map {
                key: other_key,
                value: other_value,
                ..
            },
        ) => is_same_type(key, other_key, session) && is_same_type(value, other_value, session),
        (DataType::Struct(fields), DataType::Struct(others)) => {
            let are_same = |(one, other): (&StructField, &StructField)| {
                (session.spark == SparkVersion::V4 || one.name.eq_ignore_ascii_case(&other.name))
                    && is_same_type(&one.data_type, &other.data_type, session)
            };
            fields.len() == others.len() && fields.iter().zip(others).all(are_same)
        }
        _ => one == other,
    }
}
