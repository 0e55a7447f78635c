from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "drawn_13_9")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .mapPartitions(lambda ws: sorted(ws))
    .map(lambda w: (w[0], len(w)))
    .reduceByKeyAndWindow(lambda a, b: a + b, lambda a, b: a - b, 3, 1, 3)
    .reduceByKey(lambda a, b: a + b)
    .groupByKey(1).mapValues(lambda vs: len(list(vs)))
)
first.pprint(20)

ssc.start()
ssc.awaitTermination()
