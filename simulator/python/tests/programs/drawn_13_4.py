from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "drawn_13_4")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .filter(lambda w: len(w) > 3)
    .map(lambda w: (w, 2))
    .updateStateByKey(lambda new, old: sum(new) + (old or 0) if new else None, 3)
    .groupByKey(2).mapValues(lambda vs: len(list(vs)))
)
first.pprint(5)
second = (
    words
    .repartition(1)
    .countByValue()
    .groupByKey(1).mapValues(lambda vs: len(list(vs)))
    .map(lambda kv: (kv[1] % 4, kv[1]))
)
second.pprint(10)

ssc.start()
ssc.awaitTermination()
