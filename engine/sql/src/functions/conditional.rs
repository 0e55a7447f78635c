//! Conditions (`conditionalExpressions.scala`, `nullExpressions.scala`).

use engine::{DataType, Failure, SparkVersion, Value};

use super::operators::{is_nan, order};
use crate::context::Session;
use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Instead, Mismatch, Nulls, Replaced, Takes,
    Type,
};
use crate::functions;
use crate::resolve::{
    cast_all, cast_each, check_count, check_ordered, common_type, common_type_without_texts,
    different_listed, unexpected_type, wider_type,
};
use crate::typed::{Scope, Typed};

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    // The arguments are condition, value, condition, value and so on, and the value of `ELSE`.
    Function::new(
        "case",
        Takes::By(case_types),
        Gives::Argument(1),
        Evaluate::Lazy(case),
    )
    .nulls(Nulls::By(is_case_nullable))
    .text(ColumnText::By(case_text)),
    Function::new(
        "if",
        Takes::By(if_types),
        Gives::Argument(1),
        Evaluate::Lazy(case),
    )
    .nulls(Nulls::By(|arguments, _| {
        arguments[1].nullable || arguments[2].nullable
    }))
    .text(ColumnText::By(|texts| {
        format!("(IF({}))", texts.join(", "))
    })),
    Function::new(
        "coalesce",
        Takes::Same(1),
        Gives::Argument(0),
        Evaluate::Lazy(coalesce),
    )
    .nulls(Nulls::By(are_all_nullable)),
    replaced("nvl", &[Type::Any; 2], |arguments, session| {
        stands(functions::call(
            "coalesce",
            std::mem::take(arguments),
            session,
        ))
    })
    .aliases(&["ifnull"]),
    replaced("nvl2", &[Type::Any; 3], |arguments, session| {
        let value = std::mem::replace(&mut arguments[0], null(DataType::Null));
        arguments[0] = functions::call("isnotnull", vec![value], session)?;
        stands(functions::call("if", std::mem::take(arguments), session))
    }),
    replaced("nullif", &[Type::Any; 2], |arguments, session| {
        let other = arguments.remove(1);
        stands(null_if(arguments.remove(0), other, session))
    }),
    replaced("nullifzero", &[Type::Any], |arguments, session| {
        stands(null_if(arguments.remove(0), zero(), session))
    })
    .since_4(),
    replaced("zeroifnull", &[Type::Any], |arguments, session| {
        stands(functions::call(
            "coalesce",
            vec![arguments.remove(0), zero()],
            session,
        ))
    })
    .since_4(),
    replaced("equal_null", &[Type::Any; 2], |arguments, session| {
        stands(functions::call("<=>", std::mem::take(arguments), session))
    }),
    Function::new(
        "nanvl",
        Takes::By(nanvl_types),
        Gives::Argument(0),
        Evaluate::Lazy(nanvl),
    ),
    Function::new(
        "greatest",
        Takes::By(|arguments, session| ordered_types("greatest", arguments, session)),
        Gives::Argument(0),
        Evaluate::Lazy(|call, scope| extreme(call, scope, std::cmp::Ordering::Greater)),
    )
    .nulls(Nulls::By(are_all_nullable)),
    Function::new(
        "least",
        Takes::By(|arguments, session| ordered_types("least", arguments, session)),
        Gives::Argument(0),
        Evaluate::Lazy(|call, scope| extreme(call, scope, std::cmp::Ordering::Less)),
    )
    .nulls(Nulls::By(are_all_nullable)),
];

/// A function of these parameters that another expression stands for.
const fn replaced(name: &'static str, parameters: &'static [Type], instead: Instead) -> Function {
    let evaluate = Evaluate::Eager(|_, _| Ok(Value::Null));
    Function::new(
        name,
        Takes::Exactly(parameters),
        Gives::Type(DataType::Null),
        evaluate,
    )
    .instead(instead)
}

fn stands(typed: Result<Typed, Mismatch>) -> Result<Option<Replaced>, Mismatch> {
    typed.map(|it| Some(it.into()))
}

fn zero() -> Typed {
    Typed::literal(Value::Integer(0), DataType::Integer)
}

/// The value, or `NULL` if it is equal to the other one.
fn null_if(value: Typed, other: Typed, session: &Session) -> Result<Typed, Mismatch> {
    let is_same = functions::call("=", vec![value.clone(), other], session)?;
    functions::call(
        "if",
        vec![is_same, null(value.data_type.clone()), value],
        session,
    )
}

fn null(data_type: DataType) -> Typed {
    Typed::literal(Value::Null, data_type)
}

fn are_all_nullable(arguments: &[Typed], _: &Session) -> bool {
    arguments.iter().all(|it| it.nullable)
}

/// Casts these values to their common type.
fn cast_values(
    function: &str,
    values: &mut [&mut Typed],
    session: &Session,
) -> Result<(), Mismatch> {
    let types: Vec<&DataType> = values.iter().map(|it| &it.data_type).collect();
    let Some(common) = common_type(types.iter().copied(), session) else {
        return Err(different_listed(function, &types));
    };
    values
        .iter_mut()
        .try_for_each(|it| it.cast_in_place(&common, session))
}

fn case_types(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("when", arguments.len(), 2, None)?;
    let count = arguments.len();
    let is_value = |index: usize| index % 2 == 1 || index == count - 1;
    let values = arguments.iter_mut().enumerate();
    let values = values
        .filter(|(index, _)| is_value(*index))
        .map(|(_, it)| it);
    cast_values("casewhen", &mut values.collect::<Vec<_>>(), session)?;
    for (branch, pair) in arguments.chunks_exact(2).enumerate() {
        let given = &pair[0].data_type;
        if *given != DataType::Boolean {
            let mut mismatch = unexpected_type(branch, Type::Boolean, given, session);
            let from = format!("{{{branch}}}");
            let to = format!("{{{}}}", 2 * branch);
            mismatch.message = mismatch.message.replace(&from, &to);
            return Err(mismatch);
        }
    }
    Ok(())
}

/// In Spark 4 nothing after a branch that is always taken counts.
fn is_case_nullable(arguments: &[Typed], session: &Session) -> bool {
    let branches = arguments.chunks_exact(2);
    let otherwise = branches.remainder().first().is_none_or(|it| it.nullable);
    let is_always = |pair: &[Typed]| pair[0].as_literal() == Some(&Value::Boolean(true));
    let ends = session.spark == SparkVersion::V4 && branches.clone().any(is_always);
    let mut is_nullable = false;
    for pair in branches {
        is_nullable |= pair[1].nullable;
        if ends && is_always(pair) {
            return is_nullable;
        }
    }
    is_nullable || otherwise
}

fn case_text(texts: &[String]) -> String {
    let branches = texts.chunks_exact(2);
    let otherwise = branches.remainder().first();
    let mut parts = vec!["CASE".to_owned()];
    parts.extend(branches.map(|pair| format!("WHEN {} THEN {}", pair[0], pair[1])));
    parts.extend(otherwise.map(|text| format!("ELSE {text}")));
    parts.push("END".to_owned());
    parts.join(" ")
}

/// The value of the first branch whose condition is `TRUE`, else the last value; nothing else is evaluated.
fn case(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    let branches = call.arguments.chunks_exact(2);
    let otherwise = branches.remainder().first();
    for pair in branches {
        if pair[0].evaluate(scope)? == Value::Boolean(true) {
            return pair[1].evaluate(scope);
        }
    }
    otherwise.map_or(Ok(Value::Null), |it| it.evaluate(scope))
}

fn if_types(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("if", arguments.len(), 3, Some(3))?;
    if arguments[0].data_type == DataType::Null {
        arguments[0].cast_in_place(&DataType::Boolean, session)?;
    }
    let given = &arguments[0].data_type;
    if *given != DataType::Boolean {
        return Err(unexpected_type(0, Type::Boolean, given, session));
    }
    let one = &arguments[1].data_type;
    let other = &arguments[2].data_type;
    match wider_type(one, other, session) {
        Some(common) => cast_all(&mut arguments[1..], &common, session),
        None => Err(different_listed("if", &[one, other])),
    }
}

/// The first value that is not `NULL`; those after it are not evaluated.
fn coalesce(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    for argument in call.arguments {
        let value = argument.evaluate(scope)?;
        if value != Value::Null {
            return Ok(value);
        }
    }
    Ok(Value::Null)
}

fn nanvl_types(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("nanvl", arguments.len(), 2, Some(2))?;
    if arguments[1].data_type == DataType::Null && arguments[0].data_type != DataType::Null {
        let to = arguments[0].data_type.clone();
        arguments[1].cast_in_place(&to, session)?;
    }
    let fraction = Type::OneOf(&[Type::Double, Type::Float]);
    cast_each(arguments, [fraction; 2].into_iter(), session)?;
    if arguments[0].data_type != arguments[1].data_type {
        cast_all(arguments, &DataType::Double, session)?;
    }
    Ok(())
}

/// The first number, or the second in the place of one that is none.
fn nanvl(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    let value = call.arguments[0].evaluate(scope)?;
    if is_nan(&value) {
        call.arguments[1].evaluate(scope)
    } else {
        Ok(value)
    }
}

fn ordered_types(
    function: &str,
    arguments: &mut [Typed],
    session: &Session,
) -> Result<(), Mismatch> {
    check_count(function, arguments.len(), 2, None)?;
    let types: Vec<&DataType> = arguments.iter().map(|it| &it.data_type).collect();
    let Some(common) = common_type_without_texts(types.iter().copied(), session) else {
        return Err(different_listed(function, &types));
    };
    cast_all(arguments, &common, session)?;
    check_ordered(function, &common)
}

/// Of the values that are not `NULL` the first that no other precedes, in this order.
fn extreme(
    call: &CallInfo<'_>,
    scope: &Scope<'_>,
    better: std::cmp::Ordering,
) -> Result<Value, Failure> {
    let mut best = Value::Null;
    for argument in call.arguments {
        let value = argument.evaluate(scope)?;
        if value != Value::Null && (best == Value::Null || order(&value, &best) == better) {
            best = value;
        }
    }
    Ok(best)
}
