//! Upper, lower and title case, as the languages of programs have them.
//!
//! Each has the tables of its version of Unicode, and leaves a letter as it is that got its other case later. The tables
//! of Rust are newer, and grow.

use crate::Profile;

/// A version of Unicode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unicode {
    /// Of Java 17.
    V13,
    /// Of Python 3.11.
    V14,
    /// Of ICU in Spark 4.
    V16,
}

/// The version of the language of a profile.
impl From<Profile> for Unicode {
    fn from(profile: Profile) -> Unicode {
        if profile.is_jvm() {
            Unicode::V13
        } else {
            Unicode::V14
        }
    }
}

/// A text in upper case.
pub fn upper(text: &str, unicode: Unicode) -> String {
    // Two letters had no capital before Unicode 16.
    let stays = |c: char| {
        is_newer(c, unicode) || (unicode < Unicode::V16 && matches!(c, '\u{264}' | '\u{19B}'))
    };
    change(text, stays, str::to_uppercase)
}

/// A text in lower case.
pub fn lower(text: &str, unicode: Unicode) -> String {
    change(text, |c| is_newer(c, unicode), str::to_lowercase)
}

/// A letter in lower case as the first of a word. Java 17 makes one character of one, ICU also two.
pub fn title(letter: char, unicode: Unicode) -> String {
    let code = u32::from(letter);
    let titled = match code {
        0x1C6 | 0x1C9 | 0x1CC | 0x1F3 => code - 1,
        0x1F80..=0x1F87 | 0x1F90..=0x1F97 | 0x1FA0..=0x1FA7 => code + 8,
        0x1FB3 | 0x1FC3 | 0x1FF3 => code + 9,
        // Georgian letters have capitals, but no titles.
        0x10D0..=0x10FF => code,
        // Java sees half of a pair of UTF-16 units.
        0x1_0000.. if unicode < Unicode::V16 => code,
        _ => {
            let upper = upper(letter.encode_utf8(&mut [0; 4]), unicode);
            let mut letters = upper.chars();
            return match (letters.next(), letters.as_str()) {
                (Some(first), rest) if unicode >= Unicode::V16 => {
                    format!("{first}{}", rest.to_lowercase())
                }
                (Some(_), "") => upper,
                _ => letter.into(),
            };
        }
    };
    char::from_u32(titled).unwrap_or(letter).into()
}

/// Changes all but the letters that stay. Where one stands, a word ends: a final sigma is one before it, too, as a
/// character that is not assigned yet has no case.
fn change(text: &str, stays: impl Fn(char) -> bool, change: fn(&str) -> String) -> String {
    if !text.chars().any(&stays) {
        return change(text);
    }
    let mut changed = String::with_capacity(text.len());
    for part in text.split_inclusive(&stays) {
        let kept = part.chars().next_back().filter(|c| stays(*c));
        let rest = &part[..part.len() - kept.map_or(0, char::len_utf8)];
        changed.push_str(&change(rest));
        changed.extend(kept);
    }
    changed
}

/// True if a letter is in a pair of cases that is newer.
fn is_newer(c: char, unicode: Unicode) -> bool {
    match c {
        // Unicode 14.
        '\u{2C2F}'
        | '\u{2C5F}'
        | '\u{A7C0}'..='\u{A7C1}'
        | '\u{A7D0}'..='\u{A7D1}'
        | '\u{A7D6}'..='\u{A7D9}'
        | '\u{10570}'..='\u{105BC}' => unicode < Unicode::V14,
        // Unicode 16.
        '\u{1C89}'..='\u{1C8A}'
        | '\u{A7CB}'..='\u{A7CD}'
        | '\u{A7DA}'..='\u{A7DC}'
        | '\u{10D50}'..='\u{10D65}'
        | '\u{10D70}'..='\u{10D85}' => unicode < Unicode::V16,
        // Unicode 17.
        '\u{A7CE}'..='\u{A7CF}' | '\u{A7D2}'..='\u{A7D5}' | '\u{16EA0}'..='\u{16ED3}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The characters that a function changes: their number, and the sum of their codes and of those of the result.
    fn changed(change: fn(&str, Unicode) -> String, unicode: Unicode) -> [u64; 3] {
        let mut changed = [0; 3];
        for c in '\0'..=char::MAX {
            let other = change(c.encode_utf8(&mut [0; 4]), unicode);
            if other.chars().ne([c]) {
                let codes = other.chars().map(u64::from).sum::<u64>();
                changed[0] += 1;
                changed[1] += u64::from(c);
                changed[2] += codes;
            }
        }
        changed
    }

    /// As `str.upper` and `str.lower` of Python 3.11 and `String.toUpperCase` and `toLowerCase` of Java 17 have them.
    #[test]
    fn all_characters_have_the_case_of_the_language() {
        let python = Unicode::V14;
        assert_eq!(changed(upper, python), [1_525, 36_239_395, 32_580_786]);
        assert_eq!(changed(lower, python), [1_433, 32_222_311, 34_914_946]);
        assert_eq!(
            changed(upper, Unicode::V13),
            [1_485, 33_711_719, 30_054_527]
        );
        assert_eq!(
            changed(lower, Unicode::V13),
            [1_393, 29_696_052, 32_387_270]
        );
    }

    #[test]
    fn letters_of_a_newer_unicode_stay_as_they_are() {
        let newer = "a\u{264}b\u{19B}\u{1C8A}c";
        assert_eq!(upper(newer, Unicode::V14), "A\u{264}B\u{19B}\u{1C8A}C");
        assert_eq!(lower("A\u{A7CB}B", Unicode::V14), "a\u{A7CB}b");
        assert_eq!(upper("a\u{2C5F}", Unicode::V14), "A\u{2C2F}");
        assert_eq!(upper("a\u{2C5F}", Unicode::V13), "A\u{2C5F}");
    }

    #[test]
    fn a_sigma_is_final_at_the_end_of_a_word() {
        assert_eq!(lower("\u{391}\u{3A3}", Unicode::V14), "\u{3B1}\u{3C2}");
        assert_eq!(
            lower("\u{391}\u{3A3}\u{1C89}", Unicode::V14),
            "\u{3B1}\u{3C2}\u{1C89}"
        );
        assert_eq!(
            lower("\u{391}\u{3A3}\u{19B}", Unicode::V14),
            "\u{3B1}\u{3C3}\u{19B}"
        );
    }
}
