"""Rows that the next function does not read, where there are more than a worker of Spark writes before one is read."""

import itertools

import pytest

import millrace

MANY = 100_000


@pytest.fixture
def batch():
    """Rows that go through the engine from one function to the next, as those of a stream do."""
    with millrace.stage({}):
        from pyspark import SparkContext, TaskContext
        from pyspark.rdd import RDD

        sc = SparkContext("local[2]", "lazy")

        def batch(function, partitions=1):
            made = sc.parallelize(range(partitions), partitions).mapPartitions(function)
            return RDD(made._rdd, sc)

        batch.sc, batch.task, batch.through = sc, TaskContext, lambda rdd: RDD(rdd._rdd, sc)
        yield batch


def test_rows_that_are_not_read_are_not_made(batch):
    with pytest.raises(OverflowError):
        batch(lambda _: _until(MANY)).count()
    assert batch(lambda _: _until(MANY)).take(3) == [0, 1, 2]
    assert batch(lambda _: itertools.count()).first() == 0


def _until(end):
    yield from range(end)
    raise OverflowError("a row too many")


def test_a_long_chain_gives_all_rows(batch):
    rows = batch.through(batch(lambda _: iter(range(MANY))).map(lambda number: number + 1))
    last = batch.through(rows.filter(lambda number: number % 2))
    assert last.sum() == sum(range(1, MANY + 1, 2))
    assert last.coalesce(1).union(last).count() == MANY


def test_each_of_two_tasks_that_take_turns_adds_to_its_own_sum(batch):
    wrote, read = batch.sc.accumulator(0), batch.sc.accumulator(0)

    def rows(_):
        for number in range(MANY):
            wrote.add(1)
            yield number

    assert batch(rows).map(lambda number: read.add(1)).count() == MANY
    assert (wrote.value, read.value) == (MANY, MANY)
    assert batch(rows).map(lambda number: read.add(1) or number).take(2) == [0, 1]
    assert (wrote.value, read.value) == (MANY, MANY + 2), "a task that is stopped adds nothing"


def test_each_of_two_tasks_that_take_turns_has_its_context(batch):
    def partitions(rows):
        for row in rows:
            yield batch_task().partitionId()

    batch_task = batch.task.get
    rows = batch(lambda _: partitions(range(MANY)), 2).coalesce(1)
    seen = rows.map(lambda before: (before, batch_task().partitionId())).collect()
    assert seen[0] == (0, 0) and seen[MANY - 1] == (0, 0) and seen[-1] == (1, 0)
    assert len(seen) == 2 * MANY


def test_a_failure_of_rows_that_are_read_late(batch):
    with pytest.raises(OverflowError, match="a row too many"):
        batch(lambda _: _until(MANY)).map(lambda number: -number).collect()


def test_the_failure_of_a_state_that_is_read_again_has_its_trace_once():
    with millrace.stage({"1s": ["a"]}):
        from pyspark import SparkContext
        from pyspark.streaming import StreamingContext

        ssc = StreamingContext(SparkContext("local[2]", "lazy"), 1)
        ssc.checkpoint("checkpoint")
        states = ssc.socketTextStream("localhost", 9999).map(lambda line: (line, 1)).updateStateByKey(_fail)

        def read_again(rdd):
            for _ in range(3):
                with pytest.raises(LookupError):
                    rdd.collect()
            rdd.collect()

        states.foreachRDD(read_again)
        ssc.start()
        with pytest.raises(LookupError) as raised:
            ssc.awaitTermination()
    names = [entry.name for entry in raised.traceback]
    assert names.count("_fail") == names.count("read_again") == 1 and names[-1] == "_fail"


def _fail(new, old):
    raise LookupError("no state")
