//! Panics of a user's code, which become failures.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::{Arc, Mutex};

use super::{Failure, FailureKind, FailureSource};
use crate::Text;

thread_local! {
    /// The place of the last panic of this thread, where the program has a hook that keeps it.
    static PANIC_PLACE: Cell<Option<Text>> = const { Cell::new(None) };
}

/// Keeps the place of a panic for the failure that it becomes.
pub(super) fn keep_place(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(|place| Text::from(place.to_string()));
    PANIC_PLACE.set(place);
}

impl Failure {
    /// The failure of a function that panicked with this payload; a failure as payload is that failure.
    pub(super) fn of_panic(payload: Box<dyn Any + Send>) -> Failure {
        let payload = match payload.downcast::<Failure>() {
            Ok(failure) => return *failure,
            Err(payload) => payload,
        };
        let message = if let Some(text) = payload.downcast_ref::<&str>() {
            Text::from(*text)
        } else if let Some(text) = payload.downcast_ref::<String>() {
            Text::from(text.as_str())
        } else {
            Text::from("a user's function panicked without a message")
        };
        let mut failure = Failure::new(FailureKind::Panic, message);
        failure.0.place = PANIC_PLACE.take();
        failure.0.source = Some(FailureSource::Panic(Arc::new(Mutex::new(payload))));
        failure
    }
}

/// Calls a user's function for an operator.
///
/// `work` must leave what it changes whole, or its caller must undo it, if it panics.
pub(crate) fn catch<R>(operator: &'static str, work: impl FnOnce() -> R) -> Result<R, Failure> {
    catch_panic(work).map_err(|failure| failure.in_operator(operator))
}

/// Calls a user's code: the one place where a panic becomes a value.
pub(crate) fn catch_panic<R>(work: impl FnOnce() -> R) -> Result<R, Failure> {
    catch_unwind(AssertUnwindSafe(work)).map_err(Failure::of_panic)
}

/// Drops values of the user's when no job is left that could fail. A panic of their `Drop` is no failure then: its
/// message alone is shown, as that of every panic is.
pub(crate) fn let_go<T>(values: &mut Vec<T>) {
    for value in values.drain(..) {
        let _ = catch_panic(|| drop(value));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::PoisonError;

    use super::*;

    #[track_caller]
    fn check_panic(work: fn(), message: &str) -> Failure {
        let failure = catch("map", work).expect_err("the work panics");
        assert_eq!(failure.message(), message);
        assert_eq!(failure.kind(), FailureKind::Panic);
        failure
    }

    #[test]
    fn job_4_a_panic_is_a_failure_with_its_payload() {
        check_panic(|| panic!("no bread"), "no bread");
        check_panic(|| panic!("no {}", "bread"), "no bread");
        let failure = check_panic(
            || std::panic::panic_any(5_u8),
            "a user's function panicked without a message",
        );
        let Some(FailureSource::Panic(payload)) = failure.source() else {
            panic!("a panic has a payload");
        };
        let payload = payload.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(payload.downcast_ref::<u8>(), Some(&5));
    }

    #[test]
    fn job_4_a_panic_with_a_failure_is_that_failure() {
        let failure = Failure::new(FailureKind::Overflow, "long overflow");
        let caught = catch("map", || {
            std::panic::resume_unwind(Box::new(failure.clone()))
        });
        let caught: Result<(), Failure> = caught;
        assert_eq!(caught, Err(failure.in_operator("map")));
    }
}
