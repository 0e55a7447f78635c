"""`pyspark.sql.streaming`: how a table is read and written as a stream."""

from millrace.pyspark.errors import StreamingQueryException
from millrace.pyspark.sql.streaming.listener import StreamingQueryListener
from millrace.pyspark.sql.streaming.manager import StreamingQueryManager
from millrace.pyspark.sql.streaming.query import StreamingQuery
from millrace.pyspark.sql.streaming.reader import DataStreamReader
from millrace.pyspark.sql.streaming.stateful_processor import StatefulProcessor, StatefulProcessorHandle
from millrace.pyspark.sql.streaming.writer import DataStreamWriter

__all__ = [
    "DataStreamReader", "DataStreamWriter", "StatefulProcessor", "StatefulProcessorHandle", "StreamingQuery",
    "StreamingQueryException", "StreamingQueryListener", "StreamingQueryManager",
]
