"""Running totals from an initial RDD; a key goes when nothing came for it twice in a row."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext


def update(new_values, state):
    total, idle = state or (0, 0)
    if not new_values:
        idle += 1
        if idle >= 2:
            return None
        return (total, idle)
    return (total + sum(new_values), 0)


def main():
    sc = SparkContext("local[2]", "Totals")
    ssc = StreamingContext(sc, 1)
    ssc.checkpoint("/tmp/totals-checkpoint")
    initial = sc.parallelize([("hello", (1, 0)), ("world", (5, 1)), ("spark", (7, 0))])
    lines = ssc.socketTextStream("localhost", 9999)
    totals = (
        lines.flatMap(lambda line: line.split())
        .map(lambda word: (word, 1))
        .updateStateByKey(update, initialRDD=initial)
    )
    totals.pprint()
    totals.filter(lambda kv: kv[1][1] > 0).count().pprint()
    ssc.start()
    ssc.awaitTermination()
    sc.stop()
    print("done")


if __name__ == "__main__":
    main()
