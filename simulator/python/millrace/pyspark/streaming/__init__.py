"""`pyspark.streaming`."""

from millrace.pyspark.streaming.context import StreamingContext
from millrace.pyspark.streaming.dstream import DStream
from millrace.pyspark.streaming.listener import StreamingListener

__all__ = ["DStream", "StreamingContext", "StreamingListener"]
