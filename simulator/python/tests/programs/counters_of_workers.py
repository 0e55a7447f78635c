from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "counters_of_workers")
ssc = StreamingContext(sc, 1)

rows, batches, lines = 0, 0, 0


def count(row):
    global rows
    rows += 1
    return rows


def counting():
    calls = 0

    def count(row):
        nonlocal calls
        calls += row
        return calls

    return count, lambda: calls


def forget(row):
    global rows
    del rows
    return row


numbers = sc.parallelize([1, 2, 3, 4, 5], 2)
numbers.foreach(count)
print("after foreach:", rows)
print(numbers.map(count).collect(), rows)
print(numbers.map(lambda row: [count(row) for _ in range(2)]).collect(), rows)
inner, calls = counting()
print(numbers.map(inner).collect(), calls())
print(numbers.take(1), sc.parallelize([1]).map(forget).collect(), rows)


def show(time, rdd):
    global batches
    batches += 1
    rdd.foreach(count)
    print(time, rdd.collect(), "batches:", batches, "rows:", rows)


def bump():
    global lines
    lines += 1


def numbered(line):
    bump()
    return line, lines


print(sc.parallelize(["a", "b"], 1).map(numbered).map(lambda pair: (pair, lines)).collect(), lines)
ssc.socketTextStream("localhost", 9999).map(numbered).foreachRDD(show)
ssc.start()
ssc.awaitTermination()
print("in the end:", rows, batches, lines)
