"""`pyspark.sql.Window`: the rows around a row that a function reads."""

import sys

from millrace.pyspark.sql.column import Column, column_of, literal

__all__ = ["Window", "WindowSpec"]


def _columns(cols):
    if len(cols) == 1 and isinstance(cols[0], (list, tuple)):
        cols = cols[0]
    return list(cols)


class WindowSpec:
    """Rows with the same values, their order, and those around a row that count for it."""

    def __init__(self, partition=(), order=(), frame=None):
        self._partition, self._order, self._frame = list(partition), list(order), frame

    def partitionBy(self, *cols):
        return WindowSpec([column_of(col) for col in _columns(cols)], self._order, self._frame)

    def orderBy(self, *cols):
        order = [(column_of(col), *(col._order if isinstance(col, Column) else (False, True))) for col in _columns(cols)]
        return WindowSpec(self._partition, order, self._frame)

    def rowsBetween(self, start, end):
        return WindowSpec(self._partition, self._order, ("rows", _bound(start), _bound(end)))

    def rangeBetween(self, start, end):
        return WindowSpec(self._partition, self._order, ("range", _bound(start), _bound(end)))


class Window:
    unboundedPreceding = -(1 << 63)
    unboundedFollowing = (1 << 63) - 1
    currentRow = 0

    @staticmethod
    def partitionBy(*cols):
        return WindowSpec().partitionBy(*cols)

    @staticmethod
    def orderBy(*cols):
        return WindowSpec().orderBy(*cols)

    @staticmethod
    def rowsBetween(start, end):
        return WindowSpec().rowsBetween(start, end)

    @staticmethod
    def rangeBetween(start, end):
        return WindowSpec().rangeBetween(start, end)


def _bound(distance):
    """An end of a frame: the name of one, or a distance as an expression."""
    if distance <= max(-sys.maxsize, Window.unboundedPreceding):
        return "unbounded preceding"
    if distance >= min(sys.maxsize, Window.unboundedFollowing):
        return "unbounded following"
    return "current row" if distance == 0 else literal(distance)
