from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "drawn_13_18")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))

first = (
    words
    .map(lambda w: (w[0], len(w)))
    .transform(lambda rdd: rdd.sortByKey(ascending=False, keyfunc=str))
    .flatMapValues(lambda v: range(v % 3 + 1))
    .reduceByKey(lambda a, b: a + b)
    .groupByKey().mapValues(sum)
)
first.pprint(10)
second = (
    words
    .map(lambda w: (w, 2))
    .updateStateByKey(lambda new, old: sum(new) + (old or 0) if new else None, 2)
    .filter(lambda kv: kv[1] % 2 != 1)
    .groupByKeyAndWindow(3, 1).mapValues(lambda vs: sum(vs))
)


def show_second(time, rdd):
    if rdd.isEmpty():
        print(time.strftime("%H:%M:%S"), "second: nothing")
        return
    result = (
        rdd
        .leftOuterJoin(rdd.context.parallelize([('a', 1), (0, 2)])).mapValues(lambda v: v[0] + (v[1] or 0))
        .combineByKey(lambda v: v, lambda c, v: c * 2 + v, lambda a, b: a + b)
    )
    print(time.strftime("%H:%M:%S"), "second:", result.getNumPartitions(), result.values().sum())


second.foreachRDD(show_second)

ssc.start()
ssc.awaitTermination()
