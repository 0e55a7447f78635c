//! The text that a string stands for (`org.apache.spark.sql.catalyst.util.SparkParserUtils.unescapeSQLString`).

/// The text of a string in its quotes, which may have an `r` before it. A quote that is written twice is one if
/// `keeps_quotes`; else it ends a string and begins the next.
pub(super) fn unescaped(written: &str, keeps_quotes: bool) -> String {
    if let Some(raw) = written.strip_prefix(['r', 'R']) {
        return raw.get(1..raw.len() - 1).unwrap_or_default().to_owned();
    }
    let quote = written.chars().next().unwrap_or('\'');
    let inner = written.get(1..written.len() - 1).unwrap_or_default();
    let mut units: Vec<u16> = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        if first == '\\' {
            length += escape(&rest[1..], &mut units);
        } else if first == quote && rest[1..].starts_with(quote) {
            length += 1;
            if keeps_quotes {
                push(quote, &mut units);
            }
        } else {
            push(first, &mut units);
        }
        rest = &rest[length..];
    }
    let characters = char::decode_utf16(units);
    // Java encodes half of a surrogate pair as `?`.
    characters
        .map(|character| character.unwrap_or('?'))
        .collect()
}

/// Appends what an escape stands for, and returns its length without the backslash.
fn escape(rest: &str, units: &mut Vec<u16>) -> usize {
    if let Some(code) = hexadecimal(rest, 'u', 4) {
        units.push(code as u16);
        return 5;
    }
    if let Some(character) = hexadecimal(rest, 'U', 8).and_then(char::from_u32) {
        push(character, units);
        return 9;
    }
    if let Some(code) = octal(rest) {
        units.push(code);
        return 3;
    }
    let Some(character) = rest.chars().next() else {
        push('\\', units);
        return 0;
    };
    match character {
        '0' => push('\0', units),
        'b' => push('\u{8}', units),
        'n' => push('\n', units),
        'r' => push('\r', units),
        't' => push('\t', units),
        'Z' => push('\u{1a}', units),
        // They stay as they are, for `LIKE`.
        '%' | '_' => {
            push('\\', units);
            push(character, units);
        }
        _ => push(character, units),
    }
    character.len_utf8()
}

fn hexadecimal(rest: &str, mark: char, length: usize) -> Option<u32> {
    let digits = rest.strip_prefix(mark)?.get(..length)?;
    let is_digits = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_digits.then(|| u32::from_str_radix(digits, 16).ok())?
}

/// Three octal digits of which the first is 0 or 1.
fn octal(rest: &str) -> Option<u16> {
    let digits = rest.get(..3)?;
    let is_digits = digits.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
    (is_digits && digits < "2").then(|| u16::from_str_radix(digits, 8).ok())?
}

fn push(character: char, units: &mut Vec<u16>) {
    units.extend_from_slice(character.encode_utf16(&mut [0; 2]));
}
