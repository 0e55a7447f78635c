//! A pipeline that is to be played on a real Spark.

use engine::Input;
use oracle::{Arrival, NotReplayed, Replay, ReplayInput};
use scenario::{KeyOrder, Pipeline, Profile, Program, Scenario, Step};
use simulator::{Timeline, source_of, stop_time};
use snapshots::{Case, bless, play};

use crate::error::CommandError;

/// A pipeline with its scenario, in a profile that a Spark of today has.
#[derive(Debug)]
pub(super) struct Subject {
    scenario_name: String,
    scenario: Scenario,
    pipeline: Pipeline,
    notes: Vec<&'static str>,
    is_any_order: bool,
    /// Where its snapshot is, if it comes from a file.
    case: Option<Case>,
}

/// More rows than a batch has: so all are printed, whichever come first.
const ALL_ROWS: usize = 1_000_000;

impl Subject {
    /// A pipeline as it stands; but one whose console no Spark of today prints is taken in the profile
    /// that comes next to it, and one in the order of arrival is compared in any order.
    pub(super) fn new(scenario_name: &str, scenario: &Scenario, pipeline: &Pipeline) -> Subject {
        let mut pipeline = pipeline.clone();
        let profile = pipeline.profile.unwrap_or(scenario.console.profile);
        let next = match (&pipeline.program, profile) {
            (Program::Structured(_), _) | (_, Profile::Jvm) => None,
            (program, _) if program.mapped_totals().next().is_some() => {
                Some((Profile::Jvm, "as profile jvm; PySpark has no mapWithState"))
            }
            (_, Profile::Cookbook) => Some((
                Profile::Pyspark,
                "as profile pyspark; the book's own console is Python 2's, and edited",
            )),
            (_, Profile::Pyspark) => None,
        };
        if let Some((profile, _)) = next {
            pipeline.profile = Some(profile);
        }
        let subject = Subject {
            scenario_name: scenario_name.to_owned(),
            scenario: scenario.clone(),
            pipeline,
            notes: next.into_iter().map(|(_, note)| note).collect(),
            is_any_order: false,
            case: None,
        };
        match scenario.console.order {
            KeyOrder::Spark => subject,
            KeyOrder::Arrival => {
                subject.in_any_order("all rows, in any order; the order of arrival is ours")
            }
        }
    }

    /// The same as one of a scenario file.
    pub(super) fn of_case(mut self, case: &Case) -> Subject {
        self.case = Some(case.clone());
        self
    }

    /// The same with all rows printed, which are then compared in any order.
    pub(super) fn in_any_order(mut self, note: &'static str) -> Subject {
        self.scenario.console.rows = ALL_ROWS;
        match &mut self.pipeline.program {
            Program::Structured(structured) => structured.num_rows = ALL_ROWS,
            Program::Steps(steps) => steps.iter_mut().for_each(print_all),
            _ => {}
        }
        if !self.is_any_order {
            self.notes.push(note);
        }
        self.is_any_order = true;
        self
    }

    /// Whether rows are compared in any order.
    pub(super) fn is_any_order(&self) -> bool {
        self.is_any_order
    }

    /// The scenario and the pipeline.
    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.scenario_name, self.pipeline.name)
    }

    pub(super) fn scenario_name(&self) -> &str {
        &self.scenario_name
    }

    pub(super) fn pipeline_name(&self) -> &str {
        &self.pipeline.name
    }

    pub(super) fn cores(&self) -> usize {
        self.scenario.cluster.cores
    }

    /// What a person should know about the comparison.
    pub(super) fn notes(&self) -> &[&'static str] {
        &self.notes
    }

    /// The scenario as a file.
    pub(super) fn text(&self) -> String {
        scenario::print(&self.scenario)
    }

    /// The program that a Spark user runs.
    pub(super) fn script(&self) -> String {
        oracle::script(
            &self.scenario,
            &self.pipeline,
            &oracle::class_name(&self.pipeline.name),
        )
        .text
    }

    /// What Spark is asked to play.
    pub(super) fn replay(&self, number: usize, seed: u64) -> Result<Replay, NotReplayed> {
        let stop = stop_time(&self.scenario);
        let mut timeline = Timeline::new(&self.scenario, source_of(&self.pipeline), seed);
        let mut arrivals = Vec::new();
        while let Some((time, input)) = timeline.next(stop) {
            if let Input::Stored { block, .. } = input {
                let lines = block.iter().map(ToString::to_string).collect();
                arrivals.push(Arrival { time, lines });
            }
        }
        let input = ReplayInput { arrivals, stop };
        Replay::new(&self.scenario, &self.pipeline, number, &input)
    }

    /// Makes what Spark printed the snapshot.
    pub(super) fn record(&self, console: &str) -> Result<(), CommandError> {
        let Some(case) = &self.case else {
            return Ok(());
        };
        bless(case, &self.pipeline.name, console).map_err(|source| CommandError::Write {
            path: case.snapshot(&self.pipeline.name),
            source,
        })
    }

    /// What ours prints.
    pub(super) fn played(&self, seed: u64) -> Result<String, CommandError> {
        let played = play(&self.scenario, &self.pipeline, seed);
        played
            .map(|played| played.text)
            .map_err(|source| CommandError::Play {
                scenario: self.scenario_name.clone(),
                pipeline: self.pipeline.name.clone(),
                source,
            })
    }
}

fn print_all(step: &mut Step) {
    if let Step::Print(rows) = step {
        *rows = ALL_ROWS;
    }
}

/// The pipelines of the scenarios that a seed draws.
pub(super) fn drawn(seed: u64, count: usize) -> Vec<Subject> {
    let scenarios = random::sweep(seed, count).enumerate();
    let subjects = scenarios.flat_map(|(number, scenario)| {
        let name = format!("sweep_{seed}_{number}");
        let pipelines = scenario.pipelines.iter();
        let subjects = pipelines.map(|pipeline| Subject::new(&name, &scenario, pipeline));
        subjects.collect::<Vec<_>>()
    });
    subjects.collect()
}
