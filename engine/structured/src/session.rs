//! Sessions: the settings of queries, and the tables that they name.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::{DataType, KeyOrder, Row, SparkVersion, Text, Value};
use engine_sql::plan::{LogicalPlan, PlanKind, Relation};
use engine_sql::{
    AnalysisError, Analyzer, Catalog, Context, Expression, Field, Resolver, Schema, Session,
    parse_query_in,
};

use crate::dataframe::DataFrame;
use crate::physical::{Partitioned, Tables, WatermarkPolicy};
use crate::reader::DataStreamReader;
use crate::settings::StateStoreProvider;
use crate::source::SourceSettings;
use crate::table_reader::DataFrameReader;
use crate::udf::UdfRegistration;

/// The cluster that a query is written for, and the tables of its program (`org.apache.spark.sql.SparkSession`). Clones
/// have the same tables.
#[derive(Clone, Debug)]
pub struct SparkSession {
    pub(crate) app_name: String,
    pub(crate) sql: Session,
    pub(crate) cores: usize,
    pub(crate) shuffle_partitions: usize,
    pub(crate) key_order: KeyOrder,
    pub(crate) state_store: StateStoreProvider,
    pub(crate) memory: Option<u64>,
    pub(crate) watermark_policy: WatermarkPolicy,
    pub(crate) no_data_batches: bool,
    topics: Arc<[Text]>,
    /// Small partitions of a shuffle become one, in tables without streams.
    pub(crate) adaptive: bool,
    tables: Arc<Mutex<SessionTables>>,
}

/// The tables of a session.
#[derive(Clone, Debug, Default)]
pub(crate) struct SessionTables {
    pub(crate) views: Catalog,
    /// The sources of streams, by the numbers of their relations.
    pub(crate) sources: Vec<SourceSettings>,
    /// The tables that stay as they are.
    pub(crate) finite: Tables,
}

/// The name of a table of the rows of an RDD.
pub(crate) const LOGICAL_RDD: &str = "LogicalRDD";

impl SparkSession {
    /// The most shuffle partitions. One without groups costs no work, and a few bytes.
    pub const SHUFFLE_PARTITIONS_MAX: usize = 100_000;

    /// `local[cores]` with 200 shuffle partitions. A query for no cores, or for more than
    /// [`SparkContext::CORES_MAX`](engine::SparkContext::CORES_MAX), is refused.
    pub fn local(cores: usize, app_name: &str) -> SparkSession {
        SparkSession {
            app_name: app_name.to_owned(),
            sql: Session::new(SparkVersion::default()),
            cores,
            shuffle_partitions: 200,
            key_order: KeyOrder::default(),
            state_store: StateStoreProvider::default(),
            memory: None,
            watermark_policy: WatermarkPolicy::default(),
            no_data_batches: true,
            topics: Arc::default(),
            adaptive: true,
            tables: Arc::default(),
        }
    }

    /// The same session on this version of Spark. Default: 3.5.
    ///
    /// In Spark 4 a query ends where an expression has no value, such as the cast of a text that is no number: there
    /// `spark.sql.ansi.enabled` is on.
    ///
    /// ```
    /// use engine_structured::{SparkSession, SparkVersion};
    /// let spark = SparkSession::local(2, "words").with_spark(SparkVersion::V4);
    /// # let _ = spark;
    /// ```
    pub fn with_spark(self, spark: SparkVersion) -> SparkSession {
        let zone = self.sql.zone.clone();
        let sql = Session {
            zone,
            ..Session::new(spark)
        };
        SparkSession { sql, ..self }
    }

    /// The same session with these settings of SQL: the version of Spark, ANSI mode, and the time zone.
    pub fn with_settings(self, sql: Session) -> SparkSession {
        SparkSession { sql, ..self }
    }

    /// The settings of SQL.
    pub fn settings(&self) -> &Session {
        &self.sql
    }

    /// The same session with `spark.sql.shuffle.partitions` set, from 1 to
    /// [`SHUFFLE_PARTITIONS_MAX`](SparkSession::SHUFFLE_PARTITIONS_MAX); a query with others is refused.
    pub fn with_shuffle_partitions(self, shuffle_partitions: usize) -> SparkSession {
        SparkSession {
            shuffle_partitions,
            ..self
        }
    }

    /// The same session, where the keys of a partition come in this order.
    pub fn with_key_order(self, key_order: KeyOrder) -> SparkSession {
        SparkSession { key_order, ..self }
    }

    /// The same session with this kind of state store (`spark.sql.streaming.stateStore.providerClass`). Default: the map of
    /// `HDFSBackedStateStoreProvider`.
    pub fn with_state_store(self, state_store: StateStoreProvider) -> SparkSession {
        SparkSession {
            state_store,
            ..self
        }
    }

    /// The same session with this limit to the bytes of the groups of each query. Default: no limit.
    ///
    /// A micro-batch after which the groups took more fails, and with it the query; so a state that grows
    /// without end is reported before the machine swaps. The bytes are an estimate, the same on every
    /// machine of 64 bits: of each group 32 bytes for each value of its key, the bytes that these keep on
    /// the heap, and 112 bytes for its count and its entries in tables; of other aggregates also the bytes of their values.
    /// The records of a batch are not counted.
    ///
    /// ```
    /// let spark = engine_structured::SparkSession::local(2, "words").with_memory(512 * 1024 * 1024);
    /// # let _ = spark;
    /// ```
    pub fn with_memory(self, bytes: u64) -> SparkSession {
        SparkSession {
            memory: Some(bytes),
            ..self
        }
    }

    /// The same session, where a query with several watermarks has one in this way
    /// (`spark.sql.streaming.multipleWatermarkPolicy`). Default: the least.
    pub fn with_watermark_policy(self, watermark_policy: WatermarkPolicy) -> SparkSession {
        SparkSession {
            watermark_policy,
            ..self
        }
    }

    /// The same session, where a micro-batch runs without data, too, if the one before asked for it
    /// (`spark.sql.streaming.noDataMicroBatches.enabled`). Default: true.
    pub fn with_no_data_batches(self, no_data_batches: bool) -> SparkSession {
        SparkSession {
            no_data_batches,
            ..self
        }
    }

    /// The same session, where these are the topics that a pattern chooses among (`subscribePattern`).
    pub fn with_topics<'a>(self, topics: impl IntoIterator<Item = &'a str>) -> SparkSession {
        SparkSession {
            topics: topics.into_iter().map(Text::from).collect(),
            ..self
        }
    }

    /// The topics whose whole names have this pattern, a regular expression of Java.
    pub(crate) fn topics_like(&self, pattern: &str) -> Result<Vec<Text>, AnalysisError> {
        let pattern = format!("^(?:{pattern})$");
        let no_columns = Schema::default();
        let mut resolver = Resolver::new(&no_columns, &self.sql);
        let context = Context {
            session: &self.sql,
            timestamp: 0,
        };
        let mut topics = Vec::new();
        for topic in self.topics.iter() {
            let call = Expression::call("rlike", [topic.as_str(), &pattern].map(Expression::from));
            let value = resolver.resolve(&call)?.value(&[], &context);
            let value = value
                .map_err(|failure| AnalysisError::illegal_argument(failure.message().as_str()))?;
            if value == Value::Boolean(true) {
                topics.push(topic.clone());
            }
        }
        Ok(topics)
    }

    /// The same session with `spark.sql.adaptive.enabled` set, which says in how many partitions the groups of a table
    /// without streams are. Default: true, and then in one.
    pub fn with_adaptive(self, adaptive: bool) -> SparkSession {
        SparkSession { adaptive, ..self }
    }

    /// The table of a query in SQL, over the views of the session.
    ///
    /// A text that is no query is refused when a query on the table starts.
    ///
    /// ```
    /// use engine_structured::{OutputMode, SparkSession};
    ///
    /// let spark = SparkSession::local(2, "words");
    /// spark.read_stream().socket("localhost", 9999).create_or_replace_temp_view("lines");
    /// let counts = spark.sql(
    ///     "SELECT word, count(*) AS n FROM (SELECT explode(split(value, ' ')) AS word FROM lines) GROUP BY word",
    /// );
    /// let query = counts.write_stream().output_mode(OutputMode::Update).console()?;
    /// # let _ = query;
    /// # Ok::<(), engine_structured::AnalysisError>(())
    /// ```
    pub fn sql(&self, text: &str) -> DataFrame {
        let plan = parse_query_in(text, &self.sql);
        self.frame_of(plan.map(|plan| self.with_views(plan)))
    }

    /// The plan, for which the views that it names stay as they are now.
    fn with_views(&self, plan: LogicalPlan) -> LogicalPlan {
        let views = self.tables().views.clone();
        let mut analyzer = Analyzer::new(&self.sql, &views);
        // A plan that is refused is refused again when it is used.
        let _ = analyzer.analyze(&plan);
        let tables = analyzer.into_used();
        if tables.is_empty() {
            return plan;
        }
        LogicalPlan::new(PlanKind::With {
            tables,
            input: plan,
        })
    }

    /// The functions that queries in SQL know beside those of Spark.
    pub fn udf(&self) -> UdfRegistration {
        UdfRegistration(self.sql.functions.clone())
    }

    /// Name of the program.
    pub fn app_name(&self) -> &str {
        &self.app_name
    }

    /// Starts to read a finite table.
    pub fn read(&self) -> DataFrameReader {
        DataFrameReader::new(self.clone())
    }

    /// Starts to read a stream.
    pub fn read_stream(&self) -> DataStreamReader {
        DataStreamReader::new(self.clone())
    }

    /// The table of this name, such as `words` or `global_temp.words`: a view of the session. A name that it does not have is refused when a query starts.
    pub fn table(&self, name: &str) -> DataFrame {
        let name = name.split('.').map(Into::into).collect();
        self.frame(self.with_views(LogicalPlan::new(PlanKind::Table(name))))
    }

    /// Takes a name from its table; false if no table has it (`spark.catalog.dropTempView`).
    pub fn drop_temp_view(&self, name: &str) -> bool {
        self.tables().views.remove(name)
    }

    /// The names of tables, in their order.
    pub fn view_names(&self) -> Vec<Text> {
        self.tables().views.names().cloned().collect()
    }

    /// A table of these rows, whose columns have these names and types (`createDataFrame`).
    ///
    /// ```
    /// use engine::{DataType, Value};
    /// let spark = engine_structured::SparkSession::local(2, "users");
    /// let row = vec![Value::String("ann".into()), Value::Integer(7)];
    /// let users = spark.create_data_frame(&[("name", DataType::String), ("level", DataType::Integer)], vec![row]);
    /// users.create_or_replace_temp_view("users");
    /// ```
    pub fn create_data_frame(&self, columns: &[(&str, DataType)], rows: Vec<Row>) -> DataFrame {
        let fields = columns
            .iter()
            .map(|(name, data_type)| Field::new(*name, data_type.clone()));
        self.finite_table("LocalTable", fields.collect(), rows)
    }

    /// A table of these rows, with columns of this schema, in one partition.
    pub fn finite_table(&self, name: &str, schema: Schema, rows: Vec<Row>) -> DataFrame {
        self.table_of_partitions(name, schema, vec![rows])
    }

    /// A table of the rows of some partitions, with columns of this schema.
    pub fn table_of_partitions(
        &self,
        name: &str,
        schema: Schema,
        partitions: Vec<Vec<Row>>,
    ) -> DataFrame {
        let id = self.add_finite(partitions.into_iter().map(Into::into).collect());
        self.finite(id, name, schema)
    }

    /// A table of the rows of an RDD, whose size Spark does not know, with columns of this schema.
    pub fn table_of_rdd(&self, schema: Schema, partitions: Vec<Vec<Row>>) -> DataFrame {
        self.table_of_partitions(LOGICAL_RDD, schema, partitions)
    }

    /// Keeps the rows of a table, partition by partition, under a new number.
    pub(crate) fn add_finite(&self, partitions: Partitioned) -> usize {
        let finite = &mut self.tables().finite;
        let id = finite.len();
        finite.insert(id, partitions);
        id
    }

    /// The table whose rows have this number.
    pub(crate) fn finite(&self, id: usize, name: &str, schema: Schema) -> DataFrame {
        self.frame(LogicalPlan::from(Relation {
            id,
            name: name.into(),
            schema,
            hidden: None,
            is_streaming: false,
            is_sized: name != LOGICAL_RDD,
        }))
    }

    /// The unbounded table of a source, with columns of this schema.
    pub(crate) fn stream(&self, name: Text, schema: Schema, source: SourceSettings) -> DataFrame {
        let mut tables = self.tables();
        let id = tables.sources.len();
        let is_sized = matches!(source, SourceSettings::Files(_));
        let hidden = source.hidden_column();
        tables.sources.push(source);
        drop(tables);
        self.frame(LogicalPlan::from(Relation {
            id,
            name,
            schema,
            hidden,
            is_streaming: true,
            is_sized,
        }))
    }

    /// The table of a plan.
    pub fn frame(&self, plan: LogicalPlan) -> DataFrame {
        DataFrame::new(self.clone(), Ok(plan))
    }

    /// The table of a plan, or the reason why it has none, which a query on it is refused for.
    pub(crate) fn frame_of(&self, plan: Result<LogicalPlan, AnalysisError>) -> DataFrame {
        DataFrame::new(self.clone(), plan)
    }

    /// The tables, locked.
    pub(crate) fn tables(&self) -> MutexGuard<'_, SessionTables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
