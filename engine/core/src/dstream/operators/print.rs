//! `print`: the first rows of each batch, on the console.

use crate::dstream::{DStream, Data};
use crate::{Event, Record};

impl<T: Data + Record> DStream<T> {
    /// Prints the first ten rows of each batch (`OUT-1`; `DStream.print()`, `pprint()` in Python).
    pub fn print(&self) {
        self.print_first(10);
    }

    /// Prints the first `count` rows of each batch, and `...` if there are more (`DStream.print(num)`).
    ///
    /// The engine only tells which rows; whoever reads the journal makes the text.
    ///
    /// ```
    /// # use engine::{SparkContext, StreamingContext};
    /// # use std::time::Duration;
    /// # let ssc = StreamingContext::new(&SparkContext::local(2, "lines"), Duration::from_secs(1));
    /// ssc.socket_text_stream("localhost", 9999).print_first(100);
    /// ```
    pub fn print_first(&self, count: usize) {
        let output = self.context().next_output();
        self.output(move |batch_time, batch, _, events| {
            let mut rows = batch.take(count.saturating_add(1));
            let more = rows.len() > count;
            rows.truncate(count);
            let rows = rows.iter().map(Record::to_value).collect();
            events.push(Event::Printed {
                batch_time,
                output,
                rows,
                more,
            });
        });
    }
}
