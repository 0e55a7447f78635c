//! Generators.

use std::ops::ControlFlow;

use engine::{DataType, Row, SparkVersion, Struct, StructField, Value};

use crate::context::{Context, Session};
use crate::generator::TypedGenerator;
use crate::generators;
use crate::typed::Typed;

fn typed(name: &str, arguments: Vec<Typed>) -> Result<TypedGenerator, String> {
    let generator = generators::find(name).expect("it is in the table");
    let session = Session::new(SparkVersion::V3_5);
    let typed = generator.typed(arguments, &session);
    typed.map_err(|mismatch| mismatch.condition.to_owned())
}

#[track_caller]
fn check(name: &str, arguments: Vec<Typed>, columns: &[(&str, bool)], rows: &[Row]) {
    let generator = typed(name, arguments).expect("it takes the arguments");
    let names = generator.columns.iter();
    let names: Vec<_> = names.map(|it| (it.name.as_str(), it.nullable)).collect();
    assert_eq!(names, columns);
    let session = Session::new(SparkVersion::V3_5);
    let context = Context {
        session: &session,
        timestamp: 0,
    };
    let mut made = Vec::new();
    let flow = generator.rows(&[], &context, &mut |row| {
        made.push(row.to_vec());
        Ok(ControlFlow::Continue(()))
    });
    assert_eq!((flow, made), (Ok(ControlFlow::Continue(())), rows.to_vec()));
}

fn array(values: Vec<Value>) -> Typed {
    let data_type = DataType::Array {
        element: Box::new(DataType::Integer),
        nullable: false,
    };
    Typed::literal(Value::Array(values.into()), data_type)
}

fn integer(number: i32) -> Typed {
    Typed::literal(Value::Integer(number), DataType::Integer)
}

#[test]
fn elements_and_their_positions_are_rows() {
    let one = Value::Integer;
    let tens = || array(vec![one(10), one(20)]);
    check(
        "explode",
        vec![tens()],
        &[("col", false)],
        &[vec![one(10)], vec![one(20)]],
    );
    let rows = [vec![one(0), one(10)], vec![one(1), one(20)]];
    check(
        "posexplode",
        vec![tens()],
        &[("pos", false), ("col", false)],
        &rows,
    );
    check(
        "posexplode_outer",
        vec![tens()],
        &[("pos", true), ("col", true)],
        &rows,
    );
    check("explode", vec![array(Vec::new())], &[("col", false)], &[]);
    let map = DataType::Map {
        key: Box::new(DataType::Integer),
        value: Box::new(DataType::Integer),
        nullable: true,
    };
    let map = Typed::literal(Value::Map([(one(1), Value::Null)].into()), map);
    let columns = [("key", false), ("value", true)];
    check("explode", vec![map], &columns, &[vec![one(1), Value::Null]]);
    let refused = typed("explode", vec![integer(1)]).expect_err("it is no array");
    assert_eq!(refused, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
}

#[test]
fn structs_are_rows_and_a_missing_one_is_a_row_of_nulls() {
    let fields = vec![StructField {
        nullable: false,
        ..StructField::new("x", DataType::Integer)
    }];
    let one = Value::Struct(Struct::from_iter([("x", Value::Integer(1))]));
    let structs = DataType::array(DataType::Struct(fields));
    let structs = Typed::literal(Value::Array(vec![one, Value::Null].into()), structs);
    let rows = [vec![Value::Integer(1)], vec![Value::Null]];
    check("inline", vec![structs], &[("x", true)], &rows);
}

#[test]
fn a_stack_is_filled_up_with_nulls() {
    let one = Value::Integer;
    let rows = [vec![one(1), one(2)], vec![one(3), Value::Null]];
    let arguments = [2, 1, 2, 3].map(integer).to_vec();
    check("stack", arguments, &[("col0", true), ("col1", true)], &rows);
    let rows = [vec![one(1)], vec![one(2)], vec![Value::Null]];
    check(
        "stack",
        [3, 1, 2].map(integer).to_vec(),
        &[("col0", true)],
        &rows,
    );
    let refused = typed("stack", [0, 1].map(integer).to_vec()).expect_err("no rows");
    assert_eq!(refused, "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE");
    let text = Typed::literal(Value::String("a".into()), DataType::String);
    let refused = typed("stack", vec![integer(2), integer(1), text]).expect_err("two types");
    assert_eq!(refused, "DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES");
}
