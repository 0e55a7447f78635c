//! Schedules that are drawn.

use std::time::Duration;

use random::Dice;
use scenario::{CrashPoint, FailingPart, Fault, LostBytes};

use super::Streams;
use crate::rearranged::Rearranged;
use crate::schedule::Schedule;
use crate::setting::Setting;

/// The most crashes of a schedule.
const CRASHES_MAX: u64 = 3;

/// The most intervals for which a driver is down, or a job is slow.
const INTERVALS_MAX: u64 = 3;

/// The stream of dice that schedules are drawn from.
const SCHEDULES: u64 = 1;

/// The schedule of a seed: crashes, each at a point of a batch or between two, and before some of them checkpoints that
/// cannot be written, jobs that are slow, and after some of them a loss of power. In the end the driver runs.
pub(crate) fn schedule(streams: &Streams, setting: &Setting, seed: u64) -> Schedule {
    let mut dice = Dice::new(seed, SCHEDULES);
    // The functions of the language are known.
    if setting.own.program.is_some() && dice.one_in(3) {
        return Schedule::of_input(arrangement(&mut dice, setting, seed));
    }
    let batches = &streams.batches;
    let interval = setting.interval();
    let mut faults: Vec<(Duration, Fault)> = Vec::new();
    let mut next = 0;
    for _ in 0..dice.between(1, CRASHES_MAX) {
        let Some(left) = batches.get(next..).filter(|left| !left.is_empty()) else {
            break;
        };
        let chosen = dice.below(left.len() as u64) as usize;
        let batch = left[chosen];
        let is_first = next == 0 && chosen == 0;
        if dice.one_in(4) {
            // Those behind it may wait when the driver dies.
            let batch = left[dice.below(chosen as u64 + 1) as usize];
            let time = interval * dice.between(1, INTERVALS_MAX) as u32;
            faults.push((batch, Fault::Slow { batch, time }));
        }
        if dice.one_in(4) && !is_first {
            let times = Some(dice.between(1, 3) as u32);
            let part = *dice.pick(&[FailingPart::Checkpoint, FailingPart::Completion]);
            faults.push((batch, Fault::Fail { part, batch, times }));
        }
        let points: Vec<CrashPoint> = streams.points(batch).collect();
        let point = *dice.pick(&points);
        // Between two batches blocks may wait for theirs.
        let between = batch + interval * 3 / 4;
        let batch = if dice.one_in(3) && setting.is_silent(between) {
            faults.push((between, Fault::Crash));
            between
        } else {
            faults.push((batch, Fault::CrashIn(point, batch)));
            batch
        };
        // A crash at a point comes after the other faults of its instant.
        let lost = batch + Duration::from_millis(1);
        let loses_power = dice.one_in(2) && setting.is_silent(lost);
        if loses_power {
            faults.push((lost, Fault::Lose(LostBytes::Unsynced)));
        }
        let down = if setting.has_direct_source() {
            dice.below(INTERVALS_MAX + 1) as u32
        } else {
            0
        };
        let restart = if loses_power { lost } else { batch } + interval * down;
        faults.push((restart, Fault::Restart));
        next += chosen + 1;
        while batches.get(next).is_some_and(|batch| *batch <= restart) {
            next += 1;
        }
    }
    Schedule::new(faults)
}

fn arrangement(dice: &mut Dice, setting: &Setting, seed: u64) -> Rearranged {
    let cuts = [Rearranged::Merged, Rearranged::Spread];
    if setting.is_cut_anyhow && dice.one_in(3) {
        return *dice.pick(&cuts);
    }
    *dice.pick(&[Rearranged::Regrouped(seed), Rearranged::Permuted(seed)])
}
