"""Readings as named tuples and as a class of the program."""
from collections import namedtuple

from pyspark import SparkContext
from pyspark.streaming import StreamingContext

Reading = namedtuple("Reading", ["sensor", "celsius", "place"])


class Range:
    def __init__(self, low, high):
        self.low = low
        self.high = high

    def __repr__(self):
        return "Range(%.1f, %.1f)" % (self.low, self.high)

    def __add__(self, other):
        return Range(min(self.low, other.low), max(self.high, other.high))


def parse(line):
    sensor, celsius, place = line.split(";")
    return Reading(sensor, float(celsius), place)


sc = SparkContext("local[2]", "Readings")
ssc = StreamingContext(sc, 1)
readings = ssc.socketTextStream("localhost", 9999).map(parse)

readings.pprint()
readings.map(lambda r: (r.place, Range(r.celsius, r.celsius))).reduceByKey(lambda a, b: a + b).pprint()
readings.map(lambda r: r._replace(celsius=r.celsius * 9 / 5 + 32)).pprint()
readings.map(lambda r: (r, 1)).reduceByKey(lambda a, b: a + b).pprint()
readings.foreachRDD(lambda rdd: print(rdd.sortBy(lambda r: (r.celsius, r.sensor)).map(lambda r: r.sensor).collect()))
readings.foreachRDD(lambda rdd: print([type(r).__name__ for r in rdd.take(1)]))

ssc.start()
ssc.awaitTermination()
