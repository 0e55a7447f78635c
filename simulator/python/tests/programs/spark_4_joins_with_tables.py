"""The same joins as in `joins_with_tables.py`, which Spark 4 plans again once it knows how small the tables are."""

import os

from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[2]").appName("joins").config("spark.sql.shuffle.partitions", "3").getOrCreate()
)
os.makedirs("events", exist_ok=True)
for number, users in enumerate(["ann bob li cid dora", "li ann ann bob - cid dora"]):
    with open(f"events/{number}.json", "w") as file:
        for place, user in enumerate(users.split()):
            name = "null" if user == "-" else f'"{user}"'
            file.write(f'{{"user": {name}, "n": {place + 10 * number}}}\n')

events = spark.readStream.schema("user STRING, n INT").json("events")
rows = [("ann", "Paris"), ("bob", "Rome"), ("ann", "Oslo"), ("li", None)]
cities = spark.createDataFrame(rows, "user STRING, city STRING")
nothing = spark.createDataFrame([], "user STRING, city STRING")


def play(title, table, mode="append"):
    print(title)
    query = table.writeStream.format("console").outputMode(mode).option("truncate", False)
    query.trigger(availableNow=True).start().awaitTermination()


for how in ("inner", "left", "left_semi", "left_anti"):
    play(how, events.join(cities, "user", how))
    play(how + " nothing", events.join(nothing, "user", how))
play("right", cities.join(events, "user", "right"))
play("inner, the table first", cities.join(events, "user", "inner"))
play("inner, counted", events.join(cities, "user", "inner").groupBy("city").count(), "complete")
play("left, counted", events.join(cities, "user", "left").groupBy("city").count(), "update")
