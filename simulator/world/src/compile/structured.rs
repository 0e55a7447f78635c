//! The word count of the book, as a structured query.

use engine_structured::functions::{col, explode, split};
use engine_structured::{AnalysisError, OutputMode, Query, SparkSession, Trigger};
use scenario::{Cluster, Output, Source, Structured};

use super::Feed;

/// The query of a structured pipeline.
pub(super) fn query(
    cluster: &Cluster,
    structured: &Structured,
    feed: &Feed,
) -> Result<Query, AnalysisError> {
    let spark = SparkSession::local(cluster.cores, "StructuredNetworkWordCount")
        .with_shuffle_partitions(cluster.shuffle_partitions);
    let lines = match (feed, structured.source) {
        (Feed::Socket { host, port }, _) => spark.read_stream().socket(host, *port),
        (Feed::Scripted, Source::Memory) => spark.read_stream().memory("lines"),
        // Nobody connects in the virtual world: the address says only what kind of source it is.
        (Feed::Scripted, Source::Socket) => spark.read_stream().socket("localhost", 9999),
    };
    let words = lines.select([explode(split(col("value"), " ")).alias("word")]);
    let word_counts = words.group_by("word").count();
    word_counts
        .write_stream()
        .output_mode(output_mode(structured.output))
        .trigger(trigger(structured.trigger))
        .num_rows(structured.num_rows)
        .truncate(structured.truncate)
        .console()
}

fn output_mode(output: Output) -> OutputMode {
    match output {
        Output::Complete => OutputMode::Complete,
        Output::Update => OutputMode::Update,
    }
}

fn trigger(trigger: scenario::Trigger) -> Trigger {
    match trigger {
        scenario::Trigger::Default => Trigger::Default,
        scenario::Trigger::ProcessingTime(interval) => Trigger::ProcessingTime(interval),
        scenario::Trigger::Once => Trigger::Once,
        scenario::Trigger::AvailableNow => Trigger::AvailableNow,
    }
}
