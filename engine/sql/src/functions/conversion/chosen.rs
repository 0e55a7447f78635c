//! `decode`: of two arguments bytes to a text, of more the value of the first key that is equal.

use engine::{DataType, Failure, SparkVersion, Value};

use super::bytes;
use crate::context::Session;
use crate::function::{CallInfo, Mismatch, Takes, Type};
use crate::resolve::common_type;
use crate::typed::{Scope, Typed};

/// The places of the keys among the arguments, and those of the values.
fn places(count: usize) -> (Vec<usize>, Vec<usize>) {
    let pairs = (count - 1) / 2;
    let keys = (0..pairs).map(|pair| 1 + 2 * pair).collect();
    let mut values: Vec<usize> = (0..pairs).map(|pair| 2 + 2 * pair).collect();
    // One more is the value where no key is equal.
    if count.is_multiple_of(2) {
        values.push(count - 1);
    }
    (keys, values)
}

/// All keys have one type, and all values.
pub(super) fn decode_types(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    let count = arguments.len();
    match count {
        0 | 1 => {
            return Err(Mismatch::new(
                "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                format!("The `decode` requires 2 parameters but the actual number is {count}."),
            ));
        }
        2 => {
            return Takes::Exactly(&[Type::Binary, Type::String])
                .coerce("decode", arguments, session);
        }
        _ => {}
    }
    let (mut keys, values) = places(count);
    keys.push(0);
    for places in [keys, values] {
        let types = places.iter().map(|place| &arguments[*place].data_type);
        let Some(common) = common_type(types, session) else {
            return Err(Mismatch::new(
                "DATATYPE_MISMATCH.DATA_DIFF_TYPES",
                "Input to `decode` should all be the same type.",
            ));
        };
        for place in places {
            arguments[place].cast_in_place(&common, session)?;
        }
    }
    Ok(())
}

/// The type of the values.
pub(super) fn decode_type(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    Ok(match arguments {
        [_, _] => DataType::String,
        _ => arguments[2].data_type.clone(),
    })
}

/// `NULL` where a value is, or where no key need be equal.
pub(super) fn decode_nullable(arguments: &[Typed], session: &Session) -> bool {
    if let [bytes, charset] = arguments {
        return session.spark == SparkVersion::V4 || bytes.nullable || charset.nullable;
    }
    let (_, values) = places(arguments.len());
    arguments.len() % 2 == 1 || values.iter().any(|place| arguments[*place].nullable)
}

/// `decode(bytes, charset)`, `decode(value, key, result, .., default)`: a `NULL` is equal to a key that is `NULL`.
pub(super) fn decode(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    let arguments = call.arguments;
    let first = arguments[0].evaluate(scope)?;
    if let [_, charset] = arguments {
        let charset = charset.evaluate(scope)?;
        if first == Value::Null || charset == Value::Null {
            return Ok(Value::Null);
        }
        return bytes::decode(&[first, charset], call);
    }
    for pair in arguments[1..].chunks(2) {
        match pair {
            [key, value] if key.evaluate(scope)? == first => return value.evaluate(scope),
            [default] => return default.evaluate(scope),
            _ => {}
        }
    }
    Ok(Value::Null)
}
