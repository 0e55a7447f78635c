//! The commands, one file each.

pub(crate) mod address;
pub(crate) mod bench;
pub(crate) mod checkpoint;
pub(crate) mod completions;
pub(crate) mod explore;
pub(crate) mod finding;
pub(crate) mod listen;
pub(crate) mod new;
mod new_crate;
pub(crate) mod plan;
pub(crate) mod record;
pub(crate) mod reference;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod spark;
pub(crate) mod test;
pub(crate) mod word_counts;
