//! Replays: a program's run on a timeline, and its result.

use engine::{
    Engine, Failure, Journal, Machine, Profile, Reader, SparkContext, StreamingContext, Trigger,
};
use engine_structured::Query;
use report::{Console, Zone};
use simulator::{InOrder, World};

use crate::panics::run_program;
use crate::replay_error::ReplayError;
use crate::timeline::Timeline;

/// The result of a replay.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// The console text, byte for byte as Spark prints it, with a line `failed: …` where a batch failed; more lines of
    /// its reason are indented.
    pub text: String,
    /// All events, each with its virtual time.
    pub journal: Journal,
    /// The reasons for which batches failed, each once in a row.
    pub failures: Vec<Failure>,
}

/// Replays a program of streams on a timeline: `local[2]`, and the text of Spark driven from Python.
///
/// A batch that fails does not end the program: it says so in the text and in [`Replay::failures`]. A function that
/// panics fails its batch, and the failure says where; nothing else is printed of the panic, unless the variable
/// `RUST_BACKTRACE` asks for a backtrace.
///
/// ```
/// use std::time::Duration;
/// use millrace::{Timeline, replay};
///
/// let timeline = Timeline::new()
///     .lines(Duration::from_secs(1), ["x"])
///     .lines(Duration::from_secs(2), ["7"]);
/// let replay = replay(&timeline, |ssc| {
///     let lines = ssc.socket_text_stream("localhost", 9999);
///     lines.try_map(|line| Ok(line.parse::<i64>()?)).print();
/// })?;
/// assert_eq!(replay.text, "\
/// failed: try_map, batch at 1970-01-01 00:00:01: invalid digit found in string
/// -------------------------------------------
/// Time: 1970-01-01 00:00:02
/// -------------------------------------------
/// 7
///
/// ");
/// assert_eq!(replay.failures[0].operator(), Some("try_map"));
/// # Ok::<(), millrace::ReplayError>(())
/// ```
///
/// # Errors
///
/// Fails if the program breaks a rule, if the timeline names a source that it does not have, or a time zone
/// that does not exist, if a time is beyond the calendar, or if the run stops before all lines are taken.
pub fn replay(
    timeline: &Timeline,
    write: impl FnOnce(&StreamingContext),
) -> Result<Replay, ReplayError> {
    replay_on(&SparkContext::local(2, "replay"), timeline, write)
}

/// As [`replay`], on this cluster, which has the program's language too.
///
/// # Errors
///
/// As [`replay`].
pub fn replay_on(
    cluster: &SparkContext,
    timeline: &Timeline,
    write: impl FnOnce(&StreamingContext),
) -> Result<Replay, ReplayError> {
    let ssc = StreamingContext::new(cluster, timeline.clock().interval);
    write(&ssc);
    let engine = Engine::new(ssc.build()?);
    replay_machine(timeline, cluster.profile(), engine, None)
}

/// Replays a structured query on a timeline.
///
/// ```
/// use std::time::Duration;
/// use millrace::structured::functions::{col, explode, split};
/// use millrace::structured::{OutputMode, SparkSession};
/// use millrace::{Timeline, replay_query};
///
/// let lines = SparkSession::local(2, "WordCount").read_stream().memory("lines");
/// let words = lines.select([explode(split(col("value"), " ")).alias("word")]);
/// let counts = words.group_by("word").count();
/// let query = counts.write_stream().output_mode(OutputMode::Complete).console()?;
///
/// let timeline = Timeline::new().lines(Duration::from_secs(1), ["blue blue"]);
/// assert_eq!(replay_query(&timeline, query)?.text, "\
/// -------------------------------------------
/// Batch: 0
/// -------------------------------------------
/// +----+-----+
/// |word|count|
/// +----+-----+
/// |blue|    2|
/// +----+-----+
///
/// ");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// As [`replay`], but a query was checked when it was written.
pub fn replay_query(timeline: &Timeline, query: Query) -> Result<Replay, ReplayError> {
    let trigger = query.trigger();
    replay_machine(timeline, Profile::Pyspark, query, Some(trigger))
}

fn replay_machine(
    timeline: &Timeline,
    profile: Profile,
    machine: impl Machine,
    trigger: Option<Trigger>,
) -> Result<Replay, ReplayError> {
    let zone = Zone::named(&timeline.clock().timezone)?;
    let mut journal = Journal::new();
    replay_to(timeline, machine, trigger, &mut journal)?;
    let mut console = Console::new(profile, zone, Vec::new()).show_failures(true);
    journal.replay(&mut console);
    Ok(Replay {
        text: String::from_utf8_lossy(&console.finish()?).into_owned(),
        failures: journal.failures().into_iter().cloned().collect(),
        journal,
    })
}

/// Plays a timeline up to its stop to a program of streams, or to a query with this trigger.
pub(crate) fn replay_to(
    timeline: &Timeline,
    machine: impl Machine,
    trigger: Option<Trigger>,
    reader: &mut dyn Reader,
) -> Result<(), ReplayError> {
    let settings = timeline.settings(trigger)?;
    let mut schedule = InOrder::default();
    let arrivals = timeline.arrivals(machine.sources(), schedule)?;
    let mut world = World::new(settings, &mut schedule);
    world.add(machine, arrivals, reader);
    run_program(|| world.run());
    Ok(())
}
