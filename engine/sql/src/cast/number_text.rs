//! Numbers as Spark and Java read them.

/// A text without white space and control characters at its ends (`UTF8String.trimAll`).
pub(crate) fn trim_all(text: &str) -> &str {
    text.trim_matches(|it: char| it <= ' ' || it == '\u{7f}')
}

/// A whole number (`UTF8String.toLong`): digits with a sign. With `is_lenient` a fraction is cut off, and there may be no
/// digit before the point or after.
pub(crate) fn whole_number(text: &str, is_lenient: bool) -> Option<i64> {
    let text = trim_all(text);
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) if is_lenient => (whole, fraction),
        Some(_) => return None,
        None if digits.is_empty() => return None,
        None => (digits, ""),
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    if whole.is_empty() {
        return Some(0);
    }
    let sign = &text[..text.len() - digits.len()];
    format!("{sign}{whole}").parse().ok()
}

/// A number (`Double.parseDouble`, and the special names that `Cast` adds).
pub(super) fn double(text: &str) -> Option<f64> {
    match written(text)? {
        Written::Decimal(number) => number.parse().ok(),
        Written::Other(number) => Some(number),
    }
}

/// A number of 32 bits (`Float.parseFloat`).
pub(super) fn float(text: &str) -> Option<f32> {
    match written(text)? {
        Written::Decimal(number) => number.parse().ok(),
        Written::Other(number) => Some(number as f32),
    }
}

/// A number as `Double.parseDouble` has it alone.
pub(crate) fn java_double(text: &str) -> Option<f64> {
    double(text).filter(|number| number.is_finite() || is_of_java(text))
}

/// A number as `Float.parseFloat` has it alone.
pub(crate) fn java_float(text: &str) -> Option<f32> {
    float(text).filter(|number| number.is_finite() || is_of_java(text))
}

/// True unless a name stands there that Java does not have: digits may be too many, too.
fn is_of_java(text: &str) -> bool {
    let name = text.trim().trim_start_matches(['+', '-']);
    matches!(name, "NaN" | "Infinity")
        || name.starts_with(|it: char| it.is_ascii_digit() || it == '.')
}

enum Written<'a> {
    /// Digits with a sign, a point and an exponent.
    Decimal(&'a str),
    /// A number by its name, or in hexadecimal digits.
    Other(f64),
}

fn written(text: &str) -> Option<Written<'_>> {
    let text = text.trim_matches(|it: char| it <= ' ');
    let name = text.to_lowercase();
    match name.strip_prefix(['+', '-']).unwrap_or(&name) {
        "inf" | "infinity" if name.starts_with('-') => {
            return Some(Written::Other(f64::NEG_INFINITY));
        }
        "inf" | "infinity" => return Some(Written::Other(f64::INFINITY)),
        _ => {}
    }
    if name == "nan" || text == "+NaN" || text == "-NaN" {
        return Some(Written::Other(f64::NAN));
    }
    // Java's literals may say that they are a `float` or a `double`.
    let number = text.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(text);
    if is_decimal(number) {
        return Some(Written::Decimal(number));
    }
    hexadecimal(number).map(Written::Other)
}

fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_exponent = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !digits.is_empty() && are_digits(digits)
    });
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    is_exponent && are_digits(whole) && are_digits(fraction) && whole.len() + fraction.len() > 0
}

/// `0x1.8p3`: the exponent is a power of two.
fn hexadecimal(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = unsigned
        .strip_prefix("0x")
        .or(unsigned.strip_prefix("0X"))?;
    let (mantissa, exponent) = digits.split_once(['p', 'P'])?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    // More digits than a number has bits are no use.
    if digits.len() > 15 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mantissa = u64::from_str_radix(&digits, 16).ok()? as f64;
    let exponent = exponent.parse::<i32>().ok()?;
    let exponent = exponent.saturating_sub(4 * fraction.len() as i32);
    let size = mantissa * 2_f64.powi(exponent);
    Some(if text.starts_with('-') { -size } else { size })
}
