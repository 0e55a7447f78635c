"""Several queries of a program, a listener, and what is known of their progress."""
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, explode, split, window
from pyspark.sql.streaming import StreamingQueryListener

spark = SparkSession.builder.appName("queries").config("spark.sql.shuffle.partitions", 2).getOrCreate()
started = []


class Listener(StreamingQueryListener):
    def onQueryStarted(self, event):
        started.append((event.name, str(event.id) in ids, len(event.timestamp)))

    def onQueryProgress(self, event):
        raise RuntimeError("nobody minds")

    def onQueryTerminated(self, event):
        started.append(("gone", event.exception))


ids = []
spark.streams.addListener(Listener())
lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
rows = lines.select(
    split("value", " ")[0].cast("int").cast("timestamp").alias("time"), split("value", " ")[1].alias("word")
)
windows = rows.withWatermark("time", "5 seconds").groupBy(window("time", "10 seconds"), "word").count()
query = windows.writeStream.format("noop").queryName("windows").outputMode("append").start()
fresh = rows.withWatermark("time", "5 seconds").dropDuplicates(["word", "time"]).writeStream.format("noop").start()
print(query.lastProgress, query.recentProgress, query.exception(), query.isActive)
print(spark.streams.get(query.id).name, spark.streams.get("00000000-0000-0000-0000-00000000abcd"))
spark.streams.awaitAnyTermination()
for one in (query, fresh):
    for progress in one.recentProgress:
        del progress["id"], progress["runId"], progress["timestamp"]
        for key in ("inputRowsPerSecond", "processedRowsPerSecond"):
            progress.pop(key, None)
        print(progress["name"], progress["batchId"], progress["numInputRows"], sorted(progress["durationMs"]), progress["eventTime"])
        for states in progress["stateOperators"]:
            for key in list(states):
                if key.endswith("Ms") or key == "memoryUsedBytes":
                    del states[key]
            del states["customMetrics"]["stateOnCurrentVersionSizeBytes"]
            print(states)
        print([sorted(source) for source in progress["sources"]], progress["sink"]["numOutputRows"])
print(query.isActive, fresh.isActive, query.exception(), spark.streams.active)
