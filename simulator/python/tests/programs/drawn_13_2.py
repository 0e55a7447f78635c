from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "drawn_13_2")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .transform(lambda rdd: rdd.sortBy(lambda w: (w[-1], w)))
    .map(len)
    .mapPartitionsWithIndex(lambda i, ns: [i * 100 + n for n in ns])
)
first.pprint(10)
second = (
    words
    .mapPartitions(lambda ws: sorted(ws))
    .map(len)
    .countByWindow(2, 1)
    .map(lambda n: (n % 3, n))
)
second.pprint(5)

ssc.start()
ssc.awaitTermination()
