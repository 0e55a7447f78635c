//! The state of a key as a mapping function sees it.

use std::fmt;

/// The state of the current key, while the function runs (`org.apache.spark.streaming.State`).
///
/// Misuse ends the call by a panic with Spark's message, as Spark throws. Like every panic of a
/// user's function it fails the job and leaves the state of the batch before (`MWS-7`, `MWS-8`).
///
/// ```
/// use engine::{State, StateSpec};
/// let running_count = |word: &String, one: Option<i64>, state: &mut State<'_, i64>| {
///     let sum = state.get_option().copied().unwrap_or(0) + one.unwrap_or(0);
///     state.update(sum);
///     (word.clone(), sum)
/// };
/// let spec = StateSpec::function(running_count);
/// # let _ = spec;
/// ```
pub struct State<'a, S> {
    previous: Option<&'a S>,
    change: StateChange<S>,
    is_timing_out: bool,
}

/// The effect of a call on a state.
pub(crate) enum StateChange<S> {
    Unchanged,
    Updated(S),
    Removed,
}

impl<'a, S> State<'a, S> {
    pub(crate) fn new(previous: Option<&'a S>) -> State<'a, S> {
        State {
            previous,
            change: StateChange::Unchanged,
            is_timing_out: false,
        }
    }

    pub(crate) fn timing_out(previous: &'a S) -> State<'a, S> {
        State {
            is_timing_out: true,
            ..State::new(Some(previous))
        }
    }

    pub(crate) fn into_change(self) -> StateChange<S> {
        self.change
    }

    /// Returns true if there is a state, also one that was set in this call.
    pub fn exists(&self) -> bool {
        self.get_option().is_some()
    }

    /// The state.
    ///
    /// # Panics
    ///
    /// If there is none: `State is not set`.
    #[track_caller]
    pub fn get(&self) -> &S {
        self.get_option().expect("State is not set")
    }

    /// The state, if there is one.
    pub fn get_option(&self) -> Option<&S> {
        match &self.change {
            StateChange::Unchanged => self.previous,
            StateChange::Updated(state) => Some(state),
            StateChange::Removed => None,
        }
    }

    /// Sets the state.
    ///
    /// # Panics
    ///
    /// After a removal in the same call, and in the call of a time-out.
    #[track_caller]
    pub fn update(&mut self, state: S) {
        assert!(
            !matches!(self.change, StateChange::Removed),
            "Cannot update the state after it has been removed"
        );
        assert!(
            !self.is_timing_out,
            "Cannot update the state that is timing out"
        );
        self.change = StateChange::Updated(state);
    }

    /// Removes the state. A key without one may be removed too.
    ///
    /// # Panics
    ///
    /// After a removal in the same call, and in the call of a time-out.
    #[track_caller]
    pub fn remove(&mut self) {
        assert!(
            !self.is_timing_out,
            "Cannot remove the state that is timing out"
        );
        assert!(
            !matches!(self.change, StateChange::Removed),
            "Cannot remove the state that has already been removed"
        );
        self.change = StateChange::Removed;
    }

    /// Returns true if the key has been idle for too long: it is removed after this call.
    pub fn is_timing_out(&self) -> bool {
        self.is_timing_out
    }
}

impl<S: fmt::Debug> fmt::Debug for State<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.get_option() {
            Some(state) => state.fmt(f),
            None => f.write_str("<state not set>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mws_8_a_state_exists_once_it_is_set_and_until_it_is_removed() {
        let mut state = State::new(None);
        assert!(!state.exists());
        assert_eq!(format!("{state:?}"), "<state not set>");
        state.update(7);
        assert_eq!((state.exists(), *state.get()), (true, 7));
        state.remove();
        assert_eq!(state.get_option(), None);
    }

    #[test]
    fn mws_8_a_key_without_state_may_be_removed() {
        let mut state = State::<i64>::new(None);
        state.remove();
        assert!(matches!(state.into_change(), StateChange::Removed));
    }

    #[test]
    #[should_panic(expected = "State is not set")]
    fn mws_8_a_state_that_is_not_set_cannot_be_got() {
        State::<i64>::new(None).get();
    }

    #[test]
    #[should_panic(expected = "Cannot update the state after it has been removed")]
    fn mws_8_a_state_that_was_removed_cannot_be_updated() {
        let mut state = State::new(Some(&1));
        state.remove();
        state.update(2);
    }

    #[test]
    #[should_panic(expected = "Cannot remove the state that has already been removed")]
    fn mws_8_a_state_that_was_removed_cannot_be_removed() {
        let mut state = State::new(Some(&1));
        state.remove();
        state.remove();
    }

    #[test]
    fn mws_7_a_state_that_times_out_can_be_read() {
        let state = State::timing_out(&1);
        assert!(state.is_timing_out() && state.exists());
        assert_eq!(*state.get(), 1);
    }

    #[test]
    #[should_panic(expected = "Cannot update the state that is timing out")]
    fn mws_7_a_state_that_times_out_cannot_be_updated() {
        State::timing_out(&1).update(2);
    }

    #[test]
    #[should_panic(expected = "Cannot remove the state that is timing out")]
    fn mws_7_a_state_that_times_out_cannot_be_removed() {
        State::timing_out(&1).remove();
    }
}
