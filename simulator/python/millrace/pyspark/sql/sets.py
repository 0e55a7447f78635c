"""Tables as sets of rows: which rows of two there are, and how often."""

from millrace._millrace import Expression
from millrace.pyspark.sql.column import column_of, ddl, literal


def united_by_name(table, other, allows_missing):
    """The rows of both, with columns matched by their names; one that only one table has is `NULL` in the other."""
    if not allows_missing:
        return table._with(table._frame.union(other._frame, True))
    here = {field.name.lower(): field for field in table.schema.fields}
    there = {field.name.lower(): field for field in other.schema.fields}
    return table._with(_widened(table, here, there).union(_widened(other, there, here), True))


def _widened(table, own, others):
    columns = [Expression.column(f"`{field.name}`") for field in own.values()]
    columns += [literal(None).cast(field.dataType.simpleString()).alias([field.name])
                for name, field in others.items() if name not in own]
    return table._frame.select(columns)


def except_all(table, other):
    """The rows of a table, each as often as it is there more often than in the other one (`RewriteExceptAll`)."""
    sums = _counted(table, other, [("sum", 1, -1)])
    return _repeated(table, sums, Expression.column("_sum"), [Expression.call(">", [Expression.column("_sum"), literal(0)])])


def intersect_all(table, other):
    """The rows of both tables, each as often as it is in both (`RewriteIntersectAll`)."""
    counts = _counted(table, other, [("left", 1, 0), ("right", 0, 1)])
    left, right = Expression.column("_left"), Expression.column("_right")
    conditions = [Expression.call(">=", [count, literal(1)]) for count in (left, right)]
    return _repeated(table, counts, Expression.call("least", [left, right]), conditions)


def _counted(table, other, sums):
    """The rows of both tables, each once, with sums of a number for each row of the one and of the other."""
    names = table.columns
    left, right = (
        frame.select([
            *(Expression.column(f"`{name}`").alias([alias]) for name, alias in zip(frame_names, _aliases(names))),
            *(literal(values[side]).alias([f"_{name}"]) for name, *values in sums),
        ])
        for side, (frame, frame_names) in enumerate([(table._frame, names), (other._frame, other.columns)])
    )
    keys = [Expression.column(alias) for alias in _aliases(names)]
    totals = [Expression.call("sum", [Expression.column(f"_{name}")]).alias([f"_{name}"]) for name, *_ in sums]
    return left.union(right).aggregate(keys, totals)


def _repeated(table, frame, times, conditions):
    for condition in conditions:
        frame = frame.filter(condition)
    every = Expression.call("explode", [Expression.call("sequence", [literal(1), times.cast("int")])])
    columns = [Expression.column(alias) for alias in _aliases(table.columns)]
    frame = frame.select([*columns, every.alias(["_time"])])
    named = [Expression.column(alias).alias([name]) for name, alias in zip(table.columns, _aliases(table.columns))]
    return table._with(frame.select(named))


def _aliases(names):
    return [f"_c{index}" for index in range(len(names))]


def unpivoted(table, ids, values, variable, value):
    """A row for each of some columns of a row, with its name and its value."""
    ids, values = _listed(ids), None if values is None else _listed(values)
    if values is None:
        of_ids = {it.name().lower() for it in ids}
        values = [Expression.column(f"`{name}`") for name in table.columns if name.lower() not in of_ids]
    common = table._with(table._frame.select([Expression.call("array", values)])).schema.fields[0].dataType.elementType
    parts = [part for it in values for part in (literal(it.name()), it.cast(ddl(common)))]
    stack = Expression.call("stack", [literal(len(values)), *parts])
    return table._with(table._frame.select([*ids, stack.alias([variable, value])]))


def _listed(columns):
    return [column_of(it) for it in (columns if isinstance(columns, (list, tuple)) else [columns])]
