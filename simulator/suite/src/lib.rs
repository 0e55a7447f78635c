//! Runs scenarios, and compares what they print with their snapshots.
//!
//! A [`Case`] is a scenario with the folder of its snapshots: one file for each pipeline, in the format of
//! insta, so `cargo insta review` works on it. In a repository with a folder `scenarios`, the snapshots of
//! `scenarios/<family>/<name>.toml` are `snapshots/<family>/<name>/<pipeline>.snap`; any other layout is a
//! [`SnapshotFolder`] of the caller's choice.
//!
//! ```
//! use std::path::Path;
//! use suite::{Case, CaseOutcome, SnapshotFolder};
//!
//! let text = r#"
//!     timeline = [{ at = "1s", lines = ["blue green blue"] }]
//!     [[pipeline]]
//!     name = "counts"
//!     mode = "stateless"
//! "#;
//! let folder = tempfile::tempdir()?;
//! let case = Case {
//!     snapshots: SnapshotFolder::new(folder.path(), "tests/blue.toml"),
//!     ..Case::parse(Path::new("tests/blue.toml"), text)?
//! };
//! let pipeline = &case.scenario.pipelines[0];
//! let tested = case.test(pipeline, 0)?;
//! assert!(matches!(tested.outcome, CaseOutcome::Missing { .. }));
//!
//! case.snapshots.accept("counts", &tested.text.unwrap_or_default())?;
//! assert_eq!(case.test(pipeline, 0)?.outcome, CaseOutcome::Same);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Case::read`] reads a file, [`find_scenarios`] lists those of a folder, and [`orphans`] lists the snapshots
//! that belong to none of them. [`hints()`] remarks on a pipeline that may not do what is meant. A test keeps neither the events of a run nor, while it is the snapshot's, its text.
//! Every file is written by [`replace_file`] or [`create_file`], so that it is whole or not there.
//!
//! # What is not here
//!
//! No engine, no language, no console text of its own. No file is written unless the caller accepts or
//! proposes a text.

mod case;
mod case_outcome;
mod causes;
mod ci;
mod file;
mod find;
mod fingerprint;
mod hints;
mod location;
mod orphan;
mod play;
mod python;
mod read;
mod snapshot;
mod snapshots;
mod text;

pub use case::{Case, TestError, Tested};
pub use case_outcome::CaseOutcome;
pub use causes::with_causes;
pub use ci::is_ci;
pub use file::{check_creatable, check_replaceable, create_file, replace_file};
pub use find::find_scenarios;
pub use hints::{hints, rows_of_no_spark, seed_of_failure};
pub use orphan::{Orphan, orphans};
pub use play::{PlayError, Played, play, play_with};
pub use python::{ProgramEntry, ProgramTimeline, PythonError, TimelineError, parse_faults};
pub use read::ReadError;
pub use snapshots::{SnapshotError, SnapshotFolder};
pub use text::FormatError;
