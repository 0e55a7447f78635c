from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "drawn_13_12")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .countByValueAndWindow(1, 2)
    .updateStateByKey(lambda new, old: sum(new) + (old or 0))
    .partitionBy(1)
)
first.pprint(20)

ssc.start()
ssc.awaitTermination()
