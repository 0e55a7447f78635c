//! The pipeline of a scenario: any kind, any options.

use std::time::Duration;

use scenario::{
    Conf, Draw, Element, EventTime, MapWithState, MappedTotals, OutputMode, Program, QuerySink,
    Step, Structured, Timeouts, Trigger, Update, Window, WordQuery,
};

use super::space::{ProgramKind, Space};
use super::twelfths;
use super::words::Words;
use crate::Dice;

/// Draws the parts of a program.
pub(super) struct Programs<'a> {
    pub(super) dice: &'a mut Dice,
    pub(super) space: &'a Space,
    pub(super) words: &'a Words,
    pub(super) interval: Duration,
}

impl Programs<'_> {
    pub(super) fn draw(&mut self) -> Program {
        let source = *self.dice.pick(self.space.sources);
        match self.dice.pick(self.space.programs) {
            ProgramKind::Stateless => Program::Stateless {
                window: None,
                source,
            },
            ProgramKind::Windowed => Program::Stateless {
                window: Some(self.window(self.interval)),
                source,
            },
            ProgramKind::UpdateState => Program::UpdateState {
                update: Update::draw(self),
                initial: self.initial(),
                source,
            },
            ProgramKind::MapWithState => Program::MapWithState(MapWithState {
                totals: self.mapped_totals(self.interval),
                source,
            }),
            ProgramKind::Structured => {
                let output = *self.dice.pick(&[OutputMode::Update, OutputMode::Complete]);
                Program::Structured(self.structured(None, output))
            }
            ProgramKind::EventTime => Program::Structured(self.event_time()),
            ProgramKind::Steps => Program::Steps(self.steps()),
        }
    }

    /// Totals to start from, of words that may stand twice.
    fn initial(&mut self) -> Vec<(String, i64)> {
        let count: u64 = self.space.initial.draw_size(self.dice);
        let pairs = (0..count).map(|_| {
            let word = self.words.word(self.dice).to_owned();
            (word, self.integer())
        });
        pairs.collect()
    }

    /// A count of words in windows. Append output is of windows with a watermark only.
    fn event_time(&mut self) -> Structured {
        let window_ms: u64 = self.space.event_windows.draw_size(self.dice);
        let window = Duration::from_millis(window_ms);
        let halves = (!self.dice.one_in(4)).then(|| self.dice.below(5));
        let watermark = halves.map(|halves| Duration::from_millis(window_ms * halves / 2));
        let outputs = [OutputMode::Update, OutputMode::Complete, OutputMode::Append];
        let outputs = if watermark.is_some() {
            &outputs[..]
        } else {
            &outputs[..2]
        };
        let output = *self.dice.pick(outputs);
        self.structured(Some(EventTime { window, watermark }), output)
    }

    fn structured(&mut self, event_time: Option<EventTime>, output: OutputMode) -> Structured {
        Structured {
            sql: None,
            refused: None,
            conf: Conf::default(),
            event_time,
            output,
            trigger: match self.dice.below(12) {
                0 => Trigger::Once,
                1 => Trigger::AvailableNow,
                2..=4 => Trigger::ProcessingTime(self.span(self.interval)),
                _ => Trigger::Default,
            },
            num_rows: self.rows(),
            truncate: !self.dice.one_in(3),
            query: WordQuery::Counts,
            folder: None,
            max_files_per_trigger: None,
            sink: QuerySink::Console,
            source: *self.dice.pick(self.space.sources),
        }
    }

    /// Steps that fit one another, and a print.
    fn steps(&mut self) -> Vec<Step> {
        let count: u64 = self.space.steps.draw_size(self.dice);
        let mut element = Element::Text;
        let mut slide = self.interval;
        let mut steps = Vec::new();
        for _ in 0..count {
            let step = Step::draw(element, slide, self);
            element = step.gives(element);
            slide = step.slide().unwrap_or(slide);
            steps.push(step);
        }
        steps.push(Step::Print(self.rows()));
        steps
    }

    /// Some twelfths of an interval, a millisecond at least.
    fn span(&mut self, interval: Duration) -> Duration {
        let count = self.space.spans.draw_size(self.dice);
        twelfths(interval, count).max(Duration::from_millis(1))
    }
}

impl Draw for Programs<'_> {
    fn below(&mut self, bound: u64) -> u64 {
        self.dice.below(bound)
    }

    /// A word, or its first character.
    fn text(&mut self) -> String {
        let word = self.words.word(self.dice);
        if self.dice.one_in(2) {
            word.chars().take(1).collect()
        } else {
            word.to_owned()
        }
    }

    fn integer(&mut self) -> i64 {
        self.space.integers.draw(self.dice)
    }

    fn rows(&mut self) -> usize {
        self.space.rows.draw_size(self.dice)
    }

    fn window(&mut self, slide: Duration) -> Window {
        let length: u32 = self.space.window_lengths.draw_size(self.dice);
        let slides: u32 = self.space.window_slides.draw_size(self.dice);
        Window {
            length: slide * length,
            slide: slide * slides,
            inverse: self.dice.one_in(2),
        }
    }

    fn mapped_totals(&mut self, slide: Duration) -> MappedTotals {
        let timeout = self.dice.one_in(2).then(|| self.span(slide));
        let is_exact = self.space.has_exact_timeouts && timeout.is_some() && self.dice.one_in(2);
        MappedTotals {
            drop_at: self.dice.one_in(3).then(|| self.integer()),
            emit: *self.dice.pick(self.space.emits),
            timeout,
            timeouts: if is_exact {
                Timeouts::Exact
            } else {
                Timeouts::Spark
            },
            initial: self.initial(),
        }
    }
}
