//! `structured_streaming_word_count.py`, line for line.
//!
//! Start a server with `nc -lk 9999`, then this, and type words into the server. Ctrl-C stops it.

use std::error::Error;

use millrace::structured::functions::{col, explode, split};
use millrace::structured::{OutputMode, SparkSession};

fn main() -> Result<(), Box<dyn Error>> {
    // Create a local SparkSession
    let spark = SparkSession::local(2, "StructuredNetworkWordCount");

    // Create DataFrame representing the stream of input lines from connection to localhost:9999
    let lines = spark.read_stream().socket("localhost", 9999);

    // Split the lines into words
    let words = lines.select([explode(split(col("value"), " ")).alias("word")]);

    // Generate running word count
    let word_counts = words.group_by("word").count();

    // Create the query that prints the running counts to the console
    let query = word_counts
        .write_stream()
        .output_mode(OutputMode::Complete)
        .console()?;

    // Start it, and wait for it to terminate
    millrace::listen_query(query)?;
    Ok(())
}
