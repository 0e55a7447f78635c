//! Implicit casts, by examples of both modes and versions.

use engine::{DataType, SparkVersion, Value};

use super::{common_type, common_type_without_texts, implicit_cast, is_same_type};
use crate::context::Session;
use crate::function::Type;
use crate::typed::Typed;

fn session(spark: SparkVersion, ansi: bool) -> Session {
    Session {
        ansi,
        ..Session::new(spark)
    }
}

fn decimal(precision: u8, scale: u8) -> DataType {
    DataType::Decimal { precision, scale }
}

/// Checks the common type outside of ANSI mode and in it.
#[track_caller]
fn check_common(types: &[DataType], expected: Option<DataType>, in_ansi: Option<DataType>) {
    for (ansi, expected) in [(false, expected), (true, in_ansi)] {
        let session = session(SparkVersion::V3_5, ansi);
        assert_eq!(common_type(types.iter(), &session), expected, "{types:?}");
    }
}

#[test]
fn numbers_widen() {
    use DataType::{Byte, Double, Float, Integer, Long, Null};
    let both = |types: &[DataType], common: DataType| {
        check_common(types, Some(common.clone()), Some(common));
    };
    both(&[Null, Integer], Integer);
    both(&[Byte, Long], Long);
    both(&[Float, Double], Double);
    both(&[Integer, decimal(2, 1)], decimal(11, 1));
    both(&[decimal(38, 2), decimal(38, 30)], decimal(38, 30));
    both(&[decimal(5, 2), Float], Double);
    check_common(&[Integer, Float], Some(Float), Some(Double));
}

#[test]
fn a_text_beside_a_number_is_a_text_and_in_ansi_mode_a_number() {
    use DataType::{Boolean, Date, Double, Integer, Long, String};
    check_common(&[Integer, String], Some(String), Some(Long));
    check_common(&[decimal(3, 1), String], Some(String), Some(Double));
    check_common(&[Date, String], Some(String), Some(Date));
    check_common(&[Boolean, String], None, Some(Boolean));
    check_common(&[Boolean, Integer], None, None);
    let arrays = [DataType::array(Integer), DataType::array(String)];
    check_common(
        &arrays,
        Some(DataType::array(String)),
        Some(DataType::array(Long)),
    );
    let session = session(SparkVersion::V3_5, false);
    assert_eq!(
        common_type_without_texts([Integer, String].iter(), &session),
        None
    );
}

#[test]
fn spark_4_keeps_the_digits_before_the_point() {
    let types = [decimal(38, 2), decimal(38, 30)];
    let session = session(SparkVersion::V4, false);
    assert_eq!(common_type(types.iter(), &session), Some(decimal(38, 2)));
}

#[test]
fn an_argument_is_cast_to_its_parameter() {
    use DataType::{Boolean, Date, Double, Integer, Long, Null, String};
    let cast = |given: DataType, takes, ansi| {
        let argument = Typed::literal(Value::Null, given);
        implicit_cast(&argument, takes, &session(SparkVersion::V3_5, ansi))
    };
    for ansi in [false, true] {
        assert_eq!(cast(Integer, Type::Double, ansi), Some(Double));
        assert_eq!(cast(String, Type::Numeric, ansi), Some(Double));
        assert_eq!(cast(Integer, Type::String, ansi), Some(String));
        assert_eq!(cast(Null, Type::Long, ansi), Some(Long));
        assert_eq!(cast(Date, Type::Double, ansi), None);
        let choices = Type::OneOf(&[Type::Double, Type::Decimal, Type::Long]);
        assert_eq!(cast(Integer, choices, ansi), Some(Double));
        assert_eq!(cast(decimal(3, 1), choices, ansi), Some(decimal(3, 1)));
    }
    assert_eq!(cast(String, Type::Boolean, false), None);
    assert_eq!(cast(String, Type::Boolean, true), Some(Boolean));
}

#[test]
fn types_are_the_same_whatever_may_be_null() {
    let array = |nullable| DataType::Array {
        element: Box::new(DataType::Integer),
        nullable,
    };
    let session = session(SparkVersion::V3_5, false);
    assert!(is_same_type(&array(true), &array(false), &session));
    assert!(!is_same_type(&array(true), &DataType::Integer, &session));
}
