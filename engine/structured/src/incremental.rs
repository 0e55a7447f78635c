//! A query's plan as the steps of each micro-batch: project, partial counts, shuffle, merge.

use std::sync::{Arc, Mutex};

use engine::order::{fast_map, murmur3, partition};
use engine::{Block, Event, Row, Table, Text, Value, Work, Workers, gather};

use crate::analyze::{ResolvedExpression, ResolvedPlan};
use crate::query::{OutputMode, QuerySettings};
use crate::state::{Counts, StatePartition, row};

/// A query while it runs: its plan and its state, carried along by one micro-batch at a time.
pub(crate) struct Incremental {
    plan: ResolvedPlan,
    settings: QuerySettings,
    columns: Arc<[Text]>,
    state: Vec<Mutex<StatePartition>>,
    batch_id: u64,
    blocks: Vec<Block>,
}

impl Incremental {
    pub(crate) fn new(plan: ResolvedPlan, settings: QuerySettings) -> Incremental {
        let ordered = settings.output_mode == OutputMode::Complete;
        let partitions = if plan.key.is_some() {
            settings.shuffle_partitions
        } else {
            0
        };
        Incremental {
            columns: plan.columns.clone().into(),
            state: (0..partitions)
                .map(|_| Mutex::new(StatePartition::new(ordered)))
                .collect(),
            batch_id: 0,
            blocks: Vec::new(),
            plan,
            settings,
        }
    }

    /// Makes this the micro-batch of this number, with this input.
    pub(crate) fn prepare(&mut self, batch_id: u64, blocks: Vec<Block>) {
        self.batch_id = batch_id;
        self.blocks = blocks;
    }

    /// How many lines the micro-batch has.
    pub(crate) fn records(&self) -> usize {
        self.blocks.iter().map(|block| block.len()).sum()
    }

    /// The rows that the sink is given, as many as it shows and one more.
    fn rows(&self, workers: &dyn Workers) -> Vec<Row> {
        let shown = self.settings.num_rows.saturating_add(1);
        let inputs = self.settings.cores;
        match self.plan.key {
            None => (0..inputs)
                .flat_map(|input| self.project(input))
                .take(shown)
                .collect(),
            Some(key) => {
                let partials = gather(workers, inputs, |input| self.partial_counts(input, key));
                let touched = gather(workers, self.state.len(), |index| {
                    self.merge(index, &partials)
                });
                self.output(&touched, shown)
            }
        }
    }

    /// The projected rows of one input partition: lines are dealt out to them in turn, as
    /// `TextSocketMicroBatchStream` and `MemoryStream` do.
    fn project(&self, input: usize) -> impl Iterator<Item = Row> {
        let lines = self.blocks.iter().flat_map(|block| block.iter());
        let dealt = lines.skip(input).step_by(self.settings.cores);
        dealt.flat_map(|line| {
            let start = vec![vec![Value::Text(line.clone())]];
            self.plan.projections.iter().fold(start, |rows, columns| {
                rows.into_iter()
                    .flat_map(|row| project_row(columns, &row))
                    .collect()
            })
        })
    }

    /// The words of one input partition with how often they came, scattered to the shuffle
    /// partitions in the order in which a partial aggregation hands them out.
    fn partial_counts(&self, input: usize, key: usize) -> Vec<Vec<(Text, i64)>> {
        let mut counts = Counts::default();
        for row in self.project(input) {
            if let Value::Text(word) = &row[key] {
                *counts.entry(word.clone()).or_insert(0) += 1;
            }
        }
        let mut buckets = vec![Vec::new(); self.state.len()];
        for index in fast_map::order(counts.keys().map(Text::as_str)) {
            if let Some((word, count)) = counts.get_index(index) {
                let hash = i64::from(murmur3::hash(word));
                buckets[partition(hash, self.state.len())].push((word.clone(), *count));
            }
        }
        buckets
    }

    /// Adds the partial counts of one shuffle partition to its state, map partition 0 first.
    fn merge(&self, index: usize, partials: &[Vec<Vec<(Text, i64)>>]) -> Vec<(Text, i64)> {
        let mut batch = Counts::default();
        for (word, count) in partials.iter().flat_map(|buckets| &buckets[index]) {
            *batch.entry(word.clone()).or_insert(0) += count;
        }
        lock(&self.state[index]).add(batch)
    }

    fn output(&self, touched: &[Vec<(Text, i64)>], shown: usize) -> Vec<Row> {
        if self.settings.output_mode == OutputMode::Complete {
            let mut rows = Vec::new();
            for state in &self.state {
                let state = lock(state);
                let rest = shown - rows.len();
                rows.extend(
                    state
                        .rows()
                        .take(rest)
                        .map(|(word, count)| row(word.clone(), count)),
                );
            }
            rows
        } else {
            let touched = touched.iter().flatten().take(shown);
            touched
                .map(|(word, count)| row(word.clone(), *count))
                .collect()
        }
    }
}

impl Work for Incremental {
    fn run(&mut self, workers: &dyn Workers, events: &mut Vec<Event>) {
        let mut rows = self.rows(workers);
        let more = rows.len() > self.settings.num_rows;
        rows.truncate(self.settings.num_rows);
        let columns = Arc::clone(&self.columns);
        let table = Table {
            columns,
            rows,
            more,
            truncate: self.settings.truncate,
        };
        events.push(Event::TableShown {
            batch_id: self.batch_id,
            table,
        });
    }
}

impl std::fmt::Debug for Incremental {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incremental")
            .field("plan", &self.plan)
            .finish_non_exhaustive()
    }
}

/// The rows that these columns make of one row: one, or as many as the generator among them yields.
fn project_row(columns: &[ResolvedExpression], row: &Row) -> Vec<Row> {
    let values: Vec<Vec<Value>> = columns.iter().map(|column| evaluate(column, row)).collect();
    let generator = columns
        .iter()
        .position(|column| matches!(column, ResolvedExpression::Explode(_)));
    let rows = generator.map_or(1, |index| values[index].len());
    let pick = |column: &Vec<Value>, index: usize, at: usize| {
        column[if Some(index) == generator { at } else { 0 }].clone()
    };
    (0..rows)
        .map(|at| {
            values
                .iter()
                .enumerate()
                .map(|(index, column)| pick(column, index, at))
                .collect()
        })
        .collect()
}

/// The values of an expression: one, except for a generator.
fn evaluate(expression: &ResolvedExpression, row: &Row) -> Vec<Value> {
    match expression {
        ResolvedExpression::Column(index) => vec![row[*index].clone()],
        ResolvedExpression::Split(text, separator) => {
            let pieces = evaluate(text, row)
                .into_iter()
                .map(|value| split(value, separator));
            pieces.collect()
        }
        ResolvedExpression::Explode(array) => {
            let arrays = evaluate(array, row).into_iter();
            arrays
                .flat_map(|array| {
                    if let Value::List(items) = array {
                        items
                    } else {
                        Vec::new()
                    }
                })
                .collect()
        }
    }
}

fn split(value: Value, separator: &str) -> Value {
    let Value::Text(text) = value else {
        return Value::Null;
    };
    Value::List(
        text.as_str()
            .split(separator)
            .map(|piece| Value::Text(piece.into()))
            .collect(),
    )
}

fn lock(state: &Mutex<StatePartition>) -> std::sync::MutexGuard<'_, StatePartition> {
    state
        .lock()
        .expect("nothing panics while it holds a partition's state")
}
