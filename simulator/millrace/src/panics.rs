//! Panics of a program's functions, which become failures: nothing is printed of them, but their places are kept.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::env;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind, resume_unwind};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;

use engine::Failure;

thread_local! {
    /// True while a program runs on this thread.
    static IS_RUNNING: Cell<bool> = const { Cell::new(false) };
    /// The message of the last panic of the program.
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The places of panics of which a backtrace was printed.
static TRACED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Runs a program on this thread. Panics of its functions are failures of its batches, which say where they
/// panicked. A panic that is none, and those of other threads, are printed as ever.
///
/// With the variable `RUST_BACKTRACE`, the first panic at each place is printed, too.
pub(crate) fn run_program<R>(run: impl FnOnce() -> R) -> R {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_RUNNING.get() || is_traced(panic) {
                others(panic);
            }
            if IS_RUNNING.get() {
                Failure::keep_place(panic);
                LAST.set(panic.to_string());
            }
        }));
    });
    let was_running = IS_RUNNING.replace(true);
    let ended = catch_unwind(AssertUnwindSafe(run));
    IS_RUNNING.set(was_running);
    ended.unwrap_or_else(|payload| {
        // It was not caught on the way: no function of the program, but a fault.
        print_last();
        resume_unwind(payload)
    })
}

#[expect(
    clippy::print_stderr,
    reason = "as the hook of the standard library does"
)]
fn print_last() {
    let thread = thread::current();
    let name = thread.name().unwrap_or("<unnamed>");
    eprintln!("\nthread '{name}' {}", LAST.take());
}

/// True of the first panic at a place, if backtraces are asked for.
fn is_traced(panic: &PanicHookInfo<'_>) -> bool {
    let asked = env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0");
    let place = panic.location().map(ToString::to_string);
    let mut traced = TRACED.lock().unwrap_or_else(PoisonError::into_inner);
    asked && traced.insert(place.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_that_no_operator_catches_goes_on() {
        let ended = catch_unwind(|| run_program(|| panic!("a fault")));
        let payload = ended.expect_err("it panics");
        assert_eq!(payload.downcast_ref(), Some(&"a fault"));
        assert!(!IS_RUNNING.get());
    }
}
