//! Which call of a user's function panicked.

use std::any::Any;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::{Text, Time};

/// Characters of a key that a message shows.
const SHOWN: usize = 80;

/// Goes on with the panic of a user's function, whose message then tells the operator, the key that it
/// was called for, if it was for one, and the batch.
///
/// Nothing is told of it on the way: whoever panicked first has been heard.
pub(crate) fn resume(
    payload: &(dyn Any + Send),
    operator: &str,
    key: Option<&impl Debug>,
    batch_time: Time,
) -> ! {
    let key = key.map_or_else(String::new, |key| {
        format!(", key {}", shortened(&format!("{key:?}")))
    });
    let reason = reason(payload);
    resume_unwind(Box::new(format!(
        "{operator}{key}, batch at {batch_time}: {reason}"
    )))
}

/// What `work` returns, which clones, compares or hashes what is a user's; if that panics the message tells the
/// operator and the batch.
pub(crate) fn within<R>(operator: &str, batch_time: Time, work: impl FnOnce() -> R) -> R {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|payload| resume(payload.as_ref(), operator, None::<&()>, batch_time))
}

/// What a panic said.
pub(crate) fn reason(payload: &(dyn Any + Send)) -> Text {
    if let Some(text) = payload.downcast_ref::<&str>() {
        Text::from(*text)
    } else if let Some(text) = payload.downcast_ref::<String>() {
        Text::from(text.as_str())
    } else {
        Text::from("a user's function panicked without a message")
    }
}

fn shortened(key: &str) -> String {
    match key.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &key[..end]),
        None => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_a_megabyte_is_shown_in_short() {
        assert_eq!(shortened("\"blue\""), "\"blue\"");
        assert_eq!(shortened(&"é".repeat(1 << 20)).chars().count(), 81);
    }
}
