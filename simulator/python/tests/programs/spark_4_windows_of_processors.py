"""Windows count the rows that a processor makes, by the time that it gives them."""

import datetime

from pyspark.sql import Row, SparkSession
from pyspark.sql.functions import window
from pyspark.sql.streaming import StatefulProcessor


class Visits(StatefulProcessor):
    def init(self, handle):
        self.handle = handle

    def handleInputRows(self, key, rows, timerValues):
        for row in rows:
            self.handle.registerTimer(row.second * 1000 + 4000)
            yield Row(key=key[0], what=f"at {timerValues.getCurrentWatermarkInMs()}", time=row.time)

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        time = datetime.datetime.fromtimestamp(timerValues.getCurrentWatermarkInMs() // 1000 + 1)
        yield Row(key=key[0], what=f"expired {expiredTimerInfo.getExpiryTimeInMs()}", time=time)


spark = SparkSession.builder.master("local[1]").appName("visits").getOrCreate()
spark.conf.set("spark.sql.shuffle.partitions", "1")
spark.conf.set("spark.sql.session.timeZone", "UTC")
spark.conf.set(
    "spark.sql.streaming.stateStore.providerClass",
    "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider",
)
lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
visits = lines.selectExpr("split(value, ' ')[0] AS key", "CAST(split(value, ' ')[1] AS INT) AS second")
visits = visits.selectExpr("key", "second", "timestamp_seconds(second) AS time").withWatermark("time", "10 seconds")
answers = visits.groupBy("key").transformWithState(
    Visits(), "key string, what string, time timestamp", "Append", "EventTime", eventTimeColumnName="time")
counts = answers.groupBy(window("time", "5 seconds")).count().selectExpr("date_format(window.start, 'mm:ss') AS start", "count")
counts.writeStream.outputMode("append").format("console").start().awaitTermination()
