//! The kinds of mistakes.

use std::fmt;

/// Declares the kinds of mistakes, each with the code as it is printed.
macro_rules! codes {
    ($($(#[$doc:meta])+ $code:ident = $printed:literal,)+) => {
        /// The kinds of mistakes; each prints as `scenario::…`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])+ $code,)+
        }

        impl Code {
            /// The code as it is printed.
            ///
            /// ```
            /// assert_eq!(scenario::Code::UnknownKey.as_str(), "scenario::unknown_key");
            /// ```
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Code::$code => $printed,)+
                }
            }
        }
    };
}

codes! {
    /// The text is not TOML.
    Syntax = "scenario::syntax",
    /// The text, or what its shorthands stand for, is more than 64 MiB.
    TooLarge = "scenario::too_large",
    /// The table has no such key.
    UnknownKey = "scenario::unknown_key",
    /// The table needs a key that is not there.
    MissingKey = "scenario::missing_key",
    /// The table is a choice, and has more or less than one key.
    OneKey = "scenario::one_key",
    /// The key takes another type of value.
    WrongType = "scenario::wrong_type",
    /// The key takes one of a few words, and this is none of them.
    UnknownWord = "scenario::unknown_word",
    /// A number or duration is too small or too large.
    OutOfRange = "scenario::out_of_range",
    /// A text is not a duration.
    BadDuration = "scenario::bad_duration",
    /// A text is not a number of bytes.
    BadSize = "scenario::bad_size",
    /// A text of `invariant` is no claim about a run.
    BadClaim = "scenario::bad_claim",
    /// `clock.start` is not a date, a time and an offset.
    BadInstant = "scenario::bad_instant",
    /// The time zone database has no such name.
    UnknownTimeZone = "scenario::unknown_time_zone",
    /// The name of a pipeline cannot name a file.
    BadName = "scenario::bad_name",
    /// The file of a program is not one of Python, or not given by its path from the scenario's.
    BadPath = "scenario::bad_path",
    /// Two pipelines have one name.
    DuplicateName = "scenario::duplicate_name",
    /// An `expect` names a pipeline that is not there.
    UnknownPipeline = "scenario::unknown_pipeline",
    /// An `expect` has counters or delays that the pipeline does not have, or `memory` or a cost is of none that counts
    /// its work.
    NoState = "scenario::no_state",
    /// A message has no key of its own or no header, or its stream is no topic.
    BadMessage = "scenario::bad_message",
    /// A key of `words` is not one word.
    BadWord = "scenario::bad_word",
    /// The timeline, an entry or a pipeline is empty.
    NothingHappens = "scenario::nothing_happens",
    /// An entry is earlier than the one before it.
    TimeRunsBackwards = "scenario::time_runs_backwards",
    /// An entry is later than `clock.stop`, or no batch up to it takes its lines.
    AfterStop = "scenario::after_stop",
    /// The run ends after the last year that can be printed.
    BeyondCalendar = "scenario::beyond_calendar",
    /// The run breaks a limit of virtual time or of batches.
    TooLong = "scenario::too_long",
    /// A pipeline has both `mode` and `steps`.
    ModeOrSteps = "scenario::mode_or_steps",
    /// An option belongs to another mode, or a setting to pipelines of another kind.
    WrongMode = "scenario::wrong_mode",
    /// A fault is one of a driver that is not there, of no batch, of no file, or of a program that cannot have it.
    BadFault = "scenario::bad_fault",
    /// The profile is of another version of Spark.
    WrongVersion = "scenario::wrong_version",
    /// A key means nothing without another.
    Needs = "scenario::needs",
    /// A window does not fit the batches (`WIN-1`).
    NotAMultiple = "scenario::not_a_multiple",
    /// Only `sum` has an inverse.
    Inverse = "scenario::inverse",
    /// A row of a table does not have its columns.
    Columns = "scenario::columns",
    /// A query, or a table that it reads, is refused by the engine.
    Refused = "scenario::refused",
    /// A step does not take what comes out of the step before it.
    StepType = "scenario::step_type",
    /// The last step is no output.
    LastStep = "scenario::last_step",
}

impl Code {
    /// True of mistakes that something is not there, or not as elsewhere. They follow from nothing where a
    /// part of the file could not be read.
    pub(crate) fn needs_the_whole_file(self) -> bool {
        matches!(
            self,
            Code::MissingKey
                | Code::OneKey
                | Code::NothingHappens
                | Code::UnknownPipeline
                | Code::NoState
                | Code::Needs
                | Code::BadFault
                | Code::BadMessage
                | Code::StepType
                | Code::LastStep
                | Code::TimeRunsBackwards
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
