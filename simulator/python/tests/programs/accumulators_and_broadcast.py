"""A broadcast list of stop words, and accumulators that count what is dropped; two actions count twice."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "StopWords")
ssc = StreamingContext(sc, 1)

stop_words = sc.broadcast({"the", "a", "of", "and"})
dropped = sc.accumulator(0)
seen = sc.accumulator(0.5)


def keep(word):
    global dropped
    seen.add(1)
    if word in stop_words.value:
        dropped += 1
        return False
    return True


def report(time, rdd):
    print(time.strftime("%H:%M:%S"), rdd.count(), rdd.collect(), "dropped", dropped.value, "seen", seen.value)
    cached = rdd.map(lambda w: w.upper()).cache()
    print(cached.count(), cached.first() if not cached.isEmpty() else None, "dropped", dropped.value)


words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split())
words.filter(keep).foreachRDD(report)

ssc.start()
ssc.awaitTermination()
print("total", dropped.value, seen.value)
sc.stop()
