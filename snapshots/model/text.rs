//! The console text of DStreams: blocks, times, and words by Python's `repr`.

use std::fmt::Write;

use crate::rules::{Rule, Rules};

/// The line above and below a heading.
pub(crate) const RULE_LINE: &str = "-------------------------------------------\n";

/// The block of a batch, with its first rows.
pub(crate) fn block(time: &str, rows: &[String], shown: usize, rules: &Rules) -> String {
    let mut block = format!("{RULE_LINE}Time: {time}\n{RULE_LINE}");
    for row in rows.iter().take(shown) {
        block += row;
        block.push('\n');
    }
    if rows.len() > shown && rules.hold(Rule::DotsForMoreRows) {
        block += "...\n";
    }
    if rules.hold(Rule::BlockEndsWithEmptyLine) {
        block.push('\n');
    }
    block
}

/// `str(datetime.fromtimestamp(millis / 1000.0))`. The zones are some that have not changed since 1992.
pub(crate) fn python_time(millis: i64, zone: &str, rules: &Rules) -> String {
    let minutes = match zone {
        "Asia/Shanghai" => 8 * 60,
        "Asia/Kolkata" => 5 * 60 + 30,
        "America/Phoenix" => -7 * 60,
        _ => 0,
    };
    let minutes = if rules.hold(Rule::TimeInLocalZone) {
        minutes
    } else {
        0
    };
    let seconds = millis / 1000 + minutes * 60;
    let (year, month, day) = civil(seconds / 86_400);
    let hour = seconds / 3600 % 24;
    let minute = seconds / 60 % 60;
    let second = seconds % 60;
    let mut text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    let fraction = millis % 1000;
    if fraction != 0 && rules.hold(Rule::FractionOfSecond) {
        write!(text, ".{fraction:03}000").expect("a `String` takes all that is written to it");
    }
    text
}

/// The date of a day, counted from 1970-01-01, found by counting years and months.
fn civil(mut days: i64) -> (i64, i64, i64) {
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut year = 1970;
    while days >= 365 + i64::from(is_leap(year)) {
        days -= 365 + i64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + i64::from(is_leap(year));
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    (year, month as i64 + 1, days + 1)
}

/// `repr(text)` of Python 3.
pub(crate) fn repr(text: &str, rules: &Rules) -> String {
    let only_single = text.contains('\'') && !text.contains('"');
    let quote = if only_single && rules.hold(Rule::ReprChoosesQuotes) {
        '"'
    } else {
        '\''
    };
    let mut repr = String::from(quote);
    for character in text.chars() {
        match character {
            '\'' if quote == '\'' && rules.hold(Rule::ReprEscapesQuote) => repr += "\\'",
            '\\' if rules.hold(Rule::ReprDoublesBackslash) => repr += "\\\\",
            '\t' | '\n' | '\r' if rules.hold(Rule::ReprNamesLineEnds) => {
                repr.extend(character.escape_default());
            }
            ' '..='~' => repr.push(character),
            _ if is_printable(character) && rules.hold(Rule::ReprKeepsPrintable) => {
                repr.push(character);
            }
            _ if rules.hold(Rule::ReprEscapesNonprintable) => repr += &escape(character.into()),
            _ => repr.push(character),
        }
    }
    repr.push(quote);
    repr
}

fn escape(code_point: u32) -> String {
    match code_point {
        0..0x100 => format!("\\x{code_point:02x}"),
        0x100..0x1_0000 => format!("\\u{code_point:04x}"),
        _ => format!("\\U{code_point:08x}"),
    }
}

/// Returns true if Python prints a character as it is: all but control, format, private and separator
/// characters. Unassigned ones count as printable here, as no recording shows any but U+0378.
fn is_printable(character: char) -> bool {
    !matches!(
        character,
        '\0'..='\x1f'
            | '\x7f'..='\u{a0}'
            | '\u{ad}'
            | '\u{378}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{1680}'
            | '\u{180e}'
            | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}'
            | '\u{3000}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'..='\u{ffff}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{13438}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}'
            | '\u{e01f0}'..
    )
}
