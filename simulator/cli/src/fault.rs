//! Faults of this program, as opposed to mistakes of its users.

use std::env;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

use crate::exit::Exit;
use crate::terminal::{print_note, shell_word};

/// Runs a command. A panic is a fault.
pub(crate) fn guard(command: impl FnOnce() -> Exit) -> Exit {
    panic::catch_unwind(AssertUnwindSafe(command)).unwrap_or(Exit::Fault)
}

/// Makes a panic print the command line to report.
pub(crate) fn explain_panics() {
    panic::set_hook(Box::new(|panic| print_note(explanation(panic))));
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
