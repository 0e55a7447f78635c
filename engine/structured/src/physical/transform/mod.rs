//! Groups of rows that a processor of the program is given, with state variables and timers.

mod operator;
mod saved;
mod store;

pub(crate) use operator::TransformGroups;
