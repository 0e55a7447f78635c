//! The same pipelines on a real Spark: as programs that a Spark user can submit, and replayed batch by
//! batch, so that what Spark prints can be compared.
//!
//! [`script`] turns a pipeline into a program:
//!
//! ```
//! let scenario = scenario::parse("blue.toml", r#"
//!     timeline = [{ at = "1s", lines = ["blue blue"] }]
//!     [[pipeline]]
//!     name = "counts"
//!     mode = "stateless"
//! "#)?;
//! let program = oracle::script(&scenario, &scenario.pipelines[0], "Counts");
//! assert!(program.text.contains("word_counts = pairs.reduceByKey(lambda x, y: x + y)"));
//! # Ok::<(), scenario::Mistakes>(())
//! ```
//!
//! [`Installation::find`] looks for a Spark, [`Spark::start`] starts one JVM, and [`Spark::replay`] has it
//! play a [`SparkReplay`]: the pipeline's program, and the lines of each batch. The time is set by the replay: a
//! manual clock for DStreams, one awaited micro-batch after the other for queries, and a clock of its own for
//! their triggers. So the console of Spark does not depend on the machine.
//!
//! | file | purpose |
//! |---|---|
//! | `script/` | a pipeline as a program, one file a kind |
//! | `input.rs`, `replay.rs` | the lines of each batch, and the pipelines that cannot be replayed |
//! | `installation.rs`, `javac.rs`, `spark.rs` | finding Spark, compiling for it, running it |
//! | `replay.py`, `trigger_clock.py` | the process that replays |
//! | `program.rs`, `program.py`, `stage.py`, `queries.py` | a person's program, as it is, on a clock that is set |
//! | `program.py`, `stage.py`, `queries.py` | plays a `PySpark` program by a timeline, with the parts above |
//!
//! # What is not here
//!
//! - No engine is run: what ours prints, and the comparison, are the caller's.
//! - No input is drawn: a timeline comes as lines with times.

mod input;
mod installation;
mod javac;
mod program;
mod replay;
mod script;
mod spark;

pub use input::{Arrival, ReplayInput};
pub use installation::{Installation, NotFound};
pub use javac::JavacError;
pub use program::SparkProgram;
pub use replay::{NotReplayed, SparkReplay};
pub use script::{Language, Script, class_name, script};
pub use spark::{Answer, Spark, SparkError, Versions};
