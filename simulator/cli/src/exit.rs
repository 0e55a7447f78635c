//! Exit codes: part of the interface, for scripts and CI.

use std::process::ExitCode;

use suite::exit_code;

/// The way in which the program ends. Its number is the [exit code](exit_code); of several the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Exit {
    Success = exit_code::SUCCESS,
    Differs = exit_code::DIFFERS,
    Usage = exit_code::USAGE,
    Fault = exit_code::FAULT,
    NothingMatched = exit_code::NOTHING_MATCHED,
    Interrupted = exit_code::INTERRUPTED,
}

impl Exit {
    /// The way in which another process of this program ended; a code of none of these is a fault.
    pub(crate) fn of(code: Option<i32>) -> Exit {
        let others = [
            Exit::Success,
            Exit::Differs,
            Exit::Usage,
            Exit::NothingMatched,
            Exit::Interrupted,
        ];
        let found = others.into_iter().find(|exit| Some(*exit as i32) == code);
        found.unwrap_or(Exit::Fault)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
