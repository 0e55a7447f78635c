//! Lines on their way through a fault, in the order in which they arrive.

use std::collections::VecDeque;
use std::iter::Peekable;

use super::{LineFault, SentLines};

/// Lines behind a fault, in the order of time.
pub(crate) struct Way<'a> {
    lines: Peekable<Box<dyn Iterator<Item = SentLines> + 'a>>,
    fault: Box<dyn LineFault>,
    /// In the order of time, and then of passing.
    passed: VecDeque<SentLines>,
    /// Kept for its memory.
    on: Vec<SentLines>,
}

impl<'a> Way<'a> {
    /// The lines behind all of these faults.
    pub(crate) fn through(
        lines: impl Iterator<Item = SentLines> + 'a,
        faults: Vec<Box<dyn LineFault>>,
    ) -> Box<dyn Iterator<Item = SentLines> + 'a> {
        let mut way: Box<dyn Iterator<Item = SentLines> + 'a> = Box::new(lines);
        for fault in faults {
            way = Box::new(Way {
                lines: way.peekable(),
                fault,
                passed: VecDeque::new(),
                on: Vec::new(),
            });
        }
        way
    }

    /// Has the fault pass on the next lines. Returns false if no more come of it.
    fn pull(&mut self) -> bool {
        match self.lines.next() {
            Some(lines) => self.fault.pass(lines, &mut self.on),
            None => self.fault.end(&mut self.on),
        }
        let is_more = !self.on.is_empty() || self.lines.peek().is_some();
        for lines in self.on.drain(..) {
            let index = self.passed.partition_point(|it| it.time <= lines.time);
            self.passed.insert(index, lines);
        }
        is_more
    }
}

impl Iterator for Way<'_> {
    type Item = SentLines;

    fn next(&mut self) -> Option<SentLines> {
        loop {
            // Those that come later arrive later.
            let next = self.lines.peek().map(|lines| lines.time);
            let first = self.passed.front().map(|lines| lines.time);
            if first.is_some_and(|first| next.is_none_or(|next| first <= next)) {
                return self.passed.pop_front();
            }
            if !self.pull() {
                return self.passed.pop_front();
            }
        }
    }
}
