//! Numbers for people: three significant figures and a unit.

use crate::Estimate;

/// A count with a comma between thousands: `1,000,000`.
pub(crate) fn count(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A duration: `4.56 µs`.
pub(crate) fn seconds(seconds: f64) -> String {
    let units = [(1e-6, 1e9, "ns"), (1e-3, 1e6, "µs"), (1.0, 1e3, "ms")];
    let unit = units
        .into_iter()
        .find(|(below, factor, _)| rounds_below(seconds * factor, below * factor));
    let (_, factor, unit) = unit.unwrap_or((0.0, 1.0, "s"));
    format!("{} {unit}", figures(seconds * factor))
}

/// A duration that is a power of ten: `10 µs`.
pub(crate) fn decade(decade: f64) -> String {
    let text = seconds(decade);
    let (number, unit) = text.split_once(' ').unwrap_or((&text, ""));
    let number = number.split('.').next().unwrap_or(number);
    format!("{number} {unit}")
}

/// A large number: `4.56 M`.
pub(crate) fn short_count(count: f64) -> String {
    let units = [(1e3, 1.0, ""), (1e6, 1e-3, " k"), (1e9, 1e-6, " M")];
    let unit = units
        .into_iter()
        .find(|(below, factor, _)| rounds_below(count * factor, below * factor));
    let (_, factor, unit) = unit.unwrap_or((0.0, 1e-9, " G"));
    format!("{}{unit}", figures(count * factor))
}

/// True if the number is below the bound also after rounding to three figures.
fn rounds_below(number: f64, bound: f64) -> bool {
    number < bound * 0.9995
}

/// A number with three figures, or with all figures before the point if there are more.
pub(crate) fn figures(number: f64) -> String {
    let decimals = match number.abs() {
        size if size == 0.0 || size >= 99.95 => 0,
        size if size >= 9.995 => 1,
        size if size >= 0.9995 => 2,
        _ => 3,
    };
    format!("{number:.decimals$}")
}

/// A share in per cent, with as few decimals as keep it within half a per cent: `0.1 %`.
pub(crate) fn share(share: f64) -> String {
    let percent = share * 100.0;
    let decimals = (0..4)
        .find(|decimals| {
            let factor = 10_f64.powi(*decimals);
            ((percent * factor).round() / factor - percent).abs() <= percent * 0.005
        })
        .unwrap_or(4) as usize;
    format!("{percent:.decimals$} %")
}

/// A change in per cent, with its sign: `+12 %`.
pub(crate) fn change(ratio: f64) -> String {
    let percent = (ratio - 1.0) * 100.0;
    if percent.abs() < 0.05 {
        // A zero has no sign.
        return "0 %".to_owned();
    }
    let decimals = usize::from(percent.abs() < 9.95);
    format!("{percent:+.decimals$} %")
}

/// A duration with the distance to the farther end of its interval: `4.56 µs ±2%`.
pub(crate) fn estimated_seconds(estimate: Estimate) -> String {
    let text = seconds(estimate.median);
    let Some(interval) = estimate.interval else {
        return text;
    };
    let farthest = (interval.high - estimate.median).max(estimate.median - interval.low);
    match farthest / estimate.median * 100.0 {
        percent if percent < 100.0 => format!("{text} ±{percent:.0}%"),
        _ => format!("{text} ±>99%"),
    }
}

/// A number with its interval: `0.70 (0.68 to 0.72)`.
pub(crate) fn with_interval(estimate: Estimate) -> String {
    let text = figures(estimate.median);
    match estimate.interval {
        Some(interval) => format!(
            "{text} ({} to {})",
            figures(interval.low),
            figures(interval.high)
        ),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interval;

    #[test]
    fn counts_have_commas_between_thousands() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(count),
            ["0", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn durations_have_three_figures_and_a_unit() {
        let durations = [1e-9, 999.4e-9, 999.6e-9, 12.34e-6, 0.123_4, 0.999_9, 61.0];
        assert_eq!(
            durations.map(seconds),
            [
                "1.00 ns", "999 ns", "1.00 µs", "12.3 µs", "123 ms", "1.00 s", "61.0 s"
            ]
        );
    }

    #[test]
    fn large_numbers_are_shortened() {
        assert_eq!(
            [0.5, 42.0, 1_500.0, 12_345_678.0, 2e12].map(short_count),
            ["0.500", "42.0", "1.50 k", "12.3 M", "2000 G"]
        );
    }

    #[test]
    fn shares_and_changes_are_in_per_cent() {
        assert_eq!(
            [1.0, 0.3, 0.001, 0.009_96, 0.632_12].map(share),
            ["100 %", "30 %", "0.1 %", "1 %", "63 %"]
        );
        assert_eq!(
            [1.0, 1.12, 0.5, 1.012].map(change),
            ["0 %", "+12 %", "-50 %", "+1.2 %"]
        );
    }

    #[test]
    fn an_interval_is_shown_by_its_farther_end_or_by_both() {
        let estimate = Estimate {
            median: 2.0,
            interval: Some(Interval {
                low: 1.9,
                high: 2.04,
            }),
        };
        assert_eq!(estimated_seconds(estimate), "2.00 s ±5%");
        assert_eq!(with_interval(estimate), "2.00 (1.90 to 2.04)");
        let anything = Estimate {
            interval: Some(Interval {
                low: 1.0,
                high: 40.0,
            }),
            ..estimate
        };
        assert_eq!(estimated_seconds(anything), "2.00 s ±>99%");
        let alone = Estimate {
            interval: None,
            ..estimate
        };
        assert_eq!(estimated_seconds(alone), "2.00 s");
        assert_eq!(with_interval(alone), "2.00");
    }
}
