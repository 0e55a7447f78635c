"""Rows are made until their reader has enough: generators may have no end. Few rows are all made before any is read."""
import itertools

from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "RowsWithoutEnd")
ssc = StreamingContext(sc, 1)
made = sc.accumulator(0)


def numbers(count):
    def rows(line):
        for number in itertools.count() if count is None else range(count):
            made.add(1)
            yield number

    return rows


def show(rdd):
    if rdd.getNumPartitions() > 0:
        print(rdd.first(), rdd.take(3), rdd.isEmpty(), rdd.zipWithIndex().first())
        print(rdd.map(lambda number: number + 1).filter(lambda number: number % 2 == 0).take(3))
        print(rdd.mapPartitions(lambda rows: [next(rows), next(rows)]).collect())
        print(rdd.flatMap(lambda number: itertools.repeat(number)).take(2))
        print(rdd.union(rdd).take(2), rdd.coalesce(1).take(2))


def counted(name, stream):
    def show(rdd):
        before = made.value
        print(name, rdd.take(2), made.value - before)

    stream.foreachRDD(show)


lines = ssc.socketTextStream("localhost", 9999)
endless = lines.flatMap(lambda line: itertools.count())
endless.pprint()
endless.foreachRDD(show)
lines.mapPartitions(lambda rows: itertools.chain(rows, itertools.count())).pprint(3)
endless.union(endless).map(str).pprint(1)
counted("20 rows", lines.flatMap(numbers(20)))
counted("200 rows", lines.flatMap(numbers(200)).map(lambda number: -number))
counted("no end", lines.flatMap(numbers(None)))

ssc.start()
ssc.awaitTermination()
