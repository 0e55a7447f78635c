"""Counts words, and goes on from its checkpoint: batch by batch, as totals, or in windows."""

import sys

from pyspark import SparkContext
from pyspark.streaming import StreamingContext


def set_up(mode):
    print("set up:", mode)
    ssc = StreamingContext(SparkContext("local[2]", "goes on"), 1)
    words = ssc.textFileStream("lines").flatMap(lambda line: line.split(" "))
    pairs = words.map(lambda word: (word, 1))
    if mode == "batches":
        counts = pairs.reduceByKey(lambda x, y: x + y)
    elif mode == "totals":
        counts = pairs.updateStateByKey(lambda new, old: sum(new) + (old or 0))
    else:
        counts = pairs.reduceByKeyAndWindow(lambda x, y: x + y, lambda x, y: x - y, 3, 1, filterFunc=lambda it: it[1])
    counts.pprint()
    return ssc


ssc = StreamingContext.getOrCreate("checkpoint", lambda: set_up(sys.argv[1]))
ssc.start()
while True:
    try:
        if ssc.awaitTerminationOrTimeout(60):
            break
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
