//! A connection that ends, and is made again.

use std::collections::VecDeque;

use engine::{Text, Time};
use scenario::{Disconnect, RECEIVER_RESTART_DELAY};

use super::{Interval, LineFault, SentLines};

/// Loses what is sent while there is no connection, or is on its way when one ends. A receiver makes another one after
/// a time (`RCV-1`), the socket source of a query none, and a driver that starts again one of its own.
pub(super) struct Connection {
    /// The times at which it is to end between lines, in order.
    between_lines: VecDeque<Time>,
    /// The times from which it is to end in the middle of a line, in order.
    mid_line: VecDeque<Time>,
    /// The times at which the driver starts again, in order.
    restarts: Vec<Time>,
    /// True if the source keeps its records: those that were lost come by the next connection.
    keeps: bool,
    /// True if no receiver connects again.
    is_query: bool,
    /// The times without a connection.
    down: Vec<Interval>,
}

impl Connection {
    pub(super) fn new(
        ends: &[(Time, Disconnect)],
        restarts: Vec<Time>,
        keeps: bool,
        is_query: bool,
    ) -> Connection {
        let ends = |point| {
            let ends = ends.iter().filter(move |(_, it)| *it == point);
            ends.map(|(time, _)| *time).collect()
        };
        Connection {
            between_lines: ends(Disconnect::BetweenLines),
            mid_line: ends(Disconnect::MidLine),
            restarts,
            keeps,
            is_query,
            down: Vec::new(),
        }
    }

    /// Ends the connection, if there is one.
    fn end_at(&mut self, from: Time) {
        if Interval::around(&self.down, from).is_some() {
            return;
        }
        let restart = self.restarts.iter().find(|time| **time >= from).copied();
        let again = from.checked_add(RECEIVER_RESTART_DELAY);
        let again = again.filter(|_| !self.is_query);
        let to = again.into_iter().chain(restart).min();
        self.down.push(Interval { from, to });
    }

    /// True if the lines are sent by a connection that ends before they arrive, or by none.
    fn is_lost(&self, lines: &SentLines) -> bool {
        let mut restarts = self.restarts.iter();
        let is_down = |down: &Interval| {
            down.from <= lines.time && down.to.is_none_or(|again| lines.sent < again)
        };
        self.down.iter().any(is_down)
            || restarts.any(|restart| lines.sent <= *restart && *restart < lines.time)
    }

    /// The time at which a source that keeps its lines can send these.
    fn again(&self, time: Time) -> Time {
        let down = Interval::around(&self.down, time);
        down.and_then(|it| it.to).map_or(time, |to| time.max(to))
    }

    /// The first half of the next line, if the connection ends behind it.
    fn half(&mut self, lines: &SentLines) -> Option<Text> {
        let line = lines.records.first()?;
        self.mid_line.pop_front_if(|from| *from <= lines.time)?;
        self.end_at(lines.time);
        let half = line.chars().take(line.chars().count() / 2);
        Some(half.collect::<String>().into())
    }
}

impl LineFault for Connection {
    fn pass(&mut self, mut lines: SentLines, on: &mut Vec<SentLines>) {
        while let Some(from) = self.between_lines.pop_front_if(|from| *from <= lines.time) {
            self.end_at(from);
        }
        if self.keeps {
            lines.time = self.again(lines.time);
            return on.push(lines);
        }
        if self.is_lost(&lines) {
            return;
        }
        match self.half(&lines) {
            // Java's `BufferedReader` takes the text before the end for a line, unless it is empty.
            Some(half) if half.is_empty() => {}
            Some(half) => lines.pass(vec![half], on),
            None => on.push(lines),
        }
    }
}
