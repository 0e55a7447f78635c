//! A pipeline in words becomes the engine that it describes.

mod arithmetic;
pub(crate) mod failing_parts;
mod refused;
mod saved;
mod sql;
mod sql_table;
mod steps;
mod structured;
mod word_count;

pub(crate) use refused::is_expected;
pub use refused::refusals;
pub use saved::Saved;
pub(crate) use saved::query_files;
pub use structured::spark_session;

use std::sync::Arc;

use engine::{
    BlockManager, BuildError, Engine, Machine, RecoverError, SparkContext, StreamingContext,
};
use engine_structured::{AnalysisError, QueryRecoverError};
use scenario::{Pipeline, Program, Refusal, Scenario, Source};

use self::failing_parts::FailingParts;
use self::word_count::Settings;
use crate::run::{UserProgram, source_of};

/// The name of the only source of a pipeline in words, which entries of the timeline may give.
pub const LINES: &str = Scenario::LINES;

/// The source of a pipeline's lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PipelineSource {
    /// From the scenario's timeline.
    Scripted,
    /// From a server, in a live run.
    Socket {
        /// Name or address of the server.
        host: String,
        /// Its port.
        port: u16,
    },
}

/// A rule that a pipeline breaks and that its scenario's text does not show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// A DStream program that cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A DStream program that cannot go on from its checkpoint.
    #[error(transparent)]
    Recover(#[from] RecoverError),
    /// A query that cannot be started.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// A query in SQL that cannot be started, with the part of its scenario that is refused. Reading a scenario's file
    /// reports it.
    #[error("{}", .0.message)]
    Refused(Box<Refusal>),
    /// A query that cannot go on from its checkpoint.
    #[error(transparent)]
    RecoverQuery(#[from] QueryRecoverError),
    /// A program of a user's own crate, which alone can build it.
    #[error(
        "it is the program `{0}` in Rust: `cargo test` runs it, in the crate that registers it"
    )]
    Rust(String),
    /// A program in Python, which an interpreter runs.
    #[error(
        "it is the program {0} in Python: `millrace run`, `millrace test` and `cargo test` play it from its scenario's \
         file"
    )]
    Python(String),
    /// A step that does not fit the one before it. Reading a scenario refuses it; one that was made in
    /// another way may have it.
    #[error("the step {step} does not fit the one before it")]
    Step {
        /// The step.
        step: String,
    },
}

/// Makes the engine of a pipeline.
///
/// # Errors
///
/// The rule that the pipeline breaks.
pub fn compile(
    scenario: &Scenario,
    pipeline: &Pipeline,
    feed: &PipelineSource,
) -> Result<Box<dyn Machine>, CompileError> {
    compile_from(scenario, pipeline, feed, None)
}

/// The plan of a structured query, as trees of text: the operators that run each micro-batch, and before them, if `extended`
/// is true, the query as it is written, resolved and optimised. `None` of a pipeline that is no such query.
///
/// # Errors
///
/// As [`compile`].
pub fn explain(
    scenario: &Scenario,
    pipeline: &Pipeline,
    extended: bool,
) -> Result<Option<String>, CompileError> {
    let Program::Structured(structured) = &pipeline.program else {
        return Ok(None);
    };
    let number = number(scenario, pipeline);
    structured::explain(scenario, structured, number, extended).map(Some)
}

/// Makes the engine of a pipeline that goes on from what was saved, if it has a checkpoint.
///
/// # Errors
///
/// As [`compile`], and why it cannot go on.
pub fn compile_from(
    scenario: &Scenario,
    pipeline: &Pipeline,
    feed: &PipelineSource,
    saved: Option<Saved>,
) -> Result<Box<dyn Machine>, CompileError> {
    compile_life(scenario, pipeline, feed, &Surroundings::default(), saved)
}

/// The parts of a life that are not of its scenario.
#[derive(Clone, Default)]
pub(crate) struct Surroundings<'a> {
    pub(crate) failing: FailingParts,
    /// `None` if no block is lost.
    pub(crate) block_manager: Option<Arc<dyn BlockManager>>,
    /// The program of a pipeline in Rust, whose lines never fail.
    pub(crate) program: Option<&'a UserProgram<'a>>,
}

/// Makes the engine of a pipeline in a life of its driver: one that goes on from what was saved, if it has a checkpoint.
pub(crate) fn compile_life(
    scenario: &Scenario,
    pipeline: &Pipeline,
    feed: &PipelineSource,
    surroundings: &Surroundings<'_>,
    saved: Option<Saved>,
) -> Result<Box<dyn Machine>, CompileError> {
    let saved = saved.filter(|_| scenario.cluster.checkpoint.is_some());
    let profile = scenario.profile_of(pipeline);
    let cluster = spark_context(scenario, pipeline);
    let ssc = StreamingContext::new(&cluster, scenario.clock.interval);
    if scenario.cluster.checkpoint.is_some() {
        ssc.checkpoint();
    }
    if scenario.cluster.write_ahead_log {
        ssc.log_records();
    }
    if let Some(interval) = scenario.cluster.block_interval {
        ssc.block_interval(interval);
        ssc.limit_rates(scenario.cluster.rates);
    }
    if let (Program::Rust(_), Some(write)) = (&pipeline.program, surroundings.program) {
        write(&ssc);
        return machine(&ssc, saved, surroundings);
    }
    let lines = match feed {
        PipelineSource::Scripted if source_of(pipeline) == Source::Direct => {
            ssc.direct_stream(LINES)
        }
        PipelineSource::Scripted => ssc.receiver_stream(LINES),
        PipelineSource::Socket { host, port } => ssc.socket_text_stream(host, *port),
    };
    let lines = surroundings.failing.add_to(&lines);
    let settings = Settings {
        profile,
        checkpoint_interval: scenario.cluster.checkpoint_interval,
    };
    let rows = scenario.console.rows;
    if pipeline.count_lines {
        lines.count().print_first(rows);
    }
    let pairs = || word_count::pairs(&lines, profile);
    match &pipeline.program {
        Program::Stateless { window, .. } => {
            word_count::stateless(&pairs(), *window, settings).print_first(rows);
        }
        Program::UpdateState {
            update, initial, ..
        } => {
            word_count::update_state(&pairs(), *update, initial, settings).print_first(rows);
        }
        Program::MapWithState(program) => {
            word_count::map_with_state(&pairs(), &program.totals, settings).print_first(rows);
        }
        Program::Steps(steps) => steps::add_steps(&lines, steps, settings)?,
        Program::Python(program) => return Err(CompileError::Python(program.file.clone())),
        Program::Rust(name) => return Err(CompileError::Rust(name.clone())),
        Program::Structured(structured) => {
            let query = structured::query(scenario, structured, number(scenario, pipeline), feed)?;
            return Ok(Box::new(match saved {
                Some(Saved::Query(files)) => query.recover(&*files)?,
                Some(Saved::Streams(_)) | None => query,
            }));
        }
    }
    machine(&ssc, saved, surroundings)
}

/// The number of a pipeline in its scenario.
fn number(scenario: &Scenario, pipeline: &Pipeline) -> usize {
    let mut pipelines = scenario.pipelines.iter();
    let number = pipelines.position(|it| it.name == pipeline.name);
    number.unwrap_or_default()
}

/// The engine of a program of streams that is written.
fn machine(
    ssc: &StreamingContext,
    saved: Option<Saved>,
    surroundings: &Surroundings<'_>,
) -> Result<Box<dyn Machine>, CompileError> {
    let program = ssc.build()?;
    let engine = match saved {
        Some(Saved::Streams(Some(recovery))) => Engine::recover(program, *recovery)?,
        Some(Saved::Streams(None) | Saved::Query(_)) | None => Engine::new(program),
    };
    Ok(Box::new(match &surroundings.block_manager {
        Some(block_manager) => engine.with_block_manager(Arc::clone(block_manager)),
        None => engine,
    }))
}

/// The cluster of a pipeline of streams, with its language.
pub fn spark_context(scenario: &Scenario, pipeline: &Pipeline) -> SparkContext {
    let sc = SparkContext::local(scenario.cluster.parallelism(), &pipeline.name)
        .with_profile(scenario.profile_of(pipeline))
        .with_key_order(scenario.console.order)
        .with_concurrent_jobs(scenario.cluster.concurrent_jobs);
    match scenario.cluster.memory {
        Some(bytes) => sc.with_memory(bytes),
        None => sc,
    }
}
