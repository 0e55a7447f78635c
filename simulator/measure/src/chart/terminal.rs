//! A chart of characters, for a terminal or a log.

use super::scale::LogScale;
use super::{Curve, curves, size_label, title};
use crate::{Axis, Results, Subject, quantity};

const WIDTH: usize = 60;
const HEIGHT: usize = 15;

/// Marks a point of several lines.
const SEVERAL: char = '*';

/// Marks the way from one point to the next.
const DOT: char = '·';

/// The costs of all subjects along an axis, both axes logarithmic, with a letter for each subject. Empty
/// for fewer than two sizes.
pub fn chart(results: &Results, axis: Axis) -> String {
    let curves = curves(results, axis);
    let points = || curves.iter().flat_map(|curve| curve.points.iter().copied());
    let x = LogScale::around(points().map(|(size, _)| size));
    let y = LogScale::of_decades(points().map(|(_, seconds)| seconds.median));
    let (Some(x), Some(y)) = (x, y) else {
        return String::new();
    };
    let sizes: Vec<f64> = curves[0].points.iter().map(|(size, _)| *size).collect();
    if sizes.len() < 2 {
        return String::new();
    }
    let mut grid = ChartGrid::new();
    for curve in &curves {
        grid.draw(curve, x, y);
    }
    format!(
        "{}\n\n{}{}\n{}",
        title(results, axis),
        grid.with_labels(y),
        size_labels(&sizes, axis, x),
        legend()
    )
}

/// Characters, the first line on top.
struct ChartGrid {
    lines: Vec<Vec<char>>,
}

impl ChartGrid {
    fn new() -> ChartGrid {
        ChartGrid {
            lines: vec![vec![' '; WIDTH]; HEIGHT],
        }
    }

    /// Draws dots between the points of a curve, and its letter at each of them.
    fn draw(&mut self, curve: &Curve, x: LogScale, y: LogScale) {
        let points: Vec<(f64, f64)> = curve
            .points
            .iter()
            .map(|(size, seconds)| (column(x.position(*size)), row(y.position(seconds.median))))
            .collect();
        for pair in points.windows(2) {
            let (left, from) = pair[0];
            let (right, to) = pair[1];
            for step in 1..(right - left) as usize {
                let part = step as f64 / (right - left);
                let row = (from + part * (to - from)).round() as usize;
                self.put(left as usize + step, row, DOT);
            }
        }
        for (column, row) in points {
            self.put(column as usize, row as usize, letter(curve.subject));
        }
    }

    /// Puts a dot or a letter where a letter may be.
    fn put(&mut self, column: usize, row: usize, mark: char) {
        let there = &mut self.lines[row][column];
        *there = match *there {
            ' ' | DOT => mark,
            letter if mark == DOT => letter,
            _ => SEVERAL,
        };
    }

    /// The lines, with the powers of ten on their left.
    fn with_labels(&self, y: LogScale) -> String {
        let mut text = String::new();
        for (at, line) in self.lines.iter().enumerate() {
            let is_here = |decade: &f64| row(y.position(*decade)) as usize == at;
            let label = y.decades().find(is_here).map(quantity::decade);
            let tick = if label.is_some() { '┤' } else { '│' };
            let line: String = line.iter().collect();
            let line = format!("{:>8} {tick}{line}", label.unwrap_or_default());
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

fn column(position: f64) -> f64 {
    (position * (WIDTH - 1) as f64).round()
}

fn row(position: f64) -> f64 {
    ((1.0 - position) * (HEIGHT - 1) as f64).round()
}

/// The axis below: each size under its points, if there is room.
fn size_labels(sizes: &[f64], axis: Axis, x: LogScale) -> String {
    let mut line: Vec<char> = vec!['─'; WIDTH];
    let mut labels = String::new();
    for size in sizes {
        let column = column(x.position(*size)) as usize;
        line[column] = '┬';
        let label = size_label(axis, *size);
        let length = label.chars().count();
        // The label is centred below the point. The other axis is ten columns wide.
        let start = (column + 10).saturating_sub(length / 2);
        let end = labels.chars().count();
        if end == 0 || start > end {
            labels.push_str(&" ".repeat(start.saturating_sub(end)));
            labels.push_str(&label);
        }
    }
    let line: String = line.into_iter().collect();
    format!("         └{line}\n{labels}\n")
}

fn legend() -> String {
    let entries = Subject::ALL.map(|subject| {
        let entry = format!("{} {}", letter(subject), subject.name());
        format!("  {entry:<26}")
    });
    let lines = entries.chunks(3).map(<[String]>::concat);
    let lines: String = lines
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect();
    format!("{lines}  {SEVERAL} several of them\n")
}

/// An upper-case letter for a subject of the engine, a lower-case one for a plain loop.
fn letter(subject: Subject) -> char {
    match subject {
        Subject::UpdateStateByKey => 'U',
        Subject::MapWithState => 'M',
        Subject::MapWithStateTimeout => 'T',
        Subject::Structured => 'S',
        Subject::PlainUpdate => 'u',
        Subject::PlainMap => 'm',
        Subject::PlainStructured => 's',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::lawful_results;

    #[test]
    fn charts_are_as_in_the_snapshots() {
        insta::assert_snapshot!("terminal_keys", chart(&lawful_results(), Axis::Keys));
        insta::assert_snapshot!(
            "terminal_shares",
            chart(&lawful_results(), Axis::ActiveShare)
        );
    }

    #[test]
    fn one_size_has_no_chart() {
        let mut results = lawful_results();
        results.plan.keys.truncate(1);
        assert_eq!(chart(&results, Axis::Keys), "");
        results.points.clear();
        assert_eq!(chart(&results, Axis::Words), "");
    }
}
