//! Exit codes: part of the interface, for scripts and CI.

use std::process::ExitCode;

use suite::exit_code;

/// The way in which the program ends; its number is the exit code, and of several the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Everything that was asked for holds.
    Success = exit_code::SUCCESS,
    /// A snapshot or an expectation differs, or a job failed.
    Differs = exit_code::DIFFERS,
    /// The command line or the text of a scenario is wrong, or a file cannot be read or written.
    Usage = exit_code::USAGE,
    /// A fault of this program.
    Fault = exit_code::FAULT,
    /// Nothing matched: no scenario in a folder, no pipeline of that name, no line to record.
    NothingMatched = exit_code::NOTHING_MATCHED,
    /// Stopped at once by a second Ctrl-C.
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
