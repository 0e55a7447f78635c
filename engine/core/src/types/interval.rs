//! The units of SQL's intervals.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A unit of time in the type of an interval, the longest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum IntervalUnit {
    /// Twelve months.
    Year,
    /// A month.
    Month,
    /// 24 hours.
    Day,
    /// 60 minutes.
    Hour,
    /// 60 seconds.
    Minute,
    /// A second, with a fraction of up to six digits.
    Second,
}

impl fmt::Display for IntervalUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IntervalUnit::Year => "YEAR",
            IntervalUnit::Month => "MONTH",
            IntervalUnit::Day => "DAY",
            IntervalUnit::Hour => "HOUR",
            IntervalUnit::Minute => "MINUTE",
            IntervalUnit::Second => "SECOND",
        })
    }
}

/// The units that an interval is counted in, from the longest to the shortest: `DAY TO SECOND`, `YEAR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IntervalUnits {
    longest: IntervalUnit,
    shortest: IntervalUnit,
}

impl IntervalUnits {
    /// `YEAR TO MONTH`, the widest of a year-month interval.
    pub const YEAR_TO_MONTH: IntervalUnits = IntervalUnits {
        longest: IntervalUnit::Year,
        shortest: IntervalUnit::Month,
    };

    /// `DAY TO SECOND`, the widest of a day-time interval.
    pub const DAY_TO_SECOND: IntervalUnits = IntervalUnits {
        longest: IntervalUnit::Day,
        shortest: IntervalUnit::Second,
    };

    /// The units from `longest` to `shortest`.
    ///
    /// # Panics
    ///
    /// Panics if `shortest` is longer than `longest`, or if one is a year or a month and the other is not.
    pub fn new(longest: IntervalUnit, shortest: IntervalUnit) -> IntervalUnits {
        assert!(
            longest <= shortest,
            "an interval goes from a longer unit to a shorter one"
        );
        assert_eq!(
            longest <= IntervalUnit::Month,
            shortest <= IntervalUnit::Month,
            "months have no fixed number of days"
        );
        IntervalUnits { longest, shortest }
    }

    /// The longest unit.
    pub fn longest(self) -> IntervalUnit {
        self.longest
    }

    /// The shortest unit.
    pub fn shortest(self) -> IntervalUnit {
        self.shortest
    }
}

impl fmt::Display for IntervalUnits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.longest == self.shortest {
            return write!(f, "{}", self.longest);
        }
        write!(f, "{} TO {}", self.longest, self.shortest)
    }
}
