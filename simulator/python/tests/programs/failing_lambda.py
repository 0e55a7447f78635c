"""A lambda that raises in the third batch, caught around awaitTermination."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Failing")
sc.setLogLevel("OFF")
ssc = StreamingContext(sc, 1)

ssc.socketTextStream("localhost", 9999).map(lambda line: 100 // int(line)).pprint()

ssc.start()
try:
    ssc.awaitTermination()
    print("not reached")
except Exception as error:
    print("failed:", type(error).__name__)
    print("division" in str(error), "ZeroDivisionError" in str(error))
finally:
    ssc.stop(stopSparkContext=True)
print("after")
