//! The types of Spark SQL and of the programs' languages, and their values.
//!
//! Everything else of the engine stands on this room, and it stands on nothing.

pub(crate) mod calendar;
mod data_type;
mod decimal;
mod float;
mod interval;
mod record;
mod text;
mod value;
mod values;

pub use calendar::{CivilDate, CivilTime};
pub use data_type::{DataType, StructField};
pub use decimal::Decimal;
pub use float::{Double, Float};
pub use interval::{IntervalUnit, IntervalUnits};
pub use record::Record;
pub use text::Text;
pub use value::{Row, Value};
pub use values::{MapEntries, NestingError, Struct, Values};
