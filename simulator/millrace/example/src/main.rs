//! Prints the slow pages live. Start `nc -lk 9999` first, then this, and type lines such as `ann /home 250`.

use std::time::Duration;

use millrace::{ListenError, SparkContext, StreamingContext};

fn main() -> Result<(), ListenError> {
    let sc = SparkContext::local(2, "page_visits");
    let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
    page_visits::slow_pages(&ssc);
    millrace::listen(&ssc)
}
