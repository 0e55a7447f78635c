//! A chart of letters, for a terminal or a log.

use super::scale::LogScale;
use super::{Curve, curves, size_label, title};
use crate::{Axis, Contender, Results, quantity};

const WIDTH: usize = 60;
const HEIGHT: usize = 15;

/// Where several lines meet.
const MANY: char = '*';

/// The costs of all contenders along an axis, both axes logarithmic, one letter a contender. Empty if
/// there are not two sizes.
pub fn chart(results: &Results, axis: Axis) -> String {
    let curves = curves(results, axis);
    let points = || curves.iter().flat_map(|curve| curve.points.iter().copied());
    let x = LogScale::around(points().map(|(size, _)| size));
    let y = LogScale::of_decades(points().map(|(_, seconds)| seconds.median));
    let (Some(x), Some(y)) = (x, y) else {
        return String::new();
    };
    let mut grid = Grid::new();
    for curve in &curves {
        grid.draw(curve, x, y);
    }
    if results.along(axis).len() < 2 {
        return String::new();
    }
    let sizes: Vec<f64> = curves[0].points.iter().map(|(size, _)| *size).collect();
    format!(
        "{}\n\n{}{}\n{}",
        title(results, axis),
        grid.with_labels(y),
        size_labels(&sizes, axis, x),
        legend()
    )
}

/// Characters, the first line on top.
struct Grid {
    lines: Vec<Vec<char>>,
}

impl Grid {
    fn new() -> Grid {
        Grid {
            lines: vec![vec![' '; WIDTH]; HEIGHT],
        }
    }

    /// Dots between the points of a curve, then its letter at each of them.
    fn draw(&mut self, curve: &Curve, x: LogScale, y: LogScale) {
        let places: Vec<(f64, f64)> = curve
            .points
            .iter()
            .map(|(size, seconds)| (column(x.place(*size)), row(y.place(seconds.median))))
            .collect();
        for pair in places.windows(2) {
            let ((left, from), (right, to)) = (pair[0], pair[1]);
            for step in 1..(right - left) as usize {
                let part = step as f64 / (right - left);
                self.dot(
                    left as usize + step,
                    (from + part * (to - from)).round() as usize,
                );
            }
        }
        for (column, row) in places {
            self.letter(column as usize, row as usize, letter(curve.contender));
        }
    }

    fn dot(&mut self, column: usize, row: usize) {
        let place = &mut self.lines[row][column];
        if *place == ' ' {
            *place = '·';
        }
    }

    fn letter(&mut self, column: usize, row: usize, letter: char) {
        let place = &mut self.lines[row][column];
        *place = if matches!(*place, ' ' | '·') {
            letter
        } else {
            MANY
        };
    }

    /// The lines, with the powers of ten on their left.
    fn with_labels(&self, y: LogScale) -> String {
        let decades: Vec<(usize, f64)> = y
            .decades()
            .map(|decade| (row(y.place(decade)) as usize, decade))
            .collect();
        let mut text = String::new();
        for (at, line) in self.lines.iter().enumerate() {
            let decade = decades.iter().find(|(row, _)| *row == at);
            let label = decade.map(|(_, decade)| quantity::decade(*decade));
            let tick = if label.is_some() { '┤' } else { '│' };
            let line: String = line.iter().collect();
            let line = format!("{:>8} {tick}{line}", label.unwrap_or_default());
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

fn column(place: f64) -> f64 {
    (place * (WIDTH - 1) as f64).round()
}

fn row(place: f64) -> f64 {
    ((1.0 - place) * (HEIGHT - 1) as f64).round()
}

/// The axis below: each size under its points, if there is room.
fn size_labels(sizes: &[f64], axis: Axis, x: LogScale) -> String {
    let mut line: Vec<char> = vec!['─'; WIDTH];
    let mut labels = String::new();
    for size in sizes {
        let column = column(x.place(*size)) as usize;
        line[column] = '┬';
        let label = size_label(axis, *size);
        let length = label.chars().count();
        // The middle of the label is below the point, ten columns of the other axis apart.
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
    let entries = Contender::ALL.map(|contender| {
        let entry = format!("{} {}", letter(contender), contender.name());
        format!("  {entry:<26}")
    });
    let lines = entries.chunks(3).map(<[String]>::concat);
    let lines: String = lines
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect();
    format!("{lines}  {MANY} several of them\n")
}

/// Large for the engine's, small for the plain loop's.
fn letter(contender: Contender) -> char {
    match contender {
        Contender::UpdateStateByKey => 'U',
        Contender::MapWithState => 'M',
        Contender::MapWithStateTimeout => 'T',
        Contender::Structured => 'S',
        Contender::PlainUpdate => 'u',
        Contender::PlainMap => 'm',
        Contender::PlainStructured => 's',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::lawful_results;

    #[test]
    fn a_chart_shows_which_grows() {
        insta::assert_snapshot!("terminal_keys", chart(&lawful_results(), Axis::Keys));
        insta::assert_snapshot!(
            "terminal_shares",
            chart(&lawful_results(), Axis::ActiveShare)
        );
    }

    #[test]
    fn one_size_is_no_chart() {
        let mut results = lawful_results();
        results.plan.keys.truncate(1);
        assert_eq!(chart(&results, Axis::Keys), "");
        results.points.clear();
        assert_eq!(chart(&results, Axis::Words), "");
    }
}
