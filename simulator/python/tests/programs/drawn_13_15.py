from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "drawn_13_15")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .repartition(4)
    .countByValueAndWindow(2, 2)
    .window(2, 4)
)
first.pprint(20)

ssc.start()
ssc.awaitTermination()
