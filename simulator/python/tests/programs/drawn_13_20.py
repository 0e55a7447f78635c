from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "drawn_13_20")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .map(lambda w: (w, len(w) * 4))
    .combineByKey(lambda v: v, lambda c, v: c * 2 + v, lambda a, b: a + b)
    .updateStateByKey(lambda new, old: sum(new) + (old or 0) if new else None, 3)
    .map(lambda kv: (kv[1] % 4, kv[1]))
    .map(lambda kv: kv[1])
)
first.pprint(5)
second = (
    words
    .map(lambda w: w[::-1])
    .transform(lambda rdd: rdd.sortBy(lambda w: (w[-1], w)))
)
second.pprint(20)

ssc.start()
ssc.awaitTermination()
