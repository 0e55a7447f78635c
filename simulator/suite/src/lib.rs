//! Runs scenarios, and compares what they print with their snapshots.
//!
//! A [`Case`] is a scenario with the folder of its snapshots: one file for each pipeline, in the format of
//! insta, so `cargo insta review` works on it. In a repository with a folder `scenarios`, the snapshots of
//! `scenarios/<family>/<name>.toml` are `snapshots/<family>/<name>/<pipeline>.snap`; any other layout is a
//! [`SnapshotFolder`] of the caller's choice.
//!
//! ```
//! use std::path::Path;
//! use suite::{Case, CaseOutcome, SnapshotFolder, play};
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
//! let played = play(&case.scenario, pipeline, 0)?;
//! assert!(matches!(case.compare("counts", &played)?, CaseOutcome::Missing(_)));
//!
//! case.snapshots.accept("counts", &played.text)?;
//! assert_eq!(case.compare("counts", &played)?, CaseOutcome::Same);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Case::read`] reads a file, [`find_scenarios`] lists those of a folder, and [`orphans`] lists the snapshots
//! that belong to none of them.
//!
//! # What is not here
//!
//! No engine, no language, no console text of its own. No file is written unless the caller accepts or
//! proposes a text.

mod case;
mod case_outcome;
mod location;
mod orphan;
mod play;
mod read;
mod snapshots;
mod text;

pub use case::{Case, find_scenarios};
pub use case_outcome::CaseOutcome;
pub use orphan::{Orphan, orphans};
pub use play::{PlayError, Played, play, play_with};
pub use read::ReadError;
pub use snapshots::{SnapshotError, SnapshotFolder};
pub use text::FormatError;
