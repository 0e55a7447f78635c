//! Words that people try and that the language does not have, each with where to go instead.

use crate::keys::CONF_TABLE;
use crate::suggest::plain;

/// Words, and the way to go instead of them.
struct Answer {
    /// The names of the tables or keys where they are tried, with spaces between them; every one, if empty.
    places: &'static str,
    /// The words, with spaces between them. Case, `_` and `-` do not count.
    words: &'static str,
    /// Completes a help, without a full stop.
    text: &'static str,
}

/// The answer to a word at the table or key of this name. The first part of an expression counts, so that
/// `lambda x: x + 1` is `lambda`.
pub(crate) fn answer(word: &str, place: &str) -> Option<&'static str> {
    if ["=>", "->"].into_iter().any(|arrow| word.contains(arrow)) {
        return Some(OWN_FUNCTION);
    }
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    // The name of a setting has points.
    let end = word.find(|c| !is_inside(c) && place != CONF_TABLE.name);
    let end = end.unwrap_or(word.len());
    let word = plain(&word[..end]);
    let is_meant = |answer: &&Answer| {
        let mut places = answer.places.split(' ');
        let is_here = answer.places.is_empty() || places.any(|it| it == place);
        is_here && answer.words.split(' ').any(|it| plain(it) == word)
    };
    ANSWERS.iter().find(is_meant).map(|answer| answer.text)
}

const OWN_FUNCTION: &str = "functions are words of a list; one of your own is written in Rust and named by `rust = \"NAME\"` \
     (`millrace new --crate`)";

static ANSWERS: &[Answer] = &[
    Answer {
        places: "conf",
        words: "spark",
        text: "the name of a setting is in quotes: `\"spark.sql.ansi.enabled\" = true`",
    },
    Answer {
        places: "source",
        words: "dropDuplicates dropDuplicatesWithinWatermark dedup deduplicate distinct",
        text: "rows that have come before are dropped by `drop_duplicates = { columns = [\"user\"] }`, with \
               `within_watermark = true` until the watermark has passed them",
    },
    Answer {
        places: "source",
        words: "withWatermark eventTime timestamp",
        text: "the column of event time is `watermark = { column = \"ts\", delay = \"10s\" }`",
    },
    Answer {
        places: "source",
        words: "type source from path folder host port topic",
        text: "a source is in memory, reads the folder of its name or a socket: `kind = \"direct\"`; its lines come \
               from the `timeline`",
    },
    Answer {
        places: "source table",
        words: "columns fields struct",
        text: "columns are named as in Spark: `schema = \"user STRING, n INT\"`",
    },
    Answer {
        places: "table",
        words: "csv json data values records lines path file",
        text: "the rows of a table are `rows = [[\"ann\", 1], { user = \"bob\" }]`",
    },
    Answer {
        places: "kind",
        words: "rate rateMicroBatch rates",
        text: "the numbers of a rate are a source of `format = \"rate\"` or `\"rate-micro-batch\"`, and lines at a rate come from the \
               `timeline`, by `generate`",
    },
    Answer {
        places: "kind",
        words: "file files folder directory text kafka topic kinesis",
        text: "a source of files is `direct`, and one that is a topic has `format = \"kafka\"`",
    },
    Answer {
        places: "format",
        words: "parquet orc avro delta binary xml",
        text: "a source has lines of text",
    },
    Answer {
        places: "mode",
        words: "dropMalformed drop",
        text: "`from_json` and `from_csv` have no mode DROPMALFORMED; `WHERE` drops rows",
    },
    Answer {
        places: "",
        words: "lambda def udf func function len",
        text: OWN_FUNCTION,
    },
    Answer {
        places: "",
        words: "foreach foreachRDD foreachBatch foreachPartition saveAsObjectFiles saveAsHadoopFiles \
                writeStream sink parquet",
        text: "`print` and `save_as_text_files` are the outputs of `steps`, and a query prints its table; `foreach_rdd` is there in Rust: \
               `rust = \"NAME\"`",
    },
    Answer {
        places: "",
        words: "join innerJoin leftJoin leftOuterJoin rightOuterJoin fullOuterJoin crossJoin cogroup",
        text: "a pipeline of steps has one stream; a query in SQL (`sql = \"SELECT ..\"`), a program in Python (`program = \
               \"jobs/..py\"`) or in Rust (`rust = \"NAME\"`) joins several",
    },
    Answer {
        places: "",
        words: "union transform transformWith",
        text: "a program in Python (`program = \"jobs/..py\"`) or in Rust (`rust = \"NAME\"`) has it",
    },
    Answer {
        places: "",
        words: "sql query select where having withColumn createTempView dataframe",
        text: "a query in SQL is `sql = \"SELECT ..\"`, of a pipeline with `mode = \"structured\"`",
    },
    Answer {
        places: "",
        words: "groupBy group agg aggregate aggregateByKey keyBy",
        text: "in `steps`, `group_by_key`, `reduce_by_key` and `count_by_value` group by the text; a query, `mode = \
               \"structured\"`, groups by word and `window`",
    },
    Answer {
        places: "expect entry",
        words: "notContains containsNot not excludes without missing notRows",
        text: "rows that must not be there are `expect = { absent = [\"..\"] }`",
    },
    Answer {
        places: "expect entry",
        words: "error fails failed fail exception throws raises expectFailure",
        text: "a failure is expected by a part of its reason: `expect = { failure = \"..\" }`",
    },
    Answer {
        places: "expect",
        words: "equals exactly exact output text set unordered sorted count",
        text: "exactly these rows are `rows = [\"..\"]`, and `any_order = true` leaves their order open",
    },
    Answer {
        places: "filter",
        words: "not notContains notEquals notStartsWith endsWith atMost lessThan greaterThan matches regex in and or",
        text: "a filter keeps what it names, and has no negation; another predicate is written in Rust: `rust = \"NAME\"`",
    },
    Answer {
        places: "reduce reduce_by_key function",
        words: "average avg mean count product first last concat median",
        text: "a reducer is `sum`, `max` or `min`; the pairs of `map = \"pair\"` count as 1 each, so that their sum is a \
               count; another function is written in Rust: `rust = \"NAME\"`",
    },
    Answer {
        places: "step",
        words: "mapPartitions mapPartitionsWithIndex glom combineByKey foldByKey flatMapValues filterFunc slice",
        text: "a program in Python (`program = \"jobs/..py\"`) or in Rust (`rust = \"NAME\"`) has it",
    },
    Answer {
        places: "step",
        words: "sort sortBy sortByKey orderBy distinct top limit take head first sample",
        text: "a stream is neither sorted nor cut: `print = 10` prints the first rows, and `count_by_value` has each text \
               once",
    },
    Answer {
        places: "step",
        words: "pprint show collect output console display",
        text: "`print = 10` prints the first rows of each batch",
    },
    Answer {
        places: "step pipeline cluster",
        words: "coalesce partitionBy numPartitions parallelism",
        text: "partitions are those of the cluster, `[cluster] cores` and `shuffle_partitions`, of an entry's lines, \
               `partitions`, and of the step `repartition = 4`",
    },
    Answer {
        places: "step pipeline clock scenario",
        words: "checkpoint checkpointDir checkpointInterval",
        text: "the checkpoint folder of a driver is `[cluster] checkpoint = \"checkpoint\"`",
    },
    Answer {
        places: "step pipeline cluster clock scenario",
        words: "cache persist checkpointLocation",
        text: "nothing else is stored: rows and the states of queries are in memory",
    },
    Answer {
        places: "",
        words: "mapGroupsWithState flatMapGroupsWithState applyInPandasWithState transformWithState dropDuplicates",
        text: "a query in SQL has aggregates, and a `[[source]]` has `drop_duplicates`; states of one's own are of \
               streams: `update_state_by_key` and `map_with_state`",
    },
    Answer {
        places: "spark",
        words: "3 4 spark3 spark4 latest",
        text: "releases that print alike are one version: 3.5.9 is `3.5`, and 4.0 to 4.3 are `4`",
    },
    Answer {
        places: "scenario console cluster pipeline",
        words: "version sparkVersion release",
        text: "the version of Spark is `spark = \"4\"`, at the top level",
    },
    Answer {
        places: "mode",
        words: "window windowed sliding tumbling reduceByKeyAndWindow reduceByKey batch",
        text: "that is `mode = \"stateless\"`, with `window = \"3s\"` for windows",
    },
    Answer {
        places: "mode",
        words: "updateStateByKey stateful",
        text: "that is `mode = \"update_state\"`",
    },
    Answer {
        places: "mode",
        words: "dstream streaming steps",
        text: "DStream operators by name are `steps = [..]`, without a mode",
    },
    Answer {
        places: "mode",
        words: "continuous structuredStreaming microBatch",
        text: "queries are `mode = \"structured\"`, in micro-batches",
    },
    Answer {
        places: "trigger pipeline",
        words: "continuous processingTime every triggerInterval",
        text: "a query runs on a grid of times by `trigger = { processing_time = \"5s\" }`; there is no continuous trigger",
    },
    Answer {
        places: "pipeline",
        words: "outputMode writeMode",
        text: "that is `output`, with `mode = \"structured\"`",
    },
    Answer {
        places: "pipeline map_with_state",
        words: "initialState initialRDD state",
        text: "that is `initial`",
    },
    Answer {
        places: "profile",
        words: "scala java",
        text: "Spark driven from Java or Scala is `jvm`",
    },
    Answer {
        places: "profile",
        words: "python python3 spark",
        text: "Spark driven from Python is `pyspark`",
    },
    Answer {
        places: "entry scenario",
        words: "kill driver fault recover restore die",
        text: "a driver dies by `{ at = \"3s\", crash = \"driver\" }` in the timeline, and starts again by \
               `{ at = \"5s\", restart = \"driver\" }`",
    },
    Answer {
        places: "stop entry scenario",
        words: "executor receiver worker node",
        text: "an executor or a receiver of a cluster ends by `{ at = \"3s\", crash = \"executor 1\" }` in the timeline",
    },
    Answer {
        places: "entry",
        words: "assert check should then output",
        text: "what a pipeline must have printed is `expect = { rows = [\"..\"] }`",
    },
    Answer {
        places: "entry",
        words: "input data text event events record records rows message value values",
        text: "what arrives is text: `lines = [\"..\"]`",
    },
    Answer {
        places: "entry",
        words: "time timestamp when after delay offset",
        text: "the time of an entry is `at = \"1s\"`, counted from the start of the clock",
    },
    Answer {
        places: "entry",
        words: "source sources topic host port address socket folder directory kafka",
        text: "the source that takes the lines of an entry is `stream = \"localhost:9999\"`: a `host:port`, a topic or a \
               folder, as the program names it, or the name of a `[[source]]`",
    },
    Answer {
        places: "pipeline",
        words: "python pyspark script job file main",
        text: "a PySpark program, as it is, is `program = \"jobs/word_count.py\"`",
    },
    Answer {
        places: "pipeline",
        words: "args argv argument parameters options",
        text: "the arguments of a `program` are `arguments = [\"..\"]`",
    },
    Answer {
        places: "scenario",
        words: "input inputs data event events entries lines stream",
        text: "what arrives, and when, is the `timeline`",
    },
    Answer {
        places: "",
        words: "host port kafka kinesis topic socketTextStream textFileStream queueStream",
        text: "lines come from the `timeline`; `millrace listen` and `millrace record` read a socket",
    },
    Answer {
        places: "",
        words: "batchInterval batchDuration batch",
        text: "the time from batch to batch is `[clock] interval`",
    },
    Answer {
        places: "",
        words: "zone tz",
        text: "the zone of printed times is `[clock] timezone`",
    },
    Answer {
        places: "",
        words: "master local threads workers",
        text: "the size of the cluster is `[cluster] cores`, as in `local[2]`, and `executors`",
    },
    Answer {
        places: "",
        words: "seed",
        text: "the seed is an option of the command line: `millrace run --seed 1`",
    },
    Answer {
        places: "",
        words: "maxRate receiverMaxRate blockInterval initialRate backpressureEnabled",
        text: "the limits of receivers are `[cluster] max_rate`, `initial_rate` and `backpressure`, with `block_interval`",
    },
    Answer {
        places: "",
        words: "maxRatePerPartition maxOffsetsPerTrigger",
        text: "a source that keeps its lines has no limit of rate: a batch takes all that has come",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_word_is_answered_where_it_is_tried() {
        let absent = answer("not_contains", "expect");
        assert!(absent.is_some_and(|it| it.contains("absent")), "{absent:?}");
        let filter = answer("notContains", "filter");
        assert!(
            filter.is_some_and(|it| it.contains("negation")),
            "{filter:?}"
        );
        assert_eq!(answer("not_contains", "clock"), None);
        assert_eq!(answer("foreachRDD", "step"), answer("foreach_rdd", "mode"));
        assert_eq!(answer("local[2]", "cluster"), answer("master", "scenario"));
    }

    #[test]
    fn a_function_is_known_by_its_arrow_or_its_first_word() {
        for function in ["lambda x: x", "x => x + 1", "x -> x", "len(word)"] {
            assert_eq!(answer(function, "map"), Some(OWN_FUNCTION), "{function}");
        }
    }

    #[test]
    fn a_word_has_one_answer_in_its_place() {
        let mut seen = BTreeSet::new();
        for answer in ANSWERS {
            for place in answer.places.split(' ') {
                for word in answer.words.split(' ') {
                    let is_new = seen.insert(format!("{place} {}", plain(word)));
                    assert!(is_new, "{place}: {word}");
                }
            }
        }
    }
}
