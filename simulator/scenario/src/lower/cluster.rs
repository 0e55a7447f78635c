//! Clusters that have executors: what goes with them, and faults of them that cannot be.

use std::ops::Range;

use super::settings::PartialClock;
use super::timeline::SpannedTimeline;
use crate::keys::{BLOCK_INTERVAL, CLUSTER_TABLE, EXECUTORS};
use crate::language::TableReader;
use crate::quote::quote;
use crate::{Cluster, ClusterFault, Code, Fault, Pipeline, Program, Remote, Source, duration};

/// The most cores of all executors: each is a partition of a shuffle.
const CORES_MAX: usize = 1_024;

/// Reports a cluster that cannot be played, and faults of executors that are not there.
pub(super) fn check(
    top: &TableReader,
    clock: &PartialClock,
    timeline: &SpannedTimeline,
    pipelines: &[Pipeline],
    cluster: &Cluster,
) {
    if let Some(span) = top.section(&CLUSTER_TABLE).key_span(&EXECUTORS) {
        check_size(top, &span, cluster);
        check_interval(top, &span, clock);
        check_programs(top, &span, pipelines);
        check_blocks(top);
    }
    let mut lives = Lives::new(cluster);
    for spanned in &timeline.faults {
        let Fault::Cluster(fault) = *spanned.get_ref() else {
            continue;
        };
        let problem = lives.problem(fault);
        let problem = problem.or_else(|| problem_of_source(fault, pipelines));
        if let Some(problem) = problem {
            let mistake = Code::BadFault.at(spanned.span(), problem.message);
            top.push(mistake.label(problem.label).help(problem.help));
        }
    }
}

/// A source that keeps its lines has no receiver.
fn problem_of_source(fault: ClusterFault, pipelines: &[Pipeline]) -> Option<Problem> {
    let (ClusterFault::Crash(Remote::Receiver(_))
    | ClusterFault::Pause(Remote::Receiver(_))
    | ClusterFault::Resume(Remote::Receiver(_))) = fault
    else {
        return None;
    };
    let is_direct = |pipeline: &&Pipeline| pipeline.program.source() == Source::Direct;
    let pipeline = pipelines.iter().find(is_direct)?;
    let name = quote(&pipeline.name);
    Some(Problem {
        message: format!("the pipeline {name} has no receiver"),
        label: "of no receiver",
        help: "a source that keeps its lines needs none: leave out `source = \"direct\"`, or the fault"
            .to_owned(),
    })
}

/// The receivers of executors take in whole blocks, which they store each 200 ms.
fn check_blocks(top: &TableReader) {
    if let Some(span) = top.section(&CLUSTER_TABLE).key_span(&BLOCK_INTERVAL) {
        let message = "receivers on executors do not cut blocks of their own yet";
        let mistake = Code::WrongMode
            .at(span, message)
            .label("not with `executors`");
        top.push(
            mistake.help("leave it out, with the rates that need it, or leave out `executors`"),
        );
    }
}

fn check_size(top: &TableReader, span: &Range<usize>, cluster: &Cluster) {
    let cores = cluster.parallelism();
    if cores > CORES_MAX {
        let message = format!("the executors have {cores} cores in all, and 1024 are the most");
        let mistake = Code::OutOfRange.at(span.clone(), message);
        top.push(
            mistake
                .label("too many")
                .help("take fewer, or fewer `cores` of each"),
        );
    }
}

/// A receiver stores blocks when its timer says so: a batch must not end between two blocks.
fn check_interval(top: &TableReader, span: &Range<usize>, clock: &PartialClock) {
    let Some(interval) = clock.interval else {
        return;
    };
    if !interval
        .as_millis()
        .is_multiple_of(Cluster::BLOCK_INTERVAL.as_millis())
    {
        let [interval, block] = [interval, Cluster::BLOCK_INTERVAL].map(duration::print);
        let message = format!(
            "executors have a block each {block}, and batches of {interval} end between two"
        );
        let mistake = Code::OutOfRange.at(span.clone(), message);
        let help = format!("take a multiple of {block} as `interval` in `[clock]`");
        top.push(mistake.label("of another interval").help(help));
    }
}

fn check_programs(top: &TableReader, span: &Range<usize>, pipelines: &[Pipeline]) {
    for pipeline in pipelines {
        let kind = match &pipeline.program {
            Program::Structured(_) => "a query",
            Program::Python(_) => "a program in Python",
            Program::Rust(_) => "a program in Rust",
            Program::Stateless { .. }
            | Program::UpdateState { .. }
            | Program::MapWithState(_)
            | Program::Steps(_) => continue,
        };
        let name = quote(&pipeline.name);
        let message =
            format!("the pipeline {name} is {kind}, which is not played on executors yet");
        let mistake = Code::Needs.at(span.clone(), message).label("a cluster");
        let help = "put it into a scenario of its own, without `executors`";
        top.push(mistake.help(help));
    }
}

/// The reason for which a fault cannot be.
struct Problem {
    message: String,
    label: &'static str,
    help: String,
}

/// The executors while faults of them are read.
struct Lives {
    executors: Vec<Life>,
    is_receiver_paused: bool,
}

#[derive(Clone, Default)]
struct Life {
    is_down: bool,
    is_paused: bool,
    is_apart: bool,
}

impl Lives {
    fn new(cluster: &Cluster) -> Lives {
        Lives {
            executors: vec![Life::default(); cluster.executors.unwrap_or_default()],
            is_receiver_paused: false,
        }
    }

    fn problem(&mut self, fault: ClusterFault) -> Option<Problem> {
        if self.executors.is_empty() {
            return Some(Problem {
                message: "there are no executors".to_owned(),
                label: "of no cluster",
                help: format!("for example\n[cluster]\n{}", EXECUTORS.text.example),
            });
        }
        let executor = match fault {
            ClusterFault::Crash(Remote::Receiver(receiver))
            | ClusterFault::Pause(Remote::Receiver(receiver))
            | ClusterFault::Resume(Remote::Receiver(receiver)) => {
                return self.problem_of_receiver(fault, receiver);
            }
            ClusterFault::Crash(Remote::Executor(executor))
            | ClusterFault::Pause(Remote::Executor(executor))
            | ClusterFault::Resume(Remote::Executor(executor))
            | ClusterFault::Restart(executor)
            | ClusterFault::Partition(executor)
            | ClusterFault::Repair(executor) => executor,
        };
        let last = self.executors.len() - 1;
        let Some(life) = self.executors.get_mut(executor) else {
            return Some(Problem {
                message: format!("there is no executor {executor}"),
                label: "not there",
                help: format!("`[cluster] executors` has them up to `executor {last}`"),
            });
        };
        life.problem(fault, executor)
    }

    /// A pipeline in words has one receiver.
    fn problem_of_receiver(&mut self, fault: ClusterFault, receiver: usize) -> Option<Problem> {
        if receiver > 0 {
            return Some(Problem {
                message: format!("there is no receiver {receiver}"),
                label: "not there",
                help: "a pipeline has one: `receiver 0`".to_owned(),
            });
        }
        let (is_right, is_paused) = match fault {
            ClusterFault::Pause(_) => (!self.is_receiver_paused, true),
            ClusterFault::Resume(_) => (self.is_receiver_paused, false),
            // The next one runs.
            _ => (true, false),
        };
        self.is_receiver_paused = is_paused;
        (!is_right).then(|| stands_still(is_paused, "receiver 0"))
    }
}

impl Life {
    fn problem(&mut self, fault: ClusterFault, number: usize) -> Option<Problem> {
        let name = format!("executor {number}");
        let was = self.clone();
        match fault {
            ClusterFault::Crash(_) => {
                *self = Life {
                    is_down: true,
                    is_paused: false,
                    ..was
                };
                was.is_down.then(|| down(&name))
            }
            ClusterFault::Restart(_) => {
                self.is_down = false;
                (!was.is_down).then(|| Problem {
                    message: format!("{name} runs already"),
                    label: "it is not down",
                    help: format!("`crash = \"{name}\"` in an entry before ends it"),
                })
            }
            ClusterFault::Pause(_) if was.is_down => Some(down(&name)),
            ClusterFault::Pause(_) | ClusterFault::Resume(_) => {
                self.is_paused = matches!(fault, ClusterFault::Pause(_));
                (was.is_paused == self.is_paused).then(|| stands_still(was.is_paused, &name))
            }
            ClusterFault::Partition(_) | ClusterFault::Repair(_) => {
                self.is_apart = matches!(fault, ClusterFault::Partition(_));
                (was.is_apart == self.is_apart).then(|| apart(was.is_apart, &name))
            }
        }
    }
}

fn down(name: &str) -> Problem {
    Problem {
        message: format!("{name} does not run"),
        label: "it is down",
        help: format!("`restart = \"{name}\"` in an entry before starts it again"),
    }
}

/// Of a pause of a process that stands still already, or a resumption of one that does not.
fn stands_still(is_paused: bool, name: &str) -> Problem {
    let (message, verb) = if is_paused {
        (format!("{name} stands still already"), "resume")
    } else {
        (format!("{name} does not stand still"), "pause")
    };
    Problem {
        message,
        label: "as it is",
        help: format!("`{verb} = \"{name}\"` in an entry before makes the difference"),
    }
}

/// Of a partition that is there already, or a repair of none.
fn apart(is_apart: bool, name: &str) -> Problem {
    let (message, verb) = if is_apart {
        (format!("{name} is cut off already"), "repair")
    } else {
        (format!("{name} is not cut off"), "partition")
    };
    Problem {
        message,
        label: "as it is",
        help: format!(
            "`{verb} = [\"driver\", \"{name}\"]` in an entry before makes the difference"
        ),
    }
}
