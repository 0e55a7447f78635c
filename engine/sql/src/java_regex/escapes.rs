//! Characters behind a backslash.

use super::PatternError;
use super::flags::Flags;
use super::translate::Translator;

/// A character as a pattern of `fancy-regex`, also within a class.
pub(super) fn quoted(character: char) -> String {
    match character {
        // Some have a meaning behind a backslash.
        '<' | '>' | '_' => character.into(),
        _ if character.is_ascii_punctuation() => format!("\\{character}"),
        _ if character.is_control() => format!("\\x{{{:X}}}", u32::from(character)),
        _ => character.into(),
    }
}

impl Translator<'_> {
    /// The character of an escape that stands for one, with the letter behind the backslash read already; `None` of a
    /// letter that stands for something else.
    pub(super) fn escaped_character(&mut self, letter: char) -> Result<Option<char>, PatternError> {
        Ok(Some(match letter {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{C}',
            'a' => '\u{7}',
            'e' => '\u{1B}',
            '0' => self.octal()?,
            'x' => self.hexadecimal()?,
            'u' => self.utf16()?,
            'c' => {
                let control = self.next().filter(char::is_ascii);
                let control = control
                    .ok_or_else(|| PatternError::malformed("Illegal control escape sequence"))?;
                char::from(control as u8 ^ 64)
            }
            'N' => return Err(PatternError::unsupported("\\N{name}")),
            _ if letter.is_ascii_alphanumeric() => return Ok(None),
            _ => letter,
        }))
    }

    fn octal(&mut self) -> Result<char, PatternError> {
        let mut code = 0;
        let mut digits = 0;
        while let Some(digit) = self.peek().and_then(|it| it.to_digit(8)) {
            if digits == 3 || (digits == 2 && code > 0o37) {
                break;
            }
            code = code * 8 + digit;
            digits += 1;
            self.next();
        }
        let code = char::from_u32(code).filter(|_| digits > 0);
        code.ok_or_else(|| PatternError::malformed("Illegal octal escape sequence"))
    }

    fn hexadecimal(&mut self) -> Result<char, PatternError> {
        let error = || PatternError::malformed("Illegal hexadecimal escape sequence");
        let code = if self.eat('{') {
            let digits = self.until('}').ok_or_else(error)?;
            u32::from_str_radix(&digits, 16).ok()
        } else {
            self.digits(2)
        };
        code.and_then(char::from_u32).ok_or_else(error)
    }

    /// `\uD83D\uDE00` is one character.
    fn utf16(&mut self) -> Result<char, PatternError> {
        let error = || PatternError::malformed("Illegal Unicode escape sequence");
        let first = self.digits(4).ok_or_else(error)?;
        let mut units = vec![first as u16];
        if (0xD800..0xDC00).contains(&first) && self.eat_all("\\u") {
            units.push(self.digits(4).ok_or_else(error)? as u16);
        }
        let mut characters = char::decode_utf16(units);
        match (characters.next(), characters.next()) {
            (Some(Ok(character)), None) => Ok(character),
            _ => Err(PatternError::unsupported("half of a pair of surrogates")),
        }
    }

    /// A number of this many hexadecimal digits.
    fn digits(&mut self, count: usize) -> Option<u32> {
        (0..count).try_fold(0, |code, _| {
            let digit = self.next()?.to_digit(16)?;
            Some(code * 16 + digit)
        })
    }
}

/// A character that is matched, in either case if the flags say so.
pub(super) fn literal(character: char, flags: Flags) -> String {
    match (flags.ignore_case, flags.unicode_case) {
        (true, true) if matches!(character, 'i' | 'I' | 'İ' | 'ı') => "[iIİı]".into(),
        (true, true) if character.is_alphabetic() => format!("(?i:{})", quoted(character)),
        (true, false) if character.is_ascii_alphabetic() => format!(
            "[{}{}]",
            character.to_ascii_lowercase(),
            character.to_ascii_uppercase()
        ),
        _ => quoted(character),
    }
}
