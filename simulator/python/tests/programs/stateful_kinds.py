"""Kinds of state: a set, a tuple, a class, None that is kept apart from absence, and a state that fails to end."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext


class Account:
    def __init__(self):
        self.balance = 0
        self.moves = 0

    def __repr__(self):
        return "Account(balance=%d, moves=%d)" % (self.balance, self.moves)


def to_account(amounts, account):
    account = account or Account()
    account.balance += sum(amounts)
    account.moves += len(amounts)
    return account


def lowest_and_highest(amounts, state):
    both = list(amounts) + (list(state) if state else [])
    return (min(both), max(both)) if both else state


def closed_at_zero(amounts, state):
    balance = sum(amounts) + (state or 0)
    return balance if balance else None


sc = SparkContext("local[2]", "States")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("states")
moves = ssc.socketTextStream("localhost", 9999).map(lambda line: line.split()).map(lambda f: (f[0], int(f[1])))

moves.updateStateByKey(to_account).pprint()
moves.updateStateByKey(lowest_and_highest).pprint()
closed = moves.updateStateByKey(closed_at_zero)
closed.pprint()
closed.map(lambda kv: kv[1]).reduce(lambda a, b: a + b).pprint()
moves.updateStateByKey(lambda new, old: sorted(set(old or []) | set(new))).pprint()
closed.join(moves).pprint()
closed.window(2, 2).groupByKey().mapValues(list).pprint()

ssc.start()
ssc.awaitTermination()
