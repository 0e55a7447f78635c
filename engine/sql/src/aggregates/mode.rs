//! The most frequent value (`aggregate/Mode.scala`).

use std::collections::BTreeMap;

use engine::order::murmur3;
use engine::{DataType, Failure, Value, Values};

use super::collect::{array_of, items, push};
use super::java_hash::hash_code;
use super::numbers::to_long;
use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction, AggregateKind};
use crate::context::Context;
use crate::function::{Mismatch, Takes, Type};

/// The functions.
pub(super) static FUNCTIONS: &[AggregateFunction] = &[AggregateFunction::new(
    "mode",
    Takes::Exactly(&[Type::Any]),
    build,
)];

fn build(call: &AggregateCall<'_>) -> Result<Box<dyn Accumulate>, Mismatch> {
    Ok(Box::new(Mode {
        element: call.arguments[0].data_type.clone(),
    }))
}

/// The value that most rows have, and of several the first one in the order of Spark's hash map
/// (`org.apache.spark.util.collection.OpenHashMap`). The buffer is the values, and the number of rows of each.
#[derive(Debug)]
struct Mode {
    element: DataType,
}

/// The values of a buffer, each once and in first-seen order, and the number of rows of each.
fn counted(buffer: &[Value]) -> Vec<(&Value, i64)> {
    let mut places = BTreeMap::new();
    let mut counted: Vec<(&Value, i64)> = Vec::new();
    for (value, count) in items(&buffer[0]).iter().zip(items(&buffer[1])) {
        let place = *places.entry(value).or_insert_with(|| {
            counted.push((value, 0));
            counted.len() - 1
        });
        counted[place].1 += to_long(count).unwrap_or(0);
    }
    counted
}

/// The same in the order of the hash map.
fn in_map_order(counted: &[(&Value, i64)]) -> Vec<(Value, i64)> {
    let mut slots = vec![None; 64];
    for (length, (value, _)) in (1..).zip(counted) {
        insert(&mut slots, length - 1, value);
        // It grows when it is more than 70 % full.
        if length > slots.len() * 7 / 10 {
            let old = std::mem::take(&mut slots);
            slots = vec![None; old.len() * 2];
            for index in old.into_iter().flatten() {
                insert(&mut slots, index, counted[index].0);
            }
        }
    }
    let order = slots.into_iter().flatten();
    order
        .map(|index| (counted[index].0.clone(), counted[index].1))
        .collect()
}

fn insert(slots: &mut [Option<usize>], index: usize, value: &Value) {
    let mask = slots.len() - 1;
    let mut slot = murmur3::hash_int(hash_code(value), 0).cast_unsigned() as usize & mask;
    let mut step = 1;
    while slots[slot].is_some() {
        slot = (slot + step) & mask;
        step += 1;
    }
    slots[slot] = Some(index);
}

impl Accumulate for Mode {
    fn buffer(&self) -> Vec<DataType> {
        vec![array_of(&self.element), array_of(&DataType::Long)]
    }

    fn kind(&self) -> AggregateKind {
        AggregateKind::ObjectHash
    }

    fn result(&self) -> (DataType, bool) {
        (self.element.clone(), true)
    }

    fn initial(&self) -> Vec<Value> {
        vec![Value::Array(Values::default()); 2]
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        _: &Context<'_>,
    ) -> Result<(), Failure> {
        if arguments[0] == Value::Null {
            return Ok(());
        }
        push(&mut buffer[0], arguments[0].clone())?;
        push(&mut buffer[1], Value::Long(1))
    }

    fn merge(&self, buffer: &mut [Value], other: &[Value], _: &Context<'_>) -> Result<(), Failure> {
        // The other one was saved in the order of its map, and read into another.
        let saved = in_map_order(&counted(other));
        let read: Vec<(&Value, i64)> = saved.iter().map(|(value, count)| (value, *count)).collect();
        for (value, count) in in_map_order(&read) {
            push(&mut buffer[0], value)?;
            push(&mut buffer[1], Value::Long(count))?;
        }
        // A state has each value once.
        let (values, counts): (Vec<Value>, Vec<Value>) = counted(buffer)
            .into_iter()
            .map(|(value, count)| (value.clone(), Value::Long(count)))
            .unzip();
        buffer[0] = Value::Array(Values::new(values)?);
        buffer[1] = Value::Array(Values::new(counts)?);
        Ok(())
    }

    fn finish(&self, buffer: &[Value], _: &Context<'_>) -> Result<Value, Failure> {
        let ordered = in_map_order(&counted(buffer));
        let most = ordered.iter().map(|(_, count)| *count).max();
        let found = ordered.into_iter().find(|(_, count)| Some(*count) == most);
        Ok(found.map_or(Value::Null, |(value, _)| value))
    }
}
