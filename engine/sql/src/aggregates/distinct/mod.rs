//! An estimate of the number of distinct values (`aggregate/HyperLogLogPlusPlus.scala`).

mod hash;
mod registers;

use engine::{DataType, Failure, Value};

use self::registers::Registers;
use super::numbers::to_double;
use super::numbers::to_long;
use crate::aggregate::{Accumulate, AggregateCall, AggregateFunction, AggregateKind};
use crate::context::{Context, Session};
use crate::function::{ColumnText, Mismatch, Takes};
use crate::typed::Typed;

/// The functions.
pub(super) static FUNCTIONS: &[AggregateFunction] =
    &[
        AggregateFunction::new("approx_count_distinct", Takes::By(take), build)
            .text(ColumnText::First(1)),
    ];

fn take(arguments: &mut Vec<Typed>, _: &Session) -> Result<(), Mismatch> {
    if !matches!(arguments.len(), 1 | 2) {
        let given = arguments.len();
        return Err(Mismatch::argument_count(
            "approx_count_distinct",
            "[1, 2]",
            given,
        ));
    }
    Ok(())
}

fn build(call: &AggregateCall<'_>) -> Result<Box<dyn Accumulate>, Mismatch> {
    let deviation = match call.arguments.get(1).map(|it| it.as_literal()) {
        None => 0.05,
        Some(Some(Value::Double(deviation))) => deviation.0,
        Some(Some(deviation @ Value::Decimal(_))) => to_double(deviation).unwrap_or(0.0),
        Some(_) => {
            return Err(Mismatch::new(
                "_LEGACY_ERROR_TEMP_1105",
                "The second argument should be a double literal.",
            ));
        }
    };
    let precision = (2.0 * (1.106 / deviation).ln() / 2.0_f64.ln()).ceil();
    // Beyond that a buffer of Spark's is larger than a row may be.
    if !(4.0..=24.0).contains(&precision) {
        return Err(Mismatch::new(
            "FAILED_FUNCTION_CALL",
            "Failed preparing of the function `approx_count_distinct` for call. HLL++ requires at least 4 bits for \
             addressing. Use a lower error, at most 27%.",
        ));
    }
    Ok(Box::new(ApproxCountDistinct {
        registers: Registers {
            precision: precision as u32,
        },
    }))
}

/// The estimate of `HyperLogLog++`. The buffer is the registers, ten in a word.
#[derive(Debug)]
struct ApproxCountDistinct {
    registers: Registers,
}

fn words(buffer: &[Value]) -> Vec<i64> {
    buffer
        .iter()
        .map(|word| to_long(word).unwrap_or(0))
        .collect()
}

impl Accumulate for ApproxCountDistinct {
    fn buffer(&self) -> Vec<DataType> {
        vec![DataType::Long; self.registers.words()]
    }

    /// No generated code updates it (`ImperativeAggregate`).
    fn kind(&self) -> AggregateKind {
        AggregateKind::Hash
    }

    fn result(&self) -> (DataType, bool) {
        (DataType::Long, false)
    }

    fn initial(&self) -> Vec<Value> {
        vec![Value::Long(0); self.registers.words()]
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
        let (register, zeros) = self.registers.place(hash::hash(&arguments[0], 42));
        let (word, shift) = Registers::address(register);
        if let Value::Long(word) = &mut buffer[word] {
            *word = Registers::raised(*word, shift, zeros);
        }
        Ok(())
    }

    fn merge(&self, buffer: &mut [Value], other: &[Value], _: &Context<'_>) -> Result<(), Failure> {
        for (one, other) in buffer.iter_mut().zip(words(other)) {
            if let Value::Long(word) = one {
                *word = Registers::greatest(*word, other);
            }
        }
        Ok(())
    }

    fn finish(&self, buffer: &[Value], _: &Context<'_>) -> Result<Value, Failure> {
        Ok(Value::Long(self.registers.estimate(&words(buffer))))
    }
}
