//! `conf`: the settings of Spark that change the answers of a query.

use std::borrow::Cow;

use super::settings::PARTITIONS_OF_SHUFFLE;
use crate::Conf;
use crate::language::{KeyCount, Kind, TableOf, TomlKey, keywords, toml_table};

pub(super) const CONF_KIND: Kind<Conf> = Kind::Table(TableOf {
    table: &CONF_TABLE,
    read: |table| {
        Some(Conf {
            ansi: table.get(&ANSI),
            timezone: table.get(&SESSION_TIMEZONE).map(Cow::into_owned),
            shuffle_partitions: table.get(&CONF_SHUFFLE_PARTITIONS),
            watermark_policy: table.get(&WATERMARK_POLICY),
            state_store: table.get(&STATE_STORE),
            no_data_batches: table.get(&NO_DATA_BATCHES),
            allow_multiple: table.get(&ALLOW_MULTIPLE),
        })
    },
    write: |conf, items| {
        items.set_some(&ANSI, conf.ansi.as_ref());
        let timezone = conf.timezone.clone().map(Cow::Owned);
        items.set_some(&SESSION_TIMEZONE, timezone.as_ref());
        items.set_some(&CONF_SHUFFLE_PARTITIONS, conf.shuffle_partitions.as_ref());
        items.set_some(&WATERMARK_POLICY, conf.watermark_policy.as_ref());
        items.set_some(&STATE_STORE, conf.state_store.as_ref());
        items.set_some(&NO_DATA_BATCHES, conf.no_data_batches.as_ref());
        items.set_some(&ALLOW_MULTIPLE, conf.allow_multiple.as_ref());
    },
});

toml_table! {
    pub(crate) CONF_TABLE = "conf", "in `conf`", KeyCount::Any;
    "The settings of Spark that change the answers of a query, by their names in quotes."

    "A value that an expression cannot have ends the query, and is not `NULL`. Without it, as the version of Spark has it: in 3.5 it is `NULL`."
    ANSI: TomlKey<bool> = ("spark.sql.ansi.enabled", Kind::FLAG, r#""spark.sql.ansi.enabled" = true"#);

    "The time zone of dates and times, instead of `timezone` in `[clock]`."
    SESSION_TIMEZONE: TomlKey<Cow<'static, str>> = ("spark.sql.session.timeZone", Kind::ZONE, r#""spark.sql.session.timeZone" = "UTC""#);

    "The partitions of a shuffle, instead of `shuffle_partitions` in `[cluster]`."
    CONF_SHUFFLE_PARTITIONS: TomlKey<usize> = ("spark.sql.shuffle.partitions", PARTITIONS_OF_SHUFFLE, r#""spark.sql.shuffle.partitions" = 5"#);

    "The watermark of a query of several sources that have one; without it, the least."
    WATERMARK_POLICY: TomlKey<WatermarkPolicy> = ("spark.sql.streaming.multipleWatermarkPolicy", Kind::Word(&WATERMARK_POLICIES), r#""spark.sql.streaming.multipleWatermarkPolicy" = "max""#);

    "The kind of state store, by which the order of states goes; without it, the map in memory."
    STATE_STORE: TomlKey<StateStore> = ("spark.sql.streaming.stateStore.providerClass", Kind::Word(&STATE_STORES), r#""spark.sql.streaming.stateStore.providerClass" = "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider""#);

    "Whether a micro-batch without data runs where the watermark has passed groups; without it, it does."
    NO_DATA_BATCHES: TomlKey<bool> = ("spark.sql.streaming.noDataMicroBatches.enabled", Kind::FLAG, r#""spark.sql.streaming.noDataMicroBatches.enabled" = false"#);

    "Whether a query may keep several states one after the other; without it, it may."
    ALLOW_MULTIPLE: TomlKey<bool> = ("spark.sql.streaming.statefulOperator.allowMultiple", Kind::FLAG, r#""spark.sql.streaming.statefulOperator.allowMultiple" = false"#);
}

keywords! {
    /// The kind of state store.
    pub enum StateStore, STATE_STORES;

    /// A map in memory.
    Hdfs = "org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider", "A map in memory: the order of Java's `ConcurrentHashMap`.";
    /// RocksDB.
    RocksDb = "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider", "RocksDB, as managed platforms have it: in a partition the order of the bytes of the key's row.";
}

impl StateStore {
    /// The name of its class.
    pub fn class_name(self) -> &'static str {
        STATE_STORES.word(&self).unwrap_or_default()
    }
}

keywords! {
    /// The watermark of a query of several sources.
    pub enum WatermarkPolicy, WATERMARK_POLICIES;

    /// The least of them.
    Min = "min", "The least of those of its sources.";
    /// The greatest of them.
    Max = "max", "The greatest of those of its sources.";
}
