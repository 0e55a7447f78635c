//! The console sink: a table of words and counts.

use scenario::{SparkVersion, Structured};

use crate::language::Pair;
use crate::rules::{Rule, Rules};
use crate::text::RULE_LINE;

/// The block of a micro-batch.
pub(crate) fn block(
    id: usize,
    rows: &[Pair],
    query: &Structured,
    spark: SparkVersion,
    rules: &Rules,
) -> String {
    let table = Table::new(rows, query, rules).draw();
    let shown = query.num_rows;
    let more = if rows.len() <= shown || !rules.hold(Rule::SaysThatThereIsMore) {
        String::new()
    } else if shown == 1 && rules.hold(Rule::OneRowIsSingular) {
        format!("only showing top {shown} row\n")
    } else {
        format!("only showing top {shown} rows\n")
    };
    let ends =
        !more.is_empty() && spark == SparkVersion::V4 && rules.hold(Rule::SaysSoWithoutEmptyLine);
    let end = if ends { "" } else { "\n" };
    format!("{RULE_LINE}Batch: {id}\n{RULE_LINE}{table}{more}{end}")
}

struct Table<'a> {
    /// The header, then the rows that are shown.
    lines: Vec<[String; 2]>,
    widths: [usize; 2],
    pads_left: bool,
    rules: &'a Rules,
}

impl Table<'_> {
    fn new<'a>(rows: &[Pair], query: &Structured, rules: &'a Rules) -> Table<'a> {
        let cell = |text: &str| cell(text, query.truncate, rules);
        let header = ["word", "count"].map(str::to_owned);
        let rows = rows
            .iter()
            .map(|(word, count)| [cell(word), cell(&count.to_string())]);
        let mut lines: Vec<_> = [header].into_iter().chain(rows).collect();
        if rules.hold(Rule::ShownRowsMakeWidth) {
            lines.truncate(1 + query.num_rows);
        }
        let widest = |column: usize| {
            let widths = lines.iter().map(|line| width(&line[column], rules));
            widths.max().unwrap_or(0)
        };
        let widths = [widest(0), widest(1)];
        lines.truncate(1 + query.num_rows);
        let pads_left = if query.truncate {
            rules.hold(Rule::PaddedOnTheLeft)
        } else {
            !rules.hold(Rule::WholeCellsPaddedOnTheRight)
        };
        Table {
            lines,
            widths,
            pads_left,
            rules,
        }
    }

    fn draw(&self) -> String {
        let dashes = self.widths.map(|width| "-".repeat(width));
        let line = format!("+{}+\n", dashes.join("+"));
        let [header, rows @ ..] = &*self.lines else {
            return String::new();
        };
        let rows: String = rows.iter().map(|row| self.row(row)).collect();
        [&*line, &self.row(header), &line, &rows, &line].concat()
    }

    fn row(&self, cells: &[String; 2]) -> String {
        let padded = [0, 1].map(|column| {
            let cell = &cells[column];
            let padding = " ".repeat(self.widths[column] - width(cell, self.rules));
            if self.pads_left {
                padding + cell
            } else {
                cell.clone() + &padding
            }
        });
        format!("|{}|\n", padded.join("|"))
    }
}

fn cell(text: &str, is_cut: bool, rules: &Rules) -> String {
    let escapes_first = rules.hold(Rule::EscapedBeforeCut);
    let cuts = is_cut && rules.hold(Rule::LongCellsAreCut);
    match (cuts, escapes_first) {
        (false, _) => escape(text, rules),
        (true, true) => cut(&escape(text, rules), rules),
        (true, false) => escape(&cut(text, rules), rules),
    }
}

fn escape(text: &str, rules: &Rules) -> String {
    if !rules.hold(Rule::CellsAreEscaped) {
        return text.to_owned();
    }
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '\n' => escaped += "\\n",
            '\r' => escaped += "\\r",
            '\t' => escaped += "\\t",
            '\u{c}' => escaped += "\\f",
            '\u{8}' => escaped += "\\b",
            '\u{b}' => escaped += "\\v",
            '\u{7}' => escaped += "\\a",
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Keeps 17 units of a text of more than 20. Half a surrogate pair becomes `?`.
fn cut(text: &str, rules: &Rules) -> String {
    if !rules.hold(Rule::CutCountsUnits) {
        let is_long = text.chars().count() > 20;
        let kept = text.chars().take(17).collect::<String>();
        return if is_long {
            kept + "..."
        } else {
            text.to_owned()
        };
    }
    let units: Vec<u16> = text.encode_utf16().collect();
    if units.len() <= 20 {
        return text.to_owned();
    }
    let half = if rules.hold(Rule::HalfPairIsQuestionMark) {
        '?'
    } else {
        '\u{fffd}'
    };
    let kept = char::decode_utf16(units[..17].iter().copied());
    kept.map(|it| it.unwrap_or(half)).collect::<String>() + "..."
}

/// The number of columns of a terminal that a text takes.
fn width(text: &str, rules: &Rules) -> usize {
    let width = |character: char| {
        let units = if rules.hold(Rule::WidthCountsUnits) {
            character.len_utf16()
        } else {
            1
        };
        units + usize::from(is_full_width(character) && rules.hold(Rule::FullWidthTakesTwo))
    };
    text.chars().map(width).sum()
}

/// The blocks of the basic plane that Spark takes for full-width.
fn is_full_width(character: char) -> bool {
    let blocks = [
        0x1100..=0x115f,
        0x2e80..=0xa4cf,
        0xac00..=0xd7a3,
        0xf900..=0xfaff,
        0xfe10..=0xfe19,
        0xfe30..=0xfe6f,
        0xff00..=0xff60,
        0xffe0..=0xffe6,
    ];
    blocks
        .iter()
        .any(|block| block.contains(&u32::from(character)))
}
