//! Random draws that are fixed by a seed: the same on every machine and in every version.
//!
//! [`Dice`] draw numbers; [`Zipf`] draws keys of which some are more common than others.
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
//! # What is not here
//!
//! No seed but the one that is passed in: no clock, no environment, no generator of the system.

mod dice;
mod zipf;

pub use dice::Dice;
pub use zipf::Zipf;
