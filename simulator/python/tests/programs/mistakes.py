"""Mistakes that Spark refuses: where the error comes, and of which type it is."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "Mistakes")
sc.setLogLevel("OFF")


def attempt(name, define, *words):
    ssc = StreamingContext(sc, 1)
    lines = ssc.socketTextStream("localhost", 9999)
    stage = "define"
    try:
        define(ssc, lines)
        stage = "start"
        ssc.start()
        stage = "wait"
        ssc.awaitTerminationOrTimeout(1)
        stage = "end"
        print(name, "went well")
    except Exception as error:
        print(name, "in", stage, type(error).__name__, [word for word in words if word in str(error)])
    ssc.stop(stopSparkContext=False)


def total(new, old):
    return sum(new) + (old or 0)


def after_start(ssc, lines):
    lines.count().pprint()
    ssc.start()
    lines.map(len).pprint()


def start_twice(ssc, lines):
    lines.foreachRDD(lambda rdd: None)
    ssc.start()
    ssc.start()


def pairs(lines):
    return lines.map(lambda line: (line, 1))


attempt("no output", lambda ssc, lines: lines.map(len), "No output operations")
attempt("state without checkpoint", lambda ssc, lines: pairs(lines).updateStateByKey(total).pprint(), "checkpoint directory")
attempt("inverse without checkpoint", lambda ssc, lines: pairs(lines).reduceByKeyAndWindow(max, min, 5, 1).pprint(), "checkpoint directory")
attempt("few slides without checkpoint", lambda ssc, lines: pairs(lines).reduceByKeyAndWindow(max, min, 3, 1).pprint(), "checkpoint directory")
attempt("countByWindow without checkpoint", lambda ssc, lines: lines.countByWindow(5, 1).pprint(), "checkpoint directory")
attempt("window of half a batch", lambda ssc, lines: lines.window(1.5).pprint(), "must be multiple", "slide duration")
attempt("slide of half a batch", lambda ssc, lines: lines.window(3, 1.5).pprint(), "must be multiple", "slide duration")
attempt("union of none", lambda ssc, lines: ssc.union(), "at least one")
attempt("union of texts and numbers", lambda ssc, lines: ssc.union(lines, lines.map(len)).pprint(), "same serializer")
attempt("union of slides", lambda ssc, lines: ssc.union(lines, lines.window(2, 2)).pprint(), "slide")
attempt("stream after the start", after_start, "Adding new inputs, transformations, and output operations")
attempt("start twice", start_twice, "already been started")
attempt("a list as a key", lambda ssc, lines: lines.map(lambda line: ([line], 1)).reduceByKey(max).pprint(), "unhashable type: 'list'")
attempt("no pairs", lambda ssc, lines: lines.map(len).reduceByKey(max).pprint(), "TypeError", "cannot unpack", "not subscriptable", "not iterable")
attempt("text and number", lambda ssc, lines: lines.map(lambda line: line + 1).pprint(), "TypeError", "can only concatenate")
attempt("a generator as a record", lambda ssc, lines: lines.map(lambda line: (c for c in line)).pprint(), "cannot pickle 'generator' object")
attempt("transform to no RDD", lambda ssc, lines: lines.transform(lambda rdd: rdd.collect()).pprint(), "AttributeError", "has no attribute")
attempt("transform to None", lambda ssc, lines: lines.transform(lambda rdd: None).pprint())
attempt("transform that fails", lambda ssc, lines: lines.transform(lambda rdd: 1 / 0).pprint(), "ZeroDivisionError")
attempt("pprint of a wrong type", lambda ssc, lines: lines.pprint("ten"), "TypeError", "not supported", "must be str")
attempt("foreachRDD of three arguments", lambda ssc, lines: lines.foreachRDD(lambda a, b, c: None), "argument")
attempt("a file that is not there", lambda ssc, lines: lines.foreachRDD(lambda rdd: print(sc.textFile("nowhere").count())), "does not exist")
try:
    SparkContext("local[2]", "Second")
except Exception as error:
    print("second context", type(error).__name__, "Cannot run multiple SparkContexts at once" in str(error))
try:
    sc.parallelize([1]).map(lambda n: sc.parallelize([n])).collect()
except Exception as error:
    print("context in a task", type(error).__name__, "SPARK-5063" in str(error))
sc.stop()
try:
    sc.parallelize([1]).count()
except Exception as error:
    print("after the stop", type(error).__name__)
