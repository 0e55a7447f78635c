//! Console text, byte for byte, from events made by hand.

mod book;
mod failures;
mod spark;
mod support;
mod writing;
