"""With a checkpoint, functions of the driver are pickled when the context starts: those that hold a context or an RDD fail."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Pickled")
sc.setLogLevel("OFF")


def attempt(name, checkpoint, define):
    ssc = StreamingContext(sc, 1)
    if checkpoint:
        ssc.checkpoint("checkpoint-" + name)
    define(ssc.socketTextStream("localhost", 9999).map(lambda line: (line, 1)))
    try:
        ssc.start()
        ssc.awaitTerminationOrTimeout(1)
        print(name, "played")
    except Exception as error:
        print(name, type(error).__name__, "SPARK-5063" in str(error), "Could not serialize" in str(error))
    ssc.stop(stopSparkContext=False)


table = sc.parallelize([("a", "first")])

attempt("context", True, lambda pairs: pairs.transform(lambda rdd: sc.union([rdd, rdd])).pprint())
attempt("context without checkpoint", False, lambda pairs: pairs.transform(lambda rdd: sc.union([rdd, rdd])).pprint())
attempt("table", True, lambda pairs: pairs.transform(lambda rdd: rdd.join(table)).pprint())
attempt("table without checkpoint", False, lambda pairs: pairs.transform(lambda rdd: rdd.join(table)).pprint())
attempt("context of the rdd", True, lambda pairs: pairs.foreachRDD(lambda rdd: print(rdd.context.parallelize([1]).union(rdd).collect())))
attempt("in a task", False, lambda pairs: pairs.foreachRDD(lambda rdd: print(rdd.map(lambda kv: table.count()).collect())))
sc.stop()
