//! Arguments that a function does not take.

use engine::DataType;

/// The reason why a function does not take its arguments.
///
/// In the message `{0}` stands for the text of the first argument, `{1}` for that of the second and so on, and `{call}` for the
/// name by which the function is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The error class.
    pub condition: &'static str,
    /// The message.
    pub message: String,
}

impl Mismatch {
    /// In the place of an error class: Spark has none, or it does what this engine does not.
    pub(crate) const UNCLASSIFIED: &'static str = "";

    /// In the place of a function's name, where several have one check.
    pub(crate) const CALL: &'static str = "{call}";

    /// A reason of this error class.
    pub fn new(condition: &'static str, message: impl Into<String>) -> Mismatch {
        Mismatch {
            condition,
            message: message.into(),
        }
    }

    /// An argument, counted from 0, has a type that the function does not take.
    pub(crate) fn input_type(
        function: &str,
        index: usize,
        requires: &str,
        given: &DataType,
    ) -> Mismatch {
        Mismatch::new(
            "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
            format!(
                "`{function}`: parameter {} requires the {requires} type, and it has the type \"{given}\".",
                index + 1
            ),
        )
    }

    /// The function takes another number of arguments.
    pub(crate) fn argument_count(function: &str, requires: &str, given: usize) -> Mismatch {
        Mismatch::new(
            "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
            format!(
                "The `{function}` requires {requires} parameters but the actual number is {given}."
            ),
        )
    }
}
