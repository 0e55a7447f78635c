//! `steps`: each a table with one key, each taking what comes out of the one before.

use toml::Spanned;

use crate::keys::STEPS;
use crate::language::{Slide, TableReader};
use crate::{Code, Element, Step};

/// The stream that comes out of the steps so far.
struct Stream {
    element: Element,
    slide: Slide,
    /// The step it comes out of.
    last: Option<Spanned<&'static str>>,
}

pub(super) fn lower(pipeline: &TableReader) -> Vec<Step> {
    let mut stream = Stream {
        element: Element::Text,
        slide: pipeline.slide(),
        last: None,
    };
    let tables = pipeline.tables(&STEPS);
    let steps: Vec<Option<Step>> = tables.iter().map(|table| stream.step(table)).collect();
    report_last(pipeline, &tables, steps.last());
    steps.into_iter().flatten().collect()
}

/// Reports steps that do not end with an output; a step that could not be read may have been one.
fn report_last(pipeline: &TableReader, tables: &[TableReader], last: Option<&Option<Step>>) {
    let steps = pipeline.written(&STEPS).map(|steps| steps.value);
    let span = match (last, tables.last(), steps) {
        (Some(None), ..) => return,
        (Some(Some(last)), ..) if last.is_output() => return,
        (_, Some(table), _) => table.span(),
        (_, None, Some(steps)) if steps.get_ref().as_array().is_some_and(|it| it.is_empty()) => {
            steps.span()
        }
        _ => return,
    };
    let message = match tables {
        [] => "there are no steps",
        _ => "the last step is no output",
    };
    let mistake = Code::LastStep.at(span, message).label("nothing is printed");
    pipeline.push(mistake.help("without an output nothing is computed: end with `{ print = 10 }`"));
}

impl Stream {
    /// Reads a step and puts it on the stream.
    fn step(&mut self, table: &TableReader) -> Option<Step> {
        let step = Step::read(&table.with_slide(self.slide))?;
        let (key, span) = table.present().next()?;
        let name = Spanned::new(span, key.name());
        if !step.takes().contains(&self.element) {
            self.report_type(table, &step, &name);
        }
        self.element = step.gives(self.element);
        self.last = Some(name);
        if let Some(slide) = step.slide() {
            self.slide = Slide {
                duration: Some(slide),
                name: "the slide of the window before it",
            };
        }
        Some(step)
    }

    fn report_type(&self, table: &TableReader, step: &Step, name: &Spanned<&str>) {
        let takes: Vec<_> = step.takes().iter().map(Element::to_string).collect();
        let takes = takes.join(" or ");
        let given = self.element;
        let origin = match &self.last {
            Some(last) => format!("`{}` gives {given}", last.get_ref()),
            None => format!("the lines are {given}"),
        };
        let message = format!("`{}` takes {takes}, but {origin}", name.get_ref());
        let mut mistake = Code::StepType.at(name.span(), message);
        mistake = mistake.label(format!("takes {takes}"));
        if let Some(last) = &self.last {
            mistake = mistake.also(last.span(), format!("gives {given}"));
        }
        if let Some(bridge) = step.bridge_from(given) {
            mistake = mistake.help(format!("`{bridge}` between them would fit"));
        }
        table.push(mistake);
    }
}
