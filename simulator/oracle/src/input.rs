//! The lines of each batch.

use engine::{Grid, Time};

/// Lines that arrive together: one partition of a DStream batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The time of arrival.
    pub time: Time,
    /// The place of its source among those of the program.
    pub source: usize,
    /// The lines, in order.
    pub lines: Vec<String>,
}

/// The input of a replay.
#[derive(Clone, Debug)]
pub struct ReplayInput {
    /// The arrivals, ordered by time.
    pub arrivals: Vec<Arrival>,
    /// The last instant that is played.
    pub stop: Time,
}

impl ReplayInput {
    /// The partitions of each batch that ends after `start` and at or before the stop: the arrivals after
    /// the batch before, up to and with its own time (`CLK-2`, `BLK-6`).
    pub(crate) fn batches(&self, grid: Grid, start: Time) -> Vec<Vec<Vec<String>>> {
        debug_assert!(
            self.arrivals.is_sorted_by_key(|arrival| arrival.time),
            "arrivals are ordered by time"
        );
        let mut arrivals = self.arrivals.iter().peekable();
        let ends = std::iter::successors(grid.after(start), |end| grid.after(*end));
        let blocks = |end: Time| {
            let mine = std::iter::from_fn(|| arrivals.next_if(|arrival| arrival.time <= end));
            mine.map(|arrival| arrival.lines.clone()).collect()
        };
        ends.take_while(|end| *end <= self.stop)
            .map(blocks)
            .collect()
    }

    /// The lines of each instant, which are one micro-batch of a query that has no time to lose, of this many sources.
    pub(crate) fn instants(&self, sources: usize) -> Vec<Instant> {
        let mut instants: Vec<Instant> = Vec::new();
        for arrival in self.arrivals.iter().filter(|it| it.time <= self.stop) {
            let is_new = instants.last().is_none_or(|last| last.time != arrival.time);
            if is_new {
                instants.push(Instant::empty(arrival.time, sources));
            }
            if let Some(last) = instants.last_mut() {
                last.lines[arrival.source].extend_from_slice(&arrival.lines);
            }
        }
        instants
    }
}

/// The lines that arrive at an instant.
#[derive(Clone, Debug)]
pub(crate) struct Instant {
    pub(crate) time: Time,
    /// The lines of each source.
    pub(crate) lines: Vec<Vec<String>>,
}

impl Instant {
    /// An instant at which nothing arrives.
    pub(crate) fn empty(time: Time, sources: usize) -> Instant {
        Instant {
            time,
            lines: vec![Vec::new(); sources],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn input(times: &[i64], stop: i64) -> ReplayInput {
        let arrival = |millis: &i64| Arrival {
            time: Time::from_millis(*millis),
            source: 0,
            lines: vec![millis.to_string()],
        };
        ReplayInput {
            arrivals: times.iter().map(arrival).collect(),
            stop: Time::from_millis(stop),
        }
    }

    #[test]
    fn clk_2_an_arrival_at_the_time_of_a_batch_is_in_it() {
        let input = input(&[500, 1_000, 1_001, 3_000, 3_001], 3_400);
        let grid = Grid::every(Duration::from_secs(1));
        let batches = input.batches(grid, Time::from_millis(500));
        let expected = [vec![["500"], ["1000"]], vec![["1001"]], vec![["3000"]]];
        assert_eq!(batches, expected);
    }

    #[test]
    fn the_lines_of_an_instant_are_together() {
        let instants = input(&[0, 0, 7, 9], 8).instants(1);
        let texts: Vec<_> = instants.iter().map(|it| it.lines[0].join(" ")).collect();
        assert_eq!(texts, ["0 0", "7"]);
    }
}
