"""Each batch of a query handed to a function of the program."""
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[2]").appName("EachBatch").getOrCreate()
spark.conf.set("spark.sql.shuffle.partitions", "1")

lines = spark.readStream.format("socket").options(host="localhost", port=9999).load()


def process(batch, epoch):
    rows = batch.collect()
    print("batch", epoch, batch.columns, len(rows), sorted(row.value for row in rows))
    if rows:
        batch.groupBy("value").count().orderBy("value").show()


query = lines.writeStream.foreachBatch(process).start()
query.awaitTermination()
print(query.isActive)
