//! Faults of this program, which are told from the mistakes of its users.

use std::env;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

use crate::exit::Exit;
use crate::terminal::{note, shell_word};

/// Runs a command; if it panics, that is a fault.
pub(crate) fn guard(command: impl FnOnce() -> Exit) -> Exit {
    panic::catch_unwind(AssertUnwindSafe(command)).unwrap_or(Exit::Fault)
}

/// Has a panic say what a person can do about it.
pub(crate) fn explain_panics() {
    panic::set_hook(Box::new(|panic| note(explanation(panic))));
}

fn explanation(panic: &PanicHookInfo<'_>) -> String {
    let words: Vec<String> = env::args_os()
        .skip(1)
        .map(|word| shell_word(&word))
        .collect();
    format!(
        "error: a fault of millrace, not of yours: {panic}\n  please report it, with the scenario and \
         this command: millrace {}",
        words.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault() {
        assert_eq!(guard(|| panic!("a batch ran backwards")), Exit::Fault);
        assert_eq!(guard(|| Exit::Differs), Exit::Differs);
    }
}
