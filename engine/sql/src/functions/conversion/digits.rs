//! A number as its decimal digits, rounded to a number of places.

use engine::{Decimal, Value};

/// The digits of a number, and the place of its point.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    pub(super) is_negative: bool,
    /// From 0 to 9; without zeros at the start, none of zero.
    pub(super) digits: Vec<u8>,
    /// The number of digits before the point; below zero with zeros behind the point.
    pub(super) whole: i32,
}

/// The rounding of a number that is halfway between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Up,
    Even,
}

impl Number {
    /// A number in digits with a point and an exponent.
    fn parse(text: &str) -> Number {
        let unsigned = text.trim_start_matches('-');
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = whole
            .bytes()
            .chain(fraction.bytes())
            .map(|byte| byte - b'0');
        let mut number = Number {
            is_negative: text.starts_with('-'),
            digits: digits.collect(),
            whole: whole.len() as i32 + exponent.parse::<i32>().unwrap_or(0),
        };
        number.trim_start();
        number
    }

    /// The fewest digits that read back as the number, as Java writes it.
    pub(super) fn shortest(number: f64) -> Number {
        Number::parse(&format!("{number:e}"))
    }

    /// All digits of the number.
    pub(super) fn exact(number: f64) -> Number {
        // No number has more digits behind the point.
        Number::parse(&format!("{number:.1074}"))
    }

    pub(super) fn of_decimal(decimal: Decimal) -> Number {
        Number::parse(&decimal.to_string())
    }

    /// The digits of a number of any type; `None` of one that is infinite or none.
    pub(super) fn of(value: &Value) -> Option<Number> {
        let whole = |number: i64| Number::parse(&number.to_string());
        Some(match value {
            Value::Byte(number) => whole((*number).into()),
            Value::Short(number) => whole((*number).into()),
            Value::Integer(number) => whole((*number).into()),
            Value::Long(number) => whole(*number),
            Value::Float(number) if number.0.is_finite() => Number::exact(number.0.into()),
            Value::Double(number) if number.0.is_finite() => Number::exact(number.0),
            Value::Decimal(decimal) => Number::of_decimal(*decimal),
            _ => return None,
        })
    }

    fn trim_start(&mut self) {
        let zeros = self.digits.iter().take_while(|digit| **digit == 0).count();
        self.digits.drain(..zeros);
        self.whole -= zeros as i32;
        if self.digits.is_empty() {
            self.whole = 0;
        }
    }

    /// The number with this many digits behind the point.
    pub(super) fn rounded(&self, places: usize, half: Half) -> Number {
        self.cut(
            self.whole
                .saturating_add(i32::try_from(places).unwrap_or(i32::MAX)),
            half,
        )
    }

    /// The number with this many digits at most, from the first that is not zero.
    pub(super) fn cut(&self, count: i32, half: Half) -> Number {
        let mut rounded = self.clone();
        let Ok(count) = usize::try_from(count) else {
            rounded.digits.clear();
            rounded.whole = 0;
            return rounded;
        };
        if count >= self.digits.len() {
            return rounded;
        }
        let (kept, rest) = self.digits.split_at(count);
        let is_half = rest[0] == 5 && rest[1..].iter().all(|digit| *digit == 0);
        let is_up = match half {
            Half::Even if is_half => kept.last().is_some_and(|digit| digit % 2 == 1),
            Half::Even | Half::Up => rest[0] >= 5,
        };
        rounded.digits = kept.to_vec();
        if is_up {
            let nines = kept.iter().rev().take_while(|digit| **digit == 9).count();
            rounded.digits.truncate(count - nines);
            if let Some(digit) = rounded.digits.last_mut() {
                *digit += 1;
            } else {
                rounded.digits.push(1);
                rounded.whole += 1;
            }
        } else {
            rounded.trim_start();
        }
        rounded
    }

    /// The digits before the point, `0` if there are none, and this number of digits behind it.
    pub(super) fn parts(&self, places: usize) -> (String, String) {
        let at = |place: i32| {
            let index = usize::try_from(place + self.whole).ok();
            let digit = index.and_then(|index| self.digits.get(index));
            char::from(b'0' + digit.copied().unwrap_or(0))
        };
        let whole: String = (-self.whole.max(1)..0).map(at).collect();
        (whole, (0..places as i32).map(at).collect())
    }
}

/// Number in groups of this size, from the last.
pub(super) fn grouped(digits: &str, size: usize) -> String {
    if size == 0 {
        return digits.to_owned();
    }
    let first = digits.len() % size;
    let (first, rest) = digits.split_at(first);
    let groups = rest
        .as_bytes()
        .chunks(size)
        .filter_map(|group| std::str::from_utf8(group).ok());
    let groups: Vec<&str> = Some(first)
        .filter(|it| !it.is_empty())
        .into_iter()
        .chain(groups)
        .collect();
    groups.join(",")
}
