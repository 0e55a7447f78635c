#!/usr/bin/env python3
"""Alerts of sensors: a running mean by combineByKey over a window, joined with limits."""
import json

from pyspark import SparkContext
from pyspark.streaming import StreamingContext

LIMITS = {"boiler": 90.0, "fridge": 8.0}


def parse(line):
    try:
        reading = json.loads(line)
        return [(reading["sensor"], float(reading["value"]))]
    except (ValueError, KeyError):
        return []


def alert(time, rdd):
    for sensor, (mean, limit) in sorted(rdd.collect()):
        print("%s %s %.2f %s %.1f" % (time.strftime("%H:%M"), sensor, mean, ">" if mean > limit else "<=", limit))


if __name__ == "__main__":
    sc = SparkContext("local[2]", "SensorAlerts")
    ssc = StreamingContext(sc, 60)
    limits = sc.parallelize(list(LIMITS.items()))
    readings = ssc.socketTextStream("localhost", 5555).flatMap(parse)
    means = readings.window(120, 60).combineByKey(
        lambda value: (value, 1),
        lambda acc, value: (acc[0] + value, acc[1] + 1),
        lambda a, b: (a[0] + b[0], a[1] + b[1]),
    ).mapValues(lambda acc: acc[0] / acc[1])
    means.transform(lambda rdd: rdd.join(limits)).foreachRDD(alert)
    readings.mapValues(lambda v: [v]).reduceByKey(lambda a, b: a + b).pprint()
    ssc.start()
    ssc.awaitTermination()
