//! Exit codes: part of the interface, for scripts and CI.

use std::process::ExitCode;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All that was asked holds.
    Success = 0,
    /// A snapshot or an expectation differs, or a job failed.
    Differs = 1,
    /// The command line or the text of a scenario is wrong, or a file cannot be read or written.
    Usage = 2,
    /// A fault of this program.
    Fault = 3,
    /// Nothing matched: no scenario in a folder, no pipeline of that name, no line to record.
    NothingMatched = 4,
    /// Stopped at once, by a second Ctrl-C; what had been received may not have been counted. The code
    /// of programs that this signal ends.
    Interrupted = 130,
}

impl Exit {
    /// How another process of this program has ended; one without a code of ours has a fault.
    pub(crate) fn of(code: Option<i32>) -> Exit {
        let all = [
            Exit::Success,
            Exit::Differs,
            Exit::Usage,
            Exit::NothingMatched,
            Exit::Interrupted,
        ];
        let mut all = all.into_iter();
        all.find(|exit| Some(*exit as i32) == code)
            .unwrap_or(Exit::Fault)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
