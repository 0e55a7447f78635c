//! `steps`: each a table with one key, each taking what comes out of the one before.

use toml::Spanned;
use toml::de::DeValue;

use super::fields::Fields;
use super::flow;
use super::window::{self, Grid, WindowKeys};
use super::{pipeline, value};
use crate::diagnostic::{Code, Draft};
use crate::words::{
    ADD, AT_LEAST, COUNT, COUNT_BY_VALUE, EQUALS, FILTER, FILTERS, FLAT_MAP, FLAT_MAPS, FUNCTION,
    GROUP_BY_KEY, Key, MAP, MAP_VALUES, MAP_WITH_STATE, MAPS, MULTIPLY, PRINT, REDUCE,
    REDUCE_BY_KEY, REDUCE_BY_KEY_AND_WINDOW, REDUCERS, STARTS_WITH, STEP_DROP_AT, STEP_WINDOW,
    STEPS, TEXT_CONTAINS, UPDATE_STATE_BY_KEY, WINDOW_INVERSE, WINDOW_LENGTH, WINDOW_SLIDE,
};
use crate::{Arithmetic, Element, Predicate, Reducer, Step, Window};

/// What comes out of the steps so far.
struct Stream {
    element: Element,
    grid: Grid,
    /// The step it comes out of.
    last: Option<Spanned<&'static str>>,
}

pub(super) fn lower(pipeline: &Fields, grid: Grid) -> Vec<Step> {
    let mut stream = Stream {
        element: Element::Text,
        grid,
        last: None,
    };
    let tables = pipeline.tables(&STEPS);
    let steps: Vec<Option<Step>> = tables.iter().map(|table| stream.step(table)).collect();
    report_last(pipeline, &tables, steps.last());
    steps.into_iter().flatten().collect()
}

/// Reports steps that do not end with a print; a step that could not be read may have been one.
fn report_last(pipeline: &Fields, tables: &[Fields], last: Option<&Option<Step>>) {
    let span = match (last, tables.last(), pipeline.value(&STEPS)) {
        (Some(Some(Step::Print(_)) | None), ..) => return,
        (_, Some(table), _) => table.span(),
        (_, None, Some(steps)) if steps.get_ref().as_array().is_some_and(|it| it.is_empty()) => {
            steps.span()
        }
        _ => return,
    };
    let message = match tables {
        [] => "there are no steps",
        _ => "the last step is not `print`",
    };
    let draft = Draft::new(Code::LastStep, span, message).label("nothing is printed");
    pipeline.push(draft.help("without an output nothing is computed: end with `{ print = 10 }`"));
}

impl Stream {
    /// Reads a step and puts it on the stream.
    fn step(&mut self, table: &Fields) -> Option<Step> {
        let (key, span) = table.present().next()?;
        let step = step(table, key, self.grid)?;
        self.flow(table, &step, Spanned::new(span, key.name));
        if let Step::Window { slide, .. } | Step::ReduceByKeyAndWindow(_, Window { slide, .. }) =
            step
        {
            self.grid = Grid {
                slide: Some(slide),
                name: "the slide of the window before it",
            };
        }
        Some(step)
    }

    fn flow(&mut self, table: &Fields, step: &Step, name: Spanned<&'static str>) {
        let takes = flow::takes(step);
        if !takes.contains(&self.element) {
            let takes: Vec<_> = takes.iter().map(Element::to_string).collect();
            let (takes, given, name) = (takes.join(" or "), self.element, name.clone());
            let origin = match &self.last {
                Some(last) => format!("`{}` gives {given}", last.get_ref()),
                None => format!("the lines are {given}"),
            };
            let message = format!("`{}` takes {takes}, but {origin}", name.get_ref());
            let mut draft = Draft::new(Code::StepType, name.span(), message);
            draft = draft.label(format!("takes {takes}"));
            draft = match &self.last {
                Some(last) => draft.also(last.span(), format!("gives {given}")),
                None => draft,
            };
            table.push(match flow::bridge(self.element, step) {
                Some(bridge) => draft.help(format!("`{bridge}` between them would fit")),
                None => draft,
            });
        }
        self.element = step.gives(self.element);
        self.last = Some(name);
    }
}

/// Reads the one key of a step.
type Reader = fn(&Fields, Grid) -> Option<Step>;

/// How each step is read.
static READERS: [(&Key, Reader); 14] = [
    (&FLAT_MAP, |step, _| {
        step.word(&FLAT_MAP, &FLAT_MAPS)
            .map(|()| Step::FlatMapSplit)
    }),
    (&MAP, |step, _| step.word(&MAP, &MAPS).map(Step::Map)),
    (&FILTER, |step, _| predicate(step).map(Step::Filter)),
    (&MAP_VALUES, |step, _| arithmetic(step).map(Step::MapValues)),
    (&COUNT, |step, _| step.is_true(&COUNT).map(|()| Step::Count)),
    (&REDUCE, |step, _| {
        step.word(&REDUCE, &REDUCERS).map(Step::Reduce)
    }),
    (&COUNT_BY_VALUE, |step, _| {
        step.is_true(&COUNT_BY_VALUE).map(|()| Step::CountByValue)
    }),
    (&REDUCE_BY_KEY, |step, _| {
        step.word(&REDUCE_BY_KEY, &REDUCERS).map(Step::ReduceByKey)
    }),
    (&GROUP_BY_KEY, |step, _| {
        step.is_true(&GROUP_BY_KEY).map(|()| Step::GroupByKey)
    }),
    (&STEP_WINDOW, plain_window),
    (&REDUCE_BY_KEY_AND_WINDOW, reduce_window),
    (&UPDATE_STATE_BY_KEY, |step, _| {
        pipeline::update(step, &UPDATE_STATE_BY_KEY).map(Step::UpdateStateByKey)
    }),
    (&MAP_WITH_STATE, |step, _| {
        let table = step.table(&MAP_WITH_STATE)?;
        table.report_needs(|_| true);
        let drop_at = table.integer(&STEP_DROP_AT);
        Some(Step::MapWithState(pipeline::mapped_totals(&table, drop_at)))
    }),
    (&PRINT, |step, _| {
        step.integer(&PRINT).map(|rows| Step::Print(rows as usize))
    }),
];

fn step(table: &Fields, key: &Key, grid: Grid) -> Option<Step> {
    let (_, read) = READERS.iter().find(|(it, _)| it.name == key.name)?;
    read(table, grid)
}

fn predicate(step: &Fields) -> Option<Predicate> {
    let value = step.value(&FILTER)?;
    let DeValue::Table(_) = value.get_ref() else {
        return value::word(step.sink, &FILTER, value, &FILTERS).map(|()| Predicate::NotEmpty);
    };
    let table = step.table(&FILTER)?;
    let equals = table.text(&EQUALS).map(Predicate::Equals);
    equals
        .or_else(|| table.text(&TEXT_CONTAINS).map(Predicate::Contains))
        .or_else(|| table.text(&STARTS_WITH).map(Predicate::StartsWith))
        .or_else(|| table.integer(&AT_LEAST).map(Predicate::AtLeast))
}

fn arithmetic(step: &Fields) -> Option<Arithmetic> {
    let table = step.table(&MAP_VALUES)?;
    let add = table.integer(&ADD).map(Arithmetic::Add);
    add.or_else(|| table.integer(&MULTIPLY).map(Arithmetic::Multiply))
}

fn plain_window(step: &Fields, grid: Grid) -> Option<Step> {
    let table = step.table(&STEP_WINDOW)?;
    let keys = WindowKeys {
        length: &WINDOW_LENGTH,
        slide: &WINDOW_SLIDE,
        inverse: None,
    };
    let window = window::lower(&table, &keys, grid)?;
    Some(Step::Window {
        length: window.length,
        slide: window.slide,
    })
}

fn reduce_window(step: &Fields, grid: Grid) -> Option<Step> {
    let table = step.table(&REDUCE_BY_KEY_AND_WINDOW)?;
    let inverse = Some(&WINDOW_INVERSE);
    let keys = WindowKeys {
        length: &WINDOW_LENGTH,
        slide: &WINDOW_SLIDE,
        inverse,
    };
    let (reducer, window) = (
        table.word(&FUNCTION, &REDUCERS),
        window::lower(&table, &keys, grid),
    );
    let (reducer, window) = (reducer?, window?);
    if window.inverse && reducer != Reducer::Sum {
        let span = table
            .key_span(&WINDOW_INVERSE)
            .unwrap_or_else(|| table.span());
        let draft = Draft::new(Code::Inverse, span, "only `sum` has an inverse");
        table.push(
            draft
                .label("not with this function")
                .help("without `inverse` each window is reduced anew, which any function can do"),
        );
    }
    Some(Step::ReduceByKeyAndWindow(reducer, window))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::STEP;

    #[test]
    fn every_step_has_a_reader() {
        let names = |keys: Vec<&Key>| keys.iter().map(|key| key.name).collect::<Vec<_>>();
        let readers = READERS.iter().map(|(key, _)| *key).collect();
        assert_eq!(names(readers), names(STEP.keys.to_vec()));
    }
}
