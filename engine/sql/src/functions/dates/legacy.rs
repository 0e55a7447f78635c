//! The patterns that `java.text.SimpleDateFormat` takes, and the texts by them: Spark 3.5 refuses to read what its parser
//! before version 3 did read.

use engine::CivilDate;

use super::parts::{DAYS, MONTHS};
use super::zone_names;
use crate::zone::find_zone;

/// Returns true if it takes the pattern.
pub(super) fn takes_pattern(pattern: &str) -> bool {
    parts(pattern).is_some()
}

/// Returns true if it reads a time at the start of the text, of a calendar that is not lenient.
pub(super) fn takes_text(pattern: &str, text: &str) -> bool {
    let Some(parts) = parts(pattern) else {
        return false;
    };
    let mut read = Read::default();
    let mut rest = text;
    for (index, part) in parts.iter().enumerate() {
        let is_abutting = parts.get(index + 1).is_some_and(Part::is_counted);
        let Some(after) = part.read(rest, is_abutting, &mut read) else {
            return false;
        };
        rest = after;
    }
    read.is_time()
}

enum Part {
    Letters(char, usize),
    Literal(char),
}

/// The parts of a pattern; `None` if it is none.
fn parts(pattern: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut is_quoted = false;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\'' {
            if characters.peek() == Some(&'\'') {
                characters.next();
                parts.push(Part::Literal('\''));
            } else {
                is_quoted = !is_quoted;
            }
        } else if is_quoted || !character.is_ascii_alphabetic() {
            parts.push(Part::Literal(character));
        } else {
            let mut count = 1;
            while characters.next_if_eq(&character).is_some() {
                count += 1;
            }
            let is_known = "GyMdkHmsSEDFwWahKzZYuXL".contains(character);
            if !is_known || (character == 'X' && count > 3) {
                return None;
            }
            parts.push(Part::Letters(character, count));
        }
    }
    (!is_quoted).then_some(parts)
}

/// The numbers that are checked at the end.
#[derive(Default)]
struct Read {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    is_out_of_range: bool,
}

impl Read {
    fn is_time(&self) -> bool {
        let year = self.year.unwrap_or(1970);
        let date = CivilDate::new(year, self.month.unwrap_or(1), self.day.unwrap_or(1));
        !self.is_out_of_range && date.is_some()
    }
}

impl Part {
    /// True of letters before which a number takes no more digits than it has letters.
    fn is_counted(&self) -> bool {
        match self {
            Part::Literal(_) => false,
            Part::Letters('M' | 'L', count) => *count <= 2,
            Part::Letters(letter, _) => "yYdkHmsSDFwWhKu".contains(*letter),
        }
    }

    /// The rest of a text behind the part.
    fn read<'a>(&self, text: &'a str, is_abutting: bool, read: &mut Read) -> Option<&'a str> {
        let (letter, count) = match self {
            Part::Literal(character) => return text.strip_prefix(*character),
            Part::Letters(letter, count) => (*letter, *count),
        };
        let text = text.trim_start_matches([' ', '\t']);
        match letter {
            'M' | 'L' if count >= 3 => {
                let (index, rest) = name(text, &MONTHS)?;
                read.month = Some(index as i64 + 1);
                Some(rest)
            }
            'E' => name(text, &DAYS).map(|(_, rest)| rest),
            'a' => either(text, &["AM", "PM"]),
            'G' => either(text, &["AD", "BC"]),
            'z' | 'Z' | 'X' => zone(text),
            _ => {
                let most = if is_abutting { count } else { text.len() };
                let is_negative = text.starts_with('-');
                let digits = text[usize::from(is_negative)..].bytes().take(most);
                let digits = digits.take_while(u8::is_ascii_digit).count();
                let end = usize::from(is_negative) + digits;
                let number: i64 = text[..end].parse().ok()?;
                read.take(letter, count, digits, number);
                Some(&text[end..])
            }
        }
    }
}

impl Read {
    fn take(&mut self, letter: char, count: usize, digits: usize, number: i64) {
        let range = match letter {
            'y' if count <= 2 && digits == 2 => {
                self.year = Some(2_000 + number);
                return;
            }
            'y' => {
                self.year = Some(number);
                1..=292_278_994
            }
            'M' | 'L' => {
                self.month = Some(number);
                1..=12
            }
            'd' => {
                self.day = Some(number);
                1..=31
            }
            'H' => 0..=23,
            'k' => 1..=24,
            'K' => 0..=11,
            'h' => 1..=12,
            'm' | 's' => 0..=59,
            'S' => 0..=999,
            'D' => 1..=366,
            'F' => 1..=5,
            'u' => 1..=7,
            _ => 0..=53,
        };
        self.is_out_of_range |= !range.contains(&number);
    }
}

/// The place of a name, in full or of three letters, and what stands behind it.
fn name<'a>(text: &'a str, names: &[&str]) -> Option<(usize, &'a str)> {
    let found = |length: fn(&str) -> usize| {
        let index = names.iter().position(|name| {
            let name = &name[..length(name)];
            text.get(..name.len())
                .is_some_and(|it| it.eq_ignore_ascii_case(name))
        })?;
        Some((index, &text[length(names[index])..]))
    };
    found(str::len).or_else(|| found(|_| 3))
}

fn either<'a>(text: &'a str, names: &[&str]) -> Option<&'a str> {
    let found = names.iter().find(|name| {
        text.get(..name.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(name))
    })?;
    Some(&text[found.len()..])
}

/// A name or an offset behind a zone: `Z`, `+01:00`, `GMT-8`, `PST`.
fn zone(text: &str) -> Option<&str> {
    if let Some((_, end)) = zone_names::parse(text) {
        return Some(&text[end..]);
    }
    let is_part = |it: char| it.is_ascii_alphanumeric() || "+-:/_".contains(it);
    let most = text.find(|it| !is_part(it)).unwrap_or(text.len());
    let end = (1..=most)
        .rev()
        .find(|end| find_zone(&text[..*end]).is_some())?;
    Some(&text[end..])
}
