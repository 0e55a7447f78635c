//! `streaming_word_count.py`, line for line.
//!
//! Start a server with `nc -lk 9999`, then this, and type words into the server. Ctrl-C stops it.

use std::error::Error;
use std::time::Duration;

use millrace::{SparkContext, StreamingContext};

fn main() -> Result<(), Box<dyn Error>> {
    // Create Spark Context with two working threads (note, `local[2]`)
    let sc = SparkContext::local(2, "NetworkWordCount");

    // Create local StreamingContext with batch interval of 1 second
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));

    // Create DStream that will connect to the stream of input lines from connection to localhost:9999
    let lines = ssc.socket_text_stream("localhost", 9999);

    // Split lines into words
    let words = lines.flat_map(|line| line.split(" "));

    // Count each word in each batch
    let pairs = words.map(|word| (word, 1));
    let word_counts = pairs.reduce_by_key(|x, y| x + y);

    // Print the first ten elements of each RDD generated in this DStream to the console
    word_counts.print();

    // Start the computation, and wait for it to terminate
    millrace::listen(&ssc)?;
    Ok(())
}
