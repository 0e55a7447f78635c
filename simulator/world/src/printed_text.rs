//! The rows in the text that a program prints.

/// The line before and after the title of a block.
const RULE: &str = "-------------------------------------------";

/// Finds the rows of the last block in a text that comes in parts: the lines that `pprint` writes below the time of a
/// batch, those of a file that is saved, or the rows of a table that the console sink shows, between bars without
/// padding.
#[derive(Debug, Default)]
pub(crate) struct PrintedText {
    /// The last line, whose end is still to come.
    line: String,
    place: Place,
}

/// The place in the text at which a line begins.
#[derive(Clone, Copy, Debug, Default)]
enum Place {
    #[default]
    Outside,
    BelowRule,
    BelowTitle,
    BelowNumber,
    Rows,
    /// A table, below this number of its three rules.
    Table(u8),
}

impl PrintedText {
    /// Reads a part of the text. `rows` become those of the block that it begins or goes on with.
    pub(crate) fn read(&mut self, text: &str, rows: &mut Vec<String>) {
        for part in text.split_inclusive('\n') {
            self.line.push_str(part);
            if self.line.ends_with('\n') {
                let line = std::mem::take(&mut self.line);
                self.place = next(self.place, line.trim_end_matches('\n'), rows);
            }
        }
    }
}

/// The place after a line, whose row is added.
fn next(place: Place, line: &str, rows: &mut Vec<String>) -> Place {
    match place {
        Place::BelowRule if line.starts_with("Time: ") || line.starts_with("Saved: ") => {
            Place::BelowTitle
        }
        Place::BelowRule if line.starts_with("Batch: ") => Place::BelowNumber,
        Place::BelowTitle if line == RULE => {
            rows.clear();
            Place::Rows
        }
        Place::BelowNumber if line == RULE => {
            rows.clear();
            Place::Table(0)
        }
        Place::Rows | Place::Table(_) if line.is_empty() => Place::Outside,
        Place::Rows => {
            rows.push(line.to_owned());
            Place::Rows
        }
        Place::Table(rules) if line.starts_with('+') => Place::Table(rules.saturating_add(1)),
        Place::Table(2) => {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            rows.push(cells.join("|"));
            Place::Table(2)
        }
        Place::Table(rules) => Place::Table(rules),
        _ if line == RULE => Place::BelowRule,
        _ => Place::Outside,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows after each part of a text.
    fn rows(parts: &[&str]) -> Vec<Vec<String>> {
        let mut text = PrintedText::default();
        let mut rows = Vec::new();
        let read = |part: &&str| {
            text.read(part, &mut rows);
            rows.clone()
        };
        parts.iter().map(read).collect()
    }

    #[test]
    fn the_rows_of_the_last_block_are_those_below_its_time() {
        let first = format!("hello\n{RULE}\nTime: 2018-06-21 23:00:30\n{RULE}\n('blue', 2)\n('gre");
        let second = format!("{RULE}\nTime: 2018-06-21 23:00:31\n{RULE}\n\n");
        let all = rows(&[&first, "en', 1)\n\nbye\n", &second]);
        assert_eq!(all[0], ["('blue', 2)"]);
        assert_eq!(all[1], ["('blue', 2)", "('green', 1)"]);
        assert_eq!(all[2], [""; 0]);
    }

    #[test]
    fn a_file_that_is_saved_has_rows() {
        let saved = format!("{RULE}\nSaved: counts-1000\n{RULE}\n('blue', 2)\n\n");
        assert_eq!(rows(&[&saved])[0], ["('blue', 2)"]);
    }

    #[test]
    fn the_rows_of_a_table_have_no_padding() {
        let table = "+-----+-----+\n|word |count|\n+-----+-----+\n|blue |2    |\n+-----+-----+\nonly showing top 1 row\n\n";
        let all = rows(&[&format!("{RULE}\nBatch: 0\n{RULE}\n{table}")]);
        assert_eq!(all[0], ["|blue|2|"]);
    }
}
