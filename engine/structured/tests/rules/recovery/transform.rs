//! Processors that go on after a restart.

use engine::{DataType, Failure, Row, Value};
use engine_structured::functions::{col, lit};
use engine_structured::{
    DataStreamWriter, OutputMode, StateVariables, StatefulProcessor, StatefulProcessorHandle,
    TimeMode,
};

use super::life::{Files, Life};
use crate::support::check;
use crate::transform::{answers, rocks_db};

fn commands(time_mode: TimeMode) -> DataStreamWriter {
    let lines = rocks_db().read_stream().max_files_per_trigger(1);
    let answers = answers(&lines.text("inbox"), time_mode, None);
    answers.write_stream().output_mode(OutputMode::Update)
}

#[test]
fn tws_8_states_and_timers_are_those_of_the_run_before() {
    let before = ["a set x", "a add 1\na map k 1", "a timer 6000"];
    let mode = TimeMode::ProcessingTime;
    let life = Life::of(commands(mode), Files::default()).start(&[]);
    let files = life.files(&before).files;
    let life = Life::of(commands(mode), files);
    let life = life
        .start(&before)
        .files(&["a get\na list\na keys", "b get", "b get"]);
    check(
        &life.shown(),
        &[
            "3: a=get=x a=list=1 a=keys=k",
            "4: b=get=nothing",
            "5: a=expired=6000 of [6000] b=get=nothing",
        ],
    );
}

/// Declares variables of these names, each with one value.
struct Named {
    names: &'static [&'static str],
    is_long: bool,
    deleted: Option<&'static str>,
}

impl StatefulProcessor for Named {
    fn init(&self, variables: &mut StateVariables) -> Result<(), Failure> {
        if let Some(name) = self.deleted {
            variables.delete_if_exists(name);
        }
        let data_type = if self.is_long {
            DataType::Long
        } else {
            DataType::Integer
        };
        self.names
            .iter()
            .try_for_each(|name| variables.value(name, &[("v", data_type.clone())], None))
    }

    fn handle_input_rows(
        &self,
        _: &[Value],
        _: Vec<Row>,
        handle: &mut StatefulProcessorHandle,
    ) -> Result<Vec<Row>, Failure> {
        let mut found = Vec::new();
        for name in self.names {
            let mut state = handle.value_state(name)?;
            let value = match state.get() {
                Some([Value::Integer(value)]) => *value,
                _ => 0,
            };
            state.update(vec![Value::Integer(value + 1)])?;
            found.push(value.to_string());
        }
        Ok(vec![vec![Value::String(found.join(",").into())]])
    }
}

const ONE: Named = Named {
    names: &["one"],
    is_long: false,
    deleted: None,
};

/// The tables and the failures of runs one after the other, each of which reads a file more.
fn runs(runs: Vec<Named>) -> Vec<String> {
    let mut files = Files::default();
    let mut all = Vec::new();
    for (run, processor) in runs.into_iter().enumerate() {
        let lines = rocks_db().with_shuffle_partitions(1);
        let lines = lines.read_stream().max_files_per_trigger(1).text("inbox");
        let keyed = lines.with_column("key", lit(1)).group_by(col("key"));
        let found = [("found", DataType::String)];
        let found = keyed.transform_with_state(&found, TimeMode::None, processor);
        let writer = found.write_stream().output_mode(OutputMode::Update);
        let life = Life::of(writer, files).start(&vec!["a"; run]).files(&["a"]);
        all.extend(life.said().into_iter().filter(|said| {
            !(said.starts_with("go on") || said.starts_with("done") || said.starts_with("states"))
        }));
        files = life.files;
    }
    all
}

/// As Spark 4.3.0 does: a variable may come, go, and come again.
#[test]
fn tws_8_variables_may_come_and_go() {
    let both = || Named {
        names: &["one", "two"],
        ..ONE
    };
    let deleting = Named {
        deleted: Some("two"),
        ..ONE
    };
    let shown = runs(vec![ONE, both(), ONE, both(), deleting, both()]);
    let expected = [
        "show 0: 0",
        "show 1: 1,0",
        "show 2: 2",
        "show 3: 3,1",
        "show 4: 4",
        "show 5: 5,0",
    ];
    check(&shown, &expected);
}

#[test]
fn tws_8_a_variable_keeps_its_types() {
    let long = Named {
        is_long: true,
        ..ONE
    };
    let failed = runs(vec![ONE, long]).join("\n");
    assert!(
        failed.contains("STATE_STORE_VALUE_SCHEMA_NOT_COMPATIBLE"),
        "{failed}"
    );
}
