//! The settings of a query, from its writer to its micro-batches.

use engine::{KeyOrder, OutputMode, QueryId, Text, Trigger};
use engine_sql::Session;

use crate::physical::WatermarkPolicy;
use crate::sink::Sink;

/// The query of its machine, which has one.
pub(crate) const QUERY: QueryId = QueryId(0);

/// The settings of a query, as it was written down.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
pub(crate) struct QuerySettings {
    /// The version of Spark, ANSI mode and the time zone.
    pub(crate) sql: Session,
    pub(crate) sink: Sink,
    pub(crate) output_mode: OutputMode,
    pub(crate) watermark_policy: WatermarkPolicy,
    /// Micro-batches run without data, too, where the one before asked for it (`MB-3`).
    pub(crate) no_data_batches: bool,
    pub(crate) trigger: Trigger,
    pub(crate) num_rows: usize,
    pub(crate) truncate: bool,
    pub(crate) cores: usize,
    pub(crate) shuffle_partitions: usize,
    pub(crate) key_order: KeyOrder,
    pub(crate) state_store: StateStoreProvider,
    /// True if it saves what it needs to go on after a crash.
    pub(crate) checkpoint: bool,
    /// Its name, if it has one.
    pub(crate) query_name: Option<Text>,
    /// Its id and that of this start, as its progress has them.
    pub(crate) ids: QueryIds,
    /// All rows are counted that the console does not show.
    pub(crate) counts_rows: bool,
    /// The most bytes that the groups may take.
    pub(crate) memory: Option<u64>,
}

impl QuerySettings {
    /// True if the query may go on from its checkpoint: a table in memory has lost the rows that it does not show again.
    pub(crate) fn goes_on(&self) -> bool {
        !matches!(self.sink, Sink::Memory { .. }) || self.output_mode == OutputMode::Complete
    }
}

/// The kind of state store, by which the order of states goes (`spark.sql.streaming.stateStore.providerClass`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum StateStoreProvider {
    /// A map in memory: the order of Java's `ConcurrentHashMap`.
    #[default]
    Hdfs,
    /// RocksDB: partition by partition, the order of the bytes of the key's row.
    RocksDb,
}

/// The ids of a query, each a UUID. Spark draws them; here they are given, so that two runs have the same.
#[derive(Clone, Debug)]
pub(crate) struct QueryIds {
    /// That of the query, whenever it is started.
    pub(crate) id: Text,
    /// That of this start.
    pub(crate) run_id: Text,
}

impl Default for QueryIds {
    fn default() -> QueryIds {
        QueryIds {
            id: "00000000-0000-0000-0000-000000000001".into(),
            run_id: "00000000-0000-0000-0000-000000000002".into(),
        }
    }
}
