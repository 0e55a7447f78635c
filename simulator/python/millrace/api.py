"""The table of what there is of PySpark, made from the code: `python -m millrace api` prints it."""

import inspect

import millrace.pyspark
from millrace.pyspark import sql, streaming
from millrace.pyspark.sql import streaming as sql_streaming
from millrace.pyspark.sql import types
from millrace.pyspark.statcounter import StatCounter
from millrace.pyspark.streaming.dstream import TransformedDStream
from millrace.refused import refusal_of

_HEAD = """\
# The API of PySpark on Millrace

Written by `python -m millrace api > API.md`, from the code. A name that is refused raises `NotInMillrace` with what
to do instead, when it is used; so does an argument that is, when it is given. Nothing is accepted and ignored.
"""

CLASSES = {
    "pyspark.SparkConf": millrace.pyspark.SparkConf,
    "pyspark.SparkContext": millrace.pyspark.SparkContext,
    "pyspark.RDD": millrace.pyspark.RDD,
    "pyspark.streaming.StreamingContext": streaming.StreamingContext,
    "pyspark.streaming.DStream": streaming.DStream,
    "pyspark.streaming.dstream.TransformedDStream": TransformedDStream,
    "pyspark.streaming.StreamingListener": streaming.StreamingListener,
    "pyspark.StorageLevel": millrace.pyspark.StorageLevel,
    "pyspark.Broadcast": millrace.pyspark.Broadcast,
    "pyspark.Accumulator": millrace.pyspark.Accumulator,
    "pyspark.AccumulatorParam": millrace.pyspark.AccumulatorParam,
    "pyspark.sql.streaming.DataStreamWriter": sql_streaming.DataStreamWriter,
    "pyspark.sql.streaming.StreamingQuery": sql_streaming.StreamingQuery,
    "pyspark.sql.streaming.StreamingQueryListener": sql_streaming.StreamingQueryListener,
    "pyspark.sql.streaming.StreamingQueryManager": sql_streaming.StreamingQueryManager,
    "pyspark.SparkFiles": millrace.pyspark.SparkFiles,
    "pyspark.TaskContext": millrace.pyspark.TaskContext,
    "pyspark.statcounter.StatCounter": StatCounter,
    **{
        f"pyspark.sql.{cls.__name__}": cls
        for cls in (
            sql.SparkSession, sql.Catalog, sql.SQLContext, sql.HiveContext, sql.DataFrame, sql.DataFrameNaFunctions,
            sql.DataFrameStatFunctions, sql.GroupedData, sql.Column, sql.Row, sql.DataFrameReader, sql.DataFrameWriter,
        )
    },
    "pyspark.sql.types.StructType": types.StructType,
    "pyspark.sql.types.StructField": types.StructField,
}

# Objects of these are made by methods of others, and never by a program.
_MADE_BY_OTHERS = (
    "RDD", "DStream", "TransformedDStream", "TaskContext", "Catalog", "Column", "DataFrame", "DataFrameReader",
    "DataFrameWriter", "DataStreamWriter", "GroupedData", "StreamingQuery", "StreamingQueryManager",
)


def names(cls):
    """The public names of a class, and its constructor if it is public: each with what it is in the class."""
    constructor = [] if cls.__name__ in _MADE_BY_OTHERS else ["__init__"]
    public = constructor + [name for name in sorted(dir(cls)) if not name.startswith("_")]
    return {name: inspect.getattr_static(cls, name) for name in public}


def function_of(value):
    """The function of a method; `None` of anything else."""
    value = getattr(value, "__func__", value)
    return value if inspect.isfunction(value) else None


def table():
    """The whole table, as Markdown."""
    refused = millrace.pyspark.__getattr__.refusals.items()
    parts = [_HEAD, _section("pyspark", [(name, "refused", instead) for name, instead in refused])]
    parts += [_section(title, _rows(title, cls)) for title, cls in CLASSES.items()]
    return "\n".join(parts)


def _rows(title, cls):
    parent = next((it for it in CLASSES.values() if it in cls.__bases__), None)
    if parent is not None:
        return [(f"all of {parent.__name__}", "yes", "")]
    return [_row(title, name, value) for name, value in names(cls).items()]


def _row(title, name, value):
    instead = refusal_of(value)
    if instead is not None:
        return name, "refused", instead
    shown = title.rpartition(".")[2] if name == "__init__" else name
    without = getattr(function_of(value), "refused_arguments", {})
    return shown, "yes", " ".join(f"Without `{argument}`: {advice}" for argument, advice in without.items())


def _section(title, rows):
    lines = [f"| `{name}` | {state} | {text} |" for name, state, text in rows]
    return "\n".join([f"## `{title}`", "", "| | | instead |", "|---|---|---|", *lines, ""])
