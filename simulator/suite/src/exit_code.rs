//! Exit codes of a program that runs a suite: part of its interface, for scripts and CI.

/// Everything that was asked for holds.
pub const SUCCESS: u8 = 0;

/// A snapshot or an expectation differs, or a job failed.
pub const DIFFERS: u8 = 1;

/// The command line or the text of a scenario is wrong, or a file cannot be read or written.
pub const USAGE: u8 = 2;

/// A fault of the program itself.
pub const FAULT: u8 = 3;

/// Nothing matched: no scenario in a folder, no pipeline of that name, no line to record.
pub const NOTHING_MATCHED: u8 = 4;

/// Stopped at once by a second Ctrl-C, so received lines may not have been counted. It is 128 and the number
/// of the signal, as a shell reports it.
pub const INTERRUPTED: u8 = 130;
