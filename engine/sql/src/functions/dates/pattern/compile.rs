//! Texts of patterns to their parts.

use super::fields::Field;
use super::offset::OffsetStyle;
use super::{Item, Number, Pattern, Sign};

/// The reason why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum PatternError {
    /// A letter of weeks, which Spark has not since version 3.
    WeekBased(char),
    /// A letter that Spark refuses.
    Illegal(char),
    /// Too many of a letter in a row.
    TooMany(char),
    /// Java's words.
    Other(String),
}

/// The digits of a number that is written out at full length.
const MOST_DIGITS: usize = 19;

impl Pattern {
    /// Reads a pattern; one to read texts by has no days of weeks, and any number of digits of a fraction.
    pub(in super::super) fn new(text: &str, is_parsing: bool) -> Result<Pattern, PatternError> {
        let has_era = check(text, is_parsing)?;
        let mut compiler = Compiler {
            levels: vec![Vec::new()],
            last_number: None,
            has_era,
            is_parsing,
        };
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let run = rest.find(|it| it != character).unwrap_or(rest.len());
            rest = match character {
                'a'..='z' | 'A'..='Z' => {
                    compiler.letters(character, run)?;
                    &rest[run..]
                }
                '\'' => compiler.quoted(text, rest)?,
                '[' => {
                    compiler.levels.push(Vec::new());
                    compiler.last_number = None;
                    &rest[1..]
                }
                ']' => {
                    compiler.end_optional()?;
                    &rest[1..]
                }
                '{' | '}' | '#' => {
                    return Err(PatternError::Other(format!(
                        "Pattern includes reserved character: '{character}'"
                    )));
                }
                _ => {
                    compiler.push(Item::Literal(character.to_string()));
                    &rest[character.len_utf8()..]
                }
            };
        }
        while compiler.levels.len() > 1 {
            compiler.end_optional()?;
        }
        Ok(Pattern {
            items: compiler.levels.pop().unwrap_or_default(),
        })
    }
}

/// Refuses the letters that Spark refuses; returns true if the pattern names an era.
fn check(text: &str, is_parsing: bool) -> Result<bool, PatternError> {
    let mut has_era = false;
    // A text between quotes is no pattern.
    for part in text.split('\'').step_by(2) {
        has_era |= part.contains('G');
        if let Some(letter) = part.chars().find(|it| "YWwuec".contains(*it)) {
            return Err(PatternError::WeekBased(letter));
        }
        let is_illegal =
            |letter: char| "ABnNp".contains(letter) || (is_parsing && "EFqQ".contains(letter));
        if let Some(letter) = part.chars().find(|it| is_illegal(*it)) {
            return Err(PatternError::Illegal(letter));
        }
        for letter in ["G", "M", "L", "E", "Q", "q"] {
            if part.contains(&letter.repeat(5)) {
                return Err(PatternError::TooMany(letter.chars().next().unwrap_or(' ')));
            }
        }
        if part.contains(&"y".repeat(7)) {
            return Err(PatternError::TooMany('y'));
        }
    }
    Ok(has_era)
}

struct Compiler {
    /// The parts of the whole, and of the optional parts that are open.
    levels: Vec<Vec<Item>>,
    /// The number that reserves digits for those that follow.
    last_number: Option<usize>,
    has_era: bool,
    is_parsing: bool,
}

impl Compiler {
    fn items(&mut self) -> &mut Vec<Item> {
        self.levels
            .last_mut()
            .expect("the outermost level stays open")
    }

    fn push(&mut self, item: Item) {
        self.last_number = None;
        self.items().push(item);
    }

    /// Adds a number. Of numbers in a row the first leaves digits for those of fixed length.
    fn push_number(&mut self, item: Item, fixed: Option<usize>) {
        let first = self.last_number;
        self.push(item);
        let index = self.items().len() - 1;
        self.last_number = Some(match (first, fixed) {
            (Some(first), Some(width)) => {
                if let Some(Item::Number(number)) = self.items().get_mut(first) {
                    number.reserved += width;
                }
                first
            }
            _ => index,
        });
    }

    fn end_optional(&mut self) -> Result<(), PatternError> {
        if self.levels.len() == 1 {
            return Err(PatternError::Other(
                "Pattern invalid as it contains ] without previous [".to_owned(),
            ));
        }
        let items = self.levels.pop().unwrap_or_default();
        self.push(Item::Optional(items));
        Ok(())
    }

    /// A text in quotes; returns what stands behind it.
    fn quoted<'a>(&mut self, pattern: &str, rest: &'a str) -> Result<&'a str, PatternError> {
        let mut literal = String::new();
        let mut inner = &rest[1..];
        loop {
            let Some(end) = inner.find('\'') else {
                return Err(PatternError::Other(format!(
                    "Pattern ends with an incomplete string literal: {pattern}"
                )));
            };
            literal.push_str(&inner[..end]);
            inner = &inner[end + 1..];
            match inner.strip_prefix('\'') {
                Some(after) => {
                    literal.push('\'');
                    inner = after;
                }
                None => break,
            }
        }
        // Two quotes alone are one.
        self.push(Item::Literal(if literal.is_empty() {
            "'".to_owned()
        } else {
            literal
        }));
        Ok(inner)
    }

    /// Some of the same letter in a row.
    fn letters(&mut self, letter: char, count: usize) -> Result<(), PatternError> {
        let Some(field) = field_of(letter) else {
            return self.other_letters(letter, count);
        };
        let is_full = count == 4;
        match (letter, count) {
            ('y', _) => self.year(count),
            ('M' | 'L' | 'Q' | 'q', 3 | 4) | ('G' | 'E', 1..=4) | ('a', 1) => {
                self.push(Item::Name { field, is_full });
            }
            ('M' | 'L' | 'Q' | 'q' | 'd' | 'H' | 'k' | 'K' | 'h' | 'm' | 's', 2) => {
                self.number(field, 2, 2, Sign::NotNegative);
            }
            ('D', 2 | 3) => self.number(field, count, 3, Sign::NotNegative),
            ('G' | 'E' | 'a', _) | (_, 2..) => return Err(too_many(letter)),
            _ => self.number(field, 1, MOST_DIGITS, Sign::Normal),
        }
        Ok(())
    }

    /// Fractions of seconds, and zones.
    fn other_letters(&mut self, letter: char, count: usize) -> Result<(), PatternError> {
        let is_full = count == 4;
        let item = match (letter, count) {
            ('S', 1..=9) => Item::Fraction {
                least: if self.is_parsing { 1 } else { count },
                most: count,
            },
            ('z', 1..=4) => Item::ZoneName { is_full },
            ('V', 2) => Item::ZoneId,
            ('O', 1 | 4) | ('Z', 4) => Item::GmtOffset { is_full },
            ('X' | 'x' | 'Z', 1..=5) => Item::Offset(OffsetStyle::of_letters(letter, count)),
            ('S' | 'z' | 'X' | 'x' | 'Z', _) => return Err(too_many(letter)),
            ('V' | 'O', _) => {
                let counts = if letter == 'V' { "2" } else { "1 or 4" };
                let message = format!("Pattern letter count must be {counts}: {letter}");
                return Err(PatternError::Other(message));
            }
            ('g' | 'v', _) => {
                let message = format!("the pattern letter {letter} is not supported here");
                return Err(PatternError::Other(message));
            }
            _ => {
                let message = format!("Unknown pattern letter: {letter}");
                return Err(PatternError::Other(message));
            }
        };
        self.push(item);
        Ok(())
    }

    fn year(&mut self, count: usize) {
        let field = if self.has_era {
            Field::YearOfEra
        } else {
            Field::Year
        };
        match count {
            2 => self.push_number(Item::ShortYear(field), Some(2)),
            1 | 3 => self.number(field, count, MOST_DIGITS, Sign::Normal),
            _ => self.number(field, count, MOST_DIGITS, Sign::ExceedsPad),
        }
    }

    fn number(&mut self, field: Field, least: usize, most: usize, sign: Sign) {
        let is_fixed = least == most && sign == Sign::NotNegative;
        let number = Number {
            field,
            least,
            most,
            sign,
            reserved: 0,
        };
        self.push_number(Item::Number(number), is_fixed.then_some(least));
    }
}

/// The field of a letter; `None` of letters of fractions and zones.
fn field_of(letter: char) -> Option<Field> {
    Some(match letter {
        'G' => Field::Era,
        'y' => Field::Year,
        'Q' | 'q' => Field::Quarter,
        'M' | 'L' => Field::Month,
        'D' => Field::DayOfYear,
        'd' => Field::Day,
        'F' => Field::AlignedDay,
        'E' => Field::DayOfWeek,
        'a' => Field::AmPm,
        'H' => Field::Hour,
        'k' => Field::ClockHour,
        'K' => Field::HourOfAmPm,
        'h' => Field::ClockHourOfAmPm,
        'm' => Field::Minute,
        's' => Field::Second,
        _ => return None,
    })
}

fn too_many(letter: char) -> PatternError {
    PatternError::Other(format!("Too many pattern letters: {letter}"))
}
