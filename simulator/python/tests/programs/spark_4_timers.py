"""Timers of processing time fire in the order of their times, and values are forgotten after ten seconds."""

from pyspark.sql import Row, SparkSession
from pyspark.sql.functions import split
from pyspark.sql.streaming import StatefulProcessor


class Timers(StatefulProcessor):
    def init(self, handle):
        self.handle = handle
        self.value = handle.getValueState("value", "v string", 10_000)
        self.list = handle.getListState("list", "v string", 10_000)
        self.map = handle.getMapState("map", "k string", "v string", 10_000)

    def handleInputRows(self, key, rows, timerValues):
        now = timerValues.getCurrentProcessingTimeInMs()
        for row in rows:
            command, word = (row.words + [""])[1:3]
            said = None
            if command == "in":
                self.handle.registerTimer(now + int(word))
            elif command == "untimer":
                self.handle.deleteTimer(int(word))
            elif command == "set":
                self.value.update((word,))
                self.list.appendValue((word,))
                self.map.updateValue((word,), (word,))
            else:
                said = self.value.get(), list(self.list.get()), list(self.map.keys()), list(self.handle.listTimers())
            yield Row(key=key[0], command=command, said=str(said))

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        at = expiredTimerInfo.getExpiryTimeInMs()
        if self.value.exists():
            self.handle.registerTimer(at + 3_000)
        late = timerValues.getCurrentProcessingTimeInMs() - at
        yield Row(key=key[0], command=f"expired {late} ms ago", said=str(list(self.handle.listTimers())))


spark = SparkSession.builder.master("local[1]").appName("timers").getOrCreate()
spark.conf.set("spark.sql.shuffle.partitions", "2")
spark.conf.set(
    "spark.sql.streaming.stateStore.providerClass",
    "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider",
)
lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
commands = lines.select(split("value", " ").alias("words")).selectExpr("words[0] AS key", "words")
answers = commands.groupBy("key").transformWithState(
    Timers(), "key string, command string, said string", "Append", "processingTime")
query = answers.writeStream.outputMode("append").option("truncate", "false").option("numRows", 100)
query.format("console").trigger(processingTime="5 seconds").start().awaitTermination()
