//! Queries that die and are started again (`SRC-*`, `MB-*`, `SS-*`).

mod batches;
mod changed;
mod damage;
mod groups;
mod laws;
mod life;
mod states;
mod transform;
