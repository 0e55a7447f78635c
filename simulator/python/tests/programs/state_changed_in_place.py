"""State that is a list or a dict, changed in place: what earlier batches and other streams see of it."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "InPlace")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("in-place")


def append(new_values, state):
    state = state if state is not None else []
    state.extend(new_values)
    return state


def tally(new_values, state):
    state = state or {}
    for value in new_values:
        state[value] = state.get(value, 0) + 1
    return state


events = ssc.socketTextStream("localhost", 9999).map(lambda line: tuple(line.split(" ", 1)))

visits = events.updateStateByKey(append)
visits.pprint()
visits.window(3, 1).pprint()
visits.mapValues(lambda pages: (pages.append("extra"), len(pages))[1]).pprint()
visits.mapValues(len).pprint()
events.updateStateByKey(tally).pprint()

ssc.start()
ssc.awaitTermination()
