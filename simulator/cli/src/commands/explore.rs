//! `millrace explore`: schedules of faults, until one breaks a promise.

mod merge;
mod report;

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use explore::{Explorer, Schedule, Smallest};
use scenario::Pipeline;
use simulator::RunError;
use suite::Case;

use self::report::{Broken, BrokenPromise, Report, ReportResult};
use crate::args::ExploreArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::progress::progress_bar;
use crate::select;
use crate::terminal::shell_word;

/// The number of schedules that are played between two looks at what they gave. The first of each chunk is played twice
/// more, and their journals are compared. The first of a chunk that breaks an invariant is reported, so that the report does not depend on the number of threads.
const CHUNK: usize = 512;

/// As [`CHUNK`], where the time is limited.
const TIMED_CHUNK: usize = 32;

/// Explores the pipelines of the scenarios.
pub(crate) fn explore(arguments: &ExploreArguments) -> Result<Exit, CommandError> {
    if arguments.merge {
        return merge::merge(&arguments.paths, &arguments.findings);
    }
    let save = &arguments.save;
    fs::create_dir_all(save).map_err(CommandError::write(save))?;
    let loaded = select::load(&arguments.paths)?;
    let selected = select::pipelines(&loaded.cases, arguments.pipeline.as_deref())?;
    let minutes = arguments.minutes.map(|minutes| 60 * minutes.get());
    let end = minutes.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut exit = loaded.exit;
    let mut played = 0;
    for (case, pipeline) in selected {
        let exploration = Exploration {
            arguments,
            case,
            pipeline,
            end,
        };
        let result = match Explorer::new(&case.scenario, pipeline) {
            Ok(explorer) => {
                played += 1;
                exploration.run(&explorer.lossless(arguments.lossless))?
            }
            Err(reason) => ReportResult::Skipped {
                reason: reason.to_string(),
            },
        };
        let report = exploration.report(result);
        exit = exit.max(report.print(&arguments.findings)?);
    }
    if played == 0 {
        return Ok(exit.max(Exit::NothingMatched));
    }
    Ok(exit)
}

/// One pipeline and the schedules that were asked for.
struct Exploration<'a> {
    arguments: &'a ExploreArguments,
    case: &'a Case,
    pipeline: &'a Pipeline,
    end: Option<Instant>,
}

/// A schedule with the option that plays it again.
struct Named {
    /// Its number among all, from 0.
    index: u64,
    option: String,
    schedule: Schedule,
}

impl Exploration<'_> {
    fn run(&self, explorer: &Explorer) -> Result<ReportResult, CommandError> {
        let total = self.count(explorer);
        let is_shown = !self.arguments.findings.quiet && !self.arguments.findings.json;
        let bar = progress_bar(
            total as u64,
            "{bar:40} {pos} of {len} schedules, {eta} left",
        );
        let mut schedules = self.schedules(explorer);
        let mut played = 0;
        let size = if self.end.is_some() {
            TIMED_CHUNK
        } else {
            CHUNK
        };
        loop {
            let chunk: Vec<Named> = schedules.by_ref().take(size).collect();
            if chunk.is_empty() {
                break;
            }
            if let Some(first) = first_broken(explorer, &chunk).map_err(self.limit())? {
                bar.finish_and_clear();
                let named = &chunk[first];
                let smallest = explorer.smallest(&named.schedule).map_err(self.limit())?;
                return self.broken(named, &smallest);
            }
            let differs = explorer.judge_twice(&chunk[0].schedule);
            if let Some(smallest) = differs.map_err(self.limit())? {
                bar.finish_and_clear();
                return self.broken(&chunk[0], &smallest);
            }
            played += chunk.len();
            if is_shown {
                bar.set_position(played as u64);
            }
            if self.end.is_some_and(|end| Instant::now() >= end) {
                break;
            }
        }
        bar.finish_and_clear();
        Ok(ReportResult::Holds {
            schedules: played,
            is_cut: played < total,
        })
    }

    fn limit(&self) -> impl Fn(RunError) -> CommandError {
        let pipeline = self.pipeline.clone();
        move |error| CommandError::replay(&pipeline)(error)
    }

    /// The number of schedules of this part. None is drawn for it.
    fn count(&self, explorer: &Explorer) -> usize {
        if self.arguments.crash_points {
            self.schedules(explorer).count()
        } else {
            self.of_this_part(self.arguments.seeds.0.clone()).count()
        }
    }

    fn schedules<'e>(&self, explorer: &'e Explorer) -> Box<dyn Iterator<Item = Named> + 'e> {
        if self.arguments.crash_points {
            let named = |option: &'static str| move |schedule| (option.to_owned(), schedule);
            let are_pairs_played = self.arguments.pairs;
            let pairs = are_pairs_played.then(|| explorer.pairs_of_crashes());
            let pairs = pairs.into_iter().flatten();
            let crashes = explorer.crashes().map(named("--crash-points"));
            let all = crashes.chain(pairs.map(named("--crash-points --pairs")));
            let mine = self.of_this_part(all);
            return Box::new(mine.map(|(index, (option, schedule))| Named {
                index,
                option,
                schedule,
            }));
        }
        let seeds = self.of_this_part(self.arguments.seeds.0.clone());
        Box::new(seeds.map(|(index, seed)| Named {
            index,
            option: format!("--seeds {seed}"),
            schedule: explorer.drawn(seed),
        }))
    }

    /// The items of this part, each with its number among all.
    fn of_this_part<I: Iterator>(&self, all: I) -> impl Iterator<Item = (u64, I::Item)> + use<I> {
        let shard = self.arguments.shard;
        let numbered = (0..).zip((0..).zip(all));
        let mine = numbered.filter(move |(index, _)| shard.is_none_or(|shard| shard.has(*index)));
        mine.map(|(_, it)| it)
    }

    fn broken(&self, named: &Named, smallest: &Smallest) -> Result<ReportResult, CommandError> {
        // No name of a pipeline has a point, so that no two findings have one name.
        let name = format!("{}.{}.broken.toml", self.case.name, self.pipeline.name);
        let file = self.arguments.save.join(name.replace('/', "."));
        suite::replace_file(&file, &scenario::print(&smallest.scenario))
            .map_err(CommandError::write(&file))?;
        let violations = smallest.violations.iter().map(|broken| BrokenPromise {
            invariant: broken.invariant.to_string(),
            promise: broken.promise.to_string(),
            message: broken.message.clone(),
        });
        Ok(ReportResult::Broken(Broken {
            index: named.index,
            violations: violations.collect(),
            smallest: smallest.schedule.to_string(),
            file: shell_word(file.as_os_str()),
            again: format!("{}{}", named.option, self.lossless()),
        }))
    }

    fn lossless(&self) -> &'static str {
        if self.arguments.lossless {
            " --lossless"
        } else {
            ""
        }
    }

    /// The end of the exploration, with what it was of.
    fn report(&self, result: ReportResult) -> Report {
        let arguments = self.arguments;
        let seeds = &arguments.seeds.0;
        let schedules_of = match (arguments.crash_points, arguments.pairs) {
            (false, _) => format!("--seeds {}..{}", seeds.start(), seeds.end()),
            (true, false) => "--crash-points".to_owned(),
            (true, true) => "--crash-points --pairs".to_owned(),
        };
        Report {
            scenario: self.case.name.clone(),
            pipeline: self.pipeline.name.clone(),
            path: shell_word(self.case.file.as_os_str()),
            schedules_of: format!("{schedules_of}{}", self.lossless()),
            shard: arguments.shard.map(|shard| shard.to_string()),
            result,
        }
    }
}

/// The index of the first schedule that breaks an invariant.
fn first_broken(explorer: &Explorer, chunk: &[Named]) -> Result<Option<usize>, RunError> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    // No schedule behind one that is broken need be played.
    let first = AtomicUsize::new(chunk.len());
    let work = || -> Result<(), RunError> {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= first.load(Ordering::Relaxed) {
                return Ok(());
            }
            if !explorer.judge(&chunk[index].schedule)?.is_empty() {
                first.fetch_min(index, Ordering::Relaxed);
            }
        }
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let own = work();
        let joined = others.into_iter().map(|other| match other.join() {
            Ok(ended) => ended,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.chain([own]).collect::<Result<(), RunError>>()
    })?;
    let first = first.into_inner();
    Ok((first < chunk.len()).then_some(first))
}
