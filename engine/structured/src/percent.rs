//! Names of files in which some characters stand as `%` and their number.

use std::fmt::Write;

/// The name with each character that is to be escaped, an ASCII one, as `%` and its number: `%20`.
pub(crate) fn percent_encoded(name: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if is_escaped(character) {
            let _ = write!(text, "%{:02X}", u32::from(character));
        } else {
            text.push(character);
        }
    }
    text
}
