//! The proleptic Gregorian calendar.

/// Microseconds of a second.
pub(crate) const MICROS_PER_SECOND: i64 = 1_000_000;

/// Microseconds of a day.
pub(crate) const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// A date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CivilDate {
    pub(crate) year: i64,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

impl CivilDate {
    /// The date of a day counted from the epoch.
    ///
    /// Years are counted from March here, so that a leap day is the last of its year.
    pub(crate) fn of_days(days: i64) -> CivilDate {
        const DAYS_PER_ERA: i64 = 146_097; // 400 years
        let days = days + 719_468; // from 0000-03-01
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
}

/// A date and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CivilTime {
    pub(crate) date: CivilDate,
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: u8,
    pub(crate) microsecond: u32,
}

impl CivilTime {
    /// The time of a microsecond counted from the epoch.
    pub(crate) fn of_micros(micros: i64) -> CivilTime {
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
}
