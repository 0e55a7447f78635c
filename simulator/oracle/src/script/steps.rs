//! `steps = [..]`: DStream operators by name, one variable a step.

use std::collections::BTreeMap;

use scenario::{Element, Keeps, Operand, Step};

use super::{Body, Language, camel_case};

/// The operators of a chain of steps, in the order written.
///
/// # Panics
///
/// Panics if the language is Python and `PySpark` does not have one of the operators.
pub(super) fn body(pipeline: &str, steps: &[Step], language: Language) -> Body {
    let mut names = Names::default();
    let mut stream = "lines".to_owned();
    let mut element = Element::Text;
    let mut text = Vec::new();
    for step in steps {
        debug_assert!(
            step.takes().contains(&element),
            "{step:?} fits the step before it"
        );
        let made = step.variable().map(|name| names.new_name(name));
        let operand = Operand {
            element,
            made: made.as_deref().unwrap_or_default(),
        };
        let code = step.code(&operand);
        element = step.gives(element);
        text.push(match (language, &made) {
            (Language::Java, None) => format!("{stream}.{};", code.java),
            (Language::Java, Some(made)) => {
                let stream_type = stream_type(element);
                let statement = format!("{stream_type} {made} = {stream}.{};", code.java);
                code.java_before + &statement
            }
            (Language::Python, made) => {
                let call = code
                    .python
                    .expect("programs that PySpark cannot have are Java");
                match made {
                    Some(made) => format!("{made} = {stream}.{call}"),
                    None => format!("{stream}.{call}"),
                }
            }
        });
        stream = made.unwrap_or(stream);
    }
    if language == Language::Python {
        text.push(String::new());
    }
    Body {
        file: pipeline.replace('-', "_"),
        app: camel_case(pipeline),
        text: text.join("\n"),
        is_stateful: steps.iter().any(|step| step.keeps() != Keeps::Nothing),
    }
}

fn stream_type(element: Element) -> &'static str {
    match element {
        Element::Text => "JavaDStream<String>",
        Element::Integer => "JavaDStream<Long>",
        Element::Pair => "JavaPairDStream<String, Long>",
        Element::Group => "JavaPairDStream<String, Iterable<Long>>",
    }
}

/// Names that are given once: the second `words` is `words2`.
#[derive(Default)]
struct Names {
    given: BTreeMap<&'static str, usize>,
}

impl Names {
    fn new_name(&mut self, name: &'static str) -> String {
        let count = self.given.entry(name).or_default();
        *count += 1;
        if *count == 1 {
            name.to_owned()
        } else {
            format!("{name}{count}")
        }
    }
}
