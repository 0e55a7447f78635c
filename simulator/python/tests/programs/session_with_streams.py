"""A SparkSession whose context is used for streams, with a window over it."""
from pyspark.sql import SparkSession
from pyspark.streaming import StreamingContext


def main():
    spark = (
        SparkSession.builder.master("local[2]")
        .appName("SessionWithStreams")
        .config("spark.default.parallelism", "4")
        .config("spark.streaming.stopGracefullyOnShutdown", "false")
        .getOrCreate()
    )
    sc = spark.sparkContext
    sc.setLogLevel("WARN")
    print(sc.appName, sc.master, sc.defaultParallelism, spark.conf.get("spark.default.parallelism"))
    ssc = StreamingContext(sc, 1)
    orders = ssc.socketTextStream("localhost", 9999).map(lambda line: line.split(","))
    by_country = orders.map(lambda order: (order[1], float(order[2])))
    by_country.reduceByKey(lambda a, b: a + b).pprint()
    by_country.reduceByKeyAndWindow(lambda a, b: a + b, None, 3, 1).map(lambda kv: (kv[0], round(kv[1], 2))).pprint()
    ssc.start()
    ssc.awaitTermination()
    spark.stop()


main()
