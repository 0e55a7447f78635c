"""Trending hashtags: totals by updateStateByKey, shown as the top ones of each batch."""
import sys

from pyspark import SparkConf, SparkContext
from pyspark.streaming import StreamingContext


def aggregate_tags_count(new_values, total_sum):
    return sum(new_values) + (total_sum or 0)


def process_rdd(time, rdd):
    print("----------- %s -----------" % str(time))
    try:
        top = rdd.sortBy(lambda x: x[1], ascending=False).take(limit)
        for rank, (tag, total) in enumerate(top, 1):
            print("%d. %-10s %3d" % (rank, tag, total))
        if not top:
            print("no hashtags yet")
    except Exception:
        print("Error: %s" % sys.exc_info()[0])


if __name__ == "__main__":
    host, port = sys.argv[1], int(sys.argv[2])
    limit = int(sys.argv[3]) if len(sys.argv) > 3 else 10

    conf = SparkConf()
    conf.setAppName("TwitterStreamApp")
    conf.setMaster("local[2]")
    sc = SparkContext(conf=conf)
    sc.setLogLevel("ERROR")
    ssc = StreamingContext(sc, 2)
    ssc.checkpoint("checkpoint_TwitterApp")

    dataStream = ssc.socketTextStream(host, port)
    words = dataStream.flatMap(lambda line: line.split(" "))
    hashtags = words.filter(lambda w: "#" in w).map(lambda x: (x.lower(), 1))
    tags_totals = hashtags.updateStateByKey(aggregate_tags_count)
    tags_totals.foreachRDD(process_rdd)

    ssc.start()
    ssc.awaitTermination()
