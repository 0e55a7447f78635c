"""Groups whose late rows are dropped, and whose states time out by event time."""

import pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, split, timestamp_seconds
from pyspark.sql.streaming.state import GroupStateTimeout

spark = SparkSession.builder.appName("groups").config("spark.sql.shuffle.partitions", "3").getOrCreate()
lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
fields = lines.select(split("value", " ").alias("f"))
events = fields.select(
    col("f")[0].alias("word"), col("f")[1].cast("int").alias("n"), timestamp_seconds(col("f")[1].cast("long")).alias("time"),
)


def latest(key, frames, state):
    if state.hasTimedOut:
        [frame] = frames
        yield pd.DataFrame({"word": [key[0]], "latest": [-state.get[0]], "watermark": [state.getCurrentWatermarkMs()]})
        state.remove()
        return
    most = max(int(frame["n"].max()) for frame in frames)
    most = max(most, state.get[0]) if state.exists else most
    state.update((most,))
    state.setTimeoutTimestamp(most * 1000 + 5000)
    yield pd.DataFrame({"word": [key[0]], "latest": [most], "watermark": [state.getCurrentWatermarkMs()]})
    if most > 40:
        yield pd.DataFrame({"watermark": [0], "word": ["also"], "latest": [most]})


made = events.withWatermark("time", "10 seconds").groupBy("word").applyInPandasWithState(
    latest, "word string, latest int, watermark bigint", "latest int", "append", GroupStateTimeout.EventTimeTimeout,
)
query = made.writeStream.outputMode("append").format("console").option("truncate", "false").start()
query.awaitTermination()
