//! A summary of many numbers, of which quantiles are asked for (`catalyst/util/QuantileSummaries.scala`): the algorithm
//! of Greenwald and Khanna, "Space-efficient Online Computation of Quantile Summaries".

use engine::{DataType, Failure, Value, Values};

use super::collect::{items, push};
use super::numbers::{to_double, to_long};

/// Numbers that are gathered before they are put among the samples.
const HEAD_SIZE: usize = 50_000;

/// Samples from which on a summary is compressed when numbers are added.
const COMPRESS_THRESHOLD: usize = 10_000;

/// The summary. In a buffer it is the samples, as their values, gaps and spans one after the other, the numbers that are
/// not among the samples yet, and true if it is compressed.
#[derive(Clone, Debug)]
pub(super) struct Quantiles {
    samples: Vec<Sample>,
    /// The number of numbers among the samples.
    count: i64,
    head: Vec<f64>,
    is_compressed: bool,
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    value: f64,
    /// The least rank, less that of the sample before.
    gap: i64,
    /// The greatest rank less the least.
    span: i64,
}

impl Quantiles {
    /// The types of a buffer.
    pub(super) const TYPES: &'static [DataType] = &[
        DataType::Binary,
        DataType::Long,
        DataType::Binary,
        DataType::Boolean,
    ];

    /// The buffer of no numbers.
    pub(super) fn empty() -> Vec<Value> {
        vec![
            Value::Array(Values::default()),
            Value::Long(0),
            Value::Array(Values::default()),
            Value::Boolean(true),
        ]
    }

    pub(super) fn read(buffer: &[Value]) -> Quantiles {
        let samples = items(&buffer[0]).chunks_exact(3).map(|sample| Sample {
            value: to_double(&sample[0]).unwrap_or(f64::NAN),
            gap: to_long(&sample[1]).unwrap_or(0),
            span: to_long(&sample[2]).unwrap_or(0),
        });
        Quantiles {
            samples: samples.collect(),
            count: to_long(&buffer[1]).unwrap_or(0),
            head: items(&buffer[2]).iter().filter_map(to_double).collect(),
            is_compressed: buffer[3] == Value::Boolean(true),
        }
    }

    pub(super) fn write(&self, buffer: &mut [Value]) {
        let samples = self.samples.iter().flat_map(|sample| {
            [
                Value::Double(sample.value.into()),
                Value::Long(sample.gap),
                Value::Long(sample.span),
            ]
        });
        let head = self.head.iter().map(|it| Value::Double((*it).into()));
        buffer[0] = Value::Array(samples.collect());
        buffer[1] = Value::Long(self.count);
        buffer[2] = Value::Array(head.collect());
        buffer[3] = Value::Boolean(self.is_compressed);
    }

    /// Adds a number to a buffer.
    pub(super) fn insert(buffer: &mut [Value], number: f64, error: f64) -> Result<(), Failure> {
        push(&mut buffer[2], Value::Double(number.into()))?;
        buffer[3] = Value::Boolean(false);
        if items(&buffer[2]).len() < HEAD_SIZE {
            return Ok(());
        }
        let inserted = Quantiles::read(buffer).with_head(error);
        let length_max = (1.0 / error) as usize * 4;
        let is_long = inserted.samples.len() >= COMPRESS_THRESHOLD.min(length_max);
        let inserted = if is_long {
            inserted.compressed(error)
        } else {
            inserted
        };
        inserted.write(buffer);
        Ok(())
    }

    /// Puts the gathered numbers among the samples.
    fn with_head(mut self, error: f64) -> Quantiles {
        if self.head.is_empty() {
            return self;
        }
        self.head.sort_by(f64::total_cmp);
        let mut samples = Vec::with_capacity(self.samples.len() + self.head.len());
        let mut old = self.samples.iter().copied().peekable();
        let last = self.head.len() - 1;
        for (index, value) in self.head.iter().copied().enumerate() {
            while let Some(sample) = old.next_if(|sample| sample.value <= value) {
                samples.push(sample);
            }
            self.count += 1;
            let is_edge = samples.is_empty() || old.peek().is_none() && index == last;
            let span = (2.0 * error * self.count as f64).floor() as i64;
            samples.push(Sample {
                value,
                gap: 1,
                span: if is_edge { 0 } else { span },
            });
        }
        samples.extend(old);
        Quantiles {
            samples,
            count: self.count,
            head: Vec::new(),
            is_compressed: false,
        }
    }

    /// The same summary, with as few samples as the error allows.
    pub(super) fn compressed(self, error: f64) -> Quantiles {
        if self.is_compressed {
            return self;
        }
        let inserted = self.with_head(error);
        let threshold = 2.0 * error * inserted.count as f64;
        Quantiles {
            samples: compress(&inserted.samples, threshold),
            is_compressed: true,
            ..inserted
        }
    }

    /// The summary of the numbers of two compressed ones.
    pub(super) fn merged(self, other: Quantiles, error: f64) -> Quantiles {
        if other.count == 0 {
            return self;
        }
        if self.count == 0 {
            return other;
        }
        let count = self.count + other.count;
        let span = |count: i64| (2.0 * error * count as f64).floor() as i64;
        let more_self = span(other.count);
        let more_other = span(self.count);
        let mut samples = Vec::with_capacity(self.samples.len() + other.samples.len());
        let mut one = 0;
        let mut two = 0;
        while let (Some(left), Some(right)) = (self.samples.get(one), other.samples.get(two)) {
            let (sample, more) = if left.value < right.value {
                one += 1;
                (left, if two > 0 { more_self } else { 0 })
            } else {
                two += 1;
                (right, if one > 0 { more_other } else { 0 })
            };
            samples.push(Sample {
                span: sample.span + more,
                ..*sample
            });
        }
        samples.extend_from_slice(&self.samples[one..]);
        samples.extend_from_slice(&other.samples[two..]);
        Quantiles {
            samples: compress(&samples, 2.0 * error * count as f64),
            count,
            head: Vec::new(),
            is_compressed: true,
        }
    }

    /// The sample at a part of all numbers; `None` if there is none.
    pub(super) fn query(&self, part: f64, error: f64) -> Option<f64> {
        let lowest = self.samples.first()?;
        let greatest = self.samples.last()?;
        if part <= error || self.samples.len() == 1 {
            return Some(lowest.value);
        }
        if part >= 1.0 - error {
            return Some(greatest.value);
        }
        let rank = (part * self.count as f64).ceil() as i64;
        let widest = self.samples.iter().map(|it| it.span + it.gap).max()?;
        let target = widest / 2;
        let mut rank_at_least = 0;
        let found = self.samples[..self.samples.len() - 1]
            .iter()
            .find(|sample| {
                rank_at_least += sample.gap;
                rank_at_least + sample.span - target <= rank && rank <= rank_at_least + target
            });
        Some(found.unwrap_or(greatest).value)
    }
}

/// Samples of which neighbours are one where the threshold allows it. The first and the last stay.
fn compress(samples: &[Sample], threshold: f64) -> Vec<Sample> {
    let [first, middle @ .., last] = samples else {
        return samples.to_vec();
    };
    let mut head = *last;
    let mut kept = Vec::new();
    for sample in middle.iter().rev() {
        if ((sample.gap + head.gap + head.span) as f64) < threshold {
            head.gap += sample.gap;
        } else {
            kept.push(head);
            head = *sample;
        }
    }
    kept.push(head);
    if first.value <= head.value {
        kept.push(*first);
    }
    kept.reverse();
    kept
}
