//! Calls of functions of the program.

use super::Resolver;
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::external::ExternalFunction;
use crate::typed::{Typed, TypedKind};

impl Resolver<'_> {
    /// A call of a function of the program, whose arguments are taken as they are.
    pub(super) fn resolve_external(
        &mut self,
        function: &ExternalFunction,
        arguments: &[Expression],
    ) -> Result<Typed, AnalysisError> {
        if function.is_apart() && !self.lambdas.is_empty() {
            return Err(AnalysisError::new(
                "UNSUPPORTED_FEATURE.LAMBDA_FUNCTION_WITH_PYTHON_UDF",
                format!(
                    "The feature is not supported: Lambda function with Python UDF \"{}\" in a higher order function.",
                    self.name(&function.call(arguments.iter().cloned()))
                ),
            ));
        }
        let arguments = arguments.iter().map(|argument| self.resolve(argument));
        let mut arguments = arguments.collect::<Result<Vec<_>, _>>()?;
        let mut function = function.clone();
        if let [Typed { kind, .. }] = &mut arguments[..]
            && let TypedKind::External {
                function: inner,
                arguments: of_inner,
            } = kind
            && let Some(both) = function.after(inner)
        {
            arguments = std::mem::take(of_inner);
            function = both;
        }
        Ok(Typed {
            data_type: function.result().clone(),
            nullable: true,
            kind: TypedKind::External {
                function,
                arguments,
            },
        })
    }
}
