"""NaN, infinities, big and small numbers, and text of all kinds, as they are printed."""
import math

from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Texts")
ssc = StreamingContext(sc, 1)

lines = ssc.socketTextStream("localhost", 9999)
numbers = lines.filter(lambda line: line.startswith("n ")).flatMap(lambda line: map(float, line[2:].split()))
texts = lines.filter(lambda line: not line.startswith("n "))

numbers.pprint(20)
numbers.map(lambda n: (n, 1)).reduceByKey(lambda a, b: a + b).filter(lambda kv: not math.isnan(kv[0])).pprint(20)
numbers.foreachRDD(lambda rdd: print(rdd.sum(), rdd.filter(lambda n: n == n).sortBy(lambda n: n).collect()))
numbers.foreachRDD(lambda rdd: print(rdd.map(lambda n: "nan" if math.isnan(n) else n).collect(), rdd.count()))
texts.pprint()
texts.map(lambda t: (t, len(t), t.encode("utf-8"))).pprint()
texts.flatMap(lambda t: t).countByValue().pprint(50)
texts.map(lambda t: t.lower()).map(lambda t: (t, 1)).reduceByKey(lambda a, b: a + b).pprint()
texts.map(repr).pprint()

ssc.start()
ssc.awaitTermination()
