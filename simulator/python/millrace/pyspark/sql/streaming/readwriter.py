"""`pyspark.sql.streaming.readwriter`: the module that PySpark has its reader and its writer of streams in."""

from millrace.pyspark.sql.streaming.reader import DataStreamReader
from millrace.pyspark.sql.streaming.writer import DataStreamWriter

__all__ = ["DataStreamReader", "DataStreamWriter"]
