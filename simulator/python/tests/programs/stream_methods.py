"""The methods of a DStream that work on each batch by itself."""
from pyspark import SparkContext, StorageLevel
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Methods")
ssc = StreamingContext(sc, batchDuration=1)

lines = ssc.socketTextStream("localhost", 9999, StorageLevel.MEMORY_ONLY)
words = lines.flatMap(lambda line: line.split(" "))
pairs = words.map(lambda w: (w[0], w)).persist(StorageLevel.MEMORY_AND_DISK)

lines.count().pprint()
words.countByValue().pprint()
words.glom().pprint()
words.repartition(3).glom().pprint()
words.mapPartitions(lambda ws: ["+".join(ws)]).pprint()
words.mapPartitionsWithIndex(lambda i, ws: [(i, len(list(ws)))]).pprint()
pairs.mapValues(len).pprint()
pairs.flatMapValues(lambda w: [w, w.upper()]).pprint(4)
pairs.groupByKey().mapValues(lambda ws: sorted(ws)).pprint()
pairs.groupByKey(1).mapValues(list).glom().pprint()
pairs.combineByKey(lambda w: [w], lambda ws, w: ws + [w], lambda a, b: a + b, 2).pprint()
pairs.reduceByKey(lambda a, b: a + "|" + b, 3).glom().pprint()
pairs.partitionBy(2, lambda key: 0 if key < "m" else 1).glom().pprint()
words.filter(lambda w: len(w) > 3).map(len).reduce(max).pprint()
lines.map(len).pprint(num=1)

ssc.start()
ssc.awaitTermination()
