//! Lines that come one by one and are not kept: of a socket, or of a test.

use engine::{Records, Text};

/// Lines in the order in which they came in this run; an offset is the number of the last line, from 0
/// (`org.apache.spark.sql.execution.streaming.sources.TextSocketMicroBatchStream`).
#[derive(Debug)]
pub(crate) struct Lines {
    /// True until a source whose first offset stands for no line has been asked for it (`MB-2b`).
    starts_empty: bool,
    /// The end of what is in micro-batches.
    committed: Option<i64>,
    available: Option<i64>,
    /// The offset that the last micro-batch but one ended with.
    released: i64,
    /// The offset that the last micro-batch ended with.
    unreleased: Option<i64>,
    /// The number of lines that have come.
    received: i64,
    /// Those that are in no micro-batch.
    pending: Vec<Records>,
    /// The last offset of a stream that has ended.
    end: Option<i64>,
}

impl Lines {
    pub(crate) fn new(starts_empty: bool) -> Lines {
        Lines {
            starts_empty,
            committed: None,
            available: None,
            released: -1,
            unreleased: None,
            received: 0,
            pending: Vec::new(),
            end: None,
        }
    }

    /// Goes on at an offset of a run before, whose lines are gone (`SRC-2`). `is_run_again` is true if the micro-batch
    /// that ended there runs again, for which there is nothing.
    pub(crate) fn recover(&mut self, end: Option<i64>, is_run_again: bool) {
        self.committed = end;
        self.unreleased = end;
        self.available = end;
        // While that runs, the first offset is asked for.
        self.starts_empty = !is_run_again;
    }

    pub(crate) fn receive(&mut self, records: Records) {
        self.received += records.len() as i64;
        self.pending.push(records);
    }

    pub(crate) fn has_new(&self) -> bool {
        self.latest() != self.committed
    }

    /// The offset of what has come; none of a source that has had nothing yet.
    fn latest(&self) -> Option<i64> {
        if self.end.is_some() {
            return self.end;
        }
        if self.starts_empty {
            return Some(-1);
        }
        // One that has been asked before has an offset from then on.
        let has_offset = self.received > 0 || self.committed.is_some();
        has_offset.then_some(self.received - 1)
    }

    pub(crate) fn fetch(&mut self) {
        self.available = self.latest();
        self.starts_empty = false;
    }

    /// Ends the stream: what is there now is all.
    pub(crate) fn fix_end(&mut self) {
        self.end = self.latest();
    }

    pub(crate) fn available(&self) -> Option<i64> {
        self.available
    }

    pub(crate) fn take(&mut self) -> Vec<Records> {
        let start = self.committed.unwrap_or(-1);
        if self.available == self.committed || self.available == Some(-1) {
            self.committed = self.available;
            return Vec::new();
        }
        self.committed = self.available;
        let pending = std::mem::take(&mut self.pending);
        let lines: usize = pending.iter().map(|records| records.len()).sum();
        // The lines up to the offset of a run before are taken to be the ones that it had.
        let had = usize::try_from(start + 1 - (self.received - lines as i64)).unwrap_or(0);
        if had == 0 {
            return pending;
        }
        let rest = pending.iter().flat_map(|records| records.iter()).skip(had);
        let rest: Records = rest.cloned().collect();
        if rest.is_empty() {
            Vec::new()
        } else {
            vec![rest]
        }
    }

    /// Lets go of the lines of the micro-batch before; those of a run before are not there.
    pub(crate) fn release(&mut self) -> Result<(), Text> {
        let Some(end) = std::mem::replace(&mut self.unreleased, self.available) else {
            return Ok(());
        };
        let lines = end - self.released;
        if lines > self.received - 1 - self.released {
            let message = format!(
                "at 0 deleting {lines}: the last micro-batch ended with line {end} of this source, which does not keep \
                 its lines and has had {} since it was started again; start again once more, and it goes on without \
                 them, or use a source that keeps them",
                self.received
            );
            return Err(message.into());
        }
        self.released = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(lines: &[&str]) -> Records {
        lines.iter().map(|line| Text::from(*line)).collect()
    }

    /// The lines of the next micro-batch.
    fn batch(lines: &mut Lines) -> Result<Vec<String>, Text> {
        lines.fetch();
        lines.release()?;
        let taken = lines.take();
        Ok(taken
            .iter()
            .flat_map(|it| it.iter())
            .map(Text::to_string)
            .collect())
    }

    #[test]
    fn mb_2b_a_socket_has_an_offset_before_its_first_line() {
        let mut socket = Lines::new(true);
        socket.receive(records(&["a"]));
        assert_eq!(batch(&mut socket), Ok(vec![]));
        assert_eq!(batch(&mut socket), Ok(vec!["a".to_owned()]));
        assert!(!socket.has_new());
        let mut memory = Lines::new(false);
        assert!(!memory.has_new());
        memory.receive(records(&["a"]));
        assert_eq!(batch(&mut memory), Ok(vec!["a".to_owned()]));
    }

    /// Seen on a real Spark: three lines, a restart, and another one.
    #[test]
    fn src_2_a_socket_ends_the_query_that_goes_on_and_then_loses_what_it_had() {
        let mut socket = Lines::new(true);
        socket.recover(Some(2), false);
        let failure = batch(&mut socket).expect_err("it does not have three lines");
        assert!(failure.starts_with("at 0 deleting 3: "), "{failure}");
        let mut socket = Lines::new(true);
        socket.recover(Some(-1), true);
        assert!(!socket.has_new());
        socket.receive(records(&["a", "b"]));
        assert_eq!(batch(&mut socket), Ok(vec!["a".to_owned(), "b".to_owned()]));
    }

    #[test]
    fn src_2_lines_that_come_before_the_first_trigger_are_taken_to_be_those_of_the_run_before() {
        let mut socket = Lines::new(true);
        socket.recover(Some(1), true);
        socket.receive(records(&["a", "b", "c"]));
        assert_eq!(batch(&mut socket), Ok(vec!["c".to_owned()]));
        socket.receive(records(&["d"]));
        assert_eq!(batch(&mut socket), Ok(vec!["d".to_owned()]));
    }
}
