//! Numbers in other bases (`Bin`, `Conv`, `NumberConverter`).

use engine::{DataType, Failure, Value};

use crate::function::{CallInfo, Evaluate, Function, Gives, Nulls, Takes, Type};
use crate::functions::failures;

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "bin",
        Takes::Exactly(&[Type::Long]),
        Gives::Type(DataType::String),
        Evaluate::Strict(binary),
    ),
    Function::new(
        "conv",
        Takes::Exactly(&[Type::String, Type::Integer, Type::Integer]),
        Gives::Type(DataType::String),
        Evaluate::Strict(convert),
    )
    .nulls(Nulls::Always),
];

/// The bits, of a negative number all 64.
fn binary(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    match values[0] {
        Value::Long(number) => Ok(Value::String(format!("{number:b}").into())),
        ref other => unreachable!("`bin` takes a whole number, not {other:?}"),
    }
}

/// A text of digits of one base in another one; of a negative base, as a number with a sign.
fn convert(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let [
        Value::String(text),
        Value::Integer(from),
        Value::Integer(to),
    ] = values
    else {
        unreachable!("`conv` takes a text and two whole numbers, not {values:?}");
    };
    let is_base = |base: u32| (2..=36).contains(&base);
    let digits = text.trim_matches(' ');
    if !is_base(from.cast_unsigned()) || !is_base(to.unsigned_abs()) || digits.is_empty() {
        return Ok(Value::Null);
    }
    let (is_negative, digits) = match digits.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, digits),
    };
    let Some(mut number) = read(digits, from.cast_unsigned()) else {
        if call.session.ansi {
            return Err(failures::overflow(
                call.session,
                "Overflow in function conv()",
                None,
            ));
        }
        return Ok(written(u64::MAX, is_negative, *to));
    };
    if is_negative && *to > 0 {
        // A number with a sign is written as its bits, unless these would be a positive one.
        number = if number.cast_signed() < 0 {
            u64::MAX
        } else {
            number.wrapping_neg()
        };
    }
    Ok(written(number, is_negative, *to))
}

/// The number that the digits of this base at the start of a text are; `None` if it has more than 64 bits.
fn read(digits: &str, base: u32) -> Option<u64> {
    let digits = digits.chars().map_while(|it| it.to_digit(base));
    let mut digits = digits.map(u64::from);
    digits.try_fold(0_u64, |number, digit| {
        number.checked_mul(u64::from(base))?.checked_add(digit)
    })
}

fn written(mut number: u64, is_negative: bool, to: i32) -> Value {
    let base = u64::from(to.unsigned_abs());
    let mut has_sign = false;
    if to < 0 {
        if number.cast_signed() < 0 {
            number = number.wrapping_neg();
            has_sign = true;
        }
        has_sign |= is_negative;
    }
    let mut digits = Vec::new();
    loop {
        let digit = (number % base) as u32;
        digits.push(
            char::from_digit(digit, 36)
                .unwrap_or('0')
                .to_ascii_uppercase(),
        );
        number /= base;
        if number == 0 {
            break;
        }
    }
    if has_sign {
        digits.push('-');
    }
    Value::String(digits.into_iter().rev().collect::<String>().into())
}
