//! The kinds of mistakes.

use std::fmt;

/// The kinds of mistakes; each prints as `scenario::…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// `scenario::syntax`: the text is not TOML.
    Syntax,
    /// `scenario::too_large`: the text, or what its shorthands stand for, is more than 64 MiB.
    TooLarge,
    /// `scenario::unknown_key`: the table has no such key.
    UnknownKey,
    /// `scenario::missing_key`: the table needs a key that is not there.
    MissingKey,
    /// `scenario::one_key`: the table is a choice, and has more or less than one key.
    OneKey,
    /// `scenario::wrong_type`: the key takes another type of value.
    WrongType,
    /// `scenario::unknown_word`: the key takes one of a few words, and this is none of them.
    UnknownWord,
    /// `scenario::out_of_range`: a number or duration is too small or too large.
    OutOfRange,
    /// `scenario::bad_duration`: a text is not a duration.
    BadDuration,
    /// `scenario::bad_size`: a text is not a number of bytes.
    BadSize,
    /// `scenario::bad_instant`: `clock.start` is not a date, a time and an offset.
    BadInstant,
    /// `scenario::unknown_time_zone`: the time zone database has no such name.
    UnknownTimeZone,
    /// `scenario::bad_name`: the name of a pipeline cannot name a file.
    BadName,
    /// `scenario::duplicate_name`: two pipelines have one name.
    DuplicateName,
    /// `scenario::unknown_pipeline`: an `expect` names a pipeline that is not there.
    UnknownPipeline,
    /// `scenario::no_state`: an `expect` has counters of a pipeline that keeps no state.
    NoState,
    /// `scenario::bad_word`: a key of `words` is not one word.
    BadWord,
    /// `scenario::nothing_happens`: the timeline, an entry or a pipeline is empty.
    NothingHappens,
    /// `scenario::time_runs_backwards`: an entry is earlier than the one before it.
    TimeRunsBackwards,
    /// `scenario::after_stop`: an entry is later than `clock.stop`.
    AfterStop,
    /// `scenario::beyond_calendar`: the run ends after the last year that can be printed.
    BeyondCalendar,
    /// `scenario::mode_or_steps`: a pipeline has both `mode` and `steps`.
    ModeOrSteps,
    /// `scenario::wrong_mode`: an option belongs to another mode.
    WrongMode,
    /// `scenario::needs`: a key means nothing without another.
    Needs,
    /// `scenario::not_a_multiple`: a window does not fit the batches (`WIN-1`).
    NotAMultiple,
    /// `scenario::inverse`: only `sum` has an inverse.
    Inverse,
    /// `scenario::step_type`: a step does not take what comes out of the step before it.
    StepType,
    /// `scenario::last_step`: the last step is not `print`.
    LastStep,
}

impl Code {
    /// The code as it is printed.
    ///
    /// ```
    /// assert_eq!(scenario::Code::UnknownKey.as_str(), "scenario::unknown_key");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Syntax => "scenario::syntax",
            Code::TooLarge => "scenario::too_large",
            Code::UnknownKey => "scenario::unknown_key",
            Code::MissingKey => "scenario::missing_key",
            Code::OneKey => "scenario::one_key",
            Code::WrongType => "scenario::wrong_type",
            Code::UnknownWord => "scenario::unknown_word",
            Code::OutOfRange => "scenario::out_of_range",
            Code::BadDuration => "scenario::bad_duration",
            Code::BadSize => "scenario::bad_size",
            Code::BadInstant => "scenario::bad_instant",
            Code::UnknownTimeZone => "scenario::unknown_time_zone",
            Code::BadName => "scenario::bad_name",
            Code::DuplicateName => "scenario::duplicate_name",
            Code::UnknownPipeline => "scenario::unknown_pipeline",
            Code::NoState => "scenario::no_state",
            Code::BadWord => "scenario::bad_word",
            Code::NothingHappens => "scenario::nothing_happens",
            Code::TimeRunsBackwards => "scenario::time_runs_backwards",
            Code::AfterStop => "scenario::after_stop",
            Code::BeyondCalendar => "scenario::beyond_calendar",
            Code::ModeOrSteps => "scenario::mode_or_steps",
            Code::WrongMode => "scenario::wrong_mode",
            Code::Needs => "scenario::needs",
            Code::NotAMultiple => "scenario::not_a_multiple",
            Code::Inverse => "scenario::inverse",
            Code::StepType => "scenario::step_type",
            Code::LastStep => "scenario::last_step",
        }
    }

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
