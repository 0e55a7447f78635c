//! Queries: micro-batches, the files of their checkpoint, and the rows that they show.

mod draw;
mod invariants;
mod lives;
mod written;

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{OutputMode, QueryFile, Trigger};
use scenario::{
    DeletedFiles, Fault, FilePoint, LineFormat, LostBytes, Program, QuerySource, Scenario, Source,
    Structured,
};
use simulator::{RunError, RunOptions};

use self::invariants::{Judged, invariants};
use self::lives::{Batch, Lives};
use self::written::WrittenFiles;
use crate::not_explored::NotExplored;
use crate::schedule::Schedule;
use crate::setting::{Play, Setting};
use crate::subject::{Schedules, Subject};
use crate::violation::{Violation, violations};

/// The time by which a query is played later, to see if its rows depend on that: all parts of a date are others.
const LATER: Duration = Duration::from_millis(((400 * 24 + 7) * 60 + 13) * 60_000 + 17_123);

/// The rows of a table that are shown: all of them.
const ROWS: usize = 1_000_000;

/// A query, and what it shows without faults.
#[derive(Debug)]
pub(crate) struct Query {
    /// The files of its checkpoint, in the order in which they are written, with their offsets from the start of the
    /// clock.
    files: Vec<(Duration, QueryFile)>,
    /// The watermark of a micro-batch, in milliseconds, by the number of rows that came in before it; none of several
    /// sources, of which that number says too little.
    watermarks: BTreeMap<usize, i64>,
    batches: BTreeMap<u64, Batch>,
    output: OutputMode,
    /// True if the result may depend on the cut into micro-batches.
    depends_on_cut: bool,
}

impl Query {
    /// Plays the query of a setting without faults.
    pub(crate) fn explored(setting: &mut Setting) -> Result<Box<dyn Subject>, NotExplored> {
        setting.show_rows(ROWS);
        let Program::Structured(query) = &setting.pipeline.program else {
            return Err(NotExplored::Kind("no query"));
        };
        let sources = setting.scenario.query_sources(query);
        check(query, &sources)?;
        let output = query.output;
        let depends_on_cut = depends_on_cut(query);
        let later = later(&setting.scenario, query);
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
        if let Some(later) = later {
            let mut lives = Lives::default();
            setting.play(&later, &RunOptions::default(), &mut lives)?;
            if lives::batches(&lives.all) != batches {
                return Err(NotExplored::Moment);
            }
        }
        let (files, mut watermarks) = written.into_parts();
        if sources.len() > 1 {
            watermarks.clear();
        }
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
            depends_on_cut,
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
fn check(query: &Structured, sources: &[QuerySource]) -> Result<(), NotExplored> {
    match query.trigger {
        Trigger::Once | Trigger::AvailableNow => return Err(NotExplored::Ends),
        Trigger::Default | Trigger::ProcessingTime(_) => {}
    }
    for source in sources {
        match (source.format, source.kind) {
            (LineFormat::Rate | LineFormat::RateMicroBatch, _) => return Err(NotExplored::Rate),
            (LineFormat::Kafka, _) | (_, Source::Direct) => {}
            (_, Source::Socket) => return Err(NotExplored::Socket),
            (_, Source::Memory) => return Err(NotExplored::NoCheckpoint),
        }
    }
    Ok(())
}

/// True if late rows are dropped, or of any query in SQL: it may take the first rows, or list them.
fn depends_on_cut(query: &Structured) -> bool {
    let watermark = query.event_time.and_then(|time| time.watermark);
    query.sql.is_some() || watermark.is_some() && query.output != OutputMode::Complete
}

/// The same scenario at another time, by whole intervals of the trigger; `None` of a query over words, which does not know
/// the time.
fn later(scenario: &Scenario, query: &Structured) -> Option<Scenario> {
    let mut scenario = scenario.clone();
    query.sql.as_ref()?;
    let start = scenario.clock.start;
    let shifted = match query.trigger {
        Trigger::ProcessingTime(interval) if !interval.is_zero() => {
            let intervals = LATER.as_nanos().div_ceil(interval.as_nanos());
            interval.checked_mul(u32::try_from(intervals).ok()?)?
        }
        _ => LATER,
    };
    scenario.clock.start = start.checked_add(shifted)?;
    Some(scenario)
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
