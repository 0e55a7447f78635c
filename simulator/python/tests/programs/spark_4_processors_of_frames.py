"""A processor has the rows of a key as frames of pandas."""

import pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql.streaming import StatefulProcessor


class Readings(StatefulProcessor):
    def init(self, handle):
        self.handle = handle
        self.hot = handle.getValueState("hot", "count long")

    def handleInitialState(self, key, initialState, timerValues):
        self.hot.update((int(initialState["hot"].iloc[0]),))

    def handleInputRows(self, key, rows, timerValues):
        count, hot = 0, self.hot.get()[0] if self.hot.exists() else 0
        for frame in rows:
            count += len(frame)
            hot += int((frame["degrees"] > 100).sum())
        self.hot.update((hot,))
        self.handle.registerTimer(timerValues.getCurrentProcessingTimeInMs() + 5_000)
        yield pd.DataFrame({"sensor": [key[0]], "count": [count], "hot": [hot]})

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        yield pd.DataFrame({"hot": [self.hot.get()[0]], "sensor": [key[0]], "count": [-1]})

    def close(self):
        pass


spark = SparkSession.builder.master("local[1]").appName("readings").getOrCreate()
spark.conf.set("spark.sql.shuffle.partitions", "2")
spark.conf.set(
    "spark.sql.streaming.stateStore.providerClass",
    "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider",
)
lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
readings = lines.selectExpr("split(value, ' ')[0] AS sensor", "CAST(split(value, ' ')[1] AS DOUBLE) AS degrees")
known = spark.createDataFrame([("b", 7)], "sensor string, hot long").groupBy("sensor")
answers = readings.groupBy("sensor").transformWithStateInPandas(
    Readings(), "sensor string, count long, hot long", "Update", "ProcessingTime", known)
query = answers.writeStream.outputMode("update").format("console").trigger(processingTime="5 seconds")
query.start().awaitTermination()
