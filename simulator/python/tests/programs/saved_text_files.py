"""Batches saved as folders of text, and read again at the end."""
import glob
import os

from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Saver")
ssc = StreamingContext(sc, 2)

pairs = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split()).map(lambda w: (w, len(w)))
pairs.reduceByKey(max).saveAsTextFiles("lengths", "txt")
pairs.map(lambda kv: kv[0]).saveAsTextFiles("words")

ssc.start()
ssc.awaitTermination()

for folder in sorted(glob.glob("lengths-*.txt") + glob.glob("words-*")):
    for path in sorted(glob.glob(folder + "/part-*")):
        with open(path, encoding="utf-8") as file:
            print(folder, os.path.basename(path), repr(file.read()))
    print(folder, "done" if os.path.exists(folder + "/_SUCCESS") else "not done")
print(sorted(sc.textFile("words-4000").collect()))
sc.stop()
