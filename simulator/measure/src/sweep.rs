//! All points of a plan, one after the other.

use engine::Workers;

use crate::group::SubjectGroup;
use crate::results::touched_share;
use crate::timer::PartTimer;
use crate::{PointResults, Results, SweepPlan, Timer, UnequalTotals};

/// Measures all points of a plan. Every batch of every subject is compared with the same batch of the others.
///
/// # Errors
///
/// Subjects that emit different totals.
///
/// # Panics
///
/// Panics if the plan has no size of the state or of batches, or a size of 0, or sizes that are not ascending,
/// or no core.
pub fn sweep(
    plan: &SweepPlan,
    workers: &dyn Workers,
    timer: &mut dyn Timer,
) -> Result<Results, UnequalTotals> {
    assert!(
        plan.keys.is_sorted() && plan.words.is_sorted() && plan.active_shares.is_sorted(),
        "the sizes of a plan are ascending"
    );
    let end = timer.now() + plan.time;
    let points = plan.points();
    let mut results = Vec::new();
    for (part, point) in points.iter().enumerate() {
        let now = timer.now();
        let left = u32::try_from(points.len() - part).unwrap_or(u32::MAX);
        let deadline = now + end.saturating_sub(now) / left;
        let mut timer = PartTimer {
            timer,
            part,
            parts: points.len(),
        };
        let timings = SubjectGroup::new(plan, *point, workers).run(deadline, &mut timer)?;
        results.push(PointResults {
            point: *point,
            touched_share: touched_share(&plan.workload(*point).lines(), point.keys),
            timings,
        });
    }
    timer.report_progress(1.0);
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
    use crate::{Point, Subject};

    #[test]
    fn every_point_has_every_subject_with_at_least_six_rounds() -> Result<(), UnequalTotals> {
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
    fn checkpoints_are_seen_even_without_time() -> Result<(), UnequalTotals> {
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
    fn progress_goes_from_0_to_1() -> Result<(), UnequalTotals> {
        let mut ticks = Ticks::default();
        sweep(&small_plan(), &Inline, &mut ticks)?;
        assert!(ticks.progress.is_sorted(), "{:?}", ticks.progress);
        assert_eq!(ticks.progress.first().copied(), Some(0.0));
        assert_eq!(ticks.progress.last().copied(), Some(1.0));
        Ok(())
    }
}
