//! Tests of the repository itself: its snapshots, the shape and words of its sources, edges between crates.

mod code;
mod edges;
mod files;
mod modules;
mod named_files;
mod prose;
mod shape;
mod snapshots;
mod tuples;
mod words;
