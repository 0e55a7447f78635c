//! All points of a plan, one after the other.

use std::time::Duration;

use engine::Workers;

use crate::race::Race;
use crate::results::touched_share;
use crate::{Contender, Plan, Point, PointResults, Results, StartError};

/// Whoever looks at the clock while something is measured, and tells how far it is.
///
/// ```
/// use std::time::Duration;
/// /// A clock on which every look takes a millisecond.
/// struct Ticks(Duration);
/// impl measure::Watch for Ticks {
///     fn now(&mut self) -> Duration {
///         self.0 += Duration::from_millis(1);
///         self.0
///     }
///     fn progress(&mut self, _: f64) {}
/// }
/// ```
pub trait Watch {
    /// The time since some moment; it never runs backwards.
    fn now(&mut self) -> Duration;

    /// Is told which part of the work is done, from 0 to 1.
    fn progress(&mut self, done: f64);
}

/// Why nothing was measured.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MeasureError {
    /// A contender does not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Two contenders differ in what they hand on, so that their times compare nothing.
    #[error(
        "{} hands on other totals than {} in batch {number} with {} keys and {} words",
        contender.name(), first.name(), point.keys, point.words
    )]
    Unequal {
        /// One of them.
        contender: Contender,
        /// The one that came to this batch first.
        first: Contender,
        /// The batch, from 1.
        number: usize,
        /// Where it was.
        point: Point,
    },
}

/// Measures all points of a plan. Every batch of every contender is compared with those of the others.
///
/// # Errors
///
/// Contenders that differ in what they hand on.
///
/// # Panics
///
/// Panics if the plan has no size of the state or of batches, or a size of 0.
pub fn sweep(
    plan: &Plan,
    workers: &dyn Workers,
    watch: &mut dyn Watch,
) -> Result<Results, MeasureError> {
    let end = watch.now() + plan.time;
    let points = plan.points();
    let mut results = Vec::new();
    for (index, point) in points.iter().enumerate() {
        let now = watch.now();
        let left = points.len() - index;
        let share = end.saturating_sub(now) / u32::try_from(left).unwrap_or(u32::MAX);
        let mut progress = |watch: &mut dyn Watch, part: f64| {
            watch.progress((index as f64 + part) / points.len() as f64);
        };
        let timings = Race::new(plan, *point, workers)?.run(now + share, watch, &mut progress)?;
        results.push(PointResults {
            point: *point,
            touched_share: touched_share(&plan.workload(*point).lines(), point.keys),
            timings,
        });
    }
    watch.progress(1.0);
    Ok(Results {
        plan: plan.clone(),
        points: results,
        memory: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use engine::Inline;

    use super::*;
    use crate::testing::{Ticks, small_plan};

    #[test]
    fn every_point_has_every_contender_with_at_least_six_rounds() -> Result<(), MeasureError> {
        let plan = small_plan();
        let results = sweep(&plan, &Inline, &mut Ticks::default())?;
        let points: Vec<Point> = results.points.iter().map(|results| results.point).collect();
        assert_eq!(points, plan.points());
        for point in &results.points {
            for contender in Contender::ALL {
                let timings = point.of(contender);
                assert!(timings.rounds.len() >= 6);
                assert_eq!(timings.rounds.len(), timings.amortised().len());
            }
        }
        Ok(())
    }

    #[test]
    fn checkpoints_are_seen_even_in_haste() -> Result<(), MeasureError> {
        let plan = Plan {
            time: Duration::ZERO,
            ..small_plan()
        };
        let results = sweep(&plan, &Inline, &mut Ticks::default())?;
        for point in &results.points {
            let timings = point.of(Contender::MapWithStateTimeout);
            assert!(timings.checkpoints.len() >= 3, "{timings:?}");
        }
        Ok(())
    }

    #[test]
    fn progress_goes_from_nothing_to_all() -> Result<(), MeasureError> {
        let mut ticks = Ticks::default();
        sweep(&small_plan(), &Inline, &mut ticks)?;
        assert!(ticks.told.is_sorted(), "{:?}", ticks.told);
        assert_eq!(ticks.told.first().copied(), Some(0.0));
        assert_eq!(ticks.told.last().copied(), Some(1.0));
        Ok(())
    }
}
