//! The steps of a pipeline: DStream operators by their Spark names in snake case.
//!
//! A step is written once, as a [`StepRow`](row::StepRow) in the file of its family, and is listed here. The
//! parser, the schema, the reference, the printer, the programs for Spark and the random scenarios are made
//! from the rows. The compilation into an engine's graph is the one thing that stands elsewhere.

mod arguments;
mod draw;
mod element;
mod filter;
mod map;
mod mapped_totals;
mod print;
mod reduce;
mod repartition;
mod row;
mod save;
mod update;
mod window;

use std::time::Duration;

use crate::language::{Items, KeyCount, TableReader, TomlTable, True};
use crate::spark::StepCode;
use row::Signature;

pub(crate) use arguments::{EMITS, TIMEOUT_BATCHES};
pub use arguments::{Emit, MappedTotals, SlidingWindow, Timeouts, Window};
pub use draw::Draw;
pub use element::Element;
pub use filter::Predicate;
pub use map::{Arithmetic, FlatMapFunction, MapFunction};
pub use mapped_totals::java_initial;
pub(crate) use mapped_totals::{
    EMIT, INITIAL, TIMEOUT, TIMEOUTS, WORD_TOTALS, read_mapped_totals, write_mapped_totals,
};
pub use reduce::Reducer;
pub use row::{Keeps, Operand};
pub use save::TextFolders;
pub(crate) use update::UPDATE_KIND;
pub use update::Update;
pub use window::WindowReduction;
pub(crate) use window::{read_window, write_window};

/// Declares the steps: for each its variant, its argument and its row.
macro_rules! steps {
    ($($(#[$doc:meta])+ $step:ident($argument:ty) = $row:path;)+) => {
        /// A DStream operator by its Spark name, with its function in words.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Step {
            $($(#[$doc])+ $step($argument),)+
        }

        pub(crate) static STEP: TomlTable = TomlTable {
            name: "step",
            place: "in a step",
            doc: "One DStream operator; a step is a table with one key.",
            key_count: KeyCount::One,
            keys: &[$(&$row.key),+],
        };

        /// Draws a step with a random argument.
        type DrawStep = fn(&mut dyn Draw, Duration) -> Step;

        /// The weight of each step among random ones, in the order of the reference.
        static WEIGHTS: &[(usize, DrawStep)] = &[
            $(($row.weight, |from, slide| Step::$step(($row.draw)(from, slide)))),+
        ];

        impl Step {
            fn signature(&self) -> Signature {
                match self {
                    $(Step::$step(argument) => ($row.signature)(argument),)+
                }
            }

            /// The text of it in a program for Spark.
            pub fn code(&self, operand: &Operand) -> StepCode {
                match self {
                    $(Step::$step(argument) => ($row.code)(argument, operand),)+
                }
            }

            /// Reads the one key of a step.
            pub(crate) fn read(table: &TableReader) -> Option<Step> {
                let (key, _) = table.present().next()?;
                match key.name() {
                    $(name if name == $row.key.text.name => {
                        table.get(&$row.key).map(Step::$step)
                    })+
                    _ => None,
                }
            }

            /// Adds its key and argument.
            fn write(&self, items: &mut Items) {
                match self {
                    $(Step::$step(argument) => items.set(&$row.key, argument),)+
                }
            }
        }
    };
}

steps! {
    /// `flat_map = "split"`: text → text.
    FlatMap(FlatMapFunction) = map::FLAT_MAP;
    /// `map = "…"`.
    Map(MapFunction) = map::MAP;
    /// `filter = …`.
    Filter(Predicate) = filter::FILTER;
    /// `map_values = { add = n }` or `{ multiply = n }`: on (text, integer) pairs.
    MapValues(Arithmetic) = map::MAP_VALUES;
    /// `count = true`: the number of records; one integer a batch.
    Count(True) = reduce::COUNT;
    /// `reduce = "…"`: one integer of all integers, nothing from an empty batch.
    Reduce(Reducer) = reduce::REDUCE;
    /// `count_by_value = true`: text → (text, integer).
    CountByValue(True) = reduce::COUNT_BY_VALUE;
    /// `reduce_by_key = "…"`: on (text, integer) pairs.
    ReduceByKey(Reducer) = reduce::REDUCE_BY_KEY;
    /// `group_by_key = true`: (text, integer) → (text, list of integers).
    GroupByKey(True) = reduce::GROUP_BY_KEY;
    /// `window = { length = "3s", slide = "1s" }`: any type, unchanged.
    Window(SlidingWindow) = window::WINDOW;
    /// `count_by_window = { length = "3s" }`: one integer a window.
    CountByWindow(SlidingWindow) = window::COUNT_BY_WINDOW;
    /// `count_by_value_and_window = { length = "3s" }`: text → (text, integer).
    CountByValueAndWindow(SlidingWindow) = window::COUNT_BY_VALUE_AND_WINDOW;
    /// `reduce_by_window = { function = "sum", length = "3s" }`: one integer of all integers of a window.
    ReduceByWindow(WindowReduction) = window::REDUCE_BY_WINDOW;
    /// `group_by_key_and_window = { length = "3s" }`: (text, integer) → (text, list of integers).
    GroupByKeyAndWindow(SlidingWindow) = window::GROUP_BY_KEY_AND_WINDOW;
    /// `reduce_by_key_and_window = { function = "sum", length = "3s", slide = "1s", inverse = true }`.
    /// Inverse exists for `sum` only.
    ReduceByKeyAndWindow(WindowReduction) = window::REDUCE_BY_KEY_AND_WINDOW;
    /// `update_state_by_key = "sum" | "drop_idle" | { drop_at = 3 }`: on (text, integer) pairs.
    UpdateStateByKey(Update) = update::UPDATE_STATE_BY_KEY;
    /// `map_with_state = { timeout = "30s", emit = "snapshots" }`: on (text, integer) pairs.
    MapWithState(MappedTotals) = mapped_totals::MAP_WITH_STATE;
    /// `repartition = n`: any type, unchanged, in n partitions.
    Repartition(usize) = repartition::REPARTITION;
    /// `print = n`: prints the first n rows of each batch, and passes the stream on.
    Print(usize) = print::PRINT;
    /// `save_as_text_files = { prefix = "counts", suffix = "txt" }`: saves each batch, and passes the stream on.
    SaveAsTextFiles(TextFolders) = save::SAVE_AS_TEXT_FILES;
}

impl Step {
    /// The types that it takes.
    pub fn takes(&self) -> &'static [Element] {
        self.signature().takes
    }

    /// The type that it gives, if `given` is what it gets.
    ///
    /// ```
    /// use scenario::{Element, Step, True};
    /// assert_eq!(Step::GroupByKey(True).gives(Element::Pair), Element::Group);
    /// assert_eq!(Step::Print(10).gives(Element::Integer), Element::Integer);
    /// ```
    pub fn gives(&self, given: Element) -> Element {
        self.signature().gives.unwrap_or(given)
    }

    /// The state that it keeps from batch to batch.
    pub fn keeps(&self) -> Keeps {
        self.signature().keeps
    }

    /// True if it is an output operation, which passes the stream on.
    pub fn is_output(&self) -> bool {
        self.variable().is_none()
    }

    /// The variable that holds what it makes, in a program for Spark; an output makes nothing.
    pub fn variable(&self) -> Option<&'static str> {
        self.signature().variable
    }

    /// The time from batch to batch of what it makes; `None` if it is that of what it gets.
    pub fn slide(&self) -> Option<Duration> {
        self.signature().slide
    }

    /// A random step that takes these elements, on a stream with this slide.
    pub fn draw(given: Element, slide: Duration, from: &mut dyn Draw) -> Step {
        let lots = WEIGHTS
            .iter()
            .flat_map(|(weight, draw)| std::iter::repeat_n(draw, *weight));
        let lots: Vec<_> = lots.collect();
        loop {
            let step = lots[from.below(lots.len() as u64) as usize](from, slide);
            if step.takes().contains(&given) {
                return step;
            }
        }
    }

    /// The step as an inline table, on a stream with this slide.
    pub(crate) fn print(&self, slide: Duration) -> String {
        let mut items = Items::on_slide(slide);
        self.write(&mut items);
        items.inline()
    }

    /// A `map` that makes of what is `given` what this step takes, as it is written.
    pub(crate) fn bridge_from(&self, given: Element) -> Option<String> {
        let maps = map::MAPS
            .0
            .iter()
            .map(|(_, function, _)| Step::Map(*function));
        let mut fitting = maps.filter(|map| map.takes().contains(&given));
        let bridge = fitting.find(|map| self.takes().contains(&map.gives(given)))?;
        Some(bridge.print(Duration::ZERO))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_stands_between_text_and_pairs() {
        let reduce = Step::ReduceByKey(Reducer::Sum);
        let between = |given, step: &Step| step.bridge_from(given);
        let pair = Some("{ map = \"pair\" }".to_owned());
        assert_eq!(between(Element::Text, &reduce), pair);
        let key = Some("{ map = \"key\" }".to_owned());
        assert_eq!(between(Element::Pair, &Step::CountByValue(True)), key);
        let length = Some("{ map = \"length\" }".to_owned());
        assert_eq!(between(Element::Text, &Step::Reduce(Reducer::Max)), length);
        assert_eq!(between(Element::Group, &reduce), None);
    }
}
