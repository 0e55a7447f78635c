//! SQL text as trees: each form of Spark's grammar, the place of each part, and the errors.

mod errors;
mod expressions;
mod literals;
mod queries;
mod shape;
