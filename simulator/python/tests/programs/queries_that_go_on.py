"""Queries that are stopped, and go on from their checkpoints where they are started again."""

import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, split, to_timestamp, window

spark = (
    SparkSession.builder.master("local[2]").appName("goes on").config("spark.sql.shuffle.partitions", "3").getOrCreate()
)


def put(folder, name, *lines):
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{name}.part", "w") as file:
        file.writelines(f"{line}\n" for line in lines)
    os.rename(f"{folder}/{name}.part", f"{folder}/{name}")


def print_progress(query):
    for progress in query.recentProgress:
        if progress["numInputRows"] or progress["stateOperators"] and progress["stateOperators"][0]["numRowsUpdated"]:
            states = [(it["numRowsTotal"], it["numRowsUpdated"]) for it in progress["stateOperators"]]
            offsets = [(it["startOffset"], it["endOffset"]) for it in progress["sources"]]
            print(progress["batchId"], progress["numInputRows"], states, offsets)


def play(query):
    query.processAllAvailable()
    print_progress(query)
    query.stop()
    return query


os.makedirs("inbox")
lines = spark.readStream.format("text").option("pathGlobFilter", "*.txt").load("inbox")
counts = lines.groupBy("value").count()


def count_words(name=None):
    writer = counts.writeStream.outputMode("update").format("console")
    writer = writer.queryName(name) if name else writer
    return writer.option("checkpointLocation", "of_counts").start()


print("the same query twice")
put("inbox", "1.txt", "blue", "green", "blue")
first = play(count_words("counts"))
put("inbox", "2.txt", "blue", "red")
second = play(count_words("again"))
print(first.id == second.id, first.runId == second.runId, first.name, second.name)

print("nothing is new")
third = play(count_words())
print(third.id == first.id)

print("a function that fails has its micro-batch again")
failing = [True]
seen = []


def take(table, number):
    seen.append((number, sorted(row["value"] for row in table.collect())))
    if failing[0]:
        raise ValueError("not now")


def each():
    return lines.writeStream.foreachBatch(take).option("checkpointLocation", "of_each").start()


query = each()
try:
    query.processAllAvailable()
except Exception as error:
    print(type(error).__name__)
print(query.isActive, seen)
failing[0] = False
put("inbox", "3.txt", "late")
query = play(each())
print(seen)

print("a watermark is kept")
os.makedirs("events")
events = spark.readStream.format("text").option("pathGlobFilter", "*.csv").load("events")
fields = split(col("value"), ",")
timed = events.select(to_timestamp(fields[0]).alias("time"), fields[1].alias("user")).withWatermark("time", "10 seconds")
windows = timed.groupBy(window("time", "10 seconds")).count().select("window.start", "count")


def append_windows():
    writer = windows.writeStream.outputMode("append").format("console").option("checkpointLocation", "of_windows")
    return writer.start()


put("events", "1.csv", "2024-03-01 10:00:01,ann", "2024-03-01 10:00:25,bob")
put("events", "2.csv", "2024-03-01 10:00:26,ann")
play(append_windows())
play(append_windows())
put("events", "3.csv", "2024-03-01 10:00:02,late", "2024-03-01 10:01:00,cid")
query = play(append_windows())
print(query.lastProgress["eventTime"])

print("one that is active is stopped by another one")
one = count_words()
one.processAllAvailable()
two = count_words()
two.processAllAvailable()
print(one.isActive, two.isActive, one.id == two.id, [it.runId == two.runId for it in spark.streams.active])
two.stop()

print("a table in memory")


def in_memory(mode):
    writer = counts.writeStream.outputMode(mode).format("memory").queryName("seen")
    return writer.option("checkpointLocation", "of_memory_" + mode).start()


for mode in ("complete", "update"):
    play(in_memory(mode))
    spark.table("seen").orderBy("value").show()
    put("inbox", f"of_{mode}.txt", "blue")
    try:
        play(in_memory(mode))
        spark.table("seen").orderBy("value").show()
    except Exception as error:
        print(type(error).__name__, str(error).replace(os.getcwd(), "").split(";")[0][:200])

print("files are written once")
upper = lines.selectExpr("upper(value) AS word")


def save():
    return upper.writeStream.format("json").option("checkpointLocation", "of_files").option("path", "words").start()


play(save())
put("inbox", "5.txt", "pink")
play(save())
print(sorted(row.word for row in spark.read.schema("word STRING").json("words").collect()))

print("once and available now")
put("inbox", "6.txt", "white")


def available():
    writer = lines.writeStream.format("console").option("checkpointLocation", "of_now").trigger(availableNow=True)
    return writer.start()


available().awaitTermination()
put("inbox", "7.txt", "black")
query = available()
query.awaitTermination()
print(query.isActive, query.lastProgress["batchId"])
spark.stop()
