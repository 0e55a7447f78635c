//! The types of states, compared with those that a run before has saved.

use std::collections::BTreeMap;

use engine::{DataType, Failure, FailureKind, StateSchema};

/// The part of saved types that those of a query are compared with (`SS-7`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SchemaCheck {
    /// Keys and values.
    Whole,
    /// Keys alone, as there are no values.
    Key,
    /// Keys, and the variables that both have (`TWS-8`).
    Variables,
}

/// The types of keys and values.
pub(crate) fn state_schema(key: &[DataType], value: &[DataType]) -> StateSchema {
    StateSchema {
        key: types(key).into(),
        value: types(value).into(),
    }
}

/// The types of keys, and lines that each have the name of a variable, its kind, and its types.
pub(crate) fn variables_schema<'a>(
    key: &[DataType],
    variables: impl Iterator<Item = SchemaLine<'a>>,
) -> StateSchema {
    let lines = variables.map(|line| [line.name, line.kind, &line.types].join("\t"));
    let lines: Vec<String> = lines.collect();
    StateSchema {
        key: types(key).into(),
        value: lines.join("\n").into(),
    }
}

/// A variable, or a setting that is to stay as it is.
pub(crate) struct SchemaLine<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) types: String,
}

fn types(types: &[DataType]) -> String {
    let types: Vec<String> = types.iter().map(DataType::to_string).collect();
    types.join(", ")
}

/// Fails if a query cannot go on from states of these types.
pub(crate) fn check_schema(
    saved: &StateSchema,
    own: &StateSchema,
    check: SchemaCheck,
) -> Result<(), Failure> {
    let is_same = match check {
        SchemaCheck::Whole => saved.value == own.value,
        SchemaCheck::Key => true,
        SchemaCheck::Variables if saved.key == own.key => return check_variables(saved, own),
        SchemaCheck::Variables => false,
    };
    if saved.key == own.key && is_same {
        return Ok(());
    }
    let message = format!(
        "Provided schema doesn't match to the schema for existing state! The states that were saved have the key ({}) and \
         the value ({}), and this query has ({}) and ({}); start the query that they are of, or start anew with another \
         checkpoint folder",
        saved.key, saved.value, own.key, own.value
    );
    Err(Failure::new(FailureKind::Checkpoint, message))
}

fn check_variables(saved: &StateSchema, own: &StateSchema) -> Result<(), Failure> {
    let before: BTreeMap<&str, &str> = lines(saved).collect();
    for (name, types) in lines(own) {
        let Some(before) = before.get(name).filter(|before| **before != types) else {
            continue;
        };
        let kind_of = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
        let kind_before = kind_of(before);
        let kind = kind_of(types);
        let message = if types.ends_with('\t') {
            format!(
                "[STATE_STORE_INVALID_CONFIG_AFTER_RESTART] Cannot change {name} from {kind_before} to {kind} between \
                 restarts. Please set {name} to {kind_before}, or restart with a new checkpoint directory."
            )
        } else if kind_before == kind {
            format!(
                "[STATE_STORE_VALUE_SCHEMA_NOT_COMPATIBLE] Provided value schema does not match existing state value \
                 schema: the state variable {name} had {}, and has {} now; start the query that the states are of, or start \
                 anew with another checkpoint folder",
                before.replace('\t', " "),
                types.replace('\t', " ")
            )
        } else {
            format!(
                "[STATE_STORE_INVALID_VARIABLE_TYPE_CHANGE] Cannot change {name} to {kind} between query restarts. Please \
                 set {name} to {kind_before}, or restart with a new checkpoint directory."
            )
        };
        return Err(Failure::new(FailureKind::Checkpoint, message));
    }
    Ok(())
}

/// Each name with what belongs to it.
fn lines(schema: &StateSchema) -> impl Iterator<Item = (&str, &str)> {
    let lines = schema.value.lines();
    lines.filter_map(|line| line.split_once('\t'))
}
