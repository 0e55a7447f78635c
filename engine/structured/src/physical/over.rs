//! Functions over the rows around each row.

use std::collections::BTreeMap;

use engine::order::partition;
use engine::{Failure, Row, gather};
use engine_sql::{Context, TypedOver};

use super::kept::Kept;
use super::operator::{Batch, Each, Flow, Operator, Partitions, collect};
use super::row_list::RowList;
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
    rows: Kept,
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
            rows: Kept::default(),
        }
    }

    /// The rows of a shuffle partition in their order, with the values of the functions.
    fn computed(&self, rows: &[Sortable], context: &Context<'_>) -> Result<RowList, Failure> {
        let mut rows = rows.to_vec();
        sort(&self.order, &mut rows);
        let mut all = RowList::default();
        for together in rows.chunk_by(|one, other| one.0[..self.width] == other.0[..self.width]) {
            let mut rows: Vec<Row> = together.iter().map(|(_, row)| row.clone()).collect();
            let values = self.functions.iter().map(|it| it.values(&rows, context));
            for values in values.collect::<Result<Vec<_>, _>>()? {
                for (row, value) in rows.iter_mut().zip(values) {
                    row.push(value);
                }
            }
            for row in rows {
                all.push(row);
            }
        }
        Ok(all)
    }
}

impl Operator for Over {
    fn name(&self) -> String {
        "Window".to_owned()
    }

    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
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
        let rows = rows.into_iter().collect::<Result<_, Failure>>()?;
        self.rows = Kept::new(self.shuffle_partitions, rows);
        Ok(self.rows.partitions())
    }

    fn rows(&self, partition: usize, _: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        self.rows.hand_out(partition, each)
    }
}
