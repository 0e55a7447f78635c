"""The partitions of a table: how many there are, and the rows of each."""

from millrace.errors import missing
from millrace.pyspark.errors import IllegalArgumentException, PySparkValueError, wrong_type
from millrace.pyspark.sql.column import Column, column_of


def coalesced(table, count):
    """The rows in at most `count` partitions, each of some that are next to each other."""
    _check(count)
    return _with(table, lambda frame: frame.coalesce(count))


def repartitioned(table, count, cols):
    """The rows in `count` partitions, by turns or by a hash of some columns."""
    if isinstance(count, (str, Column)):
        by = [column_of(col) for col in (count, *cols)]
        return _merged(_with(table, lambda frame: frame.repartition(_default(table), by)))
    if not isinstance(count, int):
        raise wrong_type("NOT_COLUMN_OR_STR", "numPartitions", count)
    _check(count)
    return _with(table, lambda frame: frame.repartition(count, [column_of(col) for col in cols]))


def repartitioned_by_range(table, count, cols, order_of):
    """The rows in at most `count` partitions, each of a range of some columns, whose order is `order_of` them."""
    if isinstance(count, (str, Column)):
        order = order_of((count, *cols))
        return _merged(_with(table, lambda frame: frame.repartition_by_range(_default(table), order)))
    if not isinstance(count, int):
        raise wrong_type("NOT_COLUMN_OR_INT_OR_STR", "numPartitions", count)
    if not cols:
        raise PySparkValueError(
            "[CANNOT_BE_EMPTY] At least one partition-by expression must be specified.",
            "CANNOT_BE_EMPTY",
            {"item": "partition-by expression"},
        )
    _check(count)
    order = order_of(cols)
    return _with(table, lambda frame: frame.repartition_by_range(count, order))


def sorted_within(table, order):
    """The rows of each partition in an order."""
    if table.isStreaming:
        raise missing("DataFrame.sortWithinPartitions of a stream", "Sort the table of each micro-batch, in foreachBatch.")
    return table._with(table._frame.sorted_within(table._session._engine(), order, table._session._now_ms()))


def _with(table, change):
    # Of a finite table the partitions that there are now: small ones may have become one.
    table = table if table.isStreaming else table._kept()
    return table._with(change(table._frame))


def _merged(table):
    """The same rows; small partitions of a number that the program has not said become one."""
    is_adaptive = table._session.conf.get("spark.sql.adaptive.enabled").lower() == "true"
    return table if table.isStreaming or not is_adaptive else coalesced(table, 1)


def _default(table):
    return int(table._session.conf.get("spark.sql.shuffle.partitions"))


def _check(count):
    if count <= 0:
        raise IllegalArgumentException(f"requirement failed: Number of partitions ({count}) must be positive.")
