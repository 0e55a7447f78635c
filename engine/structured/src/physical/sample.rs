//! Some of the rows, drawn by a seed.

use std::ops::ControlFlow;

use engine::order::xor_shift_random::XorShiftRandom;

use super::operator::{Batch, Each, Flow, Operator};

/// The rows whose random number is less than a part of 1; each partition has numbers of its own
/// (`org.apache.spark.sql.execution.SampleExec`, without replacement).
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) input: Box<dyn Operator>,
    pub(crate) fraction: f64,
    pub(crate) seed: i64,
}

impl Operator for Sample {
    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let seed = self.seed.cast_unsigned().wrapping_add(partition as u64);
        let mut random = XorShiftRandom::new(seed);
        self.input.rows(partition, batch, &mut |row| {
            if random.next_double() < self.fraction {
                each(row)
            } else {
                Ok(ControlFlow::Continue(()))
            }
        })
    }
}
