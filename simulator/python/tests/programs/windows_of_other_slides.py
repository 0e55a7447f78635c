"""Windows of several lengths and slides, over the same stream."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[3]", "Windows")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("windows")

numbers = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: [int(n) for n in line.split(",")])

numbers.window(3, 2).pprint()
numbers.window(1, 3).map(lambda n: ("late", n)).pprint()
numbers.reduceByWindow(lambda a, b: a + b, lambda a, b: a - b, 4, 2).pprint()
numbers.reduceByWindow(max, None, 4, 2).map(lambda n: "max %d" % n).pprint()
numbers.countByWindow(4, 2).pprint()
numbers.countByValueAndWindow(4, 2).pprint()

ssc.start()
ssc.awaitTermination()
