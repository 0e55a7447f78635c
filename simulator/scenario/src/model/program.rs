//! The pipelines of a scenario, and their programs.

use std::time::Duration;

use engine::{OutputMode, Profile, Trigger};

use crate::{
    Conf, Cost, Keeps, MappedTotals, QuerySink, Source, Step, Timeouts, Update, Window, WordQuery,
};

/// A program under test.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// Names the snapshot: letters, digits, `_` and `-`.
    pub name: String,
    /// The pipeline's own profile, where it differs from the console's.
    pub profile: Option<Profile>,
    /// True if it prints the number of lines of each batch first. Default: false.
    pub count_lines: bool,
    /// The pipeline's own costs, instead of those of the scenario.
    pub cost: Option<Cost>,
    /// The program.
    pub program: Program,
}

/// A program in the words of the language.
#[derive(Clone, Debug, PartialEq)]
pub enum Program {
    /// `mode = "stateless"`: each batch, or each window, counted by itself.
    Stateless {
        /// `reduceByKeyAndWindow` instead of `reduceByKey`.
        window: Option<Window>,
        /// The lines that the source makes of the text.
        source: Source,
    },
    /// `mode = "update_state"`: running totals by `updateStateByKey`.
    UpdateState {
        /// The update function.
        update: Update,
        /// Initial state, in the order written.
        initial: Vec<(String, i64)>,
        /// The lines that the source makes of the text.
        source: Source,
    },
    /// `mode = "map_with_state"`: running totals by `mapWithState`.
    MapWithState(MapWithState),
    /// `mode = "structured"`: a query over an unbounded table.
    Structured(Structured),
    /// `steps = [..]`: DStream operators by name; starts from lines, ends with a print.
    Steps(Vec<Step>),
    /// `program = ".."`: a `PySpark` program.
    Python(PythonProgram),
    /// `rust = ".."`: a program of a user's own, by the name under which a test registers it.
    Rust(String),
}

impl Program {
    /// The kind of its source, which decides how lines of the scenario become records.
    pub fn source(&self) -> Source {
        match self {
            Program::Stateless { source, .. } | Program::UpdateState { source, .. } => *source,
            Program::MapWithState(program) => program.source,
            Program::Structured(structured) => structured.source,
            Program::Steps(_) | Program::Python(_) | Program::Rust(_) => Source::Memory,
        }
    }

    /// True if it keeps states of keys, or of the groups of a query.
    pub fn keeps_state(&self) -> bool {
        match self {
            Program::Stateless { .. } | Program::Python(_) | Program::Rust(_) => false,
            Program::UpdateState { .. } | Program::MapWithState(_) | Program::Structured(_) => true,
            Program::Steps(steps) => steps.iter().any(|it| it.keeps() == Keeps::KeyedState),
        }
    }

    /// The arguments of each `mapWithState` in it.
    pub fn mapped_totals(&self) -> impl Iterator<Item = &MappedTotals> {
        let mode = match self {
            Program::MapWithState(program) => Some(&program.totals),
            _ => None,
        };
        let steps = match self {
            Program::Steps(steps) => &**steps,
            _ => &[],
        };
        let steps = steps.iter().filter_map(|step| match step {
            Step::MapWithState(totals) => Some(totals),
            _ => None,
        });
        mode.into_iter().chain(steps)
    }

    /// Has every idle word time out in the batch in which it has been idle for too long.
    pub fn make_timeouts_exact(&mut self) {
        match self {
            Program::MapWithState(program) => program.totals.timeouts = Timeouts::Exact,
            Program::Steps(steps) => {
                for step in steps {
                    if let Step::MapWithState(totals) = step {
                        totals.timeouts = Timeouts::Exact;
                    }
                }
            }
            Program::Stateless { .. }
            | Program::UpdateState { .. }
            | Program::Structured(_)
            | Program::Python(_)
            | Program::Rust(_) => {}
        }
    }
}

/// A `PySpark` program, as it is, with its own batch interval and sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PythonProgram {
    /// The path of its file from the folder of the scenario's, with `/` between folders.
    pub file: String,
    /// The arguments that it is called with.
    pub arguments: Vec<String>,
    /// True if a job that fails raises a `Py4JJavaError`, as in `PySpark`.
    pub strict: bool,
    /// True if functions, rows and states that Spark could not pickle fail.
    pub check_pickle: bool,
}

/// Running totals by `mapWithState`: each record adds its number to the state of its word, and gives
/// the word with its new total; a word that times out gives its last total once more, and is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct MapWithState {
    /// The argument of `mapWithState`.
    pub totals: MappedTotals,
    /// The lines that the source makes of the text.
    pub source: Source,
}

/// The word count of the book as a structured query, or a query in SQL.
#[derive(Clone, Debug, PartialEq)]
pub struct Structured {
    /// The query in SQL, instead of one over words. Default: none.
    pub sql: Option<String>,
    /// A part of the message by which the query in SQL is refused, if it is. Default: it is not.
    pub refused: Option<String>,
    /// The settings of the query in SQL.
    pub conf: Conf,
    /// Windows of event time. Default: none, lines are words.
    pub event_time: Option<EventTime>,
    /// The query over the words. Default: their counts.
    pub query: WordQuery,
    /// The rows that a micro-batch prints. Default: complete.
    pub output: OutputMode,
    /// The time at which a micro-batch runs. Default: as soon as there is data.
    pub trigger: Trigger,
    /// Rows the console sink shows. Default: 20.
    pub num_rows: usize,
    /// True if cells are cut to 20 characters. Default: true.
    pub truncate: bool,
    /// The lines that the source makes of the text.
    pub source: Source,
    /// The folder that it reads, of a source that has files. Default: `lines`.
    pub folder: Option<String>,
    /// The most files that a micro-batch reads, of a source that has files. Default: all there are.
    pub max_files_per_trigger: Option<usize>,
    /// The place for the rows. Default: the console.
    pub sink: QuerySink,
}

/// Windows of event time that words are counted in: a line is then the second of the event, since the
/// epoch, and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTime {
    /// The length of a window, up to 292,000 years.
    pub window: Duration,
    /// The delay of the watermark after the latest event (`WM-2`). Default: no watermark.
    pub watermark: Option<Duration>,
}
