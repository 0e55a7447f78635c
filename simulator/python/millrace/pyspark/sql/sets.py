"""Rows of two tables by the names of their columns, and columns as rows."""

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
