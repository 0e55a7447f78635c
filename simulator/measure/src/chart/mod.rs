//! Charts of costs over a size: as text, and as SVG.

mod scale;
mod svg;
mod terminal;

use crate::{Axis, Estimate, Results, Subject, quantity};

pub use svg::svg;
pub use terminal::chart;

/// A line of a chart.
#[derive(Clone, Debug, PartialEq)]
struct Curve {
    subject: Subject,
    /// Sizes, ascending, with the seconds of a batch.
    points: Vec<(f64, Estimate)>,
}

/// The costs of all subjects along an axis.
fn curves(results: &Results, axis: Axis) -> Vec<Curve> {
    let along = results.along(axis);
    let curve = |subject| {
        let points = along.iter().filter_map(|results| {
            let seconds = results.seconds(subject)?;
            Some((axis.size(results.point), seconds))
        });
        Curve {
            subject,
            points: points.collect(),
        }
    };
    Subject::ALL.into_iter().map(curve).collect()
}

/// The title of a chart: the size that grows, and the one that does not.
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
