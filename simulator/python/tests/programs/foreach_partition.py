"""Work in partitions: what it writes is seen by accumulators and in files alone."""
from pyspark import SparkContext
from pyspark.accumulators import AccumulatorParam
from pyspark.streaming import StreamingContext


class VectorParam(AccumulatorParam):
    def zero(self, value):
        return [0] * len(value)

    def addInPlace(self, one, other):
        return [a + b for a, b in zip(one, other)]


sc = SparkContext("local[2]", "ForeachPartition")
ssc = StreamingContext(sc, 1)

partitions = sc.accumulator(0)
total = sc.accumulator(0.0)
by_kind = sc.accumulator([0, 0, 0], VectorParam())
sent = []


def send_partition(records):
    connection = []
    for record in records:
        connection.append(record)
        kind = {"a": 0, "b": 1}.get(record[0], 2)
        by_kind.add([1 if index == kind else 0 for index in range(3)])
    sent.append(connection)
    partitions.add(1)


def send_rdd(rdd):
    rdd.foreachPartition(send_partition)
    rdd.foreach(lambda record: total.add(len(record)))
    print(partitions.value, total.value, by_kind.value, sent)


ssc.socketTextStream("localhost", 9999).flatMap(str.split).foreachRDD(send_rdd)
ssc.start()
ssc.awaitTermination()
print(partitions, total, by_kind)
