//! The pattern of a call: compiled once where it is written down, and for each row where it is another one.

use std::sync::{Arc, Mutex, PoisonError};

use engine::{Failure, FailureKind, SparkVersion, Text, Value};

use crate::context::Session;
use crate::function::CallInfo;
use crate::functions::values::{failed, text};
use crate::java_regex::{JavaRegex, PatternError, ReplacementError};

/// The patterns of a call, of which the last one is kept.
#[derive(Debug)]
pub(super) struct Patterns {
    function: &'static str,
    spark: SparkVersion,
    last: Mutex<Option<(Text, Arc<JavaRegex>)>>,
}

impl Patterns {
    /// The patterns of a call of this function.
    pub(super) fn new(function: &'static str, call: &CallInfo<'_>) -> Patterns {
        Patterns {
            function,
            spark: call.session.spark,
            last: Mutex::new(None),
        }
    }

    /// The pattern of this text.
    pub(super) fn get(&self, pattern: &Value) -> Result<Arc<JavaRegex>, Failure> {
        let pattern = text(pattern);
        // A lock that is poisoned holds a whole pattern or none.
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, regex)) = &*last
            && known == pattern
        {
            return Ok(Arc::clone(regex));
        }
        let regex = JavaRegex::new(pattern).map_err(|error| self.refused(pattern, &error))?;
        let regex = Arc::new(regex);
        *last = Some((pattern.clone(), Arc::clone(&regex)));
        Ok(regex)
    }

    fn refused(&self, pattern: &str, error: &PatternError) -> Failure {
        match error {
            // `split` throws Java's own exception.
            PatternError::Malformed(_) if self.function != "split" => self.invalid(
                "PATTERN",
                "regexp",
                &format!("'{}'.", pattern.replace('\\', "\\\\").replace('\'', "\\'")),
            ),
            _ => Failure::new(FailureKind::Spark, format!("{error}: {pattern}")),
        }
    }

    /// `INVALID_PARAMETER_VALUE` of this kind: the rest of the message says which value, and which there may be.
    pub(super) fn invalid(&self, kind: &str, parameter: &str, rest: &str) -> Failure {
        let session = Session::new(self.spark);
        let message = format!(
            "The value of parameter(s) `{parameter}` in `{}` is invalid: {rest}",
            self.function
        );
        failed(
            &session,
            &format!("INVALID_PARAMETER_VALUE.{kind}"),
            &message,
            "22023",
        )
    }

    /// The group of this number.
    pub(super) fn group(&self, regex: &JavaRegex, group: i32) -> Result<usize, Failure> {
        let count = regex.group_count();
        usize::try_from(group)
            .ok()
            .filter(|group| *group <= count)
            .ok_or_else(|| {
                self.invalid(
                    "REGEX_GROUP_INDEX",
                    "idx",
                    &format!("Expects group index between 0 and {count}, but got {group}."),
                )
            })
    }

    /// A match of these arguments of `regexp_replace` that cannot be replaced.
    pub(super) fn unreplaced(
        &self,
        error: ReplacementError,
        values: &[Value],
        from: i32,
    ) -> Failure {
        match error {
            ReplacementError::Malformed(message) if self.spark == SparkVersion::V3_5 => {
                Failure::new(FailureKind::Spark, message)
            }
            ReplacementError::Malformed(_) => {
                let [source, pattern, replacement] = [0, 1, 2].map(|index| text(&values[index]));
                let message = format!(
                    "Could not perform regexp_replace for source = \"{source}\", pattern = \"{pattern}\", replacement = \
                     \"{replacement}\" and position = {from}."
                );
                let session = Session::new(self.spark);
                failed(&session, "INVALID_REGEXP_REPLACE", &message, "22023")
            }
            ReplacementError::Failed(failure) => failure,
        }
    }
}
