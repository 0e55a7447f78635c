//! Arguments by the names of their parameters: `mask(str => 'a', lowerChar => 'q')` (`NamedParametersSupport`).

use engine::Text;

use super::cursor::Cursor;
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::span::Span;

/// The functions that take arguments by name: their parameters, and the values of those that may be left out.
const SIGNATURES: &[(&str, &[(&str, Option<Option<&str>>)])] = &[
    (
        "mask",
        &[
            ("str", None),
            ("upperChar", Some(Some("X"))),
            ("lowerChar", Some(Some("x"))),
            ("digitChar", Some(Some("n"))),
            ("otherChar", Some(None)),
        ],
    ),
    ("explode", &[("collection", None)]),
    ("explode_outer", &[("collection", None)]),
];

/// An argument, and the name of its parameter if it has one.
struct Argument {
    name: Option<(Text, Span)>,
    value: Expression,
}

impl Cursor<'_> {
    /// Reads the arguments of a function in the order of its parameters.
    pub(super) fn arguments(&mut self, function: &str) -> Result<Vec<Expression>, AnalysisError> {
        let arguments = self.list(Cursor::argument_by_name)?;
        if arguments.iter().all(|argument| argument.name.is_none()) {
            return Ok(arguments.into_iter().map(|it| it.value).collect());
        }
        in_order(function, arguments)
    }

    fn argument_by_name(&mut self) -> Result<Argument, AnalysisError> {
        let token = self.peek();
        let mut name = None;
        if self.peek_after(1).is_symbol("=>") {
            name = Some((self.name()?, token.span));
            self.advance();
        }
        let value = self.expression()?;
        Ok(Argument { name, value })
    }
}

fn in_order(function: &str, arguments: Vec<Argument>) -> Result<Vec<Expression>, AnalysisError> {
    let first = arguments.iter().find_map(|it| it.name.as_ref());
    let span = first.map(|(_, span)| *span);
    let refused = |condition, message| AnalysisError::new(condition, message).at(span);
    let Some((_, parameters)) = SIGNATURES.iter().find(|(name, _)| *name == function) else {
        return Err(refused(
            "NAMED_PARAMETERS_NOT_SUPPORTED",
            format!(
                "Named parameters are not supported for function `{function}`; please retry the query with positional arguments to the function call instead."
            ),
        ));
    };
    let mut values: Vec<Option<Expression>> = vec![None; parameters.len()];
    let mut after_name = false;
    for (index, Argument { name, value }) in arguments.into_iter().enumerate() {
        let place = match &name {
            None if after_name => {
                return Err(refused(
                    "UNEXPECTED_POSITIONAL_ARGUMENT",
                    format!(
                        "Cannot invoke routine `{function}` because it contains positional argument(s) following the named argument; please rearrange them so the positional arguments come first and then retry the query again."
                    ),
                ));
            }
            None => index,
            Some((name, _)) => {
                after_name = true;
                let mut known = parameters.iter();
                known.position(|(known, _)| known.eq_ignore_ascii_case(name)).ok_or_else(|| {
                    refused(
                        "UNRECOGNIZED_PARAMETER_NAME",
                        format!("Cannot invoke routine `{function}` because the routine call included a named argument reference for the argument named `{name}`, but this routine does not include any signature containing an argument with this name."),
                    )
                })?
            }
        };
        match values.get_mut(place) {
            Some(slot @ None) => *slot = Some(value),
            Some(Some(_)) => {
                let condition =
                    "DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE";
                let by_name = "DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.BOTH_POSITIONAL_AND_NAMED";
                let is_first = place == 0 && index == 1 && after_name;
                let name = parameters[place].0;
                return Err(refused(
                    if is_first { by_name } else { condition },
                    format!(
                        "Call to routine `{function}` is invalid because it includes multiple argument assignments to the same parameter name `{name}`."
                    ),
                ));
            }
            None => values.push(Some(value)),
        }
    }
    let filled = values.into_iter().enumerate().map(|(place, value)| {
        let default = parameters.get(place).and_then(|(_, default)| *default);
        value.or_else(|| default.map(of_default)).ok_or_else(|| {
            let name = parameters[place].0;
            refused(
                "REQUIRED_PARAMETER_NOT_FOUND",
                format!("Cannot invoke routine `{function}` because the parameter named `{name}` is required, but the routine call did not supply a value."),
            )
        })
    });
    filled.collect()
}

fn of_default(text: Option<&str>) -> Expression {
    text.map_or_else(Expression::null, Expression::from)
}
