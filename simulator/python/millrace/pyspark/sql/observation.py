"""`pyspark.sql.Observation`: metrics of the rows of a table."""

from millrace.pyspark.errors import IllegalArgumentException, PySparkTypeError, PySparkValueError
from millrace.pyspark.sql.column import Column


class Observation:
    def __init__(self, name=None):
        if name is not None and not isinstance(name, str):
            raise TypeError("name should be a string")
        if name == "":
            raise ValueError("name should not be empty")
        self._name = name
        #: The table of its metrics.
        self._metrics = None

    def _on(self, table, exprs):
        assert self._metrics is None, "an Observation can be used with a DataFrame only once"
        if table.isStreaming:
            raise IllegalArgumentException("Observation does not support streaming Datasets")
        self._metrics = table.agg(*exprs)
        return table

    # Spark has them of the rows that the first action reads; a table has the same ones however often it is read.
    @property
    def get(self):
        assert self._metrics is not None, "call DataFrame.observe"
        return self._metrics.collect()[0].asDict()


def observed(table, observation, exprs):
    """The table, whose metrics an `Observation` has, or by a name the progress of a query."""
    if not exprs:
        raise PySparkValueError(
            "[CANNOT_BE_EMPTY] At least one exprs must be specified.", "CANNOT_BE_EMPTY", {"item": "exprs"}
        )
    if not all(isinstance(expr, Column) for expr in exprs):
        raise PySparkTypeError(error_class="NOT_LIST_OF_COLUMN", message_parameters={"arg_name": "exprs"})
    if isinstance(observation, Observation):
        return observation._on(table, exprs)
    if not isinstance(observation, str):
        raise PySparkTypeError(error_class="NOT_LIST_OF_COLUMN", message_parameters={"arg_name": "observation"})
    return table._with(table._frame.observe(observation, [expr._expression for expr in exprs]))
