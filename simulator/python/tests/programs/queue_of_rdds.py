"""The queue stream of the Spark examples."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

if __name__ == "__main__":
    sc = SparkContext("local[2]", appName="PythonStreamingQueueStream")
    ssc = StreamingContext(sc, 1)

    # Create the queue through which RDDs can be pushed to a QueueInputDStream
    rddQueue = []
    for i in range(3):
        rddQueue += [ssc.sparkContext.parallelize([j for j in range(1, 101)], 10)]

    # Create the QueueInputDStream and use it do some processing
    inputStream = ssc.queueStream(rddQueue)
    mappedStream = inputStream.map(lambda x: (x % 10, 1))
    reducedStream = mappedStream.reduceByKey(lambda a, b: a + b)
    reducedStream.pprint()

    letters = ssc.queueStream([["a", "b"], ["c"], [], ["d", "e", "f"]], oneAtATime=False)
    letters.glom().pprint()
    ssc.queueStream([[1, 2], [3]], default=[0, 0]).pprint()

    ssc.start()
    ssc.awaitTerminationOrTimeout(5)
    ssc.stop(stopSparkContext=True, stopGraceFully=False)
    print("stopped")
