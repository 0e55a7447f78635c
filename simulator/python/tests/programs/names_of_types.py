import pyspark
from pyspark import SparkConf, SparkContext, StorageLevel
from pyspark.sql import SparkSession
from pyspark.streaming import StreamingContext

conf = SparkConf().setMaster("local[2]").setAppName("names_of_types")
sc = SparkContext(conf=conf)
ssc = StreamingContext(sc, 1)
lines = ssc.socketTextStream("localhost", 9999)
rows = sc.parallelize([("a", 1), ("b", 2)])


def name(value):
    """The text of an object, without its address."""
    return repr(value).partition(" at 0x")[0]


for value in (conf, sc, ssc, rows, rows.map(lambda row: row), lines, lines.map(lambda line: line)):
    print(type(value))
for value in (sc.broadcast(1), sc.accumulator(1), StorageLevel.MEMORY_ONLY, pyspark.TaskContext):
    print(type(value))
print(type(sc.parallelize([1.5]).stats()))
print(name(lines), name(rows.reduceByKey(lambda x, y: x).partitioner), name(pyspark.sql.SparkSession.builder))
print(rows.groupByKey().map(lambda pair: (pair[0], name(pair[1]), type(pair[1]))).collect())
print(type(SparkSession(sc)), pyspark.RDD, pyspark.streaming.DStream)
