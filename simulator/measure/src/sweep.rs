//! All points of a plan, one after the other.

use engine::{BuildError, Workers};
use engine_structured::AnalysisError;

use crate::clock::PartClock;
use crate::group::SubjectGroup;
use crate::results::touched_share;
use crate::{Clock, Point, PointResults, Results, Subject, SweepPlan};

/// An error that ends a measurement.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MeasureError {
    /// A DStream program that cannot be built. The programs of the subjects can.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A query that cannot be started. The queries of the subjects can.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// Two subjects emit different totals, so that their times cannot be compared.
    #[error(
        "{} hands on other totals than {} in batch {number} with {} keys and {} words",
        subject.name(), first.name(), point.keys, point.words
    )]
    Unequal {
        /// The subject that differs.
        subject: Subject,
        /// The first subject that ran this batch.
        first: Subject,
        /// The number of the batch, from 1.
        number: usize,
        /// The sizes.
        point: Point,
    },
}

/// Measures all points of a plan. Every batch of every subject is compared with the same batch of the others.
///
/// # Errors
///
/// Subjects that emit different totals.
///
/// # Panics
///
/// Panics if the plan has no size of the state or of batches, or a size of 0, or sizes that are not ascending.
pub fn sweep(
    plan: &SweepPlan,
    workers: &dyn Workers,
    clock: &mut dyn Clock,
) -> Result<Results, MeasureError> {
    assert!(
        plan.keys.is_sorted() && plan.words.is_sorted() && plan.active_shares.is_sorted(),
        "the sizes of a plan are ascending"
    );
    let end = clock.now() + plan.time;
    let points = plan.points();
    let mut results = Vec::new();
    for (part, point) in points.iter().enumerate() {
        let now = clock.now();
        let left = u32::try_from(points.len() - part).unwrap_or(u32::MAX);
        let deadline = now + end.saturating_sub(now) / left;
        let mut clock = PartClock {
            clock,
            part,
            parts: points.len(),
        };
        let timings = SubjectGroup::new(plan, *point, workers)?.run(deadline, &mut clock)?;
        results.push(PointResults {
            point: *point,
            touched_share: touched_share(&plan.workload(*point).lines(), point.keys),
            timings,
        });
    }
    clock.report_progress(1.0);
    Ok(Results {
        plan: plan.clone(),
        points: results,
        memory: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use engine::Inline;

    use super::*;
    use crate::testing::{Ticks, small_plan};

    #[test]
    fn every_point_has_every_subject_with_at_least_six_rounds() -> Result<(), MeasureError> {
        let plan = small_plan();
        let results = sweep(&plan, &Inline, &mut Ticks::default())?;
        let points: Vec<Point> = results.points.iter().map(|results| results.point).collect();
        assert_eq!(points, plan.points());
        for point in &results.points {
            for subject in Subject::ALL {
                let timings = point.of(subject);
                assert!(timings.rounds.len() >= 6);
                assert_eq!(timings.rounds.len(), timings.amortised().len());
            }
        }
        Ok(())
    }

    #[test]
    fn checkpoints_are_seen_even_without_time() -> Result<(), MeasureError> {
        let plan = SweepPlan {
            time: Duration::ZERO,
            ..small_plan()
        };
        let results = sweep(&plan, &Inline, &mut Ticks::default())?;
        for point in &results.points {
            let timings = point.of(Subject::MapWithStateTimeout);
            assert!(timings.checkpoints.len() >= 3, "{timings:?}");
        }
        Ok(())
    }

    #[test]
    fn progress_goes_from_0_to_1() -> Result<(), MeasureError> {
        let mut ticks = Ticks::default();
        sweep(&small_plan(), &Inline, &mut ticks)?;
        assert!(ticks.progress.is_sorted(), "{:?}", ticks.progress);
        assert_eq!(ticks.progress.first().copied(), Some(0.0));
        assert_eq!(ticks.progress.last().copied(), Some(1.0));
        Ok(())
    }
}
