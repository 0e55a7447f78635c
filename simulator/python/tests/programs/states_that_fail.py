"""The failure of a state or of a window by an inverse function is of the function that reads the batch, if one does."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "StatesThatFail")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")

ACTIONS = {
    "collect": lambda rdd: rdd.collect(),
    "count": lambda rdd: rdd.count(),
    "take": lambda rdd: rdd.take(1),
    "first": lambda rdd: rdd.first(),
    "isEmpty": lambda rdd: rdd.isEmpty(),
    "foreach": lambda rdd: rdd.foreach(lambda row: None),
    "reduce": lambda rdd: rdd.reduce(lambda x, y: x),
    "map": lambda rdd: rdd.mapValues(lambda total: total + 1).collect(),
    "union": lambda rdd: rdd.union(rdd).count(),
    "join": lambda rdd: rdd.ctx.parallelize([("a", 0)], 1).join(rdd).collect(),
    "repartition": lambda rdd: rdd.repartition(2).count(),
}


def update(new, old):
    if "unlucky" in new:
        raise ValueError("an unlucky word")
    return (old or 0) + len(new)


def take_away(total, gone):
    if gone == 2:
        raise ValueError("no less than that")
    return total - gone


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        messages = ("an unlucky word", "no less than that")
        return "fails: " + str([message for message in messages if message in str(error)])


def passed_on(time, rdd):
    print(time.second, "passed on")
    return rdd.mapValues(lambda total: 10 * total)


def show(name, stream):
    stream.foreachRDD(lambda time, rdd: print(time.second, name, outcome(rdd.collect)))


def read_by_all(time, rdd):
    for name, action in ACTIONS.items():
        print(time.second, name, outcome(action, rdd))


pairs = ssc.socketTextStream("localhost", 9999).map(lambda line: ("a", line))
states = pairs.updateStateByKey(update, 1)
states.foreachRDD(lambda time, rdd: print(time.second, "not read", rdd.getNumPartitions()))
states.foreachRDD(read_by_all)
show("behind", states.transform(passed_on))

lengths = pairs.mapValues(len)
show("window by key", lengths.reduceByKeyAndWindow(lambda x, y: x + y, take_away, 6, 1, 1))
show("window", lengths.map(lambda pair: pair[1]).reduceByWindow(lambda x, y: x + y, take_away, 6, 1))

ssc.start()
ssc.awaitTermination()
print("nothing has failed")
