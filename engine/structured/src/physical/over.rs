//! Functions over the rows around each row.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use engine::order::partition;
use engine::{Failure, Row, gather};
use engine_sql::{Context, TypedOver};

use super::operator::{Batch, Each, Flow, Operator, Partitions, collect, hand_out};
use super::sort::{Order, Sortable, sort, sortable};
use super::state::{GroupKey, normalized};

/// The rows of a finite table by the values that functions are partitioned by, in their order, with the values of the
/// functions behind the columns (`org.apache.spark.sql.execution.window.WindowExec`).
#[derive(Debug)]
pub(crate) struct Over {
    input: Box<dyn Operator>,
    /// The functions, which are over the same rows.
    functions: Vec<TypedOver>,
    /// The values that rows are partitioned by, then their order.
    order: Order,
    /// The number of those that rows are partitioned by.
    width: usize,
    shuffle_partitions: usize,
    /// The rows of each shuffle partition that has some.
    rows: Vec<(usize, Vec<Row>)>,
}

impl Over {
    pub(crate) fn new(
        input: Box<dyn Operator>,
        functions: Vec<TypedOver>,
        shuffle_partitions: usize,
    ) -> Over {
        let mut order = Order::new();
        let mut width = 0;
        if let Some(function) = functions.first() {
            let partition = function.partition.iter().cloned();
            order.extend(partition.map(|key| (key, false, true)));
            order.extend(function.order.iter().cloned());
            width = function.partition.len();
        }
        Over {
            input,
            functions,
            order,
            shuffle_partitions: if width == 0 { 1 } else { shuffle_partitions },
            width,
            rows: Vec::new(),
        }
    }

    /// The rows of a shuffle partition in their order, with the values of the functions.
    fn computed(&self, rows: &[Sortable], context: &Context<'_>) -> Result<Vec<Row>, Failure> {
        let mut rows = rows.to_vec();
        sort(&self.order, &mut rows);
        let mut all = Vec::with_capacity(rows.len());
        for together in rows.chunk_by(|one, other| one.0[..self.width] == other.0[..self.width]) {
            let mut rows: Vec<Row> = together.iter().map(|(_, row)| row.clone()).collect();
            let values = self.functions.iter().map(|it| it.values(&rows, context));
            for values in values.collect::<Result<Vec<_>, _>>()? {
                for (row, value) in rows.iter_mut().zip(values) {
                    row.push(value);
                }
            }
            all.extend(rows);
        }
        Ok(all)
    }
}

impl Operator for Over {
    fn inputs(&self) -> Vec<&dyn Operator> {
        vec![&*self.input]
    }

    fn inputs_mut(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    fn begin(&mut self, batch: &Batch<'_>) -> Result<Partitions, Failure> {
        let partitions = self.input.begin(batch)?;
        let rows = collect(&*self.input, &partitions, batch)?;
        let mut by_partition: BTreeMap<usize, Vec<Sortable>> = BTreeMap::new();
        for row in rows.into_iter().flatten() {
            let (mut values, row) = sortable(&self.order, row, &batch.context)?;
            for value in &mut values[..self.width] {
                *value = normalized(value.clone());
            }
            let to = match self.width {
                0 => 0,
                width => {
                    let key = GroupKey::new(&values[..width]);
                    partition(key.shuffle_hash(), self.shuffle_partitions)
                }
            };
            by_partition.entry(to).or_default().push((values, row));
        }
        let came: Vec<_> = by_partition.into_iter().collect();
        let rows = gather(batch.workers, came.len(), |place| {
            let (to, rows) = &came[place];
            Ok((*to, self.computed(rows, &batch.context)?))
        });
        self.rows = rows.into_iter().collect::<Result<_, Failure>>()?;
        Ok(Partitions {
            count: self.shuffle_partitions,
            used: self.rows.iter().map(|(to, _)| *to).collect(),
        })
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let found = self.rows.binary_search_by_key(&partition, |(to, _)| *to);
        match found {
            Ok(place) => hand_out(self.rows[place].1.iter().cloned(), each),
            Err(_) => Ok(ControlFlow::Continue(())),
        }
    }
}
