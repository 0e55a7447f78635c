//! `millrace explore`: schedules of faults, until one breaks a promise.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use explore::{Explorer, NotExplored, Schedule, Violation};
use scenario::Pipeline;
use serde_json::json;
use simulator::RunError;
use suite::Case;

use crate::args::ExploreArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::progress::progress_bar;
use crate::select;
use crate::terminal::{print, print_note, shell_word};

/// The number of schedules that are played between two looks at what they gave. The first of a chunk that breaks an
/// invariant is reported, so that the report does not depend on the number of threads.
const CHUNK: usize = 512;

/// Explores the pipelines of the scenarios.
pub(crate) fn explore(arguments: &ExploreArguments) -> Result<Exit, CommandError> {
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
            Err(reason) => Explored::Skipped(reason),
        };
        exit = exit.max(exploration.report(&result)?);
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

/// The end of an exploration.
enum Explored {
    /// All schedules that were played keep all invariants; `is_cut` if the time was over before.
    Holds {
        schedules: usize,
        is_cut: bool,
    },
    Broken(Box<Broken>),
    Skipped(NotExplored),
}

/// A schedule that breaks an invariant, and the smallest one found that breaks one of the same.
struct Broken {
    /// The schedule, by the option that plays it again.
    option: String,
    smallest: Schedule,
    violations: Vec<Violation>,
    file: PathBuf,
}

/// A schedule with the option that plays it again.
struct Named {
    option: String,
    schedule: Schedule,
}

impl Exploration<'_> {
    fn run(&self, explorer: &Explorer) -> Result<Explored, CommandError> {
        let total = self.count(explorer);
        let is_shown = !self.arguments.findings.quiet && !self.arguments.findings.json;
        let bar = progress_bar(
            total as u64,
            "{bar:40} {pos} of {len} schedules, {eta} left",
        );
        let mut schedules = self.schedules(explorer);
        let mut played = 0;
        loop {
            let chunk: Vec<Named> = schedules.by_ref().take(CHUNK).collect();
            if chunk.is_empty() {
                break;
            }
            if let Some(first) = first_broken(explorer, &chunk).map_err(self.limit())? {
                bar.finish_and_clear();
                return self.broken(explorer, &chunk[first]);
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
        Ok(Explored::Holds {
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
            let named = |option: &'static str| {
                move |schedule| Named {
                    option: option.to_owned(),
                    schedule,
                }
            };
            let are_pairs_played = self.arguments.pairs;
            let pairs = explorer
                .pairs_of_crashes()
                .filter(move |_| are_pairs_played);
            let crashes = explorer.crashes().map(named("--crash-points"));
            let all = crashes.chain(pairs.map(named("--crash-points --pairs")));
            return Box::new(self.of_this_part(all));
        }
        let seeds = self.of_this_part(self.arguments.seeds.0.clone());
        Box::new(seeds.map(|seed| Named {
            option: format!("--seeds {seed}"),
            schedule: explorer.drawn(seed),
        }))
    }

    fn of_this_part<I: Iterator>(&self, all: I) -> impl Iterator<Item = I::Item> + use<I> {
        let shard = self.arguments.shard;
        let numbered = (0..).zip(all);
        let mine = numbered.filter(move |(index, _)| shard.is_none_or(|shard| shard.has(*index)));
        mine.map(|(_, it)| it)
    }

    fn broken(
        &self,
        explorer: &Explorer,
        Named { option, schedule }: &Named,
    ) -> Result<Explored, CommandError> {
        let smallest = explorer.smallest(schedule).map_err(self.limit())?;
        let name = format!("{}-{}-broken.toml", self.case.name, self.pipeline.name);
        let file = self.arguments.save.join(name.replace('/', "-"));
        suite::replace_file(&file, &scenario::print(&smallest.scenario))
            .map_err(CommandError::write(&file))?;
        Ok(Explored::Broken(Box::new(Broken {
            option: option.clone(),
            smallest: smallest.schedule,
            violations: smallest.violations,
            file,
        })))
    }

    /// Prints the end of an exploration. Returns its exit code.
    fn report(&self, explored: &Explored) -> Result<Exit, CommandError> {
        let name = format!("{}/{}", self.case.name, self.pipeline.name);
        if self.arguments.findings.json {
            print(format_args!("{}\n", self.json(explored)))?;
        }
        let is_text = !self.arguments.findings.json;
        Ok(match explored {
            Explored::Holds { schedules, is_cut } => {
                if is_text && !self.arguments.findings.quiet {
                    let cut = if *is_cut {
                        ", then the time was over"
                    } else {
                        ""
                    };
                    print_note(format_args!("   holds  {name}: {schedules} schedules{cut}"));
                }
                Exit::Success
            }
            Explored::Skipped(reason) => {
                if is_text && !self.arguments.findings.quiet {
                    print_note(format_args!(" skipped  {name}: {reason}"));
                }
                Exit::Success
            }
            Explored::Broken(broken) => {
                if is_text {
                    print_note(format_args!("  broken  {name}"));
                    print_note(self.explain(broken));
                }
                Exit::Differs
            }
        })
    }

    fn explain(&self, broken: &Broken) -> String {
        let violations = broken.violations.iter();
        let violations = violations.map(|it| format!("  {}\n    {}\n", it.promise, it.message));
        let violations: String = violations.collect();
        let faults = broken.smallest.to_string().replace('\n', "\n    ");
        let path = shell_word(self.case.file.as_os_str());
        let file = shell_word(broken.file.as_os_str());
        let pipeline = &self.pipeline.name;
        let lossless = if self.arguments.lossless {
            " --lossless"
        } else {
            ""
        };
        let option = &broken.option;
        format!(
            "{violations}  the smallest schedule found:\n    {faults}\n  again:  millrace explore {path} --pipeline {pipeline} {option}{lossless}\n  seen:   millrace run {file}"
        )
    }

    fn json(&self, explored: &Explored) -> serde_json::Value {
        let mut line = json!({
            "scenario": self.case.name,
            "pipeline": self.pipeline.name,
            "path": self.case.file.display().to_string(),
        });
        match explored {
            Explored::Holds { schedules, is_cut } => {
                line["result"] = json!("holds");
                line["schedules"] = json!(schedules);
                line["is_cut"] = json!(is_cut);
            }
            Explored::Skipped(reason) => {
                line["result"] = json!("skipped");
                line["reason"] = json!(reason.to_string());
            }
            Explored::Broken(broken) => {
                line["result"] = json!("broken");
                let violations = broken
                    .violations
                    .iter()
                    .map(|it| json!({ "invariant": it.invariant, "message": it.message }));
                line["violations"] = violations.collect();
                line["file"] = json!(broken.file.display().to_string());
                line["again"] = json!(broken.option);
            }
        }
        line
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
