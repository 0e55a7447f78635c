//! The options of topics (`org.apache.spark.sql.kafka010.KafkaSourceProvider`).

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{Text, TopicOffsets, Value};
use engine_sql::{AnalysisError, JsonOptions, JsonParser, Session, parse_type};

use super::Described;
use super::options::{Options, invalid};
use crate::session::SparkSession;
use crate::source::{
    KafkaSettings, LeastMessages, OffsetLimit, SourceSettings, Times, message_schema,
};

/// The ways to say which topics are read, of which one is needed.
const STRATEGIES: [&str; 3] = ["subscribe", "subscribePattern", "assign"];

pub(super) fn described(
    options: &mut Options,
    spark: &SparkSession,
) -> Result<Described, AnalysisError> {
    let endings = [
        ("endingoffsets", "offset"),
        ("endingoffsetsbytimestamp", "timestamp"),
        ("endingtimestamp", "timestamp"),
    ];
    if let Some((_, what)) = endings.iter().find(|(name, _)| options.has(name)) {
        return Err(AnalysisError::illegal_argument(format!(
            "ending {what} not valid in streaming queries"
        )));
    }
    let settings = settings(options, spark, OffsetLimit::Latest)?;
    Ok(Described {
        name: "kafka".into(),
        schema: message_schema(settings.has_headers),
        source: SourceSettings::Kafka(settings),
    })
}

/// The topics of a finite table, and the place at which it ends.
pub(crate) struct TopicTable {
    pub(crate) settings: KafkaSettings,
    pub(crate) ending: OffsetLimit,
}

/// The finite table that the options describe.
pub(crate) fn table(
    options: &mut Options,
    spark: &SparkSession,
) -> Result<TopicTable, AnalysisError> {
    let ending = limit(options, Side::Ending, OffsetLimit::Latest, &spark.sql)?;
    let settings = settings(options, spark, OffsetLimit::Earliest)?;
    let refused = |what: &str| {
        let message = format!("{what} for batch queries on Kafka");
        Err(AnalysisError::illegal_argument(message))
    };
    match &settings.starting {
        OffsetLimit::Latest => return refused("starting offset can't be latest"),
        OffsetLimit::At(offsets) => {
            if let Some(partition) = partition_at(offsets, -1) {
                return refused(&format!("startingOffsets for {partition} can't be latest"));
            }
        }
        OffsetLimit::Earliest | OffsetLimit::Since { .. } => {}
    }
    match &ending {
        OffsetLimit::Earliest => return refused("ending offset can't be earliest"),
        OffsetLimit::At(offsets) => {
            if let Some(partition) = partition_at(offsets, -2) {
                return refused(&format!("ending offset for {partition} can't be earliest"));
            }
        }
        OffsetLimit::Latest | OffsetLimit::Since { .. } => {}
    }
    options.finish("kafka")?;
    Ok(TopicTable { settings, ending })
}

/// The first partition that has this offset.
fn partition_at(offsets: &TopicOffsets, wanted: i64) -> Option<String> {
    let mut topics = offsets.iter();
    topics.find_map(|(topic, partitions)| {
        let mut partitions = partitions.iter();
        let (partition, _) = partitions.find(|(_, offset)| **offset == wanted)?;
        Some(format!("{topic}-{partition}"))
    })
}

/// The settings of both; `starting` is where they begin if nothing is said.
fn settings(
    options: &mut Options,
    spark: &SparkSession,
    starting: OffsetLimit,
) -> Result<KafkaSettings, AnalysisError> {
    let topics = topics(options, spark)?;
    let servers = servers(&options.take_all("kafka."))?;
    let has_headers = options.flag("includeHeaders")?;
    let most = options.positive("maxOffsetsPerTrigger")?;
    let least = least(options)?;
    if let (Some(least), Some(most)) = (least, most)
        && usize::try_from(least.messages).is_ok_and(|it| it > most)
    {
        return Err(AnalysisError::illegal_argument(format!(
            "The value of minOffsetPerTrigger({}) is higher than the maxOffsetsPerTrigger({most}).",
            least.messages
        )));
    }
    let fails_on_loss = options.take("failOnDataLoss");
    // They name the group of the client, and pace it.
    for name in [
        "groupIdPrefix",
        "kafkaConsumer.pollTimeoutMs",
        "fetchOffset.numRetries",
        "fetchOffset.retryIntervalMs",
    ] {
        options.take(name);
    }
    Ok(KafkaSettings {
        starting: limit(options, Side::Starting, starting, &spark.sql)?,
        most: most.map(|most| i64::try_from(most).unwrap_or(i64::MAX)),
        least,
        min_partitions: options.positive("minPartitions")?,
        has_headers,
        fails_on_loss: !fails_on_loss.is_some_and(|it| it.eq_ignore_ascii_case("false")),
        servers,
        topics: topics.names,
        assigned: topics.partitions,
    })
}

/// The least messages of a micro-batch, which need none.
fn least(options: &mut Options) -> Result<Option<LeastMessages>, AnalysisError> {
    let delay = options.time("maxTriggerDelay", Duration::from_millis(1))?;
    let messages = options.positive("minOffsetsPerTrigger")?;
    Ok(messages.map(|messages| LeastMessages {
        messages: i64::try_from(messages).unwrap_or(i64::MAX),
        delay: delay.unwrap_or(LeastMessages::DELAY),
    }))
}

/// The topics that are read.
struct Topics {
    names: Vec<Text>,
    /// The partitions of each, if they are named.
    partitions: Option<BTreeMap<Text, Vec<u32>>>,
}

fn topics(options: &mut Options, spark: &SparkSession) -> Result<Topics, AnalysisError> {
    let given = STRATEGIES.map(|name| options.take(name));
    let number = given.iter().flatten().count();
    if number != 1 {
        let which = if number == 0 { "One" } else { "Only one" };
        let can = if number == 0 { "must" } else { "can" };
        return Err(AnalysisError::illegal_argument(format!(
            "{which} of the following options {can} be specified for Kafka source: subscribe, subscribepattern, assign. See \
             the docs for more details."
        )));
    }
    let of_names = |names| Topics {
        names,
        partitions: None,
    };
    let [subscribe, pattern, assign] = given;
    if let Some(list) = subscribe {
        let names = list.split(',').map(str::trim).filter(|it| !it.is_empty());
        let mut names: Vec<Text> = names.map(Text::from).collect();
        names.sort();
        names.dedup();
        if names.is_empty() {
            let message = format!(
                "No topics to subscribe to as specified value for option 'subscribe' is '{list}'"
            );
            return Err(AnalysisError::illegal_argument(message));
        }
        return Ok(of_names(names));
    }
    if let Some(pattern) = pattern {
        if pattern.trim().is_empty() {
            let message = format!(
                "Pattern to subscribe is empty as specified value for option 'subscribePattern' is '{pattern}'"
            );
            return Err(AnalysisError::illegal_argument(message));
        }
        return Ok(of_names(spark.topics_like(pattern.trim())?));
    }
    let assign = assign.unwrap_or_default();
    if !assign.trim().starts_with('{') {
        let message = format!(
            "No topicpartitions to assign as specified value for option 'assign' is '{assign}'"
        );
        return Err(AnalysisError::illegal_argument(message));
    }
    let partitions = partitions(&assign, &spark.sql).ok_or_else(|| {
        let form = r#"must be such as {"topicA":[0,1],"topicB":[0]}"#;
        invalid("assign", &assign, form)
    })?;
    Ok(Topics {
        names: partitions.keys().cloned().collect(),
        partitions: Some(partitions),
    })
}

/// The servers among the settings of a client. Those that Spark refuses are refused; all others are the pace of a client, or
/// its way to connect.
fn servers(settings: &BTreeMap<String, String>) -> Result<Text, AnalysisError> {
    let refused = [
        (
            "auto.offset.reset",
            "set the option 'startingOffsets' to 'earliest' or 'latest' instead",
        ),
        (
            "key.deserializer",
            "keys are deserialized as byte arrays; use DataFrame operations on them",
        ),
        (
            "value.deserializer",
            "values are deserialized as byte arrays; use DataFrame operations on them",
        ),
        ("enable.auto.commit", "leave it out"),
        ("interceptor.classes", "leave it out"),
    ];
    for (name, advice) in refused {
        if settings.contains_key(&format!("kafka.{name}")) {
            let message = format!("Kafka option '{name}' is not supported: {advice}");
            return Err(AnalysisError::illegal_argument(message));
        }
    }
    let servers = settings.get("kafka.bootstrap.servers");
    servers.map(|it| it.as_str().into()).ok_or_else(|| {
        AnalysisError::illegal_argument(
            "Option 'kafka.bootstrap.servers' must be specified for configuring Kafka consumer",
        )
    })
}

/// A side of what is read, with the names of its options.
#[derive(Clone, Copy)]
enum Side {
    Starting,
    Ending,
}

impl Side {
    /// The options of one time, of a time of each partition, and of offsets, of which the first that is given counts.
    fn names(self) -> [&'static str; 3] {
        match self {
            Side::Starting => [
                "startingTimestamp",
                "startingOffsetsByTimestamp",
                "startingOffsets",
            ],
            Side::Ending => [
                "endingTimestamp",
                "endingOffsetsByTimestamp",
                "endingOffsets",
            ],
        }
    }
}

fn limit(
    options: &mut Options,
    side: Side,
    default: OffsetLimit,
    session: &Session,
) -> Result<OffsetLimit, AnalysisError> {
    const STRATEGY: &str = "startingOffsetsByTimestampStrategy";
    let [time, times, offsets] = side.names();
    let strategy = options.value_of(STRATEGY).unwrap_or("error").to_lowercase();
    if let Side::Starting = side {
        options.take(STRATEGY);
    }
    if !matches!(strategy.as_str(), "error" | "latest") {
        return Err(invalid(STRATEGY, &strategy, "must be error or latest"));
    }
    let or_latest = strategy == "latest";
    let [given_time, given_times, given_offsets] =
        [time, times, offsets].map(|name| options.take(name));
    if let Some(text) = given_time {
        let time = text.trim().parse().map_err(|_| {
            let message = format!("Expected a single long value, got {}", text.trim());
            AnalysisError::illegal_argument(message)
        })?;
        let times = Times::All(time);
        return Ok(OffsetLimit::Since { times, or_latest });
    }
    if let Some(text) = given_times {
        let each = self::offsets(&text, session).ok_or_else(|| {
            invalid(
                times,
                &text,
                r#"must be times such as {"topicA":{"0":1000,"1":1000}}"#,
            )
        })?;
        let times = Times::Each(each);
        return Ok(OffsetLimit::Since { times, or_latest });
    }
    let Some(text) = given_offsets else {
        return Ok(default);
    };
    match text.trim().to_lowercase().as_str() {
        "earliest" => Ok(OffsetLimit::Earliest),
        "latest" => Ok(OffsetLimit::Latest),
        _ => {
            let read = self::offsets(&text, session).map(OffsetLimit::At);
            read.ok_or_else(|| {
                let form = r#"must be earliest, latest, or offsets such as {"topicA":{"0":23,"1":-1},"topicB":{"0":-2}}"#;
                invalid(offsets, &text, form)
            })
        }
    }
}

/// A JSON text as a value of a type; `None` if it is none.
fn json(text: &str, data_type: &str, session: &Session) -> Option<Value> {
    let options = JsonOptions::new([("mode", "FAILFAST")], session).ok()?;
    let parser = JsonParser::new(parse_type(data_type).ok()?, options, session).ok()?;
    parser.value(text).ok()?
}

/// The offset of each partition, by topic.
fn offsets(text: &str, session: &Session) -> Option<TopicOffsets> {
    let mut topics = TopicOffsets::new();
    for (topic, offsets) in map(json(text, "MAP<STRING, MAP<STRING, BIGINT>>", session)?)? {
        let offsets = map(offsets)?.into_iter().map(|(partition, offset)| {
            let Value::Long(offset) = offset else {
                return None;
            };
            Some((partition.parse().ok()?, offset))
        });
        topics.insert(topic, offsets.collect::<Option<_>>()?);
    }
    Some(topics)
}

/// The partitions that are named of each topic.
fn partitions(text: &str, session: &Session) -> Option<BTreeMap<Text, Vec<u32>>> {
    let topics = map(json(text, "MAP<STRING, ARRAY<INT>>", session)?)?.into_iter();
    let topics = topics.map(|(topic, partitions)| {
        let Value::Array(partitions) = partitions else {
            return None;
        };
        let partitions = partitions.iter().map(|partition| match partition {
            Value::Integer(partition) => u32::try_from(*partition).ok(),
            _ => None,
        });
        Some((topic, partitions.collect::<Option<_>>()?))
    });
    topics.collect()
}

fn map(value: Value) -> Option<Vec<(Text, Value)>> {
    let Value::Map(entries) = value else {
        return None;
    };
    let entries = entries.iter().map(|(key, value)| match key {
        Value::String(key) => Some((key.clone(), value.clone())),
        _ => None,
    });
    entries.collect()
}

#[cfg(test)]
mod tests {
    use engine::SparkVersion;

    use super::*;

    #[test]
    fn offsets_and_partitions_are_those_of_the_json() {
        let session = Session::new(SparkVersion::V3_5);
        let text = r#"{"a":{"0":23,"1":-1},"b":{"0":-2}}"#;
        let read = offsets(text, &session).expect("offsets");
        assert_eq!(engine::SourceOffset::Topics(read).to_string(), text);
        let read = partitions(r#"{"a":[0,3]}"#, &session);
        assert_eq!(read, Some(BTreeMap::from([("a".into(), vec![0, 3])])));
        for text in [
            "",
            "[1]",
            r#"{"a":1}"#,
            r#"{"a":{"x":1}}"#,
            r#"{"a":{"0":"1"}}"#,
        ] {
            assert_eq!(offsets(text, &session), None, "{text}");
        }
    }
}
