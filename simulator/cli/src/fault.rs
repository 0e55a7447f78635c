//! Faults of this program, which are told from the mistakes of its users.

use std::env;
use std::ffi::OsStr;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

use crate::exit::Exit;
use crate::terminal::note;

/// Runs a command; if it panics, that is a fault.
pub(crate) fn guard(command: impl FnOnce() -> Exit) -> Exit {
    panic::catch_unwind(AssertUnwindSafe(command)).unwrap_or(Exit::Fault)
}

/// Has a panic say what a person can do about it.
pub(crate) fn explain_panics() {
    panic::set_hook(Box::new(|panic| note(explanation(panic))));
}

fn explanation(panic: &PanicHookInfo<'_>) -> String {
    let words: Vec<String> = env::args_os().skip(1).map(|word| quoted(&word)).collect();
    format!(
        "error: a fault of millrace, not of yours: {panic}\n  please report it, with the scenario and \
         this command: millrace {}",
        words.join(" ")
    )
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy().into_owned();
    let is_plain = |character: char| character.is_alphanumeric() || "-_./:=,".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        word
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault() {
        assert_eq!(guard(|| panic!("a batch ran backwards")), Exit::Fault);
        assert_eq!(guard(|| Exit::Differs), Exit::Differs);
    }

    #[test]
    fn a_command_can_be_copied_to_a_shell() {
        assert_eq!(quoted(OsStr::new("scenarios/a.toml")), "scenarios/a.toml");
        assert_eq!(quoted(OsStr::new("it's")), "'it'\\''s'");
        assert_eq!(quoted(OsStr::new("")), "''");
    }
}
