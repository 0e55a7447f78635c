//! Batches of Python objects.

use std::sync::Arc;

use engine::{Failure, HashPartitioner, JobNumber, Profile, SparkContext};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::function::Function;
use crate::key::{self, ObjectKey};
use crate::object::{Object, caught, copied, exception, list_of, rows_of};

/// The partitions of a `pyspark.RDD`: computed when they are read.
#[pyclass(frozen)]
pub(crate) struct Rdd(pub(crate) engine::Rdd<Object>);

type Pairs = engine::Rdd<(ObjectKey, Object)>;

/// The number of partitions of a shuffle; the function that places keys, if it is not `portable_hash`; and the number
/// of that function, as two of one number place alike.
#[derive(FromPyObject)]
struct Placement(usize, Option<Py<PyAny>>, u64);

impl Placement {
    /// The partitioner; `None` of no partitions, as that of a batch without any.
    fn partitioner(&self) -> Option<HashPartitioner> {
        if self.0 == 0 {
            return None;
        }
        let cluster = SparkContext::local(1, "python").with_profile(Profile::Pyspark);
        let partitioner = cluster.partitioner().with_partitions(self.0);
        Some(match self.1 {
            Some(_) => partitioner.with_function(self.2),
            None => partitioner,
        })
    }
}

impl Rdd {
    /// The rows as pairs, where they are.
    fn pairs(&self, placement: &Placement) -> Pairs {
        let function = placement.1.as_ref();
        let function = function.map(|it| Python::attach(|py| it.clone_ref(py)));
        let pairs = self.0.try_map(move |row| key::pair(row, function.as_ref()));
        pairs.partitioned_as(&self.0)
    }

    /// Pairs as rows, where they are.
    fn of_pairs(pairs: &Pairs) -> Rdd {
        Rdd(pairs
            .try_map(|(key, value)| key::row(&key, value))
            .partitioned_as(pairs))
    }
}

#[pymethods]
impl Rdd {
    /// Rows of the program, partition by partition: copies of them, as they are now.
    #[staticmethod]
    fn of_rows(partitions: Vec<Vec<Bound<'_, PyAny>>>) -> PyResult<Rdd> {
        let copies = partitions.into_iter().map(|rows| {
            let rows = rows.into_iter();
            rows.map(|row| Ok(Object(copied(row)?.unbind()))).collect()
        });
        let copies = copies.collect::<PyResult<Vec<Vec<Object>>>>()?;
        Ok(Rdd(engine::Rdd::of_rows(copies)))
    }

    /// The rows of several batches (`SparkContext.union`).
    #[staticmethod]
    #[pyo3(signature = (*batches))]
    fn union(batches: &Bound<'_, PyTuple>) -> PyResult<Rdd> {
        let batches = batches
            .iter()
            .map(|it| Ok(it.cast::<Rdd>()?.get().0.clone()));
        let batches: Vec<engine::Rdd<Object>> = batches.collect::<PyResult<_>>()?;
        Ok(Rdd(engine::Rdd::union_of(batches)))
    }

    fn num_partitions(&self) -> usize {
        self.0.partition_count()
    }

    /// The rows of a partition: a job.
    fn partition<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Bound<'py, PyList>> {
        let rows = caught(|| self.0.partition(index));
        list_of(py, rows.map_err(|failure| exception(py, &failure))?)
    }

    /// The rows that `function` makes of each partition, given its index and an iterator of its rows. `keeps` says
    /// that each key stays where it is.
    fn pipelined(&self, function: Py<PyAny>, keeps: bool) -> Rdd {
        let function = Function(function);
        let made = self
            .0
            .pull_partitions(move |index, rows| function.rows(index, rows));
        Rdd(if keeps {
            made.partitioned_as(&self.0)
        } else {
            made
        })
    }

    /// The same rows, each partition computed once, when it is first read.
    fn cached(&self) -> Rdd {
        Rdd(self.0.cache())
    }

    /// As `cached`, for rows that Spark writes into files.
    fn checkpointed(&self) -> Rdd {
        Rdd(self.0.checkpoint())
    }

    /// The pairs in the partitions of their keys; no rows if there are to be no partitions.
    fn partition_by(&self, placement: Placement) -> Rdd {
        match placement.partitioner() {
            Some(partitioner) => Rdd::of_pairs(&self.pairs(&placement).partition_by(partitioner)),
            None => Rdd(engine::Rdd::of_rows(Vec::new())),
        }
    }

    /// The same rows in fewer partitions, by where Spark knows them to be since this job; `None` if that is not known.
    fn coalesce(&self, partitions: usize, job: u64) -> Option<Rdd> {
        self.0.try_coalesce(partitions, JobNumber(job)).map(Rdd)
    }

    /// Notes where partitions are as Spark does when this job begins.
    fn begin_job(&self, job: u64) {
        self.0.begin_job(JobNumber(job));
    }

    /// As `coalesce`, by a shuffle in which this number of neighbours move together.
    fn repartition(&self, partitions: usize, rows_together: usize) -> Rdd {
        Rdd(self.0.repartition(partitions, rows_together))
    }

    /// The rows that `function` makes of an iterator of a partition here and one of the other.
    fn zipped(&self, other: &Rdd, function: Py<PyAny>) -> Rdd {
        let function = Arc::new(Function(function));
        Rdd(self.0.zip_partitions(&other.0, move |left, right| {
            let rows = both(&function, left, right)?;
            Ok(rows.into_iter().map(Ok::<Object, Failure>))
        }))
    }

    /// As `zipped`, of each partition here with each of the other.
    fn crossed(&self, other: &Rdd, function: Py<PyAny>) -> Rdd {
        let function = Arc::new(Function(function));
        Rdd(self.0.cross_partitions(&other.0, move |left, right| {
            let rows = both(&function, left, right)?;
            Ok(rows.into_iter().map(Ok::<Object, Failure>))
        }))
    }
}

/// The rows that a function makes of two lists of rows.
fn both(
    function: &Function,
    left: Vec<Object>,
    right: Vec<Object>,
) -> Result<Vec<Object>, Failure> {
    let lists = Python::attach(|py| {
        let left = list_of(py, left)?.into_any().unbind();
        let right = list_of(py, right)?.into_any().unbind();
        Ok((Object(left), Object(right)))
    });
    let (left, right) = lists.map_err(crate::object::failure)?;
    let made = function.call2(left, right)?;
    Python::attach(|py| rows_of(made.bind(py))).map_err(crate::object::failure)
}
