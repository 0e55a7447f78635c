"""Times of batches in a zone, as datetime and as printed."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[1]", "Zones")
ssc = StreamingContext(sc, 0.5)


def stamp(time, rdd):
    print(repr(time), time.isoformat(), time.timestamp(), rdd.count())


lines = ssc.socketTextStream("localhost", 9999)
lines.foreachRDD(stamp)
lines.window(1, 1).count().pprint()
lines.transform(lambda t, rdd: rdd.map(lambda line: (str(t), line))).pprint()
ssc.start()
ssc.awaitTermination()
