//! The engine of Millrace for Python: batches and streams of Python objects, and the virtual world.
//!
//! A person's program imports `pyspark` and finds the package `millrace.pyspark`, whose operators hand functions and
//! objects over to the classes of this module. All that decides which rows there are, and in which order, is the
//! engine's.
//!
//! Everything runs on the thread that holds the interpreter. Records are objects of Python: they are copied,
//! as by pickle, wherever Spark would have them go through a file or a socket.
#![cfg(feature = "extension")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "an argument from Python is extracted into a value"
)]

mod arrivals;
mod context;
mod followed_query;
mod follower;
mod function;
mod key;
mod object;
mod rdd;
mod sql;
mod stream;
mod tasks;
mod timeline;
mod watched_folders;
mod world;

use pyo3::prelude::*;

#[pymodule]
mod _millrace {
    #[pymodule_export]
    use crate::arrivals::{has_parquet, record_of_bytes};
    #[pymodule_export]
    use crate::context::Context;
    #[pymodule_export]
    use crate::function::in_worker;
    #[pymodule_export]
    use crate::key::portable_hash;
    #[pymodule_export]
    use crate::object::copied;
    #[pymodule_export]
    use crate::rdd::Rdd;
    #[pymodule_export]
    use crate::sql::{
        Expression, Frame, Session, UserDefinedFunction, Writer, has_function, map_groups,
        map_partitions, parse_type, transform_with_state,
    };
    #[pymodule_export]
    use crate::stream::Stream;
    #[pymodule_export]
    use crate::timeline::{Timeline, interval_ms, message_record};
    #[pymodule_export]
    use crate::world::{World, has_checkpoint};
}
