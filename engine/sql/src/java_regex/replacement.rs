//! Replacements of matches: `$1`, `${name}`, and characters behind a backslash.

use engine::Failure;
use fancy_regex::Captures;

use super::JavaRegex;

/// The reason why a match cannot be replaced (`Matcher.appendReplacement`).
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ReplacementError {
    /// The replacement is malformed, with Java's message.
    Malformed(String),
    /// The search failed.
    Failed(Failure),
}

impl JavaRegex {
    /// Replaces all matches. The replacement is read for the first of them.
    pub(crate) fn replace_all(
        &self,
        text: &str,
        replacement: &str,
    ) -> Result<String, ReplacementError> {
        let mut replaced = String::new();
        let mut start = 0;
        for found in self.all(text) {
            let found = found.map_err(ReplacementError::Failed)?;
            let Some(whole) = found.get(0) else { continue };
            replaced.push_str(&text[start..whole.start()]);
            let append = self.append(replacement, &found, &mut replaced);
            append.map_err(ReplacementError::Malformed)?;
            start = whole.end();
        }
        replaced.push_str(&text[start..]);
        Ok(replaced)
    }

    fn append(
        &self,
        replacement: &str,
        found: &Captures<'_, str>,
        out: &mut String,
    ) -> Result<(), String> {
        let mut rest = replacement.chars().peekable();
        while let Some(character) = rest.next() {
            let group = match character {
                '\\' => {
                    out.push(rest.next().ok_or("character to be escaped is missing")?);
                    continue;
                }
                '$' => match rest.next() {
                    None => return Err("Illegal group reference: group index is missing".into()),
                    Some('{') => {
                        let mut name = String::new();
                        while let Some(letter) = rest.next_if(char::is_ascii_alphanumeric) {
                            name.push(letter);
                        }
                        self.named(&name, rest.next() == Some('}'))?
                    }
                    Some(digit) => {
                        let digit = digit.to_digit(10).ok_or("Illegal group reference")?;
                        let mut group = digit as usize;
                        if group > self.groups {
                            return Err(format!("No group {group}"));
                        }
                        while let Some(digit) = rest.peek().and_then(|it| it.to_digit(10)) {
                            let longer = group * 10 + digit as usize;
                            if longer > self.groups {
                                break;
                            }
                            group = longer;
                            rest.next();
                        }
                        group
                    }
                },
                _ => {
                    out.push(character);
                    continue;
                }
            };
            out.push_str(found.get(group).map_or("", |group| group.as_str()));
        }
        Ok(())
    }

    fn named(&self, name: &str, is_closed: bool) -> Result<usize, String> {
        if name.is_empty() {
            return Err("named capturing group is missing trailing '}'".into());
        }
        if !is_closed {
            return Err("named capturing group is missing trailing '}'".into());
        }
        if name.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(format!(
                "capturing group name {{{name}}} starts with digit character"
            ));
        }
        let group = self.names.iter().find(|(known, _)| known == name);
        let group = group.map(|(_, group)| *group);
        group.ok_or_else(|| format!("No group with name {{{name}}}"))
    }
}
