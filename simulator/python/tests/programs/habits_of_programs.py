"""Habits of published programs: types by `import *`, options that a source does not have, rows in one partition."""

from pyspark.sql import SparkSession
from pyspark.sql.functions import *  # noqa: F403

spark = SparkSession.builder.appName("habits").config("spark.sql.shuffle.partitions", 3).getOrCreate()
logger = spark._jvm.org.apache.log4j.LogManager.getLogger("org.jobs.habits")
logger.info("the session is there")

schema = StructType().add("id", "integer").add("name", StringType())
reader = spark.readStream.format("socket").option("host", "localhost").option("port", 9999)
lines = reader.option("checkpointLocation", "there").option("header", True).load()
users = lines.select(from_json("value", schema).alias("user")).select("user.*")
users.printSchema()
names = users.dropna().select("name")
counts = names.groupBy("name").count()
shown = {}


def show(table, name, mode="append"):
    """Keeps the rows of each batch, as queries that run side by side print in any order."""

    def keep(batch, number):
        rows = [tuple(row) for row in batch.collect()]
        shown.setdefault(name, []).append((number, batch.rdd.getNumPartitions(), rows))

    table.writeStream.outputMode(mode).foreachBatch(keep).start()


show(names.coalesce(1), "names in one partition")
show(counts.coalesce(1), "counts in one partition", "update")
show(counts.repartition(1), "counts in one partition by a shuffle", "update")
show(names.distinct().groupBy().count(), "number of names", "complete")
once = names.distinct().writeStream.format("console").option("queryName", "once").option("colour", "red").start()
print(once.name)
once.awaitTermination()
for name, batches in sorted(shown.items()):
    print(name)
    for batch in batches:
        print(batch)
