//! A pipeline to play on a real Spark.

use std::fs;

use oracle::{Arrival, NotReplayed, ReplayInput, SparkReplay};
use scenario::{
    KeyOrder, Pipeline, Profile, Program, PythonProgram, QuerySink, Scenario, SparkVersion, Step,
    TimelineEvent,
};
use simulator::{Arrivals, CompileError, InOrder, PipelineSource, compile, source_of, stop_time};
use suite::{Case, Played, play};

use super::comparison::Measure;
use crate::error::CommandError;

/// A pipeline with its scenario, in a profile that a Spark of today has.
#[derive(Debug)]
pub(super) struct SparkPipeline {
    pub(super) scenario_name: String,
    pub(super) scenario: Scenario,
    pub(super) pipeline: Pipeline,
    /// Remarks about the comparison for a person.
    pub(super) notes: Vec<&'static str>,
    /// True if rows are compared without regard to their order.
    is_any_order: bool,
    /// Its scenario as it was read, if it comes from a file.
    case: Option<Case>,
}

/// More rows than a batch has, so that all are printed.
const ALL_ROWS: usize = 1_000_000;

impl SparkPipeline {
    /// A pipeline of a scenario. If no Spark of today prints its profile, the nearest profile replaces it. Rows
    /// in the order of arrival are compared without regard to their order.
    pub(super) fn new(
        scenario_name: &str,
        scenario: &Scenario,
        pipeline: &Pipeline,
    ) -> SparkPipeline {
        let mut pipeline = pipeline.clone();
        let profile = scenario.profile_of(&pipeline);
        let next = match (&pipeline.program, profile) {
            (Program::Structured(_) | Program::Python(_), _)
            | (_, Profile::Jvm | Profile::Jvm4) => None,
            (program, _) if program.mapped_totals().next().is_some() => {
                Some((Profile::Jvm, "as profile jvm; PySpark has no mapWithState"))
            }
            (_, Profile::Cookbook) => Some((
                Profile::Pyspark,
                "as profile pyspark; the book's own console is Python 2's, and edited",
            )),
            (_, Profile::Pyspark | Profile::Pyspark4) => None,
        };
        if let Some((profile, _)) = next {
            pipeline.profile = Some(profile);
        }
        let pipeline = SparkPipeline {
            scenario_name: scenario_name.to_owned(),
            scenario: scenario.clone(),
            pipeline,
            notes: next.into_iter().map(|(_, note)| note).collect(),
            is_any_order: false,
            case: None,
        };
        match scenario.console.order {
            KeyOrder::Spark => pipeline,
            KeyOrder::Arrival => {
                pipeline.in_any_order("all rows, in any order; the order of arrival is ours")
            }
        }
    }

    /// The same pipeline, played as the Spark that it is compared with.
    pub(super) fn on(mut self, spark: SparkVersion) -> SparkPipeline {
        if self.scenario.spark != spark {
            self.notes.push("as Spark 4");
            self.scenario.spark = spark;
        }
        self
    }

    /// The reason for which it is not compared with a Spark of this version, or is not recorded from it.
    pub(super) fn refusal(&self, spark: SparkVersion, is_recorded: bool) -> Option<String> {
        let own = self.scenario.spark;
        if own != spark && (own == SparkVersion::V4 || is_recorded) {
            return Some(format!(
                "not replayed on Spark: it is for Spark {own}, and this is Spark {spark}"
            ));
        }
        let saves = match &self.pipeline.program {
            Program::Steps(steps) => {
                let mut steps = steps.iter();
                steps.any(|step| matches!(step, Step::SaveAsTextFiles(_)))
            }
            Program::Structured(structured) => structured.sink != QuerySink::Console,
            _ => false,
        };
        if saves {
            return Some(
                "not replayed on Spark: it would save files here; leave out `save_as_text_files`, or `sink`"
                    .to_owned(),
            );
        }
        let is_changed = is_recorded && !self.notes.is_empty();
        is_changed.then(|| "not recorded: no Spark prints it as it stands".to_owned())
    }

    /// The measure by which it is compared with Spark.
    pub(super) fn measure(&self) -> Measure {
        Measure {
            any_order: self.is_any_order,
            one_task: self.scenario.cluster.cores == 1,
        }
    }

    /// Sets the file that it is of: [`record`](SparkPipeline::record) writes to its snapshots.
    pub(super) fn of_case(mut self, case: &Case) -> SparkPipeline {
        self.case = Some(case.clone());
        self
    }

    /// The case that it is a program in Python of.
    pub(super) fn program(&self) -> Option<(&Case, &PythonProgram)> {
        match &self.pipeline.program {
            Program::Python(program) => Some((self.case.as_ref()?, program)),
            _ => None,
        }
    }

    /// Prints all rows, which are then compared without regard to their order.
    pub(super) fn in_any_order(mut self, note: &'static str) -> SparkPipeline {
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

    /// The name of the scenario and of the pipeline.
    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.scenario_name, self.pipeline.name)
    }

    /// The program that a Spark user runs.
    pub(super) fn script(&self) -> Result<String, CommandError> {
        if let Some(file) = self
            .case
            .as_ref()
            .and_then(|it| it.program_file(&self.pipeline))
        {
            let text = fs::read_to_string(&file);
            return text.map_err(|source| CommandError::ReadFile { path: file, source });
        }
        let class = oracle::class_name(&self.pipeline.name);
        Ok(oracle::script(&self.scenario, &self.pipeline, &class).text)
    }

    /// The replay that Spark runs.
    pub(super) fn replay(&self, number: usize, seed: u64) -> Result<SparkReplay, NotReplayed> {
        let stop = stop_time(&self.scenario);
        let mut arrivals = self.arrivals(seed);
        let arrivals = std::iter::from_fn(|| {
            let time = arrivals.next_time().filter(|time| *time <= stop)?;
            let (stream, records) = arrivals.take(time);
            Some((time, stream, records))
        });
        let arrivals = arrivals.map(|(time, stream, records)| Arrival {
            time,
            source: stream.0,
            lines: records.iter().map(ToString::to_string).collect(),
        });
        let input = ReplayInput {
            arrivals: arrivals.collect(),
            stop,
        };
        SparkReplay::new(&self.scenario, &self.pipeline, number, &input)
    }

    /// The lines that arrive at its sources: the one of a pipeline in words, or those of a query in SQL.
    fn arrivals(&self, seed: u64) -> Arrivals {
        let schedule = InOrder { seed };
        match &self.pipeline.program {
            Program::Structured(query) if query.sql.is_some() => {
                let sources = self.scenario.query_sources(query);
                let sources = sources.iter().map(|it| (&*it.name, it.kind));
                Arrivals::at_named(&self.scenario, &sources.collect::<Vec<_>>(), &schedule)
            }
            _ => Arrivals::new(&self.scenario, source_of(&self.pipeline), &schedule),
        }
    }

    /// Accepts the console of Spark as the snapshot, if the scenario comes from a file.
    pub(super) fn record(&self, console: &str) -> Result<(), CommandError> {
        let Some(case) = &self.case else {
            return Ok(());
        };
        Ok(case.snapshots.accept(&self.pipeline.name, console)?)
    }

    /// Our console text, and all failures: those that the scenario expects, too.
    pub(super) fn played(&self, seed: u64) -> Result<Played, CommandError> {
        let mut scenario = self.scenario.clone();
        for entry in &mut scenario.timeline {
            if let TimelineEvent::Expect(expect) = &mut entry.event {
                expect.failure = None;
            }
        }
        let played = match self.program() {
            Some((case, _)) => {
                let case = Case {
                    scenario,
                    ..case.clone()
                };
                case.played(&self.pipeline, seed)
            }
            None => play(&scenario, &self.pipeline, seed),
        };
        let mut played = played.map_err(CommandError::play(&self.scenario_name, &self.pipeline))?;
        played.failures.extend(self.refusal_of_query());
        Ok(played)
    }

    /// The reason for which its query in SQL is refused, as its scenario expects it.
    fn refusal_of_query(&self) -> Option<String> {
        match compile(&self.scenario, &self.pipeline, &PipelineSource::Scripted) {
            Err(CompileError::Refused(refusal)) => Some(refusal.message),
            Err(_) | Ok(_) => None,
        }
    }
}

fn print_all(step: &mut Step) {
    if let Step::Print(rows) = step {
        *rows = ALL_ROWS;
    }
}

/// The pipelines of scenarios drawn from a seed for a version of Spark.
pub(super) fn drawn(seed: u64, count: usize, spark: SparkVersion) -> Vec<SparkPipeline> {
    named(seed, random::sweep(seed, count, spark))
}

/// The queries in SQL drawn from a seed for a version of Spark. One that is refused here says so, as Spark then has to
/// refuse it, too.
pub(super) fn queries(seed: u64, count: usize, spark: SparkVersion) -> Vec<SparkPipeline> {
    let scenarios = random::queries(seed, count, spark);
    named(seed, scenarios.map(saying_what_is_refused))
}

fn named(seed: u64, scenarios: impl Iterator<Item = Scenario>) -> Vec<SparkPipeline> {
    let mut drawn = Vec::new();
    for (number, scenario) in scenarios.enumerate() {
        let name = format!("sweep_{seed}_{number}");
        let pipelines = scenario.pipelines.iter();
        drawn.extend(pipelines.map(|pipeline| SparkPipeline::new(&name, &scenario, pipeline)));
    }
    drawn
}

/// A scenario that expects of each query what ours does: to be refused, or not.
pub(super) fn saying_what_is_refused(mut scenario: Scenario) -> Scenario {
    let refusals = scenario.pipelines.iter().map(|pipeline| {
        match compile(&scenario, pipeline, &PipelineSource::Scripted) {
            Err(CompileError::Refused(refusal)) => Some(refusal.message),
            Err(_) | Ok(_) => None,
        }
    });
    let refusals: Vec<Option<String>> = refusals.collect();
    for (pipeline, refusal) in scenario.pipelines.iter_mut().zip(refusals) {
        if let Program::Structured(query) = &mut pipeline.program {
            query.refused = refusal;
        }
    }
    scenario
}
