//! `window` and the steps that make less of a window: the elements of several batches.

use std::time::Duration;

use toml::Spanned;

use super::arguments::{SlidingWindow, Window};
use super::draw::Draw;
use super::element::Element;
use super::reduce::{REDUCERS, Reducer};
use super::row::{Keeps, Signature, StepRow};
use crate::language::{
    Items, KeyCount, Kind, Slide, TableOf, TableReader, TomlKey, TomlTable, WithDefault, toml_table,
};
use crate::spark::{Snippet, call};
use crate::{Code, duration};

/// A window that is reduced, as a whole or by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowReduction {
    /// The function that makes one integer of two; with [`Window::inverse`], [`Reducer::Sum`].
    pub function: Reducer,
    /// The window.
    pub window: Window,
}

pub(super) static WINDOW: StepRow<SlidingWindow> = StepRow {
    key: TomlKey::new(
        "window",
        WINDOW_KIND,
        "The elements of several batches; the elements do not change.",
        r#"window = { length = "3s" }"#,
    ),
    signature: |window| Signature {
        slide: Some(window.slide),
        ..Signature::new(&Element::ALL, None, "window")
    },
    code: |window, _| call("window", &window.arguments()),
    weight: 1,
    draw: |from, slide| from.window(slide).into(),
};

pub(super) static COUNT_BY_WINDOW: StepRow<SlidingWindow> = StepRow {
    key: TomlKey::new(
        "count_by_window",
        WINDOW_KIND,
        "How many elements a window has: one integer, computed from the window before, but for windows before the first element; PySpark counts windows of fewer than five slides anew, and has no 0.",
        r#"count_by_window = { length = "3s" }"#,
    ),
    signature: |window| window.kept(&Element::ALL, Element::Integer),
    code: |window, _| call("countByWindow", &window.arguments()),
    weight: 1,
    draw: |from, slide| from.window(slide).into(),
};

pub(super) static COUNT_BY_VALUE_AND_WINDOW: StepRow<SlidingWindow> = StepRow {
    key: TomlKey::new(
        "count_by_value_and_window",
        WINDOW_KIND,
        "How often each text comes in a window, as pairs.",
        r#"count_by_value_and_window = { length = "3s" }"#,
    ),
    signature: |window| window.kept(&[Element::Text], Element::Pair),
    code: |window, _| call("countByValueAndWindow", &window.arguments()),
    weight: 1,
    draw: |from, slide| from.window(slide).into(),
};

pub(super) static GROUP_BY_KEY_AND_WINDOW: StepRow<SlidingWindow> = StepRow {
    key: TomlKey::new(
        "group_by_key_and_window",
        WINDOW_KIND,
        "Each text with the list of its integers in a window; PySpark computes windows of five slides or more from the one before, and keeps texts without integers.",
        r#"group_by_key_and_window = { length = "3s" }"#,
    ),
    signature: |window| window.kept(&[Element::Pair], Element::Group),
    code: |window, _| {
        let [length, slide] = window.arguments();
        // PySpark's groups print as objects unless they are made lists.
        Snippet::new(
            format!(
                "groupByKeyAndWindow({}, {}).mapValues(list)",
                length.python, slide.python
            ),
            format!("groupByKeyAndWindow({}, {})", length.java, slide.java),
        )
        .into()
    },
    weight: 1,
    draw: |from, slide| from.window(slide).into(),
};

pub(super) static REDUCE_BY_WINDOW: StepRow<WindowReduction> = StepRow {
    key: TomlKey::new(
        "reduce_by_window",
        REDUCED_KIND,
        "One integer of all integers in a window; nothing of an empty one.",
        r#"reduce_by_window = { function = "sum", length = "3s" }"#,
    ),
    signature: |reduced| reduced.signature(&[Element::Integer], Element::Integer),
    code: |reduced, _| reduced.code("reduceByWindow").into(),
    weight: 1,
    draw: draw_reduction,
};

pub(super) static REDUCE_BY_KEY_AND_WINDOW: StepRow<WindowReduction> = StepRow {
    key: TomlKey::new(
        "reduce_by_key_and_window",
        REDUCED_KIND,
        "One pair of all pairs with the same text in a window.",
        r#"reduce_by_key_and_window = { function = "sum", length = "3s" }"#,
    ),
    signature: |reduced| reduced.signature(&[Element::Pair], Element::Pair),
    code: |reduced, _| reduced.code("reduceByKeyAndWindow").into(),
    weight: 2,
    draw: draw_reduction,
};

fn draw_reduction(from: &mut dyn Draw, slide: Duration) -> WindowReduction {
    let window = from.window(slide);
    let function = if window.inverse {
        Reducer::Sum
    } else {
        REDUCERS.draw(from)
    };
    WindowReduction { function, window }
}

impl SlidingWindow {
    fn arguments(&self) -> [Snippet; 2] {
        [self.length, self.slide].map(Snippet::duration)
    }

    /// The signature of a step that is computed from the window before.
    fn kept(&self, takes: &'static [Element], gives: Element) -> Signature {
        Signature {
            slide: Some(self.slide),
            keeps: Keeps::Window,
            ..Signature::new(takes, Some(gives), "windowed")
        }
    }
}

impl WindowReduction {
    fn signature(&self, takes: &'static [Element], gives: Element) -> Signature {
        Signature {
            slide: Some(self.window.slide),
            keeps: if self.window.inverse {
                Keeps::Window
            } else {
                Keeps::Nothing
            },
            ..Signature::new(takes, Some(gives), "windowed")
        }
    }

    /// The call of a method: Python takes `None` for no inverse function, Java another method.
    fn code(&self, method: &str) -> Snippet {
        let function = self.function.code();
        let inverse = if self.window.inverse {
            Snippet::new("lambda x, y: x - y", "(x, y) -> x - y, ")
        } else {
            Snippet::new("None", "")
        };
        let length = Snippet::duration(self.window.length);
        let slide = Snippet::duration(self.window.slide);
        Snippet::new(
            format!(
                "{method}({}, {}, {}, {})",
                function.python, inverse.python, length.python, slide.python
            ),
            format!(
                "{method}({}, {}{}, {})",
                function.java, inverse.java, length.java, slide.java
            ),
        )
    }
}

static WINDOW_TABLE: TomlTable = TomlTable {
    name: "window",
    place: "in a window",
    doc: "Which batches a window holds.",
    key_count: KeyCount::Any,
    keys: &[&LENGTH, &SLIDE],
};

/// A window as the argument of a step.
const WINDOW_KIND: Kind<SlidingWindow> = Kind::Table(TableOf {
    table: &WINDOW_TABLE,
    read: |table| read_window(table, &LENGTH, &SLIDE),
    write: |window, items| write_window(items, &LENGTH, &SLIDE, *window),
});

/// A window that is reduced as the argument of a step.
const REDUCED_KIND: Kind<WindowReduction> = Kind::Table(TableOf {
    table: &REDUCED_TABLE,
    read: read_reduced,
    write: write_reduced,
});

toml_table! {
    REDUCED_TABLE = "reduced_window", "in a window that is reduced", KeyCount::Any;
    "Which batches a window holds, and how it is reduced."

    "How two integers become one."
    FUNCTION: TomlKey<Reducer> = ("function", Kind::Word(&REDUCERS), r#"function = "sum""#)
        .required();

    "How far a window reaches back, a multiple of the slide of the stream it is put on."
    LENGTH: TomlKey<Duration> = ("length", Kind::LENGTH, r#"length = "3s""#).required();

    "How often a window ends, a multiple like `length`; without it, the slide of the stream it is put on."
    SLIDE: TomlKey<Duration> = ("slide", Kind::LENGTH, r#"slide = "1s""#);

    "Subtract the batches that leave a window instead of reducing it anew; for `sum` only."
    INVERSE: WithDefault<bool> = ("inverse", Kind::FLAG, "inverse = true").or(false);
}

fn read_reduced(table: &TableReader) -> Option<WindowReduction> {
    let function = table.get(&FUNCTION);
    let window = read_window(table, &LENGTH, &SLIDE);
    let inverse = table.get_or_default(&INVERSE);
    let function = function?;
    if inverse && function != Reducer::Sum {
        let span = table.key_span(&INVERSE).unwrap_or_else(|| table.span());
        let mistake = Code::Inverse.at(span, "only `sum` has an inverse");
        let help = "without `inverse` each window is reduced anew, which any function can do";
        table.push(mistake.label("not with this function").help(help));
    }
    let SlidingWindow { length, slide } = window?;
    let window = Window {
        length,
        slide,
        inverse,
    };
    Some(WindowReduction { function, window })
}

fn write_reduced(reduced: &WindowReduction, items: &mut Items) {
    items.set(&FUNCTION, &reduced.function);
    write_window(items, &LENGTH, &SLIDE, reduced.window.into());
    items.set_unless_default(&INVERSE, &reduced.window.inverse);
}

/// Reads a window whose length is there, and compares it with the slide of its stream (`WIN-1`).
pub(crate) fn read_window(
    table: &TableReader,
    length: &'static TomlKey<Duration>,
    slide: &'static TomlKey<Duration>,
) -> Option<SlidingWindow> {
    let length = multiple(table, length);
    let slide = match table.key_span(slide) {
        Some(_) => multiple(table, slide),
        None => table.slide().duration,
    };
    let length = length?;
    Some(SlidingWindow {
        length,
        slide: slide.unwrap_or(length),
    })
}

/// Adds the length of a window, and its slide where it is not that of its stream.
pub(crate) fn write_window(
    items: &mut Items,
    length: &TomlKey<Duration>,
    slide: &TomlKey<Duration>,
    window: SlidingWindow,
) {
    items.set(length, &window.length);
    if window.slide != items.slide() {
        items.set(slide, &window.slide);
    }
}

/// A duration, of which it is reported if it is no multiple of the slide of its stream.
fn multiple(table: &TableReader, key: &'static TomlKey<Duration>) -> Option<Duration> {
    let value = table.spanned(key)?;
    let Slide { duration, name } = table.slide();
    if let Some(slide) = duration
        && !is_multiple(*value.get_ref(), slide)
    {
        let multiples = multiples_near(*value.get_ref(), slide).join(", ");
        let slide = duration::print(slide);
        let key = key.text.name;
        let message = format!("`{key}` is not a multiple of {name}, {slide}");
        let mistake = Code::NotAMultiple.at(value.span(), message);
        let mistake = mistake.label(format!("not a multiple of {slide}"));
        table.push(mistake.help(format!("multiples near it: {multiples}")));
    }
    Some(Spanned::into_inner(value))
}

fn is_multiple(duration: Duration, slide: Duration) -> bool {
    duration
        .as_millis()
        .is_multiple_of(slide.as_millis().max(1))
}

/// The multiples of `slide` just below and above, as they are written; zero is none.
fn multiples_near(duration: Duration, slide: Duration) -> Vec<String> {
    let steps = duration.as_millis() / slide.as_millis().max(1);
    let near = [steps, steps + 1].into_iter().filter(|steps| *steps > 0);
    let millis = near.map(|steps| u64::try_from(steps * slide.as_millis()).unwrap_or(u64::MAX));
    millis
        .map(|millis| format!("\"{}\"", duration::print(Duration::from_millis(millis))))
        .collect()
}
