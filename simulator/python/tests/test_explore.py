"""Programs with a fault each, which an exploration finds."""

import pytest

#: A program that goes on from its checkpoint.
PROGRAM = """
import sys
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

def set_up():
    ssc = StreamingContext(SparkContext("local[2]", "numbers"), 1)
    ssc.checkpoint("checkpoint")
    pairs = ssc.textFileStream("inbox").map(lambda line: ("key", int(line)))
    STEPS
    return ssc

ssc = StreamingContext.getOrCreate("checkpoint", set_up)
ssc.start()
ssc.awaitTermination()
"""

SUM = "pairs.updateStateByKey(lambda new, old: sum(new) + (old or 0)).pprint()"

NUMBERS = {"0.5s": ["5", "3", "8"], "1.5s": ["4", "1"], "3.5s": ["2"]}


@pytest.fixture
def explore(tmp_path, millrace):
    """Explores a program with these steps."""

    def explore(steps, timeline=NUMBERS, **settings):
        (tmp_path / "job.py").write_text(PROGRAM.replace("STEPS", steps), encoding="utf-8")
        settings = {"seeds": range(1, 31), "folder": tmp_path, **settings}
        return millrace.explore(tmp_path / "job.py", timeline, **settings)

    return explore


def broken(explore, steps, **settings):
    with pytest.raises(AssertionError) as raised:
        explore(steps, **settings)
    return str(raised.value)


def test_a_program_without_a_fault_keeps_its_promises(explore):
    def grows(batch):
        return all(total > 0 for _, total in batch.rows)

    def reaches_the_sum(run):
        assert run.batches()[-1].rows == [("key", 23)]

    assert explore(SUM, always=[grows], eventually=[reaches_the_sum], any_cut=True) == 30


def test_a_reducer_that_is_not_commutative_is_found_on_two_lines(explore):
    text = broken(explore, "pairs.reduceByKey(lambda _, last: last).pprint()")
    assert text.startswith("Values are merged by a commutative function")
    assert text.count('"at"') == 1, text


def test_a_reducer_that_is_not_associative_is_found(explore):
    text = broken(explore, "pairs.reduceByKey(lambda a, b: abs(a - b)).pprint()")
    assert "Values are merged by a" in text


def test_an_update_function_that_counts_its_calls_is_found(explore):
    count = """
    calls = []
    def update(new, old):
        sys.calls = getattr(sys, "calls", 0) + 1
        return sum(new) + sys.calls
    pairs.updateStateByKey(update).pprint()
"""
    assert "A function is a pure function of its arguments" in broken(explore, count.strip())


def test_a_result_that_depends_on_the_cut_is_found(explore):
    steps = "pairs.updateStateByKey(lambda new, old: sum(new) if new else old).pprint()"
    assert explore(steps) == 30
    assert "The result does not depend on the batches" in broken(explore, steps, any_cut=True)


def test_a_sink_that_is_not_idempotent_is_found_by_what_is_eventually_so(explore, tmp_path):
    store = tmp_path / "store.txt"
    sink = f"""{SUM}
    def append(rdd):
        with open({str(store)!r}, "a") as file:
            file.writelines(f"{{number}}\\n" for _, number in rdd.collect())
    pairs.foreachRDD(append)
"""

    def has_each_number_once(run):
        numbers = store.read_text().split()
        assert sum(map(int, numbers)) <= 23, numbers

    text = broken(explore, sink, eventually=[has_each_number_once], before_each=lambda: store.write_text(""))
    assert text.startswith("What is eventually so is so when the run ends.\n  has_each_number_once: ")
    assert '"crash": "driver"' in text


def test_what_does_not_hold_without_a_fault_is_said(explore):
    assert broken(explore, SUM, always=[lambda batch: False]).startswith("without a fault:\nWhat is always so")


def test_a_timeline_is_a_dictionary(explore):
    with pytest.raises(TypeError, match="a timeline is a dictionary"):
        explore(SUM, timeline="timeline.toml")
