"""The query of the bench `finite` on DataFusion, on one thread, from its text to its rows."""

import statistics
import time

import pyarrow
from datafusion import SessionConfig, SessionContext

ROWS = 1_000_000
GROUPS = 1_000, 100_000
ROUNDS = 15
QUERY = "SELECT word, sum(number), avg(number), max(number) FROM numbers WHERE number > 99 GROUP BY word"


def numbers(groups):
    """The rows of the bench, in batches of DataFusion's own size."""
    words = pyarrow.array(f"key-{index * 7_919 % groups:08}" for index in range(ROWS))
    column = pyarrow.array((index * 31 % 1_000 for index in range(ROWS)), pyarrow.int64())
    return pyarrow.table({"word": words, "number": column}).to_batches(max_chunksize=8_192)


def seconds(context):
    begin = time.perf_counter()
    context.sql(QUERY).collect()
    return time.perf_counter() - begin


for groups in GROUPS:
    context = SessionContext(SessionConfig().with_target_partitions(1))
    context.register_record_batches("numbers", [numbers(groups)])
    times = [seconds(context) for _ in range(ROUNDS)]
    quartiles = [f"{quartile * 1e3:.1f}" for quartile in statistics.quantiles(times)]
    print(f"{groups} groups: {quartiles[1]} ms, half of the times within {quartiles[0]} to {quartiles[2]} ms")
