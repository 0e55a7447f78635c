"""Each key has a value, a list and a map, and begins with what a table says. Its rows are commands."""

from pyspark.sql import Row, SparkSession
from pyspark.sql.functions import split
from pyspark.sql.streaming import StatefulProcessor


class Commands(StatefulProcessor):
    def init(self, handle):
        self.value = handle.getValueState("value", "v string")
        self.list = handle.getListState("list", "v string")
        self.map = handle.getMapState("map", "k string", "n int")
        self.calls = 0

    def handleInitialState(self, key, initialState, timerValues):
        self.list.appendValue((f"{initialState.word} {initialState.n}",))

    def handleInputRows(self, key, rows, timerValues):
        self.calls += 1
        yield Row(key=key[0], command=f"call {self.calls}", said=str(timerValues.getCurrentProcessingTimeInMs()))
        for row in rows:
            said = self.do(row.words[1], row.words[2:])
            yield Row(said=str(said), command=" ".join(row.words[1:]), key=row.key)

    def do(self, command, words):
        value, items, table = self.value, self.list, self.map
        if command == "set":
            return value.update((words[0],))
        if command == "none":
            return value.update((None,))
        if command == "get":
            return value.exists(), value.get()
        if command == "clear":
            return value.clear(), items.clear(), table.clear()
        if command == "put":
            return items.put([(word,) for word in words])
        if command == "add":
            return items.appendValue((words[0],))
        if command == "addall":
            return items.appendList([(word,) for word in words])
        if command == "list":
            return items.exists(), list(items.get())
        if command == "map":
            return table.updateValue((words[0],), (int(words[1]),))
        if command == "unmap":
            return table.removeKey((words[0],))
        if command == "value":
            return table.containsKey((words[0],)), table.getValue((words[0],))
        return table.exists(), list(table.iterator()), list(table.keys()), list(table.values())

    def close(self):
        pass


spark = SparkSession.builder.master("local[1]").appName("commands").getOrCreate()
spark.conf.set("spark.sql.shuffle.partitions", "1")
spark.conf.set(
    "spark.sql.streaming.stateStore.providerClass",
    "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider",
)
lines = spark.readStream.format("socket").option("host", "localhost").option("port", 9999).load()
commands = lines.select(split("value", " ").alias("words")).selectExpr("words[0] AS key", "words")
known = spark.createDataFrame([("b", 1), ("a", 2), ("b", 3)], "word string, n int")
answers = commands.groupBy("key").transformWithState(
    Commands(), "key string, command string, said string", "Update", "None", known.groupBy("word"))
query = answers.writeStream.outputMode("update").option("truncate", "false").option("numRows", 100)
query.format("console").start().awaitTermination()
