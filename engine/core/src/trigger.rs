//! The times at which a query looks for data.

use std::time::Duration;

use crate::time::{Grid, Time};

/// The times at which a micro-batch runs (`org.apache.spark.sql.streaming.Trigger`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Trigger {
    /// As soon as there is data and the batch before has ended (`TRG-1`).
    #[default]
    Default,
    /// At the start and then on the grid of this duration; ticks missed while a batch runs are
    /// skipped, and the next one then comes at once (`TRG-2`). The duration counts in whole
    /// milliseconds: less than one is the default trigger (`TRG-1`).
    ProcessingTime(Duration),
    /// Once, with all there is at the start; then the query ends (`TRG-3`).
    Once,
    /// With all there is at the start; then the query ends (`TRG-4`).
    AvailableNow,
}

impl Trigger {
    /// Returns true if a micro-batch runs as soon as there is data and none is running.
    pub fn is_immediate(self) -> bool {
        match self {
            Trigger::Default => true,
            Trigger::ProcessingTime(interval) => interval.as_millis() == 0,
            Trigger::Once | Trigger::AvailableNow => false,
        }
    }

    /// Returns true if the query ends after its first trigger.
    pub fn is_single(self) -> bool {
        matches!(self, Trigger::Once | Trigger::AvailableNow)
    }

    /// The time of the trigger after the one at `start`, if it fires by the clock.
    pub fn next(self, start: Time) -> Option<Time> {
        match self {
            Trigger::ProcessingTime(interval) if is_countable(interval) => {
                Grid::every(interval).after(start)
            }
            _ => None,
        }
    }
}

/// Returns true if a clock can count the interval in milliseconds; an endless one has no second tick.
fn is_countable(interval: Duration) -> bool {
    i64::try_from(interval.as_millis()).is_ok_and(|millis| millis > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_next(trigger: Trigger, start: i64, expected: Option<i64>) {
        let next = trigger.next(Time::from_millis(start));
        assert_eq!(next, expected.map(Time::from_millis));
    }

    #[test]
    fn trg_2_the_next_trigger_is_the_first_tick_after_the_start_of_this_one() {
        let every_second = Trigger::ProcessingTime(Duration::from_secs(1));
        check_next(every_second, 2_500, Some(3_000));
        check_next(every_second, 3_000, Some(4_000));
        check_next(every_second, 5_499, Some(6_000));
        check_next(every_second, -1, Some(0));
    }

    #[test]
    fn trg_2_an_interval_without_end_has_no_second_trigger() {
        check_next(Trigger::ProcessingTime(Duration::MAX), 2_500, None);
        check_next(
            Trigger::ProcessingTime(Duration::from_secs(1)),
            i64::MAX,
            None,
        );
    }

    #[test]
    fn trg_1_other_triggers_do_not_go_by_the_clock() {
        check_next(Trigger::Default, 2_500, None);
        check_next(Trigger::Once, 2_500, None);
        check_next(Trigger::ProcessingTime(Duration::ZERO), 2_500, None);
        assert!(Trigger::ProcessingTime(Duration::from_micros(999)).is_immediate());
        assert!(!Trigger::ProcessingTime(Duration::from_millis(1)).is_immediate());
    }
}
