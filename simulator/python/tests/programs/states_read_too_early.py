"""A function of `transform` that reads a state that fails leaves the batch without jobs."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "StatesReadTooEarly")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")


def update(new, old):
    if "unlucky" in new:
        raise ValueError("an unlucky word")
    return (old or 0) + len(new)


def counted(time, rdd):
    print(time.second, "counted", rdd.count())
    return rdd


lines = ssc.socketTextStream("localhost", 9999)
lines.pprint()
lines.map(lambda line: ("a", line)).updateStateByKey(update).transform(counted).pprint()

ssc.start()
try:
    ssc.awaitTermination()
except Exception as error:
    print("failed:", "an unlucky word" in str(error))
