//! Structs and their fields, and the parts of other values (`complexTypeCreator.scala`, `complexTypeExtractors.scala`).

use engine::{DataType, Failure, SparkVersion, Struct, StructField, Text, Value};

use super::arrays::{at_index, at_key, item_nullable};
use super::elements::{array, array_type, element, items};
use super::values::failed;
use crate::context::Session;
use crate::failures::ansi_advice;
use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Replaced, Takes,
};
use crate::typed::Typed;

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "struct",
        Takes::By(take_values),
        Gives::By(struct_type),
        Evaluate::Eager(create),
    )
    .nulls(Nulls::Never)
    .named(|index| format!("col{}", index + 1)),
    Function::new(
        "named_struct",
        Takes::By(take_named),
        Gives::By(struct_type),
        Evaluate::Eager(create),
    )
    .nulls(Nulls::Never),
    // A field of a struct by its name, the fields of the structs of an array, or a value of a map by its key: `a.b`.
    Function::new(
        "extract_value",
        Takes::By(take_part),
        Gives::By(part_type),
        Evaluate::Eager(part),
    )
    .nulls(Nulls::By(part_nullable))
    .text(ColumnText::By(|it| format!("{}.{}", it[0], it[1]))),
    // The same, and an element of an array by its index from 0: `a[b]`.
    Function::new(
        "get_item",
        Takes::By(take_part),
        Gives::By(part_type),
        Evaluate::Eager(part),
    )
    .instead(named_part)
    .nulls(Nulls::By(part_nullable))
    .text(ColumnText::By(|it| format!("{}[{}]", it[0], it[1]))),
];

/// Values, each after its name.
fn take_values(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_not_empty("struct", arguments, session)
}

/// Since Spark 4 a struct may have no fields.
fn check_not_empty(function: &str, arguments: &[Typed], session: &Session) -> Result<(), Mismatch> {
    if arguments.is_empty() && session.spark == SparkVersion::V3_5 {
        return Err(Mismatch::argument_count(function, "> 0", 0));
    }
    Ok(())
}

fn take_named(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_not_empty("named_struct", arguments, session)?;
    if !arguments.len().is_multiple_of(2) {
        let given = arguments.len();
        return Err(Mismatch::argument_count(
            "named_struct",
            "2n (n > 0)",
            given,
        ));
    }
    for pair in arguments.chunks_exact_mut(2) {
        let name = &pair[0];
        if !name.is_foldable() || name.data_type != DataType::String {
            return Err(Mismatch::new(
                "DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING",
                "Only foldable `STRING` expressions are allowed to appear at odd position.",
            ));
        }
        match name.constant(session) {
            Some(Value::String(name)) => {
                pair[0] = Typed::literal(Value::String(name), DataType::String);
            }
            _ => {
                return Err(Mismatch::new(
                    "DATATYPE_MISMATCH.UNEXPECTED_NULL",
                    "The name must not be null.",
                ));
            }
        }
    }
    Ok(())
}

fn names(arguments: &[Typed]) -> impl Iterator<Item = Text> {
    arguments
        .chunks_exact(2)
        .map(|pair| match pair[0].as_literal() {
            Some(Value::String(name)) => name.clone(),
            _ => Text::default(),
        })
}

fn struct_type(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let values = arguments.chunks_exact(2).map(|pair| &pair[1]);
    let fields = names(arguments)
        .zip(values)
        .map(|(name, value)| StructField {
            name,
            data_type: value.data_type.clone(),
            nullable: value.nullable,
        });
    Ok(DataType::Struct(fields.collect()))
}

fn create(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let values = values.chunks_exact(2).map(|pair| pair[1].clone());
    let fields = names(call.arguments).zip(values);
    Ok(Value::Struct(Struct::new(fields.collect())?))
}

/// `a['b']` is `a.b` of a struct.
fn named_part(arguments: &mut Vec<Typed>, session: &Session) -> Result<Option<Replaced>, Mismatch> {
    if !matches!(find_part(arguments), Ok(Part::Field(_) | Part::Fields(_))) {
        return Ok(None);
    }
    let extract = super::find("extract_value").expect("the function is in the table");
    Ok(Some(Replaced {
        typed: extract.typed_call(std::mem::take(arguments), session)?,
        text: Some("{0}.{1}".to_owned()),
    }))
}

/// A part of a value.
enum Part {
    /// The field of this place of a struct.
    Field(usize),
    /// The field of this place of each struct of an array.
    Fields(usize),
    /// An element of an array.
    Item,
    /// A value of a map.
    Value,
}

/// The part that is asked for (`ExtractValue`).
fn find_part(arguments: &[Typed]) -> Result<Part, Mismatch> {
    let name = match arguments[1].as_literal() {
        Some(Value::String(name)) => Some(name),
        _ => None,
    };
    match &arguments[0].data_type {
        DataType::Struct(fields) => match name {
            Some(name) => Ok(Part::Field(find_field(fields, name)?)),
            None => Err(Mismatch::new(
                "INVALID_EXTRACT_FIELD_TYPE",
                "Field name should be a non-null string literal.",
            )),
        },
        DataType::Array { element, .. } => match (&**element, name) {
            (DataType::Struct(fields), Some(name)) => Ok(Part::Fields(find_field(fields, name)?)),
            _ => Ok(Part::Item),
        },
        DataType::Map { .. } => Ok(Part::Value),
        other => Err(Mismatch::new(
            "INVALID_EXTRACT_BASE_FIELD_TYPE",
            format!(
                "Can't extract a value. Need a complex type [STRUCT, ARRAY, MAP] but got \"{other}\"."
            ),
        )),
    }
}

fn find_field(fields: &[StructField], name: &str) -> Result<usize, Mismatch> {
    let is_named = |field: &StructField| field.name.to_lowercase() == name.to_lowercase();
    let mut found = (0..).zip(fields).filter(|(_, field)| is_named(field));
    match (found.next(), found.count()) {
        (Some((place, _)), 0) => Ok(place),
        (Some(_), others) => Err(Mismatch::new(
            "AMBIGUOUS_REFERENCE_TO_FIELDS",
            format!(
                "Ambiguous reference to the field `{name}`. It appears {} times in the schema.",
                others + 1
            ),
        )),
        (None, _) => {
            let names = fields.iter().map(|field| format!("`{}`", field.name));
            let names = names.collect::<Vec<_>>().join(", ");
            Err(Mismatch::new(
                "FIELD_NOT_FOUND",
                format!("No such struct field `{name}` in {names}."),
            ))
        }
    }
}

fn take_part(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    let given = arguments[1].data_type.clone();
    match find_part(arguments)? {
        Part::Field(_) | Part::Fields(_) => Ok(()),
        Part::Item => match given {
            DataType::Byte | DataType::Short | DataType::Integer | DataType::Long => Ok(()),
            DataType::Null => arguments[1].cast_in_place(&DataType::Integer, session),
            other => Err(Mismatch::input_type("get_item", 1, "\"INTEGRAL\"", &other)),
        },
        Part::Value => {
            let key = super::elements::map_parts(&arguments[0].data_type).0;
            if !is_cast(&given, &key) {
                let requires = format!("\"{key}\"");
                return Err(Mismatch::input_type("get_item", 1, &requires, &given));
            }
            arguments[1].cast_in_place(&key, session)
        }
    }
}

/// Returns true if Spark casts a key by itself.
fn is_cast(given: &DataType, key: &DataType) -> bool {
    let is_atomic = |it: &DataType| {
        !matches!(
            it,
            DataType::Array { .. } | DataType::Map { .. } | DataType::Struct(_)
        )
    };
    let is_number = |it: &DataType| {
        matches!(
            it,
            DataType::Byte
                | DataType::Short
                | DataType::Integer
                | DataType::Long
                | DataType::Float
                | DataType::Double
                | DataType::Decimal { .. }
        )
    };
    let has_text = *given == DataType::String || *key == DataType::String;
    given == key
        || *given == DataType::Null
        || (is_number(given) && is_number(key))
        || (has_text && is_atomic(given) && is_atomic(key))
        || std::mem::discriminant(given) == std::mem::discriminant(key)
}

fn part_type(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let (item, nullable) = element(&arguments[0].data_type);
    Ok(match (find_part(arguments)?, &arguments[0].data_type) {
        (Part::Field(place), DataType::Struct(fields)) => fields[place].data_type.clone(),
        (Part::Fields(place), _) => match item {
            DataType::Struct(fields) => {
                let field = &fields[place];
                array_type(field.data_type.clone(), nullable || field.nullable)
            }
            other => other,
        },
        (_, map @ DataType::Map { .. }) => super::elements::map_parts(map).1,
        _ => item,
    })
}

fn part_nullable(arguments: &[Typed], session: &Session) -> bool {
    match (find_part(arguments), &arguments[0].data_type) {
        (Ok(Part::Field(place)), DataType::Struct(fields)) => {
            arguments[0].nullable || fields[place].nullable
        }
        (Ok(Part::Fields(_)), _) => arguments[0].nullable,
        (Ok(Part::Item), _) => item_nullable(arguments, session.ansi, session),
        _ => true,
    }
}

fn part(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let field = |value: &Value, place: usize| match value {
        Value::Struct(fields) => fields.values().nth(place).cloned().unwrap_or(Value::Null),
        _ => Value::Null,
    };
    let Ok(part) = find_part(call.arguments) else {
        return Ok(Value::Null);
    };
    match (part, &values[0], &values[1]) {
        (_, Value::Null, _) | (_, _, Value::Null) => Ok(Value::Null),
        (Part::Field(place), value, _) => Ok(field(value, place)),
        (Part::Fields(place), Value::Array(structs), _) => {
            array(structs.iter().map(|value| field(value, place)).collect())
        }
        (Part::Item, array, index) => match at_index(array, index) {
            Some(item) => Ok(item),
            None if call.session.ansi => Err(out_of_bounds(array, index, call)),
            None => Ok(Value::Null),
        },
        (_, map, key) => Ok(at_key(map, key).unwrap_or(Value::Null)),
    }
}

/// `INVALID_ARRAY_INDEX`.
fn out_of_bounds(array: &Value, index: &Value, call: &CallInfo<'_>) -> Failure {
    let message = format!(
        "The index {} is out of bounds. The array has {} elements. Use the SQL function `get()` to tolerate accessing \
         element at invalid index and return NULL instead.{}",
        crate::cast::string_of(index, call.session),
        items(array).len(),
        ansi_advice(call.session)
    );
    failed(call.session, "INVALID_ARRAY_INDEX", &message, "22003")
}
