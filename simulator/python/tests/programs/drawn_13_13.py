from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[1]", "drawn_13_13")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .mapPartitions(lambda ws: sorted(ws))
    .flatMap(lambda w: [w, w.upper()])
)
first.pprint(10)

ssc.start()
ssc.awaitTermination()
