//! Classes of characters in brackets: unions, intersections, negations.

use super::PatternError;
use super::escapes::quoted;
use super::properties::{predefined, property};
use super::translate::Translator;

/// One part of a class.
enum Part {
    /// A character, which a range may begin with.
    Character(char),
    /// A class.
    Class(String),
}

impl Translator<'_> {
    /// A class whose bracket was read already.
    pub(super) fn class(&mut self) -> Result<String, PatternError> {
        let class = self.nested_class()?;
        let flags = self.flags;
        Ok(if flags.ignore_case && flags.unicode_case {
            format!("(?i:{class})")
        } else {
            class
        })
    }

    fn nested_class(&mut self) -> Result<String, PatternError> {
        let unclosed = || PatternError::malformed("Unclosed character class");
        let mut class = String::from(if self.eat('^') { "[^" } else { "[" });
        let mut is_first = true;
        loop {
            self.skip_comments();
            match self.next().ok_or_else(unclosed)? {
                ']' if !is_first => break,
                '[' => class.push_str(&self.nested_class()?),
                '&' if self.peek() == Some('&') => {
                    while self.eat('&') {}
                    if is_first || self.peek() == Some(']') {
                        continue;
                    }
                    class.push_str("&&");
                    continue;
                }
                character => {
                    let part = self.part(character)?;
                    class.push_str(&self.range(part)?);
                }
            }
            is_first = false;
        }
        class.push(']');
        Ok(class)
    }

    fn part(&mut self, character: char) -> Result<Part, PatternError> {
        if character != '\\' {
            return Ok(Part::Character(character));
        }
        let unclosed = || PatternError::malformed("Unclosed character class");
        let letter = self.next().ok_or_else(unclosed)?;
        if let Some(class) = predefined(letter, self.flags) {
            return Ok(Part::Class(class.to_owned()));
        }
        match letter {
            'p' | 'P' => self.property(letter).map(Part::Class),
            'Q' => {
                let quote = self.quotation();
                let quote = quote.chars().map(|it| self.single(it));
                Ok(Part::Class(format!("[{}]", quote.collect::<String>())))
            }
            _ => match self.escaped_character(letter)? {
                Some(character) => Ok(Part::Character(character)),
                None => Err(PatternError::malformed(
                    "Illegal/unsupported escape sequence",
                )),
            },
        }
    }

    /// A part, or the range that begins with it.
    fn range(&mut self, part: Part) -> Result<String, PatternError> {
        let first = match part {
            Part::Class(class) => return Ok(class),
            Part::Character(first) => first,
        };
        if self.peek() != Some('-') || matches!(self.peek_second(), None | Some(']' | '[')) {
            return Ok(self.single(first));
        }
        self.next();
        let end = self.next().unwrap_or(first);
        let Part::Character(last) = self.part(end)? else {
            return Err(PatternError::malformed("Illegal character range"));
        };
        if last < first {
            return Err(PatternError::malformed("Illegal character range"));
        }
        let mut range = format!("{}-{}", quoted(first), quoted(last));
        if self.flags.ignore_case && !self.flags.unicode_case {
            for (lowest, highest) in [('a', 'z'), ('A', 'Z')] {
                let from = first.max(lowest);
                let to = last.min(highest);
                if from <= to {
                    let other = |it: char| char::from(it as u8 ^ 0x20);
                    range.extend([other(from), '-', other(to)]);
                }
            }
        }
        Ok(range)
    }

    /// One character of a class, in either case if the flags say so.
    fn single(&self, character: char) -> String {
        let flags = self.flags;
        if flags.ignore_case && !flags.unicode_case && character.is_ascii_alphabetic() {
            return [character, char::from(character as u8 ^ 0x20)]
                .iter()
                .collect();
        }
        quoted(character)
    }

    /// A property whose `\p` or `\P` was read already.
    pub(super) fn property(&mut self, letter: char) -> Result<String, PatternError> {
        let unclosed = || PatternError::malformed("Unclosed character family");
        let name = if self.eat('{') {
            let name = self.until('}').ok_or_else(unclosed)?;
            if name.is_empty() {
                return Err(PatternError::malformed("Empty character family"));
            }
            name
        } else {
            self.next().ok_or_else(unclosed)?.to_string()
        };
        let class = property(&name, self.flags)?;
        Ok(if letter == 'P' {
            format!("[^{class}]")
        } else {
            class
        })
    }
}
