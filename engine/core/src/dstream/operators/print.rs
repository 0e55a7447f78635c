//! `print`: the first rows of each batch, on the console.

use crate::Data;
use crate::dstream::DStream;
use crate::dstream::output::Reads;
use crate::job::BatchJob;
use crate::{Event, Record, Value};

impl<T: Data + Record> DStream<T> {
    /// Prints the first ten rows of each batch (`OUT-1`; `DStream.print()`, `pprint()` in Python).
    pub fn print(&self) {
        self.print_first(10);
    }

    /// Prints the first `count` rows of each batch, and `...` if there are more (`DStream.print(num)`).
    ///
    /// The engine records the rows in an [`Event`]; a reader of the events renders the text.
    ///
    /// ```
    /// # use engine::{SparkContext, StreamingContext};
    /// # use std::time::Duration;
    /// # let ssc = StreamingContext::new(&SparkContext::local(2, "lines"), Duration::from_secs(1));
    /// ssc.socket_text_stream("localhost", 9999).print_first(100);
    /// ```
    pub fn print_first(&self, count: usize) {
        let of_none = |job| printed(job, Vec::new(), false);
        self.output("print", Reads::Rows { of_none }, move |batch, context| {
            let mut rows = batch.take(count.saturating_add(1))?;
            let more = rows.len() > count;
            rows.truncate(count);
            let rows = rows.iter().map(Record::to_value).collect();
            context.events.push(printed(context.batch_job, rows, more));
            Ok(())
        });
    }
}

fn printed(job: BatchJob, rows: Vec<Value>, more: bool) -> Event {
    Event::Printed {
        batch_time: job.batch_time,
        output: job.output,
        records: job.records,
        rows,
        more,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::{Event, Inline, Record, SparkContext, Stepper, StreamingContext, Time};

    /// The part of a batch with this number of rows that is printed: the number of rows, and whether there are more.
    #[track_caller]
    fn check(count: usize, rows: i64, expected: (i64, bool)) {
        let ssc = StreamingContext::new(&SparkContext::local(2, "print"), Duration::from_secs(1));
        ssc.queue_stream([(0..rows).collect()]).print_first(count);
        let program = ssc.build().expect("the program keeps the rules");
        let mut stepper = Stepper::start(program, Time::EPOCH);
        stepper.step(&Inline);
        let printed = stepper.events().find_map(|event| match event {
            Event::Printed { rows, more, .. } => Some((rows.clone(), *more)),
            _ => None,
        });
        let first_rows = (0..expected.0).map(|row| row.to_value()).collect();
        assert_eq!(printed, Some((first_rows, expected.1)));
    }

    #[test]
    fn out_1_as_many_rows_as_asked_for_are_printed() {
        check(3, 2, (2, false));
        check(3, 3, (3, false));
    }

    #[test]
    fn out_1_one_row_more_is_told_but_not_printed() {
        check(3, 4, (3, true));
        check(0, 1, (0, true));
        check(usize::MAX, 4, (4, false));
    }

    #[test]
    fn out_2_an_empty_batch_is_printed_without_rows() {
        check(10, 0, (0, false));
        check(0, 0, (0, false));
    }
}
