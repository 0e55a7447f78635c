//! Patterns of numbers in SQL: `S999,999.99`, `$99PR` (`org.apache.spark.sql.catalyst.util.ToNumberParser`).

use engine::{Decimal, SparkVersion};

use crate::function::Mismatch;

/// The structure that Spark describes.
const STRUCTURE: &str = "the structure of the format string must match: `[MI|S]` `[$]` `[0|9|G|,]*` `[.|D]` `[0|9]*` `[$]` \
                         `[PR|MI|S]`.";

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// A number of digits: all of them if they begin with `0`, or at most.
    Digits {
        count: usize,
        is_exact: bool,
    },
    Thousands,
    Point,
    Dollar,
    /// `S`.
    Sign,
    /// `MI`.
    Minus,
    /// `PR`, in front and behind.
    OpenBracket,
    CloseBracket,
}

/// A pattern.
#[derive(Clone, Debug)]
pub(super) struct NumberPattern {
    text: String,
    tokens: Vec<Token>,
}

impl NumberPattern {
    /// The pattern of a text, whose letters may be small.
    pub(super) fn parse(text: &str) -> Result<NumberPattern, Mismatch> {
        let text = text.to_uppercase();
        let tokens = read(&text)?;
        check(&text, &tokens)?;
        Ok(NumberPattern { text, tokens })
    }

    /// The text in capitals.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The digits of the type of a number: all, and those behind the point.
    pub(super) fn precision(&self) -> (u8, u8) {
        let count = |tokens: &[Token]| -> usize {
            let digits = tokens.iter().map(|token| match token {
                Token::Digits { count, .. } => *count,
                _ => 0,
            });
            digits.sum()
        };
        let (whole, fraction) = self.split();
        let scale = count(fraction);
        let precision = (count(whole) + scale).min(usize::from(Decimal::PRECISION_MAX));
        (precision as u8, scale.min(precision) as u8)
    }

    fn split(&self) -> (&[Token], &[Token]) {
        let point = self.tokens.iter().position(|token| *token == Token::Point);
        match point {
            Some(point) => (&self.tokens[..point], &self.tokens[point..]),
            None => (&self.tokens, &[]),
        }
    }

    /// The number of a text; `None` of one that does not match.
    pub(super) fn read(&self, text: &str, spark: SparkVersion) -> Option<Decimal> {
        let mut rest = text.trim_start();
        let mut is_negative = false;
        let (whole_tokens, fraction_tokens) = self.split();
        let mut whole = String::new();
        let mut fraction = String::new();
        let is_number = |token: &Token| matches!(token, Token::Digits { .. } | Token::Thousands);
        let mut is_read = false;
        for token in whole_tokens {
            if is_number(token) {
                if !std::mem::replace(&mut is_read, true) {
                    rest = read_groups(whole_tokens, rest, &mut whole)?;
                }
                continue;
            }
            rest = read_sign(*token, rest, &mut is_negative)?;
        }
        for token in fraction_tokens {
            match token {
                Token::Point => {
                    if let Some(behind) = rest.strip_prefix('.') {
                        rest = behind;
                    } else if rest.starts_with(|it: char| it.is_ascii_digit()) {
                        return None;
                    }
                }
                Token::Digits { count, .. } => {
                    let end = rest.bytes().take_while(u8::is_ascii_digit).count();
                    if end > *count {
                        return None;
                    }
                    fraction.push_str(&rest[..end]);
                    rest = &rest[end..];
                }
                token => rest = read_sign(*token, rest, &mut is_negative)?,
            }
        }
        let (precision, scale) = self.precision();
        // Zeros fill the digits behind the point, so that before Spark 4 a text without any is 0.
        let is_zero = scale > 0 && spark == SparkVersion::V3_5;
        let has_digits = !whole.is_empty() || !fraction.is_empty();
        if !rest.is_empty() || !(has_digits || is_zero) {
            return None;
        }
        let digits = format!("{whole}{fraction:0<width$}", width = usize::from(scale));
        let unscaled: i128 = digits.parse().ok()?;
        Decimal::new(
            if is_negative { -unscaled } else { unscaled },
            precision,
            scale,
        )
    }

    /// The text of a number; digits that have no room are `#`.
    pub(super) fn write(&self, number: Decimal) -> String {
        let digits = number.to_string();
        let is_negative = digits.starts_with('-');
        let unsigned = digits.trim_start_matches('-');
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let (whole_tokens, fraction_tokens) = self.split();
        let room = |tokens: &[Token]| -> usize { tokens.iter().filter_map(|it| it.digits()).sum() };
        if whole.len() > room(whole_tokens) || fraction.len() > room(fraction_tokens) {
            return self.no_room(is_negative);
        }
        let mut written = String::new();
        let padded = format!("{whole:>width$}", width = room(whole_tokens));
        let mut whole = padded.chars();
        let mut fraction = fraction.chars();
        let mut is_fraction = false;
        for token in &self.tokens {
            match token {
                Token::Digits { count, .. } if is_fraction => {
                    written.extend((0..*count).map(|_| fraction.next().unwrap_or('0')));
                }
                Token::Digits { count, is_exact } => {
                    for digit in whole.by_ref().take(*count) {
                        match digit {
                            ' ' if *is_exact => written.push('0'),
                            ' ' => push_blank(&mut written),
                            digit => written.push(digit),
                        }
                    }
                }
                Token::Thousands if written.ends_with(|it: char| it.is_ascii_digit()) => {
                    written.push(',');
                }
                Token::Thousands => push_blank(&mut written),
                Token::Point => {
                    is_fraction = true;
                    if written.ends_with(' ') {
                        written.pop();
                        written.push('0');
                    }
                    written.push('.');
                }
                Token::Dollar => written.push('$'),
                token => push_sign(*token, is_negative, &mut written),
            }
        }
        match written.strip_suffix('.') {
            Some(without) => format!("{without} "),
            None => written,
        }
    }

    fn no_room(&self, is_negative: bool) -> String {
        let mut written = String::new();
        for token in &self.tokens {
            match token {
                Token::Digits { count, .. } => written.push_str(&"#".repeat(*count)),
                Token::Thousands => written.push(' '),
                Token::Point => written.push('.'),
                Token::Dollar => written.push('$'),
                token => push_sign(*token, is_negative, &mut written),
            }
        }
        written
    }
}

impl Token {
    fn digits(self) -> Option<usize> {
        match self {
            Token::Digits { count, .. } => Some(count),
            _ => None,
        }
    }
}

/// A blank stands before a sign, so that the sign is next to the digits.
fn push_blank(written: &mut String) {
    match written.pop() {
        Some(sign @ ('+' | '-' | '<')) => {
            written.push(' ');
            written.push(sign);
        }
        last => {
            written.extend(last);
            written.push(' ');
        }
    }
}

fn push_sign(token: Token, is_negative: bool, written: &mut String) {
    match (token, is_negative) {
        (Token::Sign, false) => written.push('+'),
        (Token::Sign | Token::Minus, true) => written.push('-'),
        (Token::Minus, false) => written.push(' '),
        (Token::OpenBracket, true) => written.push('<'),
        (Token::CloseBracket, true) => written.push('>'),
        (Token::CloseBracket, false) => written.push_str("  "),
        _ => {}
    }
}

/// Reads the digits before the point, whose groups have as many as the pattern says, from the last group on.
fn read_groups<'a>(tokens: &[Token], text: &'a str, digits: &mut String) -> Option<&'a str> {
    let end = text
        .find(|it: char| !it.is_ascii_digit() && it != ',')
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let groups: Vec<&str> = number.split(',').collect();
    let expected: Vec<&Token> = tokens.iter().filter(|it| it.digits().is_some()).collect();
    let has_separators = tokens.contains(&Token::Thousands);
    if groups.len() > expected.len() || (groups.len() > 1 && !has_separators) {
        return None;
    }
    let sizes = groups.iter().rev().map(|group| group.len());
    let mut sizes = sizes.chain(std::iter::repeat(0));
    for token in expected.iter().rev() {
        let size = sizes.next().unwrap_or(0);
        match token {
            Token::Digits {
                count,
                is_exact: true,
            } if size != *count => return None,
            Token::Digits { count, .. } if size > *count => return None,
            _ => {}
        }
    }
    digits.push_str(&groups.concat());
    Some(rest)
}

fn read_sign<'a>(token: Token, text: &'a str, is_negative: &mut bool) -> Option<&'a str> {
    let minus = |sign: char, is_negative: &mut bool| match text.strip_prefix(sign) {
        Some(rest) => {
            *is_negative = true;
            rest
        }
        None => text,
    };
    match token {
        Token::Dollar => text.strip_prefix('$'),
        Token::Sign => Some(
            text.strip_prefix('+')
                .unwrap_or_else(|| minus('-', is_negative)),
        ),
        Token::Minus => Some(minus('-', is_negative)),
        Token::OpenBracket => Some(minus('<', is_negative)),
        Token::CloseBracket if *is_negative => text.strip_prefix('>'),
        _ => Some(text),
    }
}

fn invalid(condition: &'static str, pattern: &str, rest: &str) -> Mismatch {
    Mismatch::new(
        condition,
        format!("The format is invalid: '{pattern}'. {rest}"),
    )
}

fn read(text: &str) -> Result<Vec<Token>, Mismatch> {
    if text.is_empty() {
        let rest = "The number format string cannot be empty.";
        return Err(invalid("INVALID_FORMAT.EMPTY", text, rest));
    }
    if !text.contains(['0', '9']) {
        let rest = "The format string requires at least one number digit.";
        return Err(invalid("INVALID_FORMAT.WRONG_NUM_DIGIT", text, rest));
    }
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let mut length = 1;
        let token = match character {
            '0' | '9' => {
                length = rest
                    .bytes()
                    .take_while(|it| matches!(it, b'0' | b'9'))
                    .count();
                Token::Digits {
                    count: length,
                    is_exact: character == '0',
                }
            }
            ',' | 'G' => Token::Thousands,
            '.' | 'D' => Token::Point,
            '$' => Token::Dollar,
            'S' => Token::Sign,
            'M' if rest.starts_with("MI") => {
                length = 2;
                Token::Minus
            }
            'P' if rest == "PR" => {
                length = 2;
                tokens.insert(0, Token::OpenBracket);
                Token::CloseBracket
            }
            _ => {
                let rest = format!(
                    "Found the unexpected character '{character}'' in the format string; {STRUCTURE}"
                );
                return Err(invalid("INVALID_FORMAT.UNEXPECTED_TOKEN", text, &rest));
            }
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    Ok(tokens)
}

/// Refuses parts that are too many or not in their place.
fn check(text: &str, tokens: &[Token]) -> Result<(), Mismatch> {
    let place = |token: Token| tokens.iter().position(|it| *it == token);
    let is_digits = |token: Option<&Token>| token.is_some_and(|it| it.digits().is_some());
    let point = place(Token::Point).unwrap_or(tokens.len());
    for (index, token) in tokens.iter().enumerate() {
        if *token != Token::Thousands {
            continue;
        }
        if index > point {
            let rest = "Thousands separators (, or G) may not appear after the decimal point in the number format.";
            return Err(invalid(
                "INVALID_FORMAT.THOUSANDS_SEPS_MUST_BEFORE_DEC",
                text,
                rest,
            ));
        }
        if !is_digits(index.checked_sub(1).and_then(|it| tokens.get(it)))
            || !is_digits(tokens.get(index + 1))
        {
            let rest = "Thousands separators (, or G) must have digits in between them in the number format.";
            return Err(invalid("INVALID_FORMAT.CONT_THOUSANDS_SEPS", text, rest));
        }
    }
    let names = [
        (Token::Point, ". or D"),
        (Token::Dollar, "$"),
        (Token::Sign, "S"),
        (Token::Minus, "MI"),
    ];
    for (token, name) in names {
        if tokens.iter().filter(|it| **it == token).count() > 1 {
            let rest = format!("At most one {name} is allowed in the number format.");
            return Err(invalid("INVALID_FORMAT.WRONG_NUM_TOKEN", text, &rest));
        }
    }
    let first_digits = tokens.iter().position(|it| it.digits().is_some());
    if place(Token::Dollar) > first_digits {
        let rest = "Currency characters must appear before digits in the number format.";
        return Err(invalid("INVALID_FORMAT.CUR_MUST_BEFORE_DIGIT", text, rest));
    }
    // Signs are at the ends, before the dollar or behind all.
    let number = |it: &Token| {
        matches!(
            it,
            Token::Digits { .. } | Token::Thousands | Token::Point | Token::Dollar
        )
    };
    let first = tokens.iter().position(number).unwrap_or(0);
    let last = tokens.iter().rposition(number).unwrap_or(0);
    let is_ordered =
        tokens[first..=last].iter().all(number) && first <= 1 && last + 2 >= tokens.len();
    if !is_ordered {
        let rest = format!("Found the unexpected digit sequence in the format string; {STRUCTURE}");
        return Err(invalid("INVALID_FORMAT.UNEXPECTED_TOKEN", text, &rest));
    }
    Ok(())
}
