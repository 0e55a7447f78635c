//! A processor that does what its rows say.

use std::time::Duration;

use engine::{DataType, Failure, Row, Value};
use engine_structured::functions::{call, col, lit, text as literal};
use engine_structured::{
    DataFrame, SparkSession, StateStoreProvider, StateVariables, StatefulProcessor,
    StatefulProcessorHandle, TimeMode,
};

use crate::support::session;

/// The columns of an answer.
pub(super) const SAID: &[(&str, DataType)] = &[
    ("key", DataType::String),
    ("command", DataType::String),
    ("said", DataType::String),
];

/// Does what its rows say: a command, and its arguments.
pub(crate) struct Commands {
    pub(crate) ttl: Option<Duration>,
}

impl StatefulProcessor for Commands {
    fn init(&self, variables: &mut StateVariables) -> Result<(), Failure> {
        let text = [("v", DataType::String)];
        variables.value("value", &text, self.ttl)?;
        variables.list("list", &text, self.ttl)?;
        variables.map("map", &[("k", DataType::String)], &text, self.ttl)
    }

    fn handle_input_rows(
        &self,
        key: &[Value],
        rows: Vec<Row>,
        handle: &mut StatefulProcessorHandle,
    ) -> Result<Vec<Row>, Failure> {
        let commands = rows.iter().map(|row| {
            let command = row.last().map(shown).unwrap_or_default();
            let said = command_said(&command, handle)?;
            Ok(vec![key[0].clone(), text(&command), text(&said)])
        });
        commands.collect()
    }

    fn handle_expired_timer(
        &self,
        key: &[Value],
        expiry_ms: i64,
        handle: &mut StatefulProcessorHandle,
    ) -> Result<Vec<Row>, Failure> {
        let again = handle
            .value_state("value")?
            .get()
            .map(|value| shown(&value[0]));
        if let Some(later) = again.and_then(|text| text.parse::<i64>().ok()) {
            handle.register_timer(expiry_ms + later)?;
        }
        let said = format!("{expiry_ms} of {:?}", handle.list_timers()?);
        Ok(vec![vec![key[0].clone(), text("expired"), text(&said)]])
    }

    fn handle_initial_state(
        &self,
        _: &[Value],
        rows: Vec<Row>,
        handle: &mut StatefulProcessorHandle,
    ) -> Result<(), Failure> {
        let values = rows.into_iter().map(|row| vec![row[1].clone()]).collect();
        handle.list_state("list")?.put(values)
    }
}

pub(crate) fn rocks_db() -> SparkSession {
    session(1).with_state_store(StateStoreProvider::RocksDb)
}

pub(super) fn text(text: &str) -> Value {
    Value::String(text.into())
}

pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        other => format!("{other:?}"),
    }
}

fn command_said(command: &str, handle: &mut StatefulProcessorHandle) -> Result<String, Failure> {
    let words: Vec<&str> = command.split(' ').collect();
    let rows = |words: &[&str]| words.iter().map(|word| vec![text(word)]).collect();
    match words.as_slice() {
        ["now"] => {
            let times = handle.times();
            return Ok(format!("{} {}", times.processing_ms, times.watermark_ms));
        }
        ["timer", at] => handle.register_timer(at.parse().expect("a number"))?,
        ["untimer", at] => handle.delete_timer(at.parse().expect("a number"))?,
        ["timers"] => return Ok(format!("{:?}", handle.list_timers()?)),
        ["set", value] => handle.value_state("value")?.update(vec![text(value)])?,
        ["clear"] => handle.value_state("value")?.clear(),
        ["get"] => {
            let value = handle.value_state("value")?;
            return Ok(value
                .get()
                .map_or("nothing".into(), |value| shown(&value[0])));
        }
        ["put", values @ ..] => handle.list_state("list")?.put(rows(values))?,
        ["add", value] => handle.list_state("list")?.append_value(vec![text(value)])?,
        ["list"] => {
            let list = handle.list_state("list")?;
            let values: Vec<String> = list.get().map(|value| shown(&value[0])).collect();
            return Ok(values.join(","));
        }
        ["map", key, value] => {
            let mut map = handle.map_state("map")?;
            map.update_value(vec![text(key)], vec![text(value)])?;
        }
        ["unmap", key] => handle.map_state("map")?.remove_key(vec![text(key)]),
        ["keys"] => {
            let map = handle.map_state("map")?;
            let keys: Vec<String> = map.iter().map(|entry| shown(&entry.key[0])).collect();
            return Ok(keys.join(","));
        }
        other => panic!("a command, not {other:?}"),
    }
    Ok("done".into())
}

/// Lines of a key and a command.
pub(super) fn commands(lines: &DataFrame) -> DataFrame {
    let parts = call("split", [col("value"), literal(" "), lit(2)]);
    let parts = lines.select([parts.alias("parts")]);
    parts.select([
        col("parts").get_item(0).alias("key"),
        col("parts").get_item(1).alias("command"),
    ])
}

/// The answers to lines of a key and a command.
pub(crate) fn answers(lines: &DataFrame, time_mode: TimeMode, ttl: Option<Duration>) -> DataFrame {
    commands(lines)
        .group_by("key")
        .transform_with_state(SAID, time_mode, Commands { ttl })
}
