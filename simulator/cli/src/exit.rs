//! Exit codes: part of the interface, for scripts and CI.

use std::process::ExitCode;

/// The way in which the program ends. Its number is the exit code; of several the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Everything that was asked for holds.
    Success = 0,
    /// A snapshot or an expectation differs, or a job failed.
    Differs = 1,
    /// The command line or the text of a scenario is wrong, or a file cannot be read or written.
    Usage = 2,
    /// A fault of the program itself.
    Fault = 3,
    /// Nothing matched: no scenario in a folder, no pipeline of that name, no line to record.
    NothingMatched = 4,
    /// Stopped at once by a second Ctrl-C, so received lines may not have been counted. It is 128 and the number
    /// of the signal, as a shell reports it.
    Interrupted = 130,
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
