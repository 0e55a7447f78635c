//! Lines that come one by one and are not kept: of a socket, or of a test.

use std::sync::Arc;

use engine::{QueryContent, Records, SourceOffset, StreamId, Text, Time};

use super::input::{self, BatchInput};
use super::row_format::RowFormat;
use super::{OwnLog, Recovered, Source, number};
use crate::recover::QueryRecoverError;

/// Lines in the order in which they came in this run; an offset is the number of the last line, from 0
/// (`org.apache.spark.sql.execution.streaming.sources.TextSocketMicroBatchStream`).
#[derive(Debug)]
pub(crate) struct Lines {
    format: Arc<RowFormat>,
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
    pending: Vec<input::Lines>,
    /// The last offset of a stream that has ended.
    end: Option<i64>,
}

impl Lines {
    pub(crate) fn new(starts_empty: bool, format: RowFormat) -> Lines {
        Lines {
            format: format.into(),
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

    fn take_lines(&mut self) -> Vec<input::Lines> {
        let start = self.committed.unwrap_or(-1);
        if self.available == self.committed || self.available == Some(-1) {
            self.committed = self.available;
            return Vec::new();
        }
        self.committed = self.available;
        let pending = std::mem::take(&mut self.pending);
        let lines: usize = pending.iter().map(|block| block.lines.len()).sum();
        // The lines up to the offset of a run before are taken to be the ones that it had.
        let mut had = usize::try_from(start + 1 - (self.received - lines as i64)).unwrap_or(0);
        let rest = pending.into_iter().filter_map(|block| {
            let skipped = had.min(block.lines.len());
            had -= skipped;
            Some(match skipped {
                0 => block,
                _ if skipped == block.lines.len() => return None,
                _ => input::Lines {
                    lines: block.lines[skipped..].into(),
                    ..block
                },
            })
        });
        rest.collect()
    }
}

impl Source for Lines {
    fn own_log(&self) -> OwnLog {
        OwnLog::None
    }

    /// Goes on at an offset of a run before, whose lines are gone (`SRC-2`): for a micro-batch that ended there and runs
    /// again there is nothing.
    fn recover(&mut self, found: Recovered) -> Result<(), QueryRecoverError> {
        let end = number(found.available)?;
        self.committed = end;
        self.unreleased = end;
        self.available = end;
        // While that runs, the first offset is asked for.
        self.starts_empty = !found.is_run_again;
        Ok(())
    }

    fn receive(&mut self, time: Time, _: StreamId, lines: Records) {
        self.received += lines.len() as i64;
        self.pending.push(input::Lines { time, lines });
    }

    fn has_new(&self, _: Time) -> bool {
        self.latest() != self.committed
    }

    fn fetch(&mut self, _: Time, _: bool) -> Option<(u64, QueryContent)> {
        self.available = self.latest();
        self.starts_empty = false;
        None
    }

    fn fix_end(&mut self, _: Time) {
        self.end = self.latest();
    }

    fn available(&self) -> Option<SourceOffset> {
        self.available.map(SourceOffset::Number)
    }

    fn take(&mut self, _: usize) -> BatchInput {
        BatchInput::Dealt(self.take_lines(), Arc::clone(&self.format))
    }

    /// Lets go of the lines of the micro-batch before; those of a run before are not there.
    fn release(&mut self) -> Result<(), Text> {
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

    fn lines(starts_empty: bool) -> Lines {
        Lines::new(starts_empty, RowFormat::Text)
    }

    fn receive(source: &mut Lines, lines: &[&str]) {
        let lines = lines.iter().map(|line| Text::from(*line)).collect();
        source.receive(Time::EPOCH, StreamId(0), lines);
    }

    fn recover(source: &mut Lines, end: i64, is_run_again: bool) {
        let found = Recovered {
            available: Some(SourceOffset::Number(end)),
            is_run_again,
            ..Recovered::default()
        };
        source.recover(found).expect("an offset of lines");
    }

    /// The lines of the next micro-batch.
    fn batch(lines: &mut Lines) -> Result<Vec<String>, Text> {
        lines.fetch(Time::EPOCH, true);
        lines.release()?;
        let taken = lines.take_lines();
        Ok(taken
            .iter()
            .flat_map(|it| it.lines.iter())
            .map(Text::to_string)
            .collect())
    }

    #[test]
    fn mb_2b_a_socket_has_an_offset_before_its_first_line() {
        let mut socket = lines(true);
        receive(&mut socket, &["a"]);
        assert_eq!(batch(&mut socket), Ok(vec![]));
        assert_eq!(batch(&mut socket), Ok(vec!["a".to_owned()]));
        assert!(!socket.has_new(Time::EPOCH));
        let mut memory = lines(false);
        assert!(!memory.has_new(Time::EPOCH));
        receive(&mut memory, &["a"]);
        assert_eq!(batch(&mut memory), Ok(vec!["a".to_owned()]));
    }

    /// Seen on a real Spark: three lines, a restart, and another one.
    #[test]
    fn src_2_a_socket_ends_the_query_that_goes_on_and_then_loses_what_it_had() {
        let mut socket = lines(true);
        recover(&mut socket, 2, false);
        let failure = batch(&mut socket).expect_err("it does not have three lines");
        assert!(failure.starts_with("at 0 deleting 3: "), "{failure}");
        let mut socket = lines(true);
        recover(&mut socket, -1, true);
        assert!(!socket.has_new(Time::EPOCH));
        receive(&mut socket, &["a", "b"]);
        assert_eq!(batch(&mut socket), Ok(vec!["a".to_owned(), "b".to_owned()]));
    }

    #[test]
    fn src_2_lines_that_come_before_the_first_trigger_are_taken_to_be_those_of_the_run_before() {
        let mut socket = lines(true);
        recover(&mut socket, 1, true);
        receive(&mut socket, &["a", "b", "c"]);
        assert_eq!(batch(&mut socket), Ok(vec!["c".to_owned()]));
        receive(&mut socket, &["d"]);
        assert_eq!(batch(&mut socket), Ok(vec!["d".to_owned()]));
    }
}
