//! The pipeline of a scenario: any kind, any options.

use std::time::Duration;

use random::Dice;
use scenario::{
    Arithmetic, Element, Emit, MapFunction, MapWithState, MappedTotals, Predicate, Program,
    Reducer, Source, Step, Timeouts, Update, Window,
};

use super::query;
use super::words::Words;

pub(super) fn draw(dice: &mut Dice, interval: Duration, words: &mut Words) -> Program {
    match dice.below(11) {
        0 => Program::Stateless {
            window: None,
            source: Source::Memory,
        },
        1 | 2 => Program::Stateless {
            window: Some(window(dice, interval)),
            source: Source::Memory,
        },
        3 => Program::UpdateState {
            update: update(dice),
            initial: initial(dice, words),
            source: Source::Memory,
        },
        4 | 5 => Program::MapWithState(map_with_state(dice, interval, words)),
        6 => query::draw(dice, interval),
        7 | 8 => query::draw_event_time(dice, interval),
        _ => Program::Steps(Chain::new(interval).draw(dice, words)),
    }
}

fn window(dice: &mut Dice, base: Duration) -> Window {
    Window {
        length: base * dice.between(1, 10) as u32,
        slide: base * dice.between(1, 5) as u32,
        inverse: dice.one_in(2),
    }
}

fn update(dice: &mut Dice) -> Update {
    match dice.below(3) {
        0 => Update::DropIdle,
        1 => Update::DropAt(dice.between(2, 12) as i64),
        _ => Update::Sum,
    }
}

/// Totals to start from, of words that may stand twice.
fn initial(dice: &mut Dice, words: &Words) -> Vec<(String, i64)> {
    let count = if dice.one_in(2) {
        dice.between(1, 150)
    } else {
        0
    };
    (0..count)
        .map(|_| (words.word(dice).to_owned(), dice.between(0, 9) as i64))
        .collect()
}

fn map_with_state(dice: &mut Dice, interval: Duration, words: &Words) -> MapWithState {
    MapWithState {
        totals: mapped_totals(dice, interval, words),
        source: Source::Memory,
    }
}

fn mapped_totals(dice: &mut Dice, interval: Duration, words: &Words) -> MappedTotals {
    MappedTotals {
        drop_at: dice.one_in(3).then(|| dice.between(2, 9) as i64),
        emit: if dice.one_in(3) {
            Emit::Mapped
        } else {
            Emit::Snapshots
        },
        timeout: dice
            .one_in(2)
            .then(|| interval * dice.between(1, 15) as u32),
        timeouts: Timeouts::Spark,
        initial: initial(dice, words),
    }
}

/// Steps that fit one another.
struct Chain {
    element: Element,
    /// How often the stream has a batch.
    slide: Duration,
    steps: Vec<Step>,
}

impl Chain {
    fn new(interval: Duration) -> Chain {
        Chain {
            element: Element::Text,
            slide: interval,
            steps: Vec::new(),
        }
    }

    fn draw(mut self, dice: &mut Dice, words: &Words) -> Vec<Step> {
        for _ in 0..dice.between(1, 6) {
            let step = match self.element {
                Element::Text => self.of_texts(dice, words),
                Element::Pair => self.of_pairs(dice, words),
                Element::Integer => self.of_integers(dice),
                Element::Group => self.window(dice),
            };
            self.element = step.gives(self.element);
            self.steps.push(step);
            if dice.one_in(5) {
                self.steps.push(Step::Print(dice.between(1, 20) as usize));
            }
        }
        self.steps.push(Step::Print(*dice.pick(&[10, 5_000])));
        self.steps
    }

    fn of_texts(&mut self, dice: &mut Dice, words: &Words) -> Step {
        match dice.below(10) {
            0..=2 => Step::FlatMapSplit,
            3 | 4 => Step::Map(MapFunction::Pair),
            5 => Step::Map(MapFunction::Length),
            6 => Step::Map(*dice.pick(&[MapFunction::Upper, MapFunction::Lower])),
            7 => Step::CountByValue,
            8 => Step::Filter(text_predicate(dice, words)),
            _ => self.of_any(dice),
        }
    }

    fn of_pairs(&mut self, dice: &mut Dice, words: &Words) -> Step {
        match dice.below(12) {
            0..=2 => Step::ReduceByKey(reducer(dice)),
            3 | 4 => self.reduce_window(dice),
            5 if dice.one_in(2) => Step::MapWithState(mapped_totals(dice, self.slide, words)),
            5 => Step::UpdateStateByKey(update(dice)),
            6 => Step::MapValues(arithmetic(dice)),
            7 => Step::GroupByKey,
            8 => Step::Map(MapFunction::Value),
            9 => Step::Map(MapFunction::Key),
            10 if dice.one_in(2) => Step::Filter(Predicate::AtLeast(dice.between(0, 4) as i64)),
            10 => Step::Filter(text_predicate(dice, words)),
            _ => self.of_any(dice),
        }
    }

    fn of_integers(&mut self, dice: &mut Dice) -> Step {
        match dice.below(3) {
            0 => Step::Reduce(reducer(dice)),
            1 => Step::Filter(Predicate::AtLeast(dice.between(0, 4) as i64)),
            _ => self.of_any(dice),
        }
    }

    fn of_any(&mut self, dice: &mut Dice) -> Step {
        if dice.one_in(2) {
            self.window(dice)
        } else {
            Step::Count
        }
    }

    fn window(&mut self, dice: &mut Dice) -> Step {
        let Window { length, slide, .. } = self.small_window(dice);
        Step::Window { length, slide }
    }

    fn reduce_window(&mut self, dice: &mut Dice) -> Step {
        let window = self.small_window(dice);
        if window.inverse {
            Step::ReduceByKeyAndWindow(Reducer::Sum, window)
        } else {
            Step::ReduceByKeyAndWindow(reducer(dice), window)
        }
    }

    /// A window over what there is; the stream then has a batch each time it ends.
    fn small_window(&mut self, dice: &mut Dice) -> Window {
        let base = self.slide;
        let window = Window {
            length: base * dice.between(1, 6) as u32,
            slide: base * dice.between(1, 2) as u32,
            inverse: dice.one_in(2),
        };
        self.slide = window.slide;
        window
    }
}

fn reducer(dice: &mut Dice) -> Reducer {
    *dice.pick(&[Reducer::Sum, Reducer::Sum, Reducer::Max, Reducer::Min])
}

fn arithmetic(dice: &mut Dice) -> Arithmetic {
    let n = dice.between(0, 6) as i64 - 3;
    if dice.one_in(2) {
        Arithmetic::Add(n)
    } else {
        Arithmetic::Multiply(n)
    }
}

fn text_predicate(dice: &mut Dice, words: &Words) -> Predicate {
    let word = words.word(dice).to_owned();
    let start: String = word.chars().take(1).collect();
    match dice.below(4) {
        0 => Predicate::NotEmpty,
        1 => Predicate::Equals(word),
        2 => Predicate::Contains(start),
        _ => Predicate::StartsWith(start),
    }
}
