//! The two curves as SVG: cost over the state, and cost over the batch.

use super::scale::LogScale;
use super::{Curve, curves, size_label, title};
use crate::{Axis, Results, Subject, quantity};

const PANEL_WIDTH: f64 = 520.0;
const HEIGHT: f64 = 456.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 40.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 158.0;

/// The costs over keys and over words, side by side, both axes logarithmic, as one SVG file.
///
/// It suits a light and a dark background, needs no font and no script, and has a description for screen
/// readers. A bar behind a point is its interval. Lines differ in colour, in dash and in the shape of their
/// points.
pub fn svg(results: &Results) -> String {
    let panels = [Axis::Keys, Axis::Words].map(|axis| (axis, curves(results, axis)));
    let seconds = panels
        .iter()
        .flat_map(|(_, curves)| curves)
        .flat_map(|curve| &curve.points);
    let ends = seconds.flat_map(|(_, seconds)| [seconds.range().low, seconds.range().high]);
    // Both panels have one scale of time, so that heights can be compared.
    let y = LogScale::of_decades(ends);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {HEIGHT}\" role=\"img\" \
         aria-labelledby=\"title description\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n\
         <title id=\"title\">What a batch costs, over the state and over the batch</title>\n\
         <desc id=\"description\">{}</desc>\n{STYLE}",
        PANEL_WIDTH * 2.0,
        description(results),
    );
    for (number, (axis, curves)) in panels.iter().enumerate() {
        let frame = y.zip(LogScale::around(sizes(curves))).map(|(y, x)| Frame {
            offset: number as f64 * PANEL_WIDTH,
            x,
            y,
        });
        text.extend(frame.map(|frame| frame.panel(&title(results, *axis), *axis, curves)));
    }
    text + &legend() + "</svg>\n"
}

const STYLE: &str = "\
<style>
  text { fill: #1f2328; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .line { fill: none; stroke-width: 2; }
  .interval { stroke: currentColor; stroke-width: 5; opacity: 0.35; }
  .u { color: #0072b2; } .m { color: #d55e00; } .t { color: #b7791f; } .s { color: #009e73; }
  .p { color: #6e7781; } .q { color: #9a6fb0; } .r { color: #8c6d46; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .grid { stroke: #3d444d; }
    .u { color: #56b4e9; } .m { color: #ff8c42; } .t { color: #f0c541; } .s { color: #2fc99a; }
    .p { color: #9aa4ae; } .q { color: #c9a0dc; } .r { color: #c4a57b; }
  }
</style>
";

/// The class, dash, and shape of the points of a subject.
fn line_style(subject: Subject) -> (char, &'static str, char) {
    match subject {
        Subject::UpdateStateByKey => ('u', "none", '●'),
        Subject::MapWithState => ('m', "none", '■'),
        Subject::MapWithStateTimeout => ('t', "6 3", '◆'),
        Subject::Structured => ('s', "2 3", '▲'),
        Subject::PlainUpdate => ('p', "8 4 2 4", '○'),
        Subject::PlainMap => ('q', "8 4 2 4", '□'),
        Subject::PlainStructured => ('r', "8 4 2 4", '△'),
    }
}

/// The sizes of a panel, which are those of each curve.
fn sizes(curves: &[Curve]) -> impl Iterator<Item = f64> {
    let first = curves.first().into_iter();
    first.flat_map(|curve| curve.points.iter().map(|(size, _)| *size))
}

/// The place and the scales of a panel.
struct Frame {
    offset: f64,
    x: LogScale,
    y: LogScale,
}

impl Frame {
    fn left(&self) -> f64 {
        self.offset + LEFT
    }

    fn right(&self) -> f64 {
        self.offset + PANEL_WIDTH - RIGHT
    }

    fn x(&self, size: f64) -> f64 {
        self.left() + self.x.position(size) * (self.right() - self.left())
    }

    fn y(&self, seconds: f64) -> f64 {
        HEIGHT - BOTTOM - self.y.position(seconds) * (HEIGHT - BOTTOM - TOP)
    }

    fn panel(&self, title: &str, axis: Axis, curves: &[Curve]) -> String {
        let grid = self.grid(sizes(curves), axis);
        let curves: String = curves.iter().map(|curve| self.curve(curve)).collect();
        format!(
            "<g>\n<text x=\"{:.0}\" y=\"24\" font-weight=\"600\">{title}</text>\n{grid}{curves}</g>\n",
            self.left() - 46.0
        )
    }

    /// Lines at every power of ten and every size, with their labels.
    fn grid(&self, sizes: impl Iterator<Item = f64>, axis: Axis) -> String {
        let left = self.left();
        let right = self.right();
        let bottom = HEIGHT - BOTTOM;
        let mut text = String::new();
        for decade in self.y.decades() {
            let y = self.y(decade);
            text += &grid_line(left, y, right, y);
            text += &label(left - 8.0, y + 4.0, "end", &quantity::decade(decade));
        }
        for size in sizes {
            let x = self.x(size);
            text += &grid_line(x, TOP, x, bottom);
            text += &label(x, bottom + 20.0, "middle", &size_label(axis, size));
        }
        let unit = match axis {
            Axis::Keys => "keys in the state",
            Axis::Words => "words a batch",
            Axis::ActiveShare => "share of the keys",
        };
        text + &label(f64::midpoint(left, right), bottom + 40.0, "middle", unit)
    }

    fn curve(&self, curve: &Curve) -> String {
        let (class, dash, shape) = line_style(curve.subject);
        let mut path = Vec::new();
        let mut points = Vec::new();
        for (size, seconds) in &curve.points {
            let x = self.x(*size);
            let y = self.y(seconds.median);
            path.push(format!("{x:.1} {y:.1}"));
            let low = self.y(seconds.range().low);
            let high = self.y(seconds.range().high);
            points.push(format!(
                "<path class=\"interval\" d=\"M{x:.1} {low:.1}V{high:.1}\"/>\n"
            ));
            points.push(marker(x, y, shape));
        }
        let path = path.join("L");
        let points = points.concat();
        format!(
            "<g class=\"{class}\"><path class=\"line\" stroke=\"currentColor\" stroke-dasharray=\"{dash}\" \
             d=\"M{path}\"/>\n{points}</g>\n"
        )
    }
}

fn grid_line(from_x: f64, from_y: f64, to_x: f64, to_y: f64) -> String {
    format!("<path class=\"grid\" d=\"M{from_x:.1} {from_y:.1}L{to_x:.1} {to_y:.1}\"/>\n")
}

fn label(x: f64, y: f64, anchor: &str, text: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>\n")
}

/// A point in one of six shapes. It is drawn rather than written, as fonts differ.
fn marker(x: f64, y: f64, shape: char) -> String {
    let fill = if matches!(shape, '○' | '□' | '△') {
        "fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\""
    } else {
        "fill=\"currentColor\""
    };
    match shape {
        '●' | '○' => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" {fill}/>\n"),
        '◆' => format!("<path d=\"M{x:.1} {y:.1}m0 -6l6 6l-6 6l-6 -6z\" {fill}/>\n"),
        '▲' | '△' => format!("<path d=\"M{x:.1} {y:.1}m0 -6l6 10h-12z\" {fill}/>\n"),
        _ => format!(
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"8\" height=\"8\" {fill}/>\n",
            x - 4.0,
            y - 4.0
        ),
    }
}

/// The names of the lines, below both panels, three in a row.
fn legend() -> String {
    let entries = Subject::ALL.iter().enumerate().map(|(number, subject)| {
        let (class, dash, shape) = line_style(*subject);
        let x = 30.0 + (number % 3) as f64 * 330.0;
        let y = HEIGHT - 78.0 + (number / 3) as f64 * 26.0;
        format!(
            "<g class=\"{class}\"><path class=\"line\" stroke=\"currentColor\" stroke-dasharray=\"{dash}\" \
             d=\"M{x:.1} {y:.1}h40\"/>\n{}</g>\n{}",
            marker(x + 20.0, y, shape),
            label(x + 50.0, y + 4.0, "start", subject.name())
        )
    });
    entries.collect()
}

/// The slopes in words, for screen readers.
fn description(results: &Results) -> String {
    let axes = [
        (Axis::Keys, "keys of the state"),
        (Axis::Words, "words of a batch"),
    ];
    let sentences = axes.into_iter().filter_map(|(axis, size)| {
        let slopes = Subject::ALL.into_iter().filter_map(|subject| {
            let exponent = results.slope(axis, subject)?.exponent.median;
            Some(format!("{} {exponent:.2}", subject.name()))
        });
        let slopes: Vec<String> = slopes.collect();
        // There is no slope over one size.
        (!slopes.is_empty())
            .then(|| format!("Exponents of growth over {size}: {}.", slopes.join(", ")))
    });
    sentences.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::lawful_results;

    #[test]
    fn the_picture_is_as_in_the_snapshot() {
        insta::assert_snapshot!("svg", svg(&lawful_results()));
    }

    #[test]
    fn without_results_the_picture_is_empty() {
        let mut results = lawful_results();
        results.points.clear();
        let picture = svg(&results);
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
    }
}
