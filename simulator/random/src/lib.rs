//! Random draws that are fixed by a seed: the same on every machine.
//!
//! [`Dice`] draw numbers; [`Zipf`] draws keys of which some are more common than others:
//!
//! ```
//! use random::{Dice, Zipf};
//!
//! let zipf = Zipf::new(1_000, 1.1);
//! let draw = |seed| {
//!     let mut dice = Dice::new(seed, 0);
//!     (0..5).map(|_| zipf.draw(&mut dice)).collect::<Vec<_>>()
//! };
//! assert_eq!(draw(7), draw(7));
//! assert_ne!(draw(7), draw(8));
//! ```
//!
//! A [`Space`] draws whole scenarios: for the comparison with a real Spark ([`sweep`]), and for the tests of
//! the language, of the virtual world and of the model, each of which has a space of its own. With the feature
//! `proptest` a space is a strategy, whose scenarios lose entries, lines and steps until one more would make
//! the test pass.
//!
//! # What is not here
//!
//! No seed but the one that is passed in: no clock, no environment, no generator of the system.

mod dice;
mod queries;
mod scenarios;
mod smaller;
#[cfg(feature = "proptest")]
mod strategy;
mod zipf;

pub use dice::Dice;
pub use queries::queries;
pub use scenarios::{ALL_ROWS, EventKind, Numbers, ProgramKind, Space, Vocabulary, sweep};
pub use smaller::smaller;
pub use zipf::Zipf;
