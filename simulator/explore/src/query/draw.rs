//! Schedules of queries that are drawn.

use std::time::Duration;

use engine::QueryFile;
use random::Dice;
use scenario::{DeletedFiles, FailingPart, Fault, FilePoint, LostBytes};

use super::Query;
use crate::schedule::Schedule;
use crate::setting::Setting;

/// The most crashes of a schedule.
const CRASHES_MAX: u64 = 3;

/// The most intervals for which a query is down.
const INTERVALS_MAX: u64 = 3;

/// The stream of dice that schedules are drawn from.
const SCHEDULES: u64 = 2;

/// The schedule of a seed: crashes at files of the checkpoint or between two micro-batches, some of them of a query that
/// could not write; and while it is down losses of power and of files. In the end the query runs.
pub(super) fn schedule(query: &Query, setting: &Setting, seed: u64) -> Schedule {
    let mut dice = Dice::new(seed, SCHEDULES);
    let mut faults: Vec<(Duration, Fault)> = Vec::new();
    let mut next = 0;
    for _ in 0..dice.between(1, CRASHES_MAX) {
        if next >= query.files.len() {
            break;
        }
        let chosen = next + dice.below((query.files.len() - next) as u64) as usize;
        let (at, file) = query.files[chosen];
        let between = at + setting.interval() * 3 / 4;
        let fail = Fault::Fail {
            part: FailingPart::Checkpoint,
            batch: at,
            times: Some(dice.between(1, 3) as u32),
        };
        let points = [FilePoint::Before(file), FilePoint::After(file)];
        let down = match dice.below(8) {
            0 => {
                faults.push((at, fail));
                faults.push((between, Fault::Crash));
                between
            }
            1 => {
                faults.push((between, Fault::Crash));
                between
            }
            side => {
                faults.push((at, Fault::CrashAt(points[side as usize % 2])));
                at
            }
        };
        // A crash at a file comes after the other faults of its instant.
        let down = down + Duration::from_millis(1);
        // One that does not come to its file runs on until it is started again.
        let is_surely_down = matches!(faults.last(), Some((_, Fault::Crash)));
        if dice.one_in(2) {
            faults.push((down, Fault::Lose(LostBytes::Unsynced)));
        }
        if is_surely_down {
            let deleted = deleted(&mut dice, query.batch_of(chosen));
            faults.extend(deleted.map(|files| (down, Fault::Delete(files))));
        }
        let restart = down + setting.interval() * dice.below(INTERVALS_MAX + 1) as u32;
        faults.push((restart, Fault::Restart));
        while query.files.get(next).is_some_and(|(at, _)| *at <= restart) {
            next += 1;
        }
    }
    Schedule::new(faults)
}

/// Files that need not be there, of a query that has come to this micro-batch.
fn deleted(dice: &mut Dice, batch: u64) -> Option<DeletedFiles> {
    match dice.below(4) {
        0 => Some(DeletedFiles::All),
        1 => Some(DeletedFiles::File(QueryFile::Commit { batch })),
        _ => None,
    }
}
