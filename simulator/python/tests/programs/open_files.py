from sys import stderr, stdout

from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "open_files")

with open("words.txt", "w") as file:
    file.write("the\nof\n")

words = open("words.txt")
words.readline()


def read(row):
    return row, words.name, words.tell(), words.read(), words.read()


print(sc.parallelize(["a", "b", "c"], 2).map(read).collect())
print(repr(words.readline()))

log = open("log.txt", "w")
for file in (log, words):
    file.close() if file is words else None
    try:
        print(sc.parallelize([1]).map(lambda row: file.name).collect())
    except Exception as error:
        print(type(error).__name__, error)

print(sc.parallelize([1]).map(lambda row: (stderr.write("error"), stdout.write("output"))).collect())

ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")
totals = open("totals.txt", "a+")


def note(time, rdd):
    for pair in rdd.collect():
        totals.write(f"{time} {pair}\n")


lines = ssc.socketTextStream("localhost", 9999)
lines.map(lambda line: (line, 1)).updateStateByKey(lambda new, old: sum(new) + (old or 0)).foreachRDD(note)
ssc.start()
ssc.awaitTermination()
totals.close()
print(open("totals.txt").read())
