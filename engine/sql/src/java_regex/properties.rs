//! Classes of characters with a name: `\w`, `\p{Lu}`, `\p{IsGreek}`.

use fancy_regex::Regex;

use super::PatternError;
use super::flags::Flags;

/// The class of a letter behind a backslash: `d`, `W`, ...
pub(super) fn predefined(letter: char, flags: Flags) -> Option<&'static str> {
    Some(match (letter, flags.unicode_classes) {
        ('d', false) => "[0-9]",
        ('D', false) => "[^0-9]",
        ('w', false) => "[a-zA-Z0-9_]",
        ('W', false) => "[^a-zA-Z0-9_]",
        ('s', false) => r"[ \t\n\x0B\f\r]",
        ('S', false) => r"[^ \t\n\x0B\f\r]",
        ('d', true) => r"[\p{Nd}]",
        ('D', true) => r"[^\p{Nd}]",
        ('w', true) => r"[\w]",
        ('W', true) => r"[^\w]",
        ('s', true) => r"[\p{White_Space}]",
        ('S', true) => r"[^\p{White_Space}]",
        ('h', _) => r"[ \t\x{A0}\x{1680}\x{180E}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]",
        ('H', _) => r"[^ \t\x{A0}\x{1680}\x{180E}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]",
        ('v', _) => r"[\n\x0B\f\r\x{85}\x{2028}\x{2029}]",
        ('V', _) => r"[^\n\x0B\f\r\x{85}\x{2028}\x{2029}]",
        _ => return None,
    })
}

/// The class of a property by its name in braces, without a negation.
pub(super) fn property(name: &str, flags: Flags) -> Result<String, PatternError> {
    if let Some((key, value)) = name.split_once('=') {
        return match key.to_ascii_lowercase().as_str() {
            "sc" | "script" => script(value, name),
            "gc" | "general_category" => category(value).ok_or_else(|| unknown(name)),
            "blk" | "block" => block(value, name),
            _ => Err(unknown(name)),
        };
    }
    if let Some(value) = name.strip_prefix("Is") {
        let found = binary(value).map(str::to_owned).or_else(|| category(value));
        return found.map_or_else(|| script(value, name), Ok);
    }
    if let Some(value) = name.strip_prefix("In") {
        return block(value, name);
    }
    let found = posix(name, flags).or_else(|| of_java(name));
    if found.is_none() && name.starts_with("java") {
        return Err(PatternError::unsupported(format!("\\p{{{name}}}")));
    }
    let found = found.map(str::to_owned).or_else(|| category(name));
    found.ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> PatternError {
    PatternError::malformed(format!("Unknown character property name {{{name}}}"))
}

fn posix(name: &str, flags: Flags) -> Option<&'static str> {
    let ignore_case = flags.ignore_case;
    Some(match (name, flags.unicode_classes) {
        ("Lower" | "Upper", false) if ignore_case => "[a-zA-Z]",
        ("Lower", false) => "[a-z]",
        ("Upper", false) => "[A-Z]",
        ("Alpha", false) => "[a-zA-Z]",
        ("Digit", false) => "[0-9]",
        ("Alnum", false) => "[a-zA-Z0-9]",
        ("Punct", false) => r"[!-/:-@\[-`{-~]",
        ("Space", false) => r"[ \t\n\x0B\f\r]",
        ("Graph", false) => "[!-~]",
        ("Print", false) => "[ -~]",
        ("Blank", false) => r"[ \t]",
        ("Cntrl", false) => r"[\x00-\x1F\x7F]",
        ("XDigit", false) => "[0-9a-fA-F]",
        ("Lower", true) => r"[\p{Lowercase}]",
        ("Upper", true) => r"[\p{Uppercase}]",
        ("Alpha", true) => r"[\p{Alphabetic}]",
        ("Digit", true) => r"[\p{Nd}]",
        ("Alnum", true) => r"[\p{Alphabetic}\p{Nd}]",
        ("Punct", true) => r"[\p{P}]",
        ("Space", true) => r"[\p{White_Space}]",
        ("Blank", true) => r"[\p{Zs}\t]",
        ("Cntrl", true) => r"[\p{Cc}]",
        ("XDigit", true) => r"[\p{Nd}\p{Hex_Digit}]",
        ("ASCII", _) => r"[\x00-\x7F]",
        ("L1", _) => r"[\x00-\x{FF}]",
        ("all", _) => r"[\x00-\x{10FFFF}]",
        ("LC", _) => r"[\p{Lu}\p{Ll}\p{Lt}]",
        ("LD", _) => r"[\p{L}\p{Nd}]",
        _ => return None,
    })
}

/// The methods of `java.lang.Character`.
fn of_java(name: &str) -> Option<&'static str> {
    Some(match name {
        "javaLowerCase" => r"[\p{Lowercase}]",
        "javaUpperCase" => r"[\p{Uppercase}]",
        "javaTitleCase" => r"[\p{Lt}]",
        "javaAlphabetic" => r"[\p{Alphabetic}]",
        "javaDigit" => r"[\p{Nd}]",
        "javaLetter" => r"[\p{L}]",
        "javaLetterOrDigit" => r"[\p{L}\p{Nd}]",
        "javaSpaceChar" => r"[\p{Z}]",
        "javaWhitespace" => {
            r"[\t-\r\x1C-\x1F \x{1680}\x{2000}-\x{2006}\x{2008}-\x{200A}\x{2028}\x{2029}\x{205F}\x{3000}]"
        }
        "javaISOControl" => r"[\x00-\x1F\x7F-\x{9F}]",
        _ => return None,
    })
}

/// The properties that Java has behind `Is`, whatever their case.
fn binary(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_uppercase().as_str() {
        "ALPHABETIC" => r"[\p{Alphabetic}]",
        "LETTER" => r"[\p{L}]",
        "IDEOGRAPHIC" => r"[\p{Ideographic}]",
        "LOWERCASE" => r"[\p{Lowercase}]",
        "UPPERCASE" => r"[\p{Uppercase}]",
        "TITLECASE" => r"[\p{Lt}]",
        "WHITE_SPACE" | "WHITESPACE" => r"[\p{White_Space}]",
        "CONTROL" => r"[\p{Cc}]",
        "PUNCTUATION" => r"[\p{P}]",
        "HEX_DIGIT" | "HEXDIGIT" => r"[\p{Nd}\p{Hex_Digit}]",
        "ASSIGNED" => r"[^\p{Cn}]",
        "DIGIT" => r"[\p{Nd}]",
        "ALNUM" => r"[\p{Alphabetic}\p{Nd}]",
        "BLANK" => r"[\p{Zs}\t]",
        "WORD" => r"[\w]",
        "JOIN_CONTROL" | "JOINCONTROL" => r"[\p{Join_Control}]",
        _ => return None,
    })
}

const CATEGORIES: &[&str] = &[
    "C", "Cc", "Cf", "Cn", "Co", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N",
    "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So",
    "Z", "Zl", "Zp", "Zs",
];

fn category(name: &str) -> Option<String> {
    CATEGORIES
        .contains(&name)
        .then(|| format!("[\\p{{{name}}}]"))
}

fn script(name: &str, property: &str) -> Result<String, PatternError> {
    let is_name = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let class = format!("[\\p{{Script={name}}}]");
    if !name.is_empty() && is_name && Regex::new(&class).is_ok() {
        return Ok(class);
    }
    Err(unknown(property))
}

/// The blocks that programs ask for.
fn block(name: &str, property: &str) -> Result<String, PatternError> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let (first, last) = match plain.to_ascii_lowercase().as_str() {
        "basiclatin" => ('\0', '\u{7F}'),
        "latin1supplement" => ('\u{80}', '\u{FF}'),
        "latinextendeda" => ('\u{100}', '\u{17F}'),
        "latinextendedb" => ('\u{180}', '\u{24F}'),
        "combiningdiacriticalmarks" => ('\u{300}', '\u{36F}'),
        "greek" | "greekandcoptic" => ('\u{370}', '\u{3FF}'),
        "cyrillic" => ('\u{400}', '\u{4FF}'),
        "hebrew" => ('\u{590}', '\u{5FF}'),
        "arabic" => ('\u{600}', '\u{6FF}'),
        "hiragana" => ('\u{3040}', '\u{309F}'),
        "katakana" => ('\u{30A0}', '\u{30FF}'),
        "cjkunifiedideographs" => ('\u{4E00}', '\u{9FFF}'),
        "hangulsyllables" => ('\u{AC00}', '\u{D7AF}'),
        _ => return Err(PatternError::unsupported(format!("\\p{{{property}}}"))),
    };
    Ok(format!(
        "[\\x{{{:X}}}-\\x{{{:X}}}]",
        u32::from(first),
        u32::from(last)
    ))
}
