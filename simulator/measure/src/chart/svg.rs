//! The two curves as a picture of its own: cost over the state, and cost over the batch.

use std::fmt::Write;

use super::scale::LogScale;
use super::{Curve, curves, size_label, title};
use crate::{Axis, Contender, Results, quantity};

const PANEL_WIDTH: f64 = 520.0;
const HEIGHT: f64 = 456.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 40.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 158.0;

/// The costs over keys and over words, side by side, both axes logarithmic, as one SVG file.
///
/// It stands on light and on dark ground, asks for no font and no script, and tells a screen reader
/// what it shows. A bar behind a point is its interval. Lines differ in colour, in dash and in the shape of their points.
pub fn svg(results: &Results) -> String {
    let axes = [Axis::Keys, Axis::Words];
    let costs = axes.map(|axis| curves(results, axis));
    let seconds = costs.iter().flatten().flat_map(|curve| &curve.points);
    let ends = seconds.flat_map(|(_, seconds)| [seconds.range().low, seconds.range().high]);
    // One scale of time for both, so that heights compare.
    let y = LogScale::of_decades(ends);
    let mut panels = String::new();
    if let Some(y) = y {
        for (place, (axis, curves)) in axes.into_iter().zip(&costs).enumerate() {
            panels.push_str(&panel(
                results,
                axis,
                curves,
                (place as f64 * PANEL_WIDTH, y),
            ));
        }
    }
    let width = PANEL_WIDTH * 2.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" role=\"img\" \
         aria-labelledby=\"title description\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n\
         <title id=\"title\">What a batch costs, over the state and over the batch</title>\n\
         <desc id=\"description\">{}</desc>\n{STYLE}{panels}{}</svg>\n",
        description(results),
        legend(),
    )
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

/// How a contender is drawn: class, dash, shape of its points.
fn look(contender: Contender) -> (char, &'static str, char) {
    match contender {
        Contender::UpdateStateByKey => ('u', "none", '●'),
        Contender::MapWithState => ('m', "none", '■'),
        Contender::MapWithStateTimeout => ('t', "6 3", '◆'),
        Contender::Structured => ('s', "2 3", '▲'),
        Contender::PlainUpdate => ('p', "8 4 2 4", '○'),
        Contender::PlainMap => ('q', "8 4 2 4", '□'),
        Contender::PlainStructured => ('r', "8 4 2 4", '△'),
    }
}

fn panel(results: &Results, axis: Axis, curves: &[Curve], (offset, y): (f64, LogScale)) -> String {
    let sizes: Vec<f64> = curves
        .first()
        .map(|curve| curve.points.iter().map(|(size, _)| *size).collect())
        .unwrap_or_default();
    let Some(x) = LogScale::around(sizes.iter().copied()) else {
        return String::new();
    };
    let frame = Frame { offset, x, y };
    let mut text = format!(
        "<g>\n<text x=\"{:.0}\" y=\"24\" font-weight=\"600\">{}</text>\n",
        offset + LEFT - 46.0,
        title(results, axis)
    );
    text.push_str(&frame.grid(&sizes, axis));
    for curve in curves {
        text.push_str(&frame.curve(curve));
    }
    text.push_str("</g>\n");
    text
}

/// Where a panel has its places.
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
        self.left() + self.x.place(size) * (self.right() - self.left())
    }

    fn y(&self, seconds: f64) -> f64 {
        HEIGHT - BOTTOM - self.y.place(seconds) * (HEIGHT - BOTTOM - TOP)
    }

    /// Lines at every power of ten and every size, with their labels.
    fn grid(&self, sizes: &[f64], axis: Axis) -> String {
        let mut text = String::new();
        for decade in self.y.decades() {
            let y = self.y(decade);
            text.push_str(&grid_line((self.left(), y), (self.right(), y)));
            let place = (self.left() - 8.0, y + 4.0);
            text.push_str(&label_at(place, "end", &quantity::decade(decade)));
        }
        for size in sizes {
            let x = self.x(*size);
            text.push_str(&grid_line((x, TOP), (x, HEIGHT - BOTTOM)));
            let place = (x, HEIGHT - BOTTOM + 20.0);
            text.push_str(&label_at(place, "middle", &size_label(axis, *size)));
        }
        let middle = f64::midpoint(self.left(), self.right());
        let unit = match axis {
            Axis::Keys => "keys in the state",
            Axis::Words => "words a batch",
            Axis::ActiveShare => "share of the keys",
        };
        text + &label_at((middle, HEIGHT - BOTTOM + 40.0), "middle", unit)
    }

    fn curve(&self, curve: &Curve) -> String {
        let (class, dash, shape) = look(curve.contender);
        let mut path = String::new();
        let mut points = String::new();
        for (size, seconds) in &curve.points {
            let (x, y) = (self.x(*size), self.y(seconds.median));
            let command = if path.is_empty() { 'M' } else { 'L' };
            // Writing to a string cannot fail.
            let _ = write!(path, "{command}{x:.1} {y:.1}");
            let (low, high) = (self.y(seconds.range().low), self.y(seconds.range().high));
            let _ = writeln!(
                points,
                "<path class=\"interval\" d=\"M{x:.1} {low:.1}V{high:.1}\"/>"
            );
            points.push_str(&marker((x, y), shape));
        }
        format!(
            "<g class=\"{class}\"><path class=\"line\" stroke=\"currentColor\" stroke-dasharray=\"{dash}\" \
             d=\"{path}\"/>\n{points}</g>\n"
        )
    }
}

fn grid_line(from: (f64, f64), to: (f64, f64)) -> String {
    format!(
        "<path class=\"grid\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>\n",
        from.0, from.1, to.0, to.1
    )
}

fn label_at((x, y): (f64, f64), anchor: &str, label: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{label}</text>\n")
}

/// A point in one of six shapes, drawn and not written, as fonts differ.
fn marker((x, y): (f64, f64), shape: char) -> String {
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

/// What the lines are, below both panels, three in a row.
fn legend() -> String {
    let entries = Contender::ALL.iter().enumerate().map(|(place, contender)| {
        let (class, dash, shape) = look(*contender);
        let x = 30.0 + (place % 3) as f64 * 330.0;
        let y = HEIGHT - 78.0 + (place / 3) as f64 * 26.0;
        format!(
            "<g class=\"{class}\"><path class=\"line\" stroke=\"currentColor\" stroke-dasharray=\"{dash}\" \
             d=\"M{x:.1} {y:.1}h40\"/>\n{}</g>\n{}",
            marker((x + 20.0, y), shape),
            label_at((x + 50.0, y + 4.0), "start", contender.name())
        )
    });
    entries.collect()
}

/// The slopes in words, for whoever does not see the lines.
fn description(results: &Results) -> String {
    let sentences = [Axis::Keys, Axis::Words].into_iter().filter_map(|axis| {
        let slopes = Contender::ALL.into_iter().filter_map(|contender| {
            let exponent = results.slope(axis, contender)?.exponent;
            Some(format!("{} {exponent:.2}", contender.name()))
        });
        let over = match axis {
            Axis::Words => "words of a batch",
            _ => "keys of the state",
        };
        let slopes: Vec<String> = slopes.collect();
        // One size alone has none.
        (!slopes.is_empty())
            .then(|| format!("Exponents of growth over {over}: {}.", slopes.join(", ")))
    });
    sentences.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::lawful_results;

    #[test]
    fn a_picture_is_whole_and_says_what_it_shows() {
        insta::assert_snapshot!("svg", svg(&lawful_results()));
    }

    #[test]
    fn nothing_measured_is_an_empty_picture() {
        let mut results = lawful_results();
        results.points.clear();
        let picture = svg(&results);
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
    }
}
