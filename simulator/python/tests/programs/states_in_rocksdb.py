"""Groups of two keys, whose states time out by processing time, in the order of RocksDB."""

import pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, split, timestamp_seconds
from pyspark.sql.streaming.state import GroupStateTimeout

spark = SparkSession.builder.appName("groups").config("spark.sql.shuffle.partitions", "1").getOrCreate()
spark.conf.set(
    "spark.sql.streaming.stateStore.providerClass",
    "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider",
)
lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
fields = lines.select(split("value", " ").alias("f"))
events = fields.select(
    col("f")[0].alias("word"), col("f")[1].cast("int").alias("n"), timestamp_seconds(col("f")[1].cast("long")).alias("time"),
)


def sessions(key, frames, state):
    if state.hasTimedOut:
        before = state.get
        state.remove()
        yield pd.DataFrame({"key": [f"{key[0]} {key[1]}"], "seen": [before[0] + " timed out"], "at": [state.getCurrentProcessingTimeMs()]})
        return
    seen = state.get[0] if state.exists else ""
    for frame in frames:
        seen += "".join(f" {word}{n}" for word, n in zip(frame["word"], frame["n"]))
    state.update((seen,))
    state.setTimeoutDuration(1500)
    yield pd.DataFrame({"key": [f"{key[0]} {key[1]}"], "seen": [seen], "at": [state.getCurrentProcessingTimeMs()]})


made = events.withColumn("odd", col("n") % 2).groupBy("word", "odd").applyInPandasWithState(
    sessions, "key string, seen string, at bigint", "seen string", "Append", GroupStateTimeout.ProcessingTimeTimeout,
)
query = made.writeStream.outputMode("append").format("console").option("truncate", "false").trigger(processingTime="1 second").start()
query.awaitTermination()
