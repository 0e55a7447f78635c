//! Numbers as they are written: `1`, `1L`, `1.5BD`, `1e3`.

/// A number in its parts.
pub(super) struct Written<'a> {
    /// Its digits, with a point and an exponent if it has them.
    pub(super) digits: &'a str,
    /// There is a point in it.
    pub(super) has_point: bool,
    /// There is an exponent in it.
    pub(super) has_exponent: bool,
    /// The letters at the end.
    pub(super) suffix: &'a str,
}

/// The parts of a number; `None` if the text is none.
pub(super) fn written(text: &str) -> Option<Written<'_>> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let mut end = whole;
    let has_point = text[end..].starts_with('.');
    if has_point {
        end += 1 + digits(&text[end + 1..]);
    }
    if whole == 0 && end < 2 {
        return None;
    }
    let mut has_exponent = false;
    if let Some(exponent) = text[end..].strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let count = digits(&exponent[sign..]);
        if count > 0 {
            has_exponent = true;
            end += 1 + sign + count;
        }
    }
    let (digits, suffix) = text.split_at(end);
    let is_whole = !has_point && !has_exponent;
    let is_known = match suffix.to_ascii_uppercase().as_str() {
        "" | "D" | "F" | "BD" => true,
        "L" | "S" | "Y" => is_whole,
        _ => false,
    };
    is_known.then_some(Written {
        digits,
        has_point,
        has_exponent,
        suffix,
    })
}

/// Returns true of a number, its suffix included.
pub(super) fn is_number(text: &str) -> bool {
    written(text).is_some()
}

/// Returns true of a name, which may begin with digits, if not of digits alone.
pub(super) fn is_name(text: &str) -> bool {
    text.chars()
        .all(|character| character.is_alphanumeric() || character == '_')
}
