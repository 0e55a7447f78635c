//! The rows that come: values of each type, some of them odd, and lines that have no form.

use engine::CivilTime;
use scenario::{Cell, LineFormat};

use super::tables::{Stream, TableColumn};
use super::types::Type;
use crate::Dice;

/// Seconds since the epoch at which events begin: at noon of a day, before a leap day ends, and before hours that
/// Berlin lacks or has twice.
const FIRST_SECONDS: &[i64] = &[
    1_717_243_200,
    1_717_243_200,
    1_709_251_190,
    1_711_846_790,
    1_729_987_190,
    -20,
];

const USERS: &[&str] = &[
    "ann", "ann", "bob", "bob", "cid", "dora", "Zoë", "li", "大山", "a b", "",
];

const NOTES: &[&str] = &[
    "12",
    "1.5",
    " 7 ",
    "2024-02-29",
    "2024-02-29 10:00:00",
    "true",
    "abc",
    "a,b",
    "x-y-z",
    "é😀",
    "{\\\"p\\\": 1, \\\"q\\\": \\\"z\\\"}",
    "[1, 2]",
    "Hello World",
    "1e3",
    "",
];

/// Rows whose times go on, but for those that are late.
pub(super) struct Rows {
    /// The latest second.
    now: i64,
}

impl Rows {
    pub(super) fn draw(dice: &mut Dice) -> Rows {
        Rows {
            now: *dice.pick(FIRST_SECONDS),
        }
    }

    /// Time goes on before more lines come.
    pub(super) fn go_on(&mut self, dice: &mut Dice) {
        self.now += dice.below(30) as i64;
    }

    /// A line of this stream.
    pub(super) fn line(&mut self, dice: &mut Dice, stream: &Stream) -> String {
        if dice.one_in(40) && stream.format != LineFormat::Text {
            return (*dice.pick(&[
                "",
                "no form",
                "{\"n\": 1",
                "[]",
                ",",
                "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15",
            ]))
            .to_owned();
        }
        let cells = stream.columns.iter();
        match stream.format {
            LineFormat::Csv => {
                let cells: Vec<String> = cells.map(|it| self.csv(dice, *it)).collect();
                cells.join(",")
            }
            LineFormat::Json => {
                let cells: Vec<String> = cells.filter_map(|it| self.member(dice, *it)).collect();
                format!("{{{}}}", cells.join(", "))
            }
            _ => self.text(dice),
        }
    }

    /// Words, or a row as text.
    fn text(&mut self, dice: &mut Dice) -> String {
        match dice.below(8) {
            0 => format!(
                "{{\"p\": {}, \"q\": \"{}\"}}",
                dice.below(5),
                dice.pick(USERS)
            ),
            1 => format!("{},{}", self.time(dice), dice.pick(USERS)),
            _ => {
                let words: Vec<&str> = (0..dice.below(5)).map(|_| *dice.pick(USERS)).collect();
                words.join(" ")
            }
        }
    }

    fn csv(&mut self, dice: &mut Dice, column: TableColumn) -> String {
        if dice.one_in(10) {
            return String::new();
        }
        let text = self.plain(dice, column);
        if text.contains([',', '"', '\\']) {
            return format!("\"{}\"", text.replace(['"', '\\'], ""));
        }
        text
    }

    /// A member of an object; now and then there is none, or it is null.
    fn member(&mut self, dice: &mut Dice, column: TableColumn) -> Option<String> {
        let value = match dice.below(20) {
            0 => return None,
            1 | 2 => "null".to_owned(),
            _ => self.json(dice, column),
        };
        Some(format!("\"{}\": {value}", column.name))
    }

    fn json(&mut self, dice: &mut Dice, column: TableColumn) -> String {
        let integer = |dice: &mut Dice| match dice.below(6) {
            0 => "null".to_owned(),
            _ => dice.below(5).to_string(),
        };
        match column.of {
            Type::Text | Type::Date | Type::Time => format!("\"{}\"", self.plain(dice, column)),
            Type::Integers => {
                let items: Vec<String> = (0..dice.below(4)).map(|_| integer(dice)).collect();
                format!("[{}]", items.join(", "))
            }
            Type::Texts => {
                let items = (0..dice.below(4)).map(|_| format!("\"{}\"", dice.pick(USERS)));
                format!("[{}]", items.collect::<Vec<_>>().join(", "))
            }
            Type::Map => {
                let keys = ["a", "b", "ann"].iter().filter(|_| dice.one_in(2)).copied();
                let keys: Vec<&str> = keys.collect();
                let members = keys
                    .iter()
                    .map(|key| format!("\"{key}\": {}", integer(dice)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
            Type::Struct => format!(
                "{{\"p\": {}, \"q\": \"{}\"}}",
                integer(dice),
                dice.pick(USERS)
            ),
            Type::Boolean | Type::Integer | Type::Long | Type::Double | Type::Decimal => {
                let text = self.plain(dice, column);
                match &*text {
                    "NaN" | "Infinity" | "-Infinity" => format!("\"{text}\""),
                    _ => text,
                }
            }
        }
    }

    /// The value as a text.
    fn plain(&mut self, dice: &mut Dice, column: TableColumn) -> String {
        match column.of {
            Type::Time => self.time(dice),
            _ => plain(dice, column).to_owned(),
        }
    }

    fn time(&mut self, dice: &mut Dice) -> String {
        self.now += dice.below(4) as i64;
        let late = if dice.one_in(4) {
            dice.below(60) as i64
        } else {
            0
        };
        let fraction = *dice.pick(&["", "", "", ".5", ".125", ".999999"]);
        format!("{}{fraction}", second_text(self.now - late))
    }
}

/// A cell of a static table.
pub(super) fn cell(dice: &mut Dice, column: TableColumn) -> Option<Cell> {
    if dice.one_in(8) {
        return None;
    }
    let text = match column.name {
        "city" => *dice.pick(&["Oslo", "Rome", "Paris", ""]),
        "level" => *dice.pick(&["0", "1", "2", "9"]),
        _ => plain(dice, column),
    };
    Some(Cell::Text(text.replace("\\\"", "'")))
}

/// A value as a text, of a column that has no time and no parts.
fn plain(dice: &mut Dice, column: TableColumn) -> &'static str {
    let values: &[&'static str] = match (column.of, column.name) {
        (Type::Boolean, _) => &["true", "false"],
        (Type::Integer, "tiny") => &["0", "1", "-1", "127", "-128", "5"],
        (Type::Integer, "small") => &["0", "1", "-1", "32767", "300"],
        (Type::Integer, _) => &[
            "0",
            "1",
            "2",
            "3",
            "4",
            "5",
            "-1",
            "-7",
            "12",
            "2147483647",
            "-2147483648",
        ],
        (Type::Long, _) => &[
            "0",
            "1",
            "-1",
            "7",
            "10000000000",
            "9223372036854775807",
            "-9223372036854775808",
        ],
        (Type::Double, _) => &[
            "0.0", "-0.0", "1.5", "2.25", "0.1", "-3.75", "1e10", "1e-5", "100", "NaN", "Infinity",
        ],
        (Type::Decimal, _) => &[
            "0.00",
            "1.10",
            "10.05",
            "-0.05",
            "99.99",
            "1234567.89",
            "-20",
        ],
        (Type::Date, _) => &[
            "2024-02-28",
            "2024-02-29",
            "2024-03-01",
            "1969-12-31",
            "2024-12-31",
        ],
        (_, "note") => NOTES,
        _ => USERS,
    };
    dice.pick::<&str>(values)
}

/// A second since the epoch, in UTC: `2024-02-29 10:00:00`.
fn second_text(second: i64) -> String {
    let time = CivilTime::of_micros(second * 1_000_000);
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        time.date.year, time.date.month, time.date.day, time.hour, time.minute, time.second
    )
}
