"""What is printed in tasks is not printed by the program; what the driver collects is."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Prints")
ssc = StreamingContext(sc, 1)
lines = ssc.socketTextStream("localhost", 9999)


def loud(line):
    print("in a task:", line)
    return line.split()


def each(rdd):
    rdd.foreach(print)
    rdd.foreachPartition(lambda part: print(list(part)))
    for word in rdd.take(2):
        print("-", word)
    for word, count in sorted(rdd.countByValue().items()) if rdd.take(1) else []:
        print("%-8s|%s" % (word, "*" * count))
    print(*rdd.toLocalIterator(), sep=", ", end=".\n")


lines.flatMap(loud).foreachRDD(each)
lines.map(lambda line: {"text": line, "words": line.split()}).pprint()
ssc.start()
ssc.awaitTermination()
