"""transform with all that an RDD can do, and streams that go on from there."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Transforms")
ssc = StreamingContext(sc, 1)

spam = sc.parallelize([("casino", True), ("prize", True), ("hello", False)])
words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.lower().split())
pairs = words.map(lambda word: (word, 1))

clean = pairs.transform(lambda rdd: rdd.leftOuterJoin(spam).filter(lambda kv: not kv[1][1]).mapValues(lambda v: v[0]))
clean.pprint()
clean.reduceByKey(lambda a, b: a + b).window(3, 1).reduceByKey(lambda a, b: a + b).pprint()

sorted_words = words.transform(lambda rdd: rdd.sortBy(lambda w: (len(w), w)))
sorted_words.pprint()
sorted_words.map(lambda w: (len(w), w)).groupByKey().mapValues(list).pprint()
words.transform(lambda rdd: rdd.distinct()).count().pprint()
words.transform(lambda rdd: rdd.zipWithIndex().map(lambda wi: "%d:%s" % (wi[1], wi[0]))).pprint()
words.transform(lambda time, rdd: rdd.map(lambda w: (time.strftime("%M:%S"), w))).pprint(2)
pairs.transform(lambda rdd: rdd.reduceByKey(lambda a, b: a + b).sortByKey(False)).window(2, 1).pprint(20)
words.map(str.upper).transform(lambda rdd: rdd.filter(lambda w: "A" in w)).transform(lambda rdd: rdd.map(len)).reduce(max).pprint()
words.transform(lambda rdd: rdd.context.parallelize(rdd.take(2), 2)).glom().pprint()

ssc.start()
ssc.awaitTermination()
