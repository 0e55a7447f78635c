"""What a closure sees of the driver: appends in tasks are lost, changes between batches are seen by new tasks."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Closures")
ssc = StreamingContext(sc, 1)

collected = []
batches = 0
factor = 1


def remember(word):
    collected.append(word)
    return word


def each_batch(rdd):
    global batches, factor
    batches += 1
    factor *= 10
    print("batch", batches, rdd.map(lambda w: (w, factor)).collect(), len(collected))
    collected.append("batch %d" % batches)


words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))
words.map(remember).foreachRDD(each_batch)
words.map(lambda w: (w, factor, len(collected))).pprint()
words.map(lambda w: print("from a task:", w) or w).count().pprint()

ssc.start()
ssc.awaitTermination()
print(collected, batches, factor)
