"""The partitions of a finite table: how many there are, and the rows of each."""

from millrace._millrace import Expression
from millrace.errors import missing
from millrace.pyspark.errors import IllegalArgumentException, wrong_type
from millrace.pyspark.sql.column import Column, column_of, literal

_FINITE = "A stream has one partition by it, or else those of its sources and of its shuffles: leave it out."


def coalesced(table, count):
    """The rows in at most `count` partitions, each of some that are next to each other."""
    if table.isStreaming and count == 1:
        return table._with(table._frame.in_one_partition())
    _check(table, count, "coalesce")
    return _with(table, lambda frame, engine, now: frame.coalesced(engine, count, now))


def repartitioned(table, count, cols):
    """The rows in `count` partitions, by a hash of some columns."""
    if isinstance(count, (str, Column)):
        count, cols = int(table._session.conf.get("spark.sql.shuffle.partitions")), (count, *cols)
    elif not isinstance(count, int):
        raise wrong_type("NOT_COLUMN_OR_STR", "numPartitions", count)
    if count == 1:
        return coalesced(table, 1)
    _check(table, count, "repartition")
    if not cols:
        raise missing(f"DataFrame.repartition({count})", "Name columns, or leave it out.")
    hashed = Expression.call("hash", [column_of(col) for col in cols])
    place = Expression.call("pmod", [hashed, literal(count)]).alias(["_place"])
    placed = table._with(table._frame.select([Expression.column("*"), place]))
    return _with(placed, lambda frame, engine, now: frame.placed(engine, count, now))


def sorted_within(table, order):
    """The rows of each partition in an order."""
    _check(table, 1, "sortWithinPartitions")
    return _with(table, lambda frame, engine, now: frame.sorted_within(engine, order, now))


def _with(table, change):
    return table._with(change(table._frame, table._session._engine(), table._session._now_ms()))


def _check(table, count, method):
    if table.isStreaming:
        raise missing(f"DataFrame.{method} of a stream", _FINITE)
    if count <= 0:
        raise IllegalArgumentException(f"requirement failed: Number of partitions ({count}) must be positive.")
