//! A pattern of Java as one of `fancy-regex`.

use std::iter::Peekable;
use std::str::Chars;

use super::PatternError;
use super::escapes::{literal, quoted};
use super::flags::Flags;
use super::properties::predefined;

/// A letter or a digit, as `\b` has it in JDK 17.
const WORD: &str = r"[\p{L}\p{Nd}_]";

/// A pattern that means the same, with all groups numbered.
pub(super) struct Translated {
    pub(super) pattern: String,
    pub(super) groups: usize,
    pub(super) names: Vec<(String, usize)>,
}

/// The state of a translation.
pub(super) struct Translator<'a> {
    rest: Peekable<Chars<'a>>,
    pub(super) flags: Flags,
    groups: usize,
    names: Vec<(String, usize)>,
    /// The number of groups that look behind around this place.
    behind: usize,
}

/// Translates a pattern.
pub(super) fn translate(pattern: &str) -> Result<Translated, PatternError> {
    let mut translator = Translator {
        rest: pattern.chars().peekable(),
        flags: Flags::default(),
        groups: 0,
        names: Vec::new(),
        behind: 0,
    };
    let pattern = translator.alternatives()?;
    if translator.next().is_some() {
        return Err(PatternError::malformed("Unmatched closing ')'"));
    }
    Ok(Translated {
        pattern,
        groups: translator.groups,
        names: translator.names,
    })
}

impl Translator<'_> {
    pub(super) fn peek(&mut self) -> Option<char> {
        self.rest.peek().copied()
    }

    pub(super) fn peek_second(&self) -> Option<char> {
        self.rest.clone().nth(1)
    }

    pub(super) fn next(&mut self) -> Option<char> {
        self.rest.next()
    }

    pub(super) fn eat(&mut self, character: char) -> bool {
        self.rest.next_if_eq(&character).is_some()
    }

    pub(super) fn eat_all(&mut self, text: &str) -> bool {
        let mut ahead = self.rest.clone();
        let is_there = text
            .chars()
            .all(|character| ahead.next() == Some(character));
        if is_there {
            self.rest = ahead;
        }
        is_there
    }

    /// The text before this character, which is read, too; `None` if it does not come.
    pub(super) fn until(&mut self, end: char) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.next()? {
                character if character == end => return Some(text),
                character => text.push(character),
            }
        }
    }

    /// The text of `\Q..\E`, whose `\Q` was read already.
    pub(super) fn quotation(&mut self) -> String {
        let mut text = String::new();
        while !self.eat_all("\\E") {
            match self.next() {
                Some(character) => text.push(character),
                None => break,
            }
        }
        text
    }

    /// Skips blanks and comments, where they do not count.
    pub(super) fn skip_comments(&mut self) {
        while self.flags.comments {
            match self.peek() {
                Some(' ' | '\t'..='\r') => {
                    self.next();
                }
                Some('#') => while self.next().is_some_and(|it| !matches!(it, '\n' | '\r')) {},
                _ => break,
            }
        }
    }

    /// All up to the end of the group.
    fn alternatives(&mut self) -> Result<String, PatternError> {
        let mut pattern = String::new();
        loop {
            self.skip_comments();
            match self.peek() {
                None | Some(')') => return Ok(pattern),
                Some('|') => {
                    self.next();
                    pattern.push('|');
                }
                Some(_) => {
                    let is_group = self.peek() == Some('(');
                    let atom = self.atom()?;
                    let quantified = self.quantified(atom, is_group)?;
                    pattern.push_str(&quantified);
                }
            }
        }
    }

    fn atom(&mut self) -> Result<String, PatternError> {
        Ok(match self.next() {
            Some('(') => self.group()?,
            Some('[') => self.class()?,
            Some('.') => self.flags.dot().to_owned(),
            Some('^') => self.flags.line_start().to_owned(),
            Some('$') => self.flags.line_end().to_owned(),
            Some('\\') => self.escape()?,
            Some(sign @ ('*' | '+' | '?')) => {
                return Err(PatternError::malformed(format!(
                    "Dangling meta character '{sign}'"
                )));
            }
            Some('{') => return Err(PatternError::malformed("Illegal repetition")),
            Some(character) => literal(character, self.flags),
            None => String::new(),
        })
    }

    /// The atom with the quantifiers behind it. A possessive one gives nothing back.
    fn quantified(&mut self, atom: String, is_group: bool) -> Result<String, PatternError> {
        self.skip_comments();
        let quantifier = match self.peek() {
            Some(sign @ ('*' | '+' | '?')) => {
                self.next();
                // Java finds no end to a group that is repeated, but to a character that is.
                let is_greedy = !matches!(self.peek(), Some('?' | '+'));
                self.check_length(sign != '?' && (is_group || !is_greedy))?;
                sign.to_string()
            }
            Some('{') => self.counted()?,
            _ => return Ok(atom),
        };
        // Of an empty text there is nothing to repeat.
        let atom = if atom.is_empty() { "(?:)" } else { &atom };
        Ok(if self.eat('+') {
            format!("(?>{atom}{quantifier})")
        } else if self.eat('?') {
            format!("{atom}{quantifier}?")
        } else {
            format!("{atom}{quantifier}")
        })
    }

    fn counted(&mut self) -> Result<String, PatternError> {
        self.next();
        let least = self.count()?;
        let most = if !self.eat(',') {
            Some(least)
        } else if self.peek().is_some_and(|it| it.is_ascii_digit()) {
            Some(self.count()?)
        } else {
            None
        };
        if !self.eat('}') {
            return Err(PatternError::malformed("Unclosed counted closure"));
        }
        self.check_length(most.is_none())?;
        match most {
            Some(most) if most < least => Err(PatternError::malformed("Illegal repetition range")),
            Some(most) => Ok(format!("{{{least},{most}}}")),
            None => Ok(format!("{{{least},}}")),
        }
    }

    fn count(&mut self) -> Result<u32, PatternError> {
        let mut digits = String::new();
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        if digits.is_empty() {
            return Err(PatternError::malformed("Illegal repetition"));
        }
        digits
            .parse()
            .map_err(|_| PatternError::malformed("Illegal repetition range"))
    }

    fn check_length(&self, is_unbounded: bool) -> Result<(), PatternError> {
        if is_unbounded && self.behind > 0 {
            return Err(PatternError::malformed(
                "Look-behind group does not have an obvious maximum length",
            ));
        }
        Ok(())
    }

    /// A group whose parenthesis was read already.
    fn group(&mut self) -> Result<String, PatternError> {
        let flags = self.flags;
        let mut behind = 0;
        let start = if self.eat('?') {
            match self.next() {
                Some(':') => "(?:",
                Some('=') => "(?=",
                Some('!') => "(?!",
                Some('>') => "(?>",
                Some('<') if self.eat('=') => {
                    behind = 1;
                    "(?<="
                }
                Some('<') if self.eat('!') => {
                    behind = 1;
                    "(?<!"
                }
                Some('<') => {
                    self.name_group()?;
                    "("
                }
                Some(letter) => {
                    if self.inline_flags(letter)? {
                        // They hold up to the end of the group around.
                        return Ok(String::new());
                    }
                    "(?:"
                }
                None => return Err(PatternError::malformed("Unknown inline modifier")),
            }
        } else {
            self.groups += 1;
            "("
        };
        self.behind += behind;
        let inner = self.alternatives()?;
        self.behind -= behind;
        self.flags = flags;
        if !self.eat(')') {
            return Err(PatternError::malformed("Unclosed group"));
        }
        Ok(format!("{start}{inner})"))
    }

    fn name_group(&mut self) -> Result<(), PatternError> {
        let name = self.group_name()?;
        if self.names.iter().any(|(known, _)| *known == name) {
            return Err(PatternError::malformed(format!(
                "Named capturing group <{name}> is already defined"
            )));
        }
        self.groups += 1;
        self.names.push((name, self.groups));
        Ok(())
    }

    fn group_name(&mut self) -> Result<String, PatternError> {
        if !self.peek().is_some_and(|it| it.is_ascii_alphabetic()) {
            return Err(PatternError::malformed(
                "capturing group name does not start with a Latin letter",
            ));
        }
        let mut name = String::new();
        while let Some(letter) = self.rest.next_if(char::is_ascii_alphanumeric) {
            name.push(letter);
        }
        if !self.eat('>') {
            return Err(PatternError::malformed(
                "named capturing group is missing trailing '>'",
            ));
        }
        Ok(name)
    }

    /// Sets flags; returns true if they are a group of their own: `(?i)`, not `(?i:..)`.
    fn inline_flags(&mut self, first: char) -> Result<bool, PatternError> {
        let mut on = true;
        let mut letter = Some(first);
        loop {
            match letter {
                Some(')') => return Ok(true),
                Some(':') => return Ok(false),
                Some('-') if on => on = false,
                Some(letter) => self.flags.set(letter, on)?,
                None => return Err(PatternError::malformed("Unknown inline modifier")),
            }
            letter = self.next();
        }
    }

    /// An escape whose backslash was read already.
    fn escape(&mut self) -> Result<String, PatternError> {
        let Some(letter) = self.next() else {
            return Err(PatternError::malformed("Unexpected internal error"));
        };
        if let Some(class) = predefined(letter, self.flags) {
            return Ok(class.to_owned());
        }
        Ok(match letter {
            'A' => r"\A".to_owned(),
            'z' => r"\z".to_owned(),
            'Z' => self.flags.last_line_end().to_owned(),
            'b' if self.peek() == Some('{') => return Err(PatternError::unsupported("\\b{g}")),
            'b' => format!("(?:(?<={WORD})(?!{WORD})|(?<!{WORD})(?={WORD}))"),
            'B' => format!("(?:(?<={WORD})(?={WORD})|(?<!{WORD})(?!{WORD}))"),
            'R' => r"(?>\r\n|[\n\x0B\f\r\x{85}\x{2028}\x{2029}])".to_owned(),
            'X' | 'G' => return Err(PatternError::unsupported(format!("\\{letter}"))),
            'Q' => {
                let quotation: Vec<char> = self.quotation().chars().collect();
                let flags = self.flags;
                let Some((last, before)) = quotation.split_last() else {
                    return Ok(String::new());
                };
                let before: String = before.iter().map(|it| literal(*it, flags)).collect();
                // A quantifier is of the last character alone.
                return Ok(before + &self.quantified(literal(*last, flags), false)?);
            }
            'p' | 'P' => self.property(letter)?,
            'k' => {
                if !self.eat('<') {
                    return Err(PatternError::malformed(
                        "\\k is not followed by '<' for named capturing group",
                    ));
                }
                let name = self.group_name()?;
                let group = self.names.iter().find(|(known, _)| *known == name);
                let group = group.map(|(_, group)| *group).ok_or_else(|| {
                    PatternError::malformed(format!(
                        "named capturing group <{name}> does not exist"
                    ))
                })?;
                self.reference(group)
            }
            '1'..='9' => {
                let mut group = letter.to_digit(10).unwrap_or(0) as usize;
                while let Some(digit) = self.peek().and_then(|it| it.to_digit(10)) {
                    let longer = group * 10 + digit as usize;
                    if longer > self.groups {
                        break;
                    }
                    group = longer;
                    self.next();
                }
                self.reference(group)
            }
            _ => match self.escaped_character(letter)? {
                Some(character) if letter.is_ascii_alphanumeric() => quoted(character),
                Some(character) => literal(character, self.flags),
                None => {
                    return Err(PatternError::malformed(
                        "Illegal/unsupported escape sequence",
                    ));
                }
            },
        })
    }

    /// The text of a group again. One that is not there yet matches nothing.
    fn reference(&self, group: usize) -> String {
        match group > self.groups {
            true => "(?!)".to_owned(),
            false if self.flags.ignore_case => format!("(?i:\\{group})"),
            false => format!("(?:\\{group})"),
        }
    }
}
