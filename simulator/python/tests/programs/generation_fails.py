"""A batch of which one stream cannot be made has no jobs at all, and nothing is made behind that stream."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "GenerationFails")
ssc = StreamingContext(sc, 1)


def made(name):
    def function(time, rdd):
        print(time.second, "made", name)
        if name == "second" and time.second == 2:
            raise ValueError("no batch of it")
        return rdd.map(lambda line: line)

    return function


def show(name, stream):
    stream.foreachRDD(lambda time, rdd: print(time.second, "shown", name, rdd.collect()))


lines = ssc.socketTextStream("localhost", 9999)
show("plain", lines)
lines.pprint()
for name in ("first", "second", "third"):
    show(name, lines.transform(made(name)))

ssc.start()
try:
    ssc.awaitTermination()
except Exception as error:
    print("failed:", "no batch of it" in str(error))
