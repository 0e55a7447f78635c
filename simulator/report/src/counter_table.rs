//! The counters of states of keys, one line a batch, for a person.

use std::io::{self, Write};

use engine::{Counters, Event, Reader, Time};

use crate::Zone;
use crate::batch_table::{BatchTable, TableColumn, column};

/// The columns, in the order of the fields of [`Counters`].
const COLUMNS: [TableColumn; 4] = [
    column("function calls", 16),
    column("keys touched", 16),
    column("probes", 16),
    column("bytes copied", 16),
];

/// Writes a table with one line for every batch that updated states of keys, and their sum.
///
/// Unlike times, these numbers are the same on every machine, so a test can compare them. [`Counters`]
/// explains each. A batch of a structured query has the time at which it began.
///
/// ```
/// use engine::{Counters, Event, OutputId, Reader, StateOwner, Time};
/// use report::{CounterTable, Zone};
///
/// let mut table = CounterTable::new(Zone::UTC, Vec::new());
/// let batch_time = Time::from_millis(1_000);
/// let owner = StateOwner::Output(OutputId(0));
/// let counters = Counters { function_calls: 3, keys_touched: 2, probes: 3, bytes_copied: 8, ..Counters::default() };
/// table.read(batch_time, &Event::StateUpdated { batch_time, owner, counters });
/// assert_eq!(String::from_utf8(table.finish()?)?, "\
/// batch                       function calls    keys touched          probes    bytes copied
/// 1970-01-01 00:00:01                      3               2               3               8
/// all 1                                    3               2               3               8
/// ");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct CounterTable<W> {
    /// The batch whose line is not written yet: each of its outputs may add to it.
    open: Option<BatchCounters>,
    batches: usize,
    sum: Counters,
    table: BatchTable<W, 4>,
}

/// A batch, and the sum of its counters so far.
#[derive(Debug)]
struct BatchCounters {
    batch_time: Time,
    micro_batch: Option<u64>,
    counters: Counters,
}

impl<W: Write> CounterTable<W> {
    /// A table with batch times as a clock in `zone` shows them.
    pub fn new(zone: Zone, writer: W) -> CounterTable<W> {
        CounterTable {
            open: None,
            batches: 0,
            sum: Counters::default(),
            table: BatchTable::new(COLUMNS, zone, writer),
        }
    }

    /// Writes the rest and returns the writer. If no batch updated states, the text says so.
    ///
    /// # Errors
    ///
    /// The first error of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        self.close();
        if self.batches == 0 {
            self.table.text("no state was updated\n");
        } else {
            let name = format!("all {}", self.batches);
            self.table.line(&name, &cells(&self.sum));
        }
        self.table.finish()
    }

    /// Writes the line of the open batch.
    fn close(&mut self) {
        if let Some(batch) = self.open.take() {
            self.batches += 1;
            self.sum += batch.counters;
            self.table.batch(batch.batch_time, &cells(&batch.counters));
        }
    }
}

impl<W: Write> Reader for CounterTable<W> {
    fn read(&mut self, _time: Time, event: &Event) {
        let Event::StateUpdated {
            batch_time,
            owner,
            counters,
        } = event
        else {
            return;
        };
        // Micro-batches of a query may begin at the same time, so the time alone does not identify a batch.
        let batch = (*batch_time, owner.micro_batch());
        match &mut self.open {
            Some(open) if (open.batch_time, open.micro_batch) == batch => {
                open.counters += *counters;
            }
            _ => {
                self.close();
                self.open = Some(BatchCounters {
                    batch_time: *batch_time,
                    micro_batch: owner.micro_batch(),
                    counters: *counters,
                });
            }
        }
    }
}

fn cells(counters: &Counters) -> [String; 4] {
    counters.by_name().map(|(_, count)| count.to_string())
}

#[cfg(test)]
mod tests {
    use engine::{OutputId, QueryId, StateOwner};

    use super::*;

    fn updated(owner: StateOwner, keys_touched: u64) -> Event {
        let counters = Counters {
            keys_touched,
            ..Counters::default()
        };
        Event::StateUpdated {
            batch_time: Time::from_millis(1_000),
            owner,
            counters,
        }
    }

    fn output(keys_touched: u64) -> Event {
        updated(StateOwner::Output(OutputId(0)), keys_touched)
    }

    fn micro_batch(batch_id: u64, keys_touched: u64) -> Event {
        let query = QueryId(0);
        updated(StateOwner::Query { query, batch_id }, keys_touched)
    }

    /// Compares the keys touched of each line below the head.
    #[track_caller]
    fn check(events: &[Event], expected: &[&str]) {
        let mut table = CounterTable::new(Zone::UTC, Vec::new());
        for event in events {
            table.read(Time::from_millis(1_000), event);
        }
        let text = table.finish().expect("memory takes all that is written");
        let text = String::from_utf8(text).expect("a table is text");
        let cells = text.lines().skip(1).map(|line| line.split_whitespace());
        let keys: Vec<&str> = cells.filter_map(|mut cells| cells.nth(3)).collect();
        assert_eq!(keys, expected, "{text}");
    }

    #[test]
    fn outputs_of_a_batch_add_up_in_its_line() {
        check(&[output(2), output(3)], &["5", "5"]);
    }

    #[test]
    fn micro_batches_that_began_together_have_a_line_each() {
        check(&[micro_batch(0, 2), micro_batch(1, 3)], &["2", "3", "5"]);
    }
}
