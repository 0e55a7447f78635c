"""The batches of all streams are made, in the order of their operations, before the first operation on one runs."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "GenerationOrder")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")


def made(name):
    def function(time, rdd):
        print(time.second, "made", name)
        return rdd.map(lambda line: line)

    return function


def two(name):
    function = made(name)
    return lambda time, rdd, other: function(time, rdd)


def show(name, stream):
    def function(time, rdd):
        print(time.second, "shown", name, sorted(rdd.collect()))

    stream.foreachRDD(function)


lines = ssc.socketTextStream("localhost", 9999)
right = lines.transform(made("right"))
left = lines.map(str.upper).transform(made("left"))
first = lines.transform(made("first"))
windowed = lines.transform(made("windowed")).window(3, 2).transform(made("window"))
states = (
    lines.transform(made("pairs"))
    .map(lambda line: (line, 1))
    .updateStateByKey(lambda new, old: sum(new) + (old or 0))
    .transform(made("states"))
)
counted = windowed.map(lambda line: (line, 1)).reduceByKey(lambda x, y: x + y).transform(made("counted"))

show("first", first)
show("both", left.transformWith(two("both"), right))
show("windowed", windowed)
show("first again", first.map(lambda line: line * 2))
show("states", states)
show("counted", counted)

ssc.start()
ssc.awaitTermination()
