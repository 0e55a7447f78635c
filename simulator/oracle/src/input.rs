//! Which lines belong to which batch.

use engine::{Grid, Time};

/// Lines that arrive together: one partition of a DStream batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When they arrive.
    pub time: Time,
    /// The lines, in order.
    pub lines: Vec<String>,
}

/// The partitions of each batch that ends after `start` and at or before `stop`: what arrived after the
/// batch before, up to and with its own time (`CLK-2`, `BLK-6`).
pub(crate) fn batches(
    arrivals: &[Arrival],
    grid: Grid,
    (start, stop): (Time, Time),
) -> Vec<Vec<Vec<String>>> {
    let mut arrivals = arrivals.iter().peekable();
    let ends = std::iter::successors(grid.after(start), |end| grid.after(*end));
    let blocks = |end: Time| {
        let mine = std::iter::from_fn(|| arrivals.next_if(|arrival| arrival.time <= end));
        mine.map(|arrival| arrival.lines.clone()).collect()
    };
    ends.take_while(|end| *end <= stop).map(blocks).collect()
}

/// The lines of each instant, which are one micro-batch of a query that has no time to lose.
pub(crate) fn instants(arrivals: &[Arrival], stop: Time) -> Vec<(Time, Vec<String>)> {
    let mut instants: Vec<(Time, Vec<String>)> = Vec::new();
    for arrival in arrivals.iter().filter(|arrival| arrival.time <= stop) {
        match instants.last_mut() {
            Some((time, lines)) if *time == arrival.time => lines.extend_from_slice(&arrival.lines),
            _ => instants.push((arrival.time, arrival.lines.clone())),
        }
    }
    instants
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn arrivals(times: &[i64]) -> Vec<Arrival> {
        let arrival = |millis: &i64| Arrival {
            time: Time::from_millis(*millis),
            lines: vec![millis.to_string()],
        };
        times.iter().map(arrival).collect()
    }

    #[test]
    fn clk_2_an_arrival_at_the_time_of_a_batch_is_in_it() {
        let (start, stop) = (Time::from_millis(500), Time::from_millis(3_400));
        let grid = Grid::every(Duration::from_secs(1));
        let batches = batches(
            &arrivals(&[500, 1_000, 1_001, 3_000, 3_001]),
            grid,
            (start, stop),
        );
        let expected = [vec![["500"], ["1000"]], vec![["1001"]], vec![["3000"]]];
        assert_eq!(batches, expected);
    }

    #[test]
    fn the_lines_of_an_instant_are_together() {
        let instants = instants(&arrivals(&[0, 0, 7, 9]), Time::from_millis(8));
        let texts: Vec<_> = instants.iter().map(|(_, lines)| lines.join(" ")).collect();
        assert_eq!(texts, ["0 0", "7"]);
    }
}
