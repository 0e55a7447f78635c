"""Running totals of groups, whose states are removed above a limit."""

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


def totals(key, frames, state):
    rows, total = state.getOption or (0, 0)
    for frame in frames:
        rows += len(frame)
        total += int(frame["n"].sum())
    if total > 60:
        state.remove()
    else:
        state.update((rows, total))
    yield pd.DataFrame({"total": [total], "word": [key[0]], "rows": [rows], "exists": [state.exists]})


made = events.groupBy("word").applyInPandasWithState(
    totals, "word string, rows int, total bigint, exists boolean", "rows int, total bigint", "update",
    GroupStateTimeout.NoTimeout,
)
made.printSchema()
query = made.writeStream.outputMode("update").format("console").option("truncate", "false").start()
query.awaitTermination()
