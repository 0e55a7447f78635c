"""Files that come into a folder, beside a socket."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Folder")
ssc = StreamingContext(sc, 1)

files = ssc.textFileStream("inbox")
control = ssc.socketTextStream("localhost", 9999)

counts = files.flatMap(lambda line: line.split(",")).map(lambda w: (w.strip(), 1)).reduceByKey(lambda a, b: a + b)
counts.pprint()
files.glom().pprint()
control.union(files).count().pprint()

ssc.start()
ssc.awaitTermination()
