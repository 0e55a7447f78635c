//! `stateful_streaming_word_count.py`, line for line.
//!
//! Start a server with `nc -lk 9999`, then this, and type words into the server. Ctrl-C stops it.

use std::error::Error;
use std::time::Duration;

use millrace::{SparkContext, StreamingContext};

// Define update_func: sum of the (key, value) pairs
#[expect(
    clippy::unnecessary_wraps,
    reason = "an update that returns nothing removes the key"
)]
fn update_func(new_values: &[i64], last_sum: Option<i64>) -> Option<i64> {
    Some(new_values.iter().sum::<i64>() + last_sum.unwrap_or(0))
}

fn main() -> Result<(), Box<dyn Error>> {
    // Create Spark Context with two working threads (note, `local[2]`)
    let sc = SparkContext::local(2, "StatefulNetworkWordCount");

    // Create local StreamingContext with batch interval of 1 second
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));

    // Create DStream that will connect to the stream of input lines from connection to localhost:9999
    let lines = ssc.socket_text_stream("localhost", 9999);

    // Calculate running counts
    // Line 1: Split lines in to words
    // Line 2: count each word in each batch
    // Line 3: Run `update_state_by_key` to running count
    let running_counts = lines
        .flat_map(|line| line.split(" "))
        .map(|word| (word, 1))
        .update_state_by_key(update_func);

    // Print the first ten elements of each RDD generated in this stateful DStream to the console
    running_counts.print();

    // Start the computation, and wait for it to terminate
    millrace::listen(&ssc)?;
    Ok(())
}
