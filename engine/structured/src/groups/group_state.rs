//! The state of a group, as a function of the program sees it.

use std::time::Duration;

use engine::{Failure, FailureKind, Row, Value};

/// The time-out of a state that no rows come for (`org.apache.spark.sql.streaming.GroupStateTimeout`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum GroupStateTimeout {
    /// Nothing: it stays until it is removed.
    #[default]
    None,
    /// The time of a batch (`FGS-2`).
    ProcessingTime,
    /// The watermark.
    EventTime,
}

/// The state of a group in a batch (`org.apache.spark.sql.execution.streaming.GroupStateImpl`). Its times are in
/// milliseconds since the epoch.
#[derive(Clone, Debug)]
pub struct GroupState {
    state: Option<Row>,
    is_changed: bool,
    is_removed: bool,
    timeout: Option<i64>,
    /// The state was there for its time-out alone.
    has_timed_out: bool,
    times: StateTimes,
}

/// The times of a batch, and the time-out that a function has asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StateTimes {
    pub(crate) timeout: GroupStateTimeout,
    /// The time of the batch's trigger.
    pub(crate) batch: i64,
    /// The watermark that states are final by; `None` if the rows have none.
    pub(crate) watermark: Option<i64>,
}

impl GroupState {
    pub(crate) fn new(state: Option<Row>, has_timed_out: bool, times: StateTimes) -> GroupState {
        GroupState {
            state,
            is_changed: false,
            is_removed: false,
            timeout: None,
            has_timed_out,
            times,
        }
    }

    /// Returns true if the group has a state.
    pub fn exists(&self) -> bool {
        self.state.is_some()
    }

    /// The fields of the state, if the group has one.
    pub fn get(&self) -> Option<&[Value]> {
        self.state.as_deref()
    }

    /// Gives the group a state with these fields.
    pub fn update(&mut self, state: Row) {
        self.state = Some(state);
        self.is_changed = true;
        self.is_removed = false;
    }

    /// Removes the state.
    pub fn remove(&mut self) {
        self.state = None;
        self.is_changed = false;
        self.is_removed = true;
    }

    /// Returns true if the function is called because the time-out of the state has passed, and there are no rows.
    ///
    /// # Errors
    ///
    /// The operation has no time-outs.
    pub fn has_timed_out(&self) -> Result<bool, Failure> {
        match self.times.timeout {
            GroupStateTimeout::None => Err(refused(
                "Cannot get timeout information without enabling timeout in [map|flatMap]GroupsWithState",
            )),
            GroupStateTimeout::ProcessingTime | GroupStateTimeout::EventTime => {
                Ok(self.has_timed_out)
            }
        }
    }

    /// Has the state time out in the first batch whose time is this long after that of this one, unless rows come before
    /// (`FGS-2`). It must be set anew in each call.
    ///
    /// # Errors
    ///
    /// The operation has no time-outs by processing time, or the duration is less than a millisecond.
    pub fn set_timeout_duration(&mut self, duration: Duration) -> Result<(), Failure> {
        if self.times.timeout != GroupStateTimeout::ProcessingTime {
            return Err(refused(
                "Cannot set timeout duration without enabling processing time timeout in [map|flatMap]GroupsWithState",
            ));
        }
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        if millis <= 0 {
            return Err(refused("Timeout duration must be positive"));
        }
        self.timeout = Some(self.times.batch.saturating_add(millis));
        Ok(())
    }

    /// Has the state time out when the watermark has passed this time, unless rows come before. It must be set anew in each
    /// call.
    ///
    /// # Errors
    ///
    /// The operation has no time-outs by event time, the time is not after the epoch, or the watermark has passed it.
    pub fn set_timeout_timestamp(&mut self, millis: i64) -> Result<(), Failure> {
        if self.times.timeout != GroupStateTimeout::EventTime {
            return Err(refused(
                "Cannot set timeout timestamp without enabling event time timeout in [map|flatMap]GroupsWithState",
            ));
        }
        if millis <= 0 {
            return Err(refused("Timeout timestamp must be positive"));
        }
        if let Some(watermark) = self.times.watermark.filter(|watermark| millis < *watermark) {
            return Err(refused(&format!(
                "Timeout timestamp ({millis}) cannot be earlier than the current watermark ({watermark})"
            )));
        }
        self.timeout = Some(millis);
        Ok(())
    }

    /// The watermark of the batch.
    ///
    /// # Errors
    ///
    /// The rows have none.
    pub fn current_watermark_ms(&self) -> Result<i64, Failure> {
        self.times.watermark.ok_or_else(|| {
            refused(
                "Cannot get event time watermark timestamp without setting watermark before \
                 [map|flatMap]GroupsWithState",
            )
        })
    }

    /// The time of the batch.
    pub fn current_processing_time_ms(&self) -> i64 {
        self.times.batch
    }

    /// The change of a state that had this time-out before.
    pub(crate) fn into_change(self, timeout_before: Option<i64>) -> GroupChange {
        if self.is_removed && self.timeout.is_none() {
            return GroupChange::Removed;
        }
        if self.is_changed || self.is_removed || self.timeout != timeout_before {
            return GroupChange::Put {
                state: self.state,
                timeout: self.timeout,
            };
        }
        GroupChange::None
    }
}

/// The change that a call has made of a state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GroupChange {
    /// None.
    None,
    /// There is a state, or at least a time-out.
    Put {
        state: Option<Row>,
        timeout: Option<i64>,
    },
    /// The group has no state any more.
    Removed,
}

fn refused(message: &str) -> Failure {
    Failure::new(FailureKind::Spark, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(timeout: GroupStateTimeout) -> GroupState {
        let times = StateTimes {
            timeout,
            batch: 1_000,
            watermark: Some(500),
        };
        GroupState::new(Some(vec![Value::Long(1)]), false, times)
    }

    #[test]
    fn fgs_2_a_timeout_is_of_the_kind_of_the_operation_and_not_before_the_watermark() {
        let mut timed = state(GroupStateTimeout::EventTime);
        assert!(timed.set_timeout_timestamp(500).is_ok(), "equal is allowed");
        let failure = timed.set_timeout_timestamp(499).expect_err("it has passed");
        assert_eq!(
            failure.message(),
            "Timeout timestamp (499) cannot be earlier than the current watermark (500)"
        );
        assert!(timed.set_timeout_timestamp(0).is_err());
        assert!(timed.set_timeout_duration(Duration::from_secs(1)).is_err());
        let mut timed = state(GroupStateTimeout::ProcessingTime);
        assert!(
            timed
                .set_timeout_duration(Duration::from_micros(999))
                .is_err()
        );
        assert!(timed.set_timeout_timestamp(600).is_err());
        assert!(state(GroupStateTimeout::None).has_timed_out().is_err());
    }

    #[test]
    fn fgs_1_a_timeout_that_is_not_set_anew_is_cleared() {
        let untouched = state(GroupStateTimeout::ProcessingTime);
        assert_eq!(untouched.clone().into_change(None), GroupChange::None);
        let cleared = GroupChange::Put {
            state: Some(vec![Value::Long(1)]),
            timeout: None,
        };
        assert_eq!(untouched.into_change(Some(900)), cleared);
    }

    #[test]
    fn a_state_that_is_removed_stays_for_its_timeout() {
        let mut removed = state(GroupStateTimeout::ProcessingTime);
        removed.remove();
        assert_eq!(removed.clone().into_change(None), GroupChange::Removed);
        removed
            .set_timeout_duration(Duration::from_secs(1))
            .expect("it is positive");
        let put = GroupChange::Put {
            state: None,
            timeout: Some(2_000),
        };
        assert_eq!(removed.into_change(None), put);
    }
}
