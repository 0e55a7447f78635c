"""`pyspark.sql.pandas.map_ops` and `group_ops`: rows that functions make of frames of pandas, or of batches of Arrow."""

import inspect
import warnings

from millrace import ship
from millrace._millrace import Expression, map_groups, map_partitions
from millrace.pyspark.errors import IllegalArgumentException, wrong_value
from millrace.pyspark.sql.column import Column, ddl
from millrace.pyspark.sql.frames import (
    array_of, batches_of, check_types, frame_of, frames_of, libraries, objects_of, rows_of, wrong_result,
)
from millrace.pyspark.sql.pandas.functions import PandasUDFType, check_group_function
from millrace.pyspark.sql.types import parsed


def _schema(written):
    return parsed(written) if isinstance(written, str) else written


def _each(results, kind):
    """The results of a function, each of which is an object of this class."""
    expected = f"{kind.__module__.partition('.')[0]}.{kind.__name__}"
    if not hasattr(results, "__iter__"):
        raise wrong_result(f"iterator of {expected}", type(results).__name__)
    for result in results:
        if not isinstance(result, kind):
            raise wrong_result(f"iterator of {expected}", f"iterator of {type(result).__name__}")
        yield result


def map_in_pandas(table, func, schema):
    pandas, _ = libraries("DataFrame.mapInPandas")
    given, made, function = table.schema, _schema(schema), ship.command(func)

    def call(rows):
        frames = _each(function(frames_of(rows, given)), pandas.DataFrame)
        return [row for frame in frames for row in rows_of(frame, made, True)]

    return _mapped(table, "mapInPandas", made, call)


def map_in_arrow(table, func, schema):
    _, arrow = libraries("DataFrame.mapInArrow")
    given, made, function = table.schema, _schema(schema), ship.command(func)

    def batch_of(rows):
        arrays = [array_of([row[place] for row in rows], it.dataType) for place, it in enumerate(given.fields)]
        return arrow.RecordBatch.from_arrays(arrays, names=given.names)

    def call(rows):
        batches = _each(function(map(batch_of, batches_of(rows))), arrow.RecordBatch)
        return [list(row) for batch in batches for row in zip(
            *(objects_of(column, field.dataType) for column, field in zip(batch.columns, made.fields)))]

    return _mapped(table, "mapInArrow", made, call)


def _mapped(table, name, schema, function):
    return table._with(map_partitions(table._frame, name, ddl(schema), function, table._session._engine()))


def apply_in_pandas(grouped, func, schema):
    libraries("GroupedData.applyInPandas")
    check_group_function(func)
    table, made, function = grouped._table, _schema(schema), ship.command(func)
    check_types("with grouped map Pandas UDFs or at groupby.applyInPandas(func, schema)", made)
    given, of_keys = table.schema, _keys(grouped)
    takes_key = len(inspect.getfullargspec(func).args) == 2

    def call(key, rows):
        frame = frame_of(rows, given)
        return rows_of(function(_key(key[0], of_keys), frame) if takes_key else function(frame), made)

    # A key may be a window, which makes several rows of one.
    frame = table._frame.select([*table._frame.columns(), *grouped._keys])
    return _grouped(table, frame, frame.columns()[len(given.fields):], "applyInPandas", made, call)


def _grouped(table, frame, keys, name, schema, function):
    return table._with(map_groups(frame, keys, name, ddl(schema), function, table._session._engine()))


def _keys(grouped):
    return grouped._table.select(*map(Column, grouped._keys)).schema


def _key(values, schema):
    frame = frame_of([values], schema)
    return tuple(frame.iloc[:, place][0] for place in range(len(schema)))


def apply_udf(grouped, udf):
    """The deprecated `GroupedData.apply`."""
    if isinstance(udf, Column) or getattr(udf, "evalType", None) != PandasUDFType.GROUPED_MAP:
        raise ValueError("Invalid udf: the udf argument must be a pandas_udf of type GROUPED_MAP.")
    warnings.warn(
        "It is preferred to use 'applyInPandas' over this API. This API will be deprecated in the future releases. See "
        "SPARK-28264 for more details.",
        UserWarning,
    )
    return apply_in_pandas(grouped, udf.func, udf.returnType)


class PandasCogroupedOps:
    """The groups of two tables with the same keys."""

    def __init__(self, gd1, gd2):
        self._both = gd1, gd2

    def applyInPandas(self, func, schema):
        libraries("PandasCogroupedOps.applyInPandas")
        arguments = len(inspect.getfullargspec(func).args)
        if arguments not in (2, 3):
            raise wrong_value(
                "INVALID_PANDAS_UDF",
                detail="the function in cogroup.applyInPandas must take either two arguments (left, right) or three "
                       "arguments (key, left, right).",
            )
        left, right = self._both
        if len(left._keys) != len(right._keys):
            raise IllegalArgumentException(
                f"requirement failed: Cogroup keys must have same size: {len(left._keys)} != {len(right._keys)}"
            )
        of_left, of_right = left._table.schema, right._table.schema
        of_keys, made, function = _keys(left), _schema(schema), ship.command(func)
        check_types("in cogroup.applyInPandas", made)

        def call(key, rows):
            frames = (
                frame_of([row[-2] for row in rows if row[-2] is not None], of_left),
                frame_of([row[-1] for row in rows if row[-1] is not None], of_right),
            )
            return rows_of(function(_key(key[0], of_keys), *frames) if arguments == 3 else function(*frames), made)

        # Each row is a struct beside the key, so that the rows of both are those of one table.
        table = left._table
        frame = _keyed(left, 0, of_left, of_right).union(_keyed(right, 1, of_left, of_right))
        keys = frame.columns()[:-2]
        return _grouped(table, frame, keys, "cogroup.applyInPandas", made, call)


def _keyed(grouped, place, *schemas):
    """The rows of a table as a struct behind their keys, where that of the other table is `NULL`."""
    engine, frame = grouped._table._session._engine(), grouped._table._frame
    rows = [Expression.literal(None, "void", engine).cast(ddl(schema)) for schema in schemas]
    rows[place] = Expression.call("struct", frame.columns())
    return frame.select([*grouped._keys, *rows])
