//! The casts that Spark adds by itself (`TypeCoercion`, and `AnsiTypeCoercion` in ANSI mode).

mod assign;
mod common;
mod implicit;
mod operands;
#[cfg(test)]
mod tests;

pub use common::common_type;
pub(crate) use common::{common_type_without_texts, is_same_type, wider_type};
pub use implicit::implicit_cast;
pub(crate) use operands::check_ordered;

use engine::DataType;

use crate::context::Session;
use crate::function::{Mismatch, Takes, Type};
use crate::typed::Typed;
use operands::{coerce_operands, parameter_name};

impl Takes {
    /// True of a number of arguments that may be given; of functions that say it themselves true of all.
    pub(crate) fn has_count(&self, given: usize) -> bool {
        match *self {
            Takes::Exactly(types) => given == types.len(),
            Takes::Optional {
                required,
                parameters,
            } => (required..=parameters.len()).contains(&given),
            Takes::Repeated { least, .. } | Takes::Same(least) => given >= least,
            Takes::Operands(..) => given == 2,
            Takes::By(_) => true,
        }
    }

    /// Casts the arguments of a function to the types that it takes.
    pub(crate) fn coerce(
        &self,
        function: &str,
        arguments: &mut Vec<Typed>,
        session: &Session,
    ) -> Result<(), Mismatch> {
        let given = arguments.len();
        match *self {
            Takes::Exactly(types) => {
                check_count(function, given, types.len(), Some(types.len()))?;
                cast_each(arguments, types.iter().copied(), session)
            }
            Takes::Optional {
                required,
                parameters,
            } => {
                check_count(function, given, required, Some(parameters.len()))?;
                cast_each(arguments, parameters.iter().copied(), session)
            }
            Takes::Repeated { first, rest, least } => {
                check_count(function, given, least, None)?;
                let types = first.iter().copied().chain(std::iter::repeat(rest));
                cast_each(arguments, types, session)
            }
            Takes::Same(least) => {
                check_count(function, given, least, None)?;
                cast_to_common(function, arguments, session)
            }
            Takes::Operands(operator, types) => {
                check_count(function, given, 2, Some(2))?;
                coerce_operands(function, operator, types, arguments, session)
            }
            Takes::By(coerce) => coerce(arguments, session),
        }
    }
}

/// Refuses a number of arguments that the function does not take.
pub(crate) fn check_count(
    function: &str,
    given: usize,
    least: usize,
    most: Option<usize>,
) -> Result<(), Mismatch> {
    if given >= least && most.is_none_or(|most| given <= most) {
        return Ok(());
    }
    let takes = match most {
        Some(most) if most == least => least.to_string(),
        Some(most) => format!("[{least}, {most}]"),
        None => format!("> {}", least.saturating_sub(1)),
    };
    Err(Mismatch::new(
        "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
        format!(
            "The `{function}` requires {takes} parameters but the actual number is {given}. Please, refer to \
             'https://spark.apache.org/docs/latest/sql-ref-functions.html' for a fix."
        ),
    ))
}

/// Casts each argument to the type of its parameter.
pub(crate) fn cast_each(
    arguments: &mut [Typed],
    types: impl Iterator<Item = Type>,
    session: &Session,
) -> Result<(), Mismatch> {
    for (index, (argument, takes)) in arguments.iter_mut().zip(types).enumerate() {
        let Some(to) = implicit_cast(argument, takes, session) else {
            return Err(unexpected_type(index, takes, &argument.data_type, session));
        };
        argument.cast_in_place(&to, session)?;
    }
    Ok(())
}

/// The refusal of an argument of another type than its parameter has.
pub(crate) fn unexpected_type(
    index: usize,
    takes: Type,
    given: &DataType,
    session: &Session,
) -> Mismatch {
    Mismatch::new(
        "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
        format!(
            "{} requires the {} type, however \"{{{index}}}\" has the type \"{given}\".",
            parameter_name(index, session),
            takes.name()
        ),
    )
}

/// Casts all arguments to their common type.
fn cast_to_common(
    function: &str,
    arguments: &mut [Typed],
    session: &Session,
) -> Result<(), Mismatch> {
    let types: Vec<&DataType> = arguments.iter().map(|it| &it.data_type).collect();
    let Some(common) = common_type(types.iter().copied(), session) else {
        return Err(different_types(function, &types));
    };
    cast_all(arguments, &common, session)
}

/// Casts all arguments to one type.
pub(crate) fn cast_all(
    arguments: &mut [Typed],
    to: &DataType,
    session: &Session,
) -> Result<(), Mismatch> {
    let mut arguments = arguments.iter_mut();
    arguments.try_for_each(|it| it.cast_in_place(to, session))
}

/// The refusal of arguments without a common type, `("INT" or "BOOLEAN")`.
fn different_types(function: &str, types: &[&DataType]) -> Mismatch {
    let types: Vec<String> = types.iter().map(|it| format!("\"{it}\"")).collect();
    different(function, &format!("({})", types.join(" or ")))
}

/// The same, `["INT", "BOOLEAN"]`, as some functions list the types.
pub(crate) fn different_listed(function: &str, types: &[&DataType]) -> Mismatch {
    let types: Vec<String> = types.iter().map(|it| format!("\"{it}\"")).collect();
    different(function, &format!("[{}]", types.join(", ")))
}

fn different(function: &str, types: &str) -> Mismatch {
    Mismatch::new(
        "DATATYPE_MISMATCH.DATA_DIFF_TYPES",
        format!("Input to `{function}` should all be the same type, but it's {types}."),
    )
}
