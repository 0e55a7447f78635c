//! Lists and sets of values (`aggregate/collect.scala`).

use engine::{DataType, Failure, SparkVersion, Value, Values};

use super::hash_set::HashSet;
use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction, AggregateKind};
use crate::context::Context;
use crate::function::{ColumnText, Mismatch, Takes, Type};

const ANY: Takes = Takes::Exactly(&[Type::Any]);

/// The functions.
pub(super) static FUNCTIONS: &[AggregateFunction] = &[
    AggregateFunction::new("collect_list", ANY, list)
        .aliases(&["array_agg"])
        .text(ColumnText::Named("collect_list")),
    AggregateFunction::new("collect_set", ANY, set),
];

fn list(call: &AggregateCall<'_>) -> Result<Box<dyn Accumulate>, Mismatch> {
    Ok(Box::new(CollectList {
        element: call.arguments[0].data_type.clone(),
    }))
}

fn set(call: &AggregateCall<'_>) -> Result<Box<dyn Accumulate>, Mismatch> {
    let element = call.arguments[0].data_type.clone();
    if has_map(&element) {
        let kinds = match call.session.spark {
            SparkVersion::V3_5 => "\"MAP\"",
            SparkVersion::V4 => "\"MAP\" or \"COLLATED STRING\"",
        };
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE",
            format!("The input of `collect_set` can't be {kinds} type data."),
        ));
    }
    Ok(Box::new(CollectSet {
        element,
        spark: call.session.spark,
    }))
}

fn has_map(data_type: &DataType) -> bool {
    match data_type {
        DataType::Map { .. } => true,
        DataType::Array { element, .. } => has_map(element),
        DataType::Struct(fields) => fields.iter().any(|field| has_map(&field.data_type)),
        _ => false,
    }
}

/// The type of an array without `NULL`s.
pub(super) fn array_of(element: &DataType) -> DataType {
    DataType::Array {
        element: Box::new(element.clone()),
        nullable: false,
    }
}

/// The items of an array; none of any other value.
pub(super) fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        _ => &[],
    }
}

/// Adds a value at the end of an array.
pub(super) fn push(array: &mut Value, value: Value) -> Result<(), Failure> {
    if let Value::Array(values) = array {
        values.push(value)?;
    }
    Ok(())
}

/// All values that are not `NULL`, in their order. The buffer is the list.
#[derive(Debug)]
struct CollectList {
    element: DataType,
}

impl Accumulate for CollectList {
    fn buffer(&self) -> Vec<DataType> {
        vec![array_of(&self.element)]
    }

    fn kind(&self) -> AggregateKind {
        AggregateKind::ObjectHash
    }

    fn result(&self) -> (DataType, bool) {
        (array_of(&self.element), false)
    }

    fn initial(&self) -> Vec<Value> {
        vec![Value::Array(Values::default())]
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        _: &Context<'_>,
    ) -> Result<(), Failure> {
        match &arguments[0] {
            Value::Null => Ok(()),
            value => push(&mut buffer[0], value.clone()),
        }
    }

    fn merge(&self, buffer: &mut [Value], other: &[Value], _: &Context<'_>) -> Result<(), Failure> {
        let mut values = items(&other[0]).iter();
        values.try_for_each(|value| push(&mut buffer[0], value.clone()))
    }
}

/// Each value that is not `NULL` once, in the order of Scala's hash set. The buffer is the table of that set.
#[derive(Debug)]
struct CollectSet {
    element: DataType,
    spark: SparkVersion,
}

impl CollectSet {
    fn add(&self, buffer: &mut [Value], value: &Value) -> Result<(), Failure> {
        let [Value::Array(table), Value::Long(length)] = buffer else {
            return Ok(());
        };
        let mut set = HashSet {
            table,
            length,
            spark: self.spark,
        };
        Ok(set.insert(value)?)
    }

    /// Adds the values of another table.
    fn add_all(&self, buffer: &mut [Value], table: &Value) -> Result<(), Failure> {
        let values = items(table).iter();
        let mut values = values.filter(|value| **value != Value::Null);
        values.try_for_each(|value| self.add(buffer, value))
    }
}

impl Accumulate for CollectSet {
    fn buffer(&self) -> Vec<DataType> {
        vec![DataType::array(self.element.clone()), DataType::Long]
    }

    fn kind(&self) -> AggregateKind {
        AggregateKind::ObjectHash
    }

    fn result(&self) -> (DataType, bool) {
        (array_of(&self.element), false)
    }

    fn initial(&self) -> Vec<Value> {
        vec![Value::Array(Values::default()), Value::Long(0)]
    }

    fn update(
        &self,
        buffer: &mut [Value],
        arguments: &[Value],
        _: &Context<'_>,
    ) -> Result<(), Failure> {
        match &arguments[0] {
            Value::Null => Ok(()),
            value => self.add(buffer, value),
        }
    }

    fn merge(&self, buffer: &mut [Value], other: &[Value], _: &Context<'_>) -> Result<(), Failure> {
        // The other one was saved in its order, and read into another set.
        let mut read = self.initial();
        self.add_all(&mut read, &other[0])?;
        self.add_all(buffer, &read[0])
    }

    fn finish(&self, buffer: &[Value], _: &Context<'_>) -> Result<Value, Failure> {
        let values = items(&buffer[0]).iter().cloned();
        Ok(Value::Array(
            values.filter(|value| *value != Value::Null).collect(),
        ))
    }
}
