//! Costs over a size, as a picture: on a terminal, and as SVG.

mod scale;
mod svg;
mod terminal;

use crate::{Axis, Contender, Estimate, Results, quantity};

pub use svg::svg;
pub use terminal::chart;

/// A line of a chart.
#[derive(Clone, Debug, PartialEq)]
struct Curve {
    contender: Contender,
    /// Size and seconds, from left to right.
    points: Vec<(f64, Estimate)>,
}

/// The costs of all contenders along an axis.
fn curves(results: &Results, axis: Axis) -> Vec<Curve> {
    let along = results.along(axis);
    let curve = |contender| {
        let points = along.iter().filter_map(|results| {
            let seconds = results.seconds(contender)?;
            Some((axis.size(results.point), seconds))
        });
        Curve {
            contender,
            points: points.collect(),
        }
    };
    Contender::ALL.into_iter().map(curve).collect()
}

/// What is measured along an axis, and what stands still.
fn title(results: &Results, axis: Axis) -> String {
    let middle = results.plan.middle();
    match axis {
        Axis::Keys => format!(
            "time per batch over keys of the state, {} words a batch",
            quantity::count(middle.words)
        ),
        Axis::Words => format!(
            "time per batch over words of a batch, {} keys in the state",
            quantity::count(middle.keys)
        ),
        Axis::ActiveShare => format!(
            "time per batch over the share of {} keys that come in it",
            quantity::count(middle.keys)
        ),
    }
}

/// A size as a label of an axis.
fn size_label(axis: Axis, size: f64) -> String {
    match axis {
        Axis::Keys | Axis::Words => quantity::count(size as usize),
        Axis::ActiveShare => quantity::share(size),
    }
}
