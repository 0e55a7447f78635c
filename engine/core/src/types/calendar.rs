//! The proleptic Gregorian calendar, for all days and microseconds that a value of SQL may have.

/// Microseconds of a second.
pub(crate) const MICROS_PER_SECOND: i64 = 1_000_000;

/// Microseconds of a day.
pub(crate) const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// Days of 400 years, after which the calendar repeats.
const DAYS_PER_ERA: i64 = 146_097;

/// Days from the first of March of year 0 to the epoch.
const EPOCH_FROM_MARCH: i64 = 719_468;

/// A date.
///
/// ```
/// use engine::CivilDate;
/// let leap_day = CivilDate::new(2024, 2, 29).ok_or("no such day")?;
/// assert_eq!(leap_day.to_days(), 19_782);
/// assert_eq!(leap_day.to_string(), "2024-02-29");
/// assert_eq!(CivilDate::new(2023, 2, 29), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CivilDate {
    /// The year; 0 is the one before year 1.
    pub year: i64,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
}

impl CivilDate {
    /// The greatest year of Java's `LocalDate`; the least is its negative.
    pub const YEAR_MAX: i64 = 999_999_999;

    /// The date of these numbers, if there is one in Java's calendar.
    pub fn new(year: i64, month: i64, day: i64) -> Option<CivilDate> {
        let is_year = (-CivilDate::YEAR_MAX..=CivilDate::YEAR_MAX).contains(&year);
        let month = u8::try_from(month).ok()?;
        let day = u8::try_from(day).ok()?;
        let is_date = is_year
            && (1..=12).contains(&month)
            && (1..=CivilDate::month_days(year, month)).contains(&day);
        is_date.then_some(CivilDate { year, month, day })
    }

    /// True of a year with a 29th of February.
    pub fn is_leap_year(year: i64) -> bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// The number of days of a month.
    pub fn month_days(year: i64, month: u8) -> u8 {
        match month {
            2 if CivilDate::is_leap_year(year) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// The date of a day counted from the epoch.
    ///
    /// Years are counted from March here, so that a leap day is the last of its year.
    pub fn of_days(days: i64) -> CivilDate {
        let days = days + EPOCH_FROM_MARCH;
        let era = days.div_euclid(DAYS_PER_ERA);
        let of_era = days.rem_euclid(DAYS_PER_ERA);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let month = (month_from_march + 2) % 12 + 1;
        CivilDate {
            year: era * 400 + year_of_era + i64::from(month <= 2),
            month: month as u8,
            day: (of_year - (153 * month_from_march + 2) / 5 + 1) as u8,
        }
    }

    /// The day, counted from the epoch.
    pub fn to_days(self) -> i64 {
        let month = i64::from(self.month);
        let year = self.year - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month_from_march = (month + 9) % 12;
        let of_year = (153 * month_from_march + 2) / 5 + i64::from(self.day) - 1;
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
        era * DAYS_PER_ERA + of_era - EPOCH_FROM_MARCH
    }

    /// The day of the year, from 1.
    pub fn day_of_year(self) -> i64 {
        let first = CivilDate {
            month: 1,
            day: 1,
            ..self
        };
        self.to_days() - first.to_days() + 1
    }

    /// The date some months later, or the last day of that month if it has no such day.
    pub fn plus_months(self, months: i64) -> CivilDate {
        let all = self.year * 12 + i64::from(self.month) - 1 + months;
        let year = all.div_euclid(12);
        let month = all.rem_euclid(12) as u8 + 1;
        let day = self.day.min(CivilDate::month_days(year, month));
        CivilDate { year, month, day }
    }
}

/// A date and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CivilTime {
    /// The date.
    pub date: CivilDate,
    /// From 0 to 23.
    pub hour: u8,
    /// From 0 to 59.
    pub minute: u8,
    /// From 0 to 59.
    pub second: u8,
    /// From 0 to 999,999.
    pub microsecond: u32,
}

impl CivilTime {
    /// The time of a microsecond counted from the epoch.
    pub fn of_micros(micros: i64) -> CivilTime {
        let of_day = micros.rem_euclid(MICROS_PER_DAY);
        let second = of_day / MICROS_PER_SECOND;
        CivilTime {
            date: CivilDate::of_days(micros.div_euclid(MICROS_PER_DAY)),
            hour: (second / 3_600) as u8,
            minute: (second / 60 % 60) as u8,
            second: (second % 60) as u8,
            microsecond: (of_day % MICROS_PER_SECOND) as u32,
        }
    }

    /// The microsecond, counted from the epoch; `None` if 64 bits do not hold it.
    pub fn to_micros(self) -> Option<i64> {
        let of_day = (i64::from(self.hour) * 60 + i64::from(self.minute)) * 60;
        let of_day = (of_day + i64::from(self.second)) * MICROS_PER_SECOND;
        let of_day = i128::from(of_day + i64::from(self.microsecond));
        let all = i128::from(self.date.to_days()) * i128::from(MICROS_PER_DAY) + of_day;
        i64::try_from(all).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_day_is_that_of_its_date(days in i64::from(i32::MIN)..=i64::from(i32::MAX)) {
            let date = CivilDate::of_days(days);
            prop_assert_eq!(date.to_days(), days);
            prop_assert_eq!(CivilDate::new(date.year, date.month.into(), date.day.into()), Some(date));
        }

        #[test]
        fn a_microsecond_is_that_of_its_time(micros: i64) {
            prop_assert_eq!(CivilTime::of_micros(micros).to_micros(), Some(micros));
        }
    }

    #[test]
    fn a_month_later_is_the_last_day_of_a_shorter_month() {
        let date = CivilDate {
            year: 2024,
            month: 1,
            day: 31,
        };
        assert_eq!(date.plus_months(1).to_string(), "2024-02-29");
        assert_eq!(date.plus_months(-2).to_string(), "2023-11-30");
        assert_eq!(date.plus_months(-13).to_string(), "2022-12-31");
    }
}
