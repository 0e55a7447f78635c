from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "drawn_13_10")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .window(3, 1)
    .map(lambda w: (w, len(w) * 1))
)
first.pprint(5)

ssc.start()
ssc.awaitTermination()
