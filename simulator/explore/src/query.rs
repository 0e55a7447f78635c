//! Queries: micro-batches, the files of their checkpoint, and the rows that they show.

mod draw;
mod invariants;
mod lives;
mod written;

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{OutputMode, QueryFile, Trigger};
use scenario::{DeletedFiles, Fault, FilePoint, LostBytes, Program, Source, Structured};
use simulator::{RunError, RunOptions};

use self::invariants::{Judged, invariants};
use self::lives::{Batch, Lives};
use self::written::WrittenFiles;
use crate::not_explored::NotExplored;
use crate::schedule::Schedule;
use crate::setting::{Play, Setting};
use crate::subject::{Schedules, Subject};
use crate::violation::{Violation, violations};

/// The rows of a table that are shown: all of them.
const ROWS: usize = 1_000_000;

/// A query, and what it shows without faults.
#[derive(Debug)]
pub(crate) struct Query {
    /// The files of its checkpoint, in the order in which they are written, with their offsets from the start of the
    /// clock.
    files: Vec<(Duration, QueryFile)>,
    /// The watermark of a micro-batch, in milliseconds, by the number of rows that came in before it.
    watermarks: BTreeMap<usize, i64>,
    batches: BTreeMap<u64, Batch>,
    output: OutputMode,
    /// True if late rows are dropped, so that the result depends on the cut into micro-batches.
    drops_late_rows: bool,
}

impl Query {
    /// Plays the query of a setting without faults.
    pub(crate) fn explored(setting: &mut Setting) -> Result<Box<dyn Subject>, NotExplored> {
        let Program::Structured(query) = &mut setting.pipeline.program else {
            return Err(NotExplored::Kind("no query"));
        };
        check(query)?;
        query.num_rows = ROWS;
        let output = query.output;
        let has_watermark = query
            .event_time
            .is_some_and(|time| time.watermark.is_some());
        let written = WrittenFiles::default();
        let options = RunOptions {
            tamper: Some(&written),
            ..RunOptions::default()
        };
        // A checkpoint has files where something may happen to it: there is nothing that could be lost at the start.
        let harmless = Schedule::new(vec![(Duration::ZERO, Fault::Lose(LostBytes::Unsynced))]);
        let scenario = harmless.add_to(&setting.scenario);
        let mut lives = Lives::default();
        setting.play(&scenario, &options, &mut lives)?;
        let life = &lives.all[0];
        if let Some(message) = life.failures.first() {
            return Err(NotExplored::Fails(message.clone()));
        }
        let batches = lives::batches(&lives.all);
        if batches.is_empty() {
            return Err(NotExplored::NoBatch);
        }
        let (files, watermarks) = written.into_parts();
        let files = files.into_iter();
        let watermarks = watermarks.into_iter().filter_map(|(batch, watermark_ms)| {
            Some((lives::records_before(&batches, batch)?, watermark_ms))
        });
        Ok(Box::new(Query {
            files: files
                .map(|(time, file)| (setting.offset(time), file))
                .collect(),
            watermarks: watermarks.collect(),
            batches,
            output,
            drops_late_rows: has_watermark && output != OutputMode::Complete,
        }))
    }

    /// The points before and after each file, from the one with this index on.
    fn points_from(&self, index: usize) -> impl Iterator<Item = (usize, (Duration, Fault))> {
        let files = self.files.iter().enumerate().skip(index);
        files.flat_map(|(index, (at, file))| {
            let points = [FilePoint::Before(*file), FilePoint::After(*file)];
            points.map(|point| (index, (*at, Fault::CrashAt(point))))
        })
    }

    /// The micro-batch for which a file is written.
    fn batch_of(&self, index: usize) -> u64 {
        let behind = self.files[index..].iter();
        let mut batches = behind.filter_map(|(_, file)| match file {
            QueryFile::Offsets { batch } | QueryFile::Commit { batch } => Some(*batch),
            QueryFile::Delta(state) | QueryFile::Snapshot(state) => Some(state.version - 1),
            QueryFile::Metadata | QueryFile::Source { .. } | QueryFile::Schema { .. } => None,
        });
        batches.next().unwrap_or(0)
    }
}

/// Refuses a query whose input is not there a second time.
fn check(query: &Structured) -> Result<(), NotExplored> {
    match query.trigger {
        Trigger::Once | Trigger::AvailableNow => return Err(NotExplored::Ends),
        Trigger::Default | Trigger::ProcessingTime(_) => {}
    }
    match query.source {
        Source::Direct => Ok(()),
        Source::Socket => Err(NotExplored::Socket),
        Source::Memory => Err(NotExplored::NoCheckpoint),
    }
}

impl Subject for Query {
    fn crashes<'a>(&'a self, setting: &'a Setting) -> Schedules<'a> {
        let down = setting.interval() * 2;
        let points = self.points_from(0);
        Box::new(points.flat_map(move |(_, crash)| Schedule::of_crash(crash, down)))
    }

    fn pairs_of_crashes<'a>(&'a self, _: &'a Setting) -> Schedules<'a> {
        Box::new(self.points_from(0).flat_map(move |(index, first)| {
            let later = self.points_from(index);
            later.map(move |(_, second)| Schedule::of_pair(first, second))
        }))
    }

    fn drawn(&self, setting: &Setting, seed: u64) -> Schedule {
        draw::schedule(self, setting, seed)
    }

    fn is_fair(&self, schedule: &Schedule) -> bool {
        is_fair(schedule)
    }

    fn judge(
        &self,
        _: &Setting,
        schedule: &Schedule,
        play: &mut Play<'_>,
    ) -> Result<Vec<Violation>, RunError> {
        let mut run = Lives::default();
        play(&mut run)?;
        let has = |is: fn(&Fault) -> bool| schedule.faults().iter().any(|(_, fault)| is(fault));
        let lives = &run.all[lives_before_all_is_deleted(schedule)..];
        let judged = Judged {
            lives,
            batches: lives::batches(lives),
            reference: self,
            fails: has(|fault| matches!(fault, Fault::Fail { .. })),
            forgets_ends: has(|fault| matches!(fault, Fault::Delete(DeletedFiles::File(_)))),
        };
        Ok(violations(&invariants(), &judged))
    }
}

fn is_crash(fault: Fault) -> bool {
    matches!(fault, Fault::Crash | Fault::CrashAt(_))
}

/// The number of lives up to the one that began in an empty folder: it begins with the first file again.
fn lives_before_all_is_deleted(schedule: &Schedule) -> usize {
    let faults = schedule.faults();
    let is_all = |(_, fault): &(Duration, Fault)| *fault == Fault::Delete(DeletedFiles::All);
    let last = faults.iter().rposition(is_all).unwrap_or(0);
    let before = faults[..last].iter();
    before.filter(|(_, fault)| is_crash(*fault)).count()
}

/// True if nothing is deleted of a query that may run, and one that fails is ended before it is started again.
fn is_fair(schedule: &Schedule) -> bool {
    let [mut is_down, mut has_failed] = [false; 2];
    schedule.faults().iter().all(|(_, fault)| {
        match fault {
            Fault::Delete(_) => return is_down,
            Fault::Fail { .. } => has_failed = true,
            Fault::Crash => {
                has_failed = false;
                is_down = true;
            }
            // It runs on if it does not come to the file.
            Fault::CrashAt(_) if has_failed => return false,
            Fault::Restart => is_down = false,
            _ => {}
        }
        true
    }) && !has_failed
}
