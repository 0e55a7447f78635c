"""A program dies by its timeline, and goes on from its checkpoint."""

import itertools
import subprocess
import sys

import pytest

#: A program that goes on from its checkpoint, with totals of its source.
TOTALS = """
import os, sys, time
from pyspark import SparkConf, SparkContext
from pyspark.streaming import StreamingContext

def set_up():
    print("set up")
    conf = SparkConf().setMaster("local[2]").setAppName("totals").setAll([SETTINGS])
    ssc = StreamingContext(SparkContext(conf=conf), 1)
    totals = ssc.SOURCE.map(lambda word: (word, 1)).updateStateByKey(UPDATE)
    totals.pprint()
    return ssc

ssc = StreamingContext.getOrCreate("checkpoint", set_up)
ssc.start()
ssc.awaitTermination()
"""

SOCKET = 'socketTextStream("localhost", 9999)'
FILES = 'textFileStream("inbox")'
SUM = "lambda new, old: sum(new) + (old or 0)"


def program(source=FILES, update=SUM, settings=""):
    return TOTALS.replace("SOURCE", source).replace("UPDATE", update).replace("SETTINGS", settings)


def crash(at, restart, **point):
    return [{"at": at, "crash": "driver", **point}, {"at": restart, "restart": "driver"}]


@pytest.fixture
def play(tmp_path, millrace):
    """Runs the text of a program."""

    def play(text, timeline, name="job.py", **settings):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return millrace.run(tmp_path / name, timeline, folder=tmp_path, **settings)

    return play


def shown(run):
    """The second and the rows of each batch."""
    return [(int(batch.time[-2:]), batch.rows) for batch in run.batches()]


def test_totals_go_on_and_the_last_batches_run_again(play):
    timeline = {"0.5s": ["a"], "1.5s": ["a"], "2.5s": ["a"], "3.5s": ["a"], "4.5s": ["a"]}
    run = play(program(), timeline, faults=crash("2.2s", "3.2s"))
    totals = [(second, [("a", second)]) for second in (1, 2, 2, 3, 4, 5)]
    assert shown(run) == totals
    assert run.batches("totals") == run.batches()
    assert run.output.count("set up\n") == 1, "Spark has the program in the checkpoint"
    assert (
        "-- driver crashed\n-- driver recovered: checkpoint of 1970-01-01 00:00:02; "
        "again 1970-01-01 00:00:02, 1970-01-01 00:00:03\n"
    ) in run.output


def test_a_program_that_makes_its_context_itself_begins_anew(play):
    text = program().replace('StreamingContext.getOrCreate("checkpoint", set_up)', "set_up()\nssc.checkpoint('checkpoint')")
    run = play(text, {"0.5s": ["a"], "3.5s": ["a"]}, faults=crash("2.2s", "3.2s"), stop="4s")
    assert shown(run) == [(1, [("a", 1)]), (2, [("a", 1)]), (4, [("a", 1)])]
    assert run.output.count("set up\n") == 2


def test_lines_of_a_socket_that_come_while_nobody_listens_are_lost(play):
    timeline = {"0.5s": ["a"], "2.5s": ["lost"], "3.5s": ["b"]}
    run = play(program(SOCKET), timeline, faults=crash("2.2s", "3.2s"))
    assert shown(run)[-1] == (4, [("b", 1)]), "those before are lost, too, as they are in no log"
    assert "; lost input-0-0" in run.output
    run = play(program(SOCKET, settings='("spark.streaming.receiver.writeAheadLog.enable", "true")'), timeline,
               faults=crash("2.2s", "3.2s"))
    assert shown(run)[-1] == (4, [("b", 1), ("a", 1)])


#: The first two are before there is a checkpoint, in the first batch: from none nothing goes on.
POINTS = ["generation", "before checkpoint", "job", "after checkpoint", "output", "completed", "before completion checkpoint"]


@pytest.mark.parametrize("interval", [None, 2])
@pytest.mark.parametrize("point", POINTS)
def test_wherever_it_dies_the_counts_are_those_of_a_run_without_a_crash(play, point, interval):
    timeline = {f"{second}.5s": ["a", "b" * second] for second in range(6)}
    text = program()
    if interval:
        text = text.replace("totals.pprint()", f"totals.checkpoint({interval})\n    totals.pprint()")
    whole = shown(play(text, timeline))
    for batch, down in itertools.product(range(2 if point in POINTS[:2] else 1, 7), (0, 2)):
        at, restart = f"{batch}s", f"{batch + down}.1s"
        run = play(text, timeline, faults=crash(at, restart, point=point), stop="9s")
        assert run.output.count("-- driver crashed") == 1
        shown_last = dict(shown(run))
        assert {second: shown_last[second] for second, _ in whole} == dict(whole), (point, batch, down)


def test_what_a_program_does_after_its_death_is_not_seen(play):
    text = program().replace("ssc.awaitTermination()", """
try:
    ssc.awaitTermination()
except BaseException:
    print("caught")
finally:
    print("at last")
""")
    run = play(text, {"0.5s": ["a"]}, faults=crash("1.2s", "2.2s"), stop="3s")
    assert run.output.count("at last") == 1, "that of the second life"
    assert "caught" not in run.output


def test_a_program_that_stays_dead_has_the_code_of_a_killed_process(play):
    run = play(program(), {"0.5s": ["a"]}, faults=[{"at": "2.2s", "crash": "driver"}], stop="5s")
    assert (run.code, run.exception) == (137, None)
    assert run.output.endswith("-- driver crashed\n")
    assert [second for second, _ in shown(run)] == [1, 2]


def test_a_program_may_die_before_it_starts_a_stream(play):
    text = "import time\nprint(time.time())\ntime.sleep(2)\n" + program()
    run = play(text, {"0.5s": ["a"], "4.5s": ["b"]}, faults=crash("1s", "2s"))
    assert run.output.startswith("0.0\n-- driver crashed\n2.0\nset up\n")
    assert shown(run) == [(5, [("b", 1)])]


def test_a_program_that_has_ended_is_started_again(play):
    failing = "lambda new, old: 1 // 0 if not os.path.exists('failed') and not open('failed', 'w').close() else sum(new) + (old or 0)"
    run = play(program(update=failing), {"0.5s": ["a"]}, faults=crash("3.2s", "4.2s"), stop="5s")
    assert "ZeroDivisionError" in run.error, "it ends by itself, before the crash"
    assert "-- driver crashed" not in run.output
    assert shown(run)[-1] == (5, [("a", 1)])


def test_a_driver_that_stops_in_order_goes_on_too(play):
    text = program() + "print('done')\n"
    run = play(text, {"0.5s": ["a"], "5.5s": ["a"]}, faults=[{"at": "2.2s", "stop": "driver"}, {"at": "5s", "restart": "driver"}])
    assert run.output.count("done\n") == 2
    assert shown(run)[-1] == (6, [("a", 2)])


def test_states_may_be_objects_of_the_program(play):
    text = program(update="count").replace("def set_up", """
class Count:
    def __init__(self, n):
        self.n = n
    def __repr__(self):
        return f"n={self.n}"

def count(new, old):
    assert old is None or isinstance(old, Count)
    return Count(sum(new) + (old.n if old else 0))

def set_up""").replace("totals.pprint()", "totals.checkpoint(1)\n    totals.pprint()")
    run = play(text, {"0.5s": ["a"], "2.5s": ["a"]}, faults=crash("2.2s", "2.4s"))
    assert run.output.rstrip().endswith("('a', n=2)")


def test_a_state_that_cannot_be_pickled_fails_its_batch(play):
    text = program(update="lambda new, old: threading.Lock()").replace("import os", "import threading, os")
    with pytest.raises(TypeError, match="cannot pickle '_thread.lock' object"):
        play(text.replace("totals.pprint()", "totals.checkpoint(1)\n    totals.count().pprint()"), {"0.5s": ["a"]})


def test_a_program_of_another_shape_does_not_go_on(play):
    text = program().replace("totals.pprint()", "totals.pprint()\n    if time.time() > 1: totals.map(str).pprint()")
    with pytest.raises(RuntimeError, match="the checkpoint is one of another program"):
        play(text, {"0.5s": ["a"]}, faults=crash("1.2s", "2.2s"), stop="3s")


def test_a_checkpoint_that_cannot_be_read_is_no_beginning(play):
    damaged = [{"at": "1.3s", "corrupt": "newest checkpoint"}] * 9
    faults = [{"at": "1.2s", "crash": "driver"}, *damaged, {"at": "2.2s", "restart": "driver"}]
    with pytest.raises(RuntimeError, match="Failed to read checkpoint from directory checkpoint"):
        play(program(), {"0.5s": ["a"]}, faults=faults, stop="3s")


def test_spark_reads_no_checkpoint_of_a_queue(play):
    text = program("queueStream([['a'], ['b']])")
    with pytest.raises(RuntimeError, match="queueStream doesn't support checkpointing"):
        play(text, {"0.5s": []}, faults=crash("1.2s", "2.2s"), stop="3s")


def test_a_context_that_has_stopped_goes_on_in_the_same_process(play):
    text = program().replace("ssc.awaitTermination()", """
ssc.awaitTerminationOrTimeout(2.2)
ssc.stop(STOPS_SPARK)
context = ssc.sparkContext
ssc = StreamingContext.getOrCreate("checkpoint", set_up)
print("the same:", ssc.sparkContext is context)
ssc.start()
ssc.awaitTermination()
""")
    timeline = {"0.5s": ["a"], "2.5s": ["a"]}
    for stops in (True, False):
        run = play(text.replace("STOPS_SPARK", str(stops)), timeline)
        assert shown(run) == [(1, [("a", 1)]), (2, [("a", 1)]), (2, [("a", 1)]), (3, [("a", 2)])]
        assert f"the same: {not stops}\n-- driver recovered: " in run.output


def test_files_on_the_disk_are_read_again_and_those_of_the_time_between(play, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "old").write_text("old\n")
    text = program(FILES).replace("totals.pprint()", """
    def write(when, rdd):
        if not os.path.exists(f"inbox/{when.second}"):
            open(f"inbox/{when.second}", "w").write(f"f{when.second}\\n")
    totals.foreachRDD(write)
    totals.pprint()""")
    whole = shown(play(text, {"0.5s": []}, stop="5s"))
    for file in inbox.iterdir():
        file.unlink()
    (inbox / "old").write_text("old\n")
    run = play(text, {"0.5s": []}, faults=crash("3s", "3.2s", point="output"), stop="5s")
    assert dict(shown(run)) == dict(whole)


def test_a_program_goes_on_from_a_folder_on_the_disk(play, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    writes = "totals.foreachRDD(lambda when, rdd: open(f'inbox/{when.second}', 'w').write('a\\n'))\n    totals.pprint()"
    text = program().replace("totals.pprint()", writes)
    run = play(text, {"0.5s": []}, stop="3s", on_disk=True)
    assert shown(run) == [(1, []), (2, [("a", 1)]), (3, [("a", 2)])]
    (inbox / "between").write_text("b\n")
    again = play(text, {}, start=5_200, stop="1s", on_disk=True)
    assert "set up" in run.output and "set up" not in again.output
    assert shown(again) == [(3, [("a", 2)]), (4, [("b", 1), ("a", 3)]), (5, [("b", 1), ("a", 4)]), (6, [("b", 1), ("a", 5)])]
    assert "set up" in play(text, {"0.5s": []}, stop="1s").output, "without it nothing is read"


def test_faults_are_of_programs_that_can_be_run_again(millrace, play):
    from millrace import timeline
    from millrace.errors import UsageError

    with pytest.raises(UsageError, match="a timeline with faults runs a program again, from its file"):
        with millrace.stage({"1s": []}, faults=crash("1s", "2s")):
            pass
    with pytest.raises(TypeError, match="faults are a list such as"):
        timeline.of({}, faults={"at": "3s"})
    with pytest.raises(ValueError, match="the driver runs already"):
        timeline.of({}, faults=[{"at": "3s", "restart": "driver"}])
    with pytest.raises(NotImplementedError, match="a program with streams and queries"):
        streams = program().replace("SparkContext(conf=conf)", "spark.sparkContext")
        play(query() + streams, {"1s": ["a"]}, faults=crash("1s", "2s"))


#: A query of the lines of a folder, whose counts it writes with the number of the micro-batch.
QUERY = """
from pyspark.sql import SparkSession
spark = SparkSession.builder.config("spark.sql.shuffle.partitions", 2).getOrCreate()
counts = spark.readStream.text("inbox").groupBy("value").count()

def show(table, number):
    print(number, sorted(tuple(row) for row in table.collect()))

query = counts.writeStream.outputMode("update").option("checkpointLocation", "counts").foreachBatch(show).start()
"""


def query(end=""):
    return QUERY + end


AWAITED = "query.awaitTermination()"


def test_a_query_goes_on_where_its_process_has_died(play):
    timeline = {"0.5s": {"inbox": ["a"]}, "1.5s": {"inbox": ["a"]}, "2.5s": {"inbox": ["a", "b"]}}
    run = play(query(AWAITED), timeline, faults=crash("1s", "2s"))
    assert run.output.splitlines() == [
        "0 [('a', 1)]",
        "-- driver crashed",
        "-- driver recovered: batch 1 is next",
        "1 [('a', 2)]",
        "2 [('a', 3), ('b', 1)]",
    ]


def test_a_query_dies_at_a_file_of_its_checkpoint(play):
    timeline = {"0.5s": {"inbox": ["a"]}, "1.5s": {"inbox": ["a"]}}
    dies = crash("1s", "2s", after="offsets/1")
    run = play(query(AWAITED), timeline, faults=dies)
    again = ["-- driver crashed", "-- driver recovered: batch 1 runs again", "1 [('a', 2)]"]
    assert run.output.splitlines() == ["0 [('a', 1)]", *again]
    dies[1:1] = [{"at": "1.8s", "corrupt": {"file": "offsets/1"}}]
    with pytest.raises(RuntimeError, match="Failed to read checkpoint from directory counts: offsets/1"):
        play(query(AWAITED), timeline, faults=dies)
    late = play(query(AWAITED), timeline, faults=crash("1s", "2s", after="offsets/9"))
    assert "no query has written the file offsets/9 of its checkpoint: the crash at it has not come" in late.error


def test_a_query_goes_on_from_a_folder_on_the_disk(play, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "1.txt").write_text("a\na\n", encoding="utf-8")
    first = play(query(AWAITED + "\nprint(query.id)"), {"0.5s": {"inbox": ["b"]}}, on_disk=True)
    (inbox / "2.txt").write_text("a\n", encoding="utf-8")
    again = play(query(AWAITED + "\nprint(query.id)"), {"0.5s": {"inbox": ["b"]}}, start=5_000, on_disk=True)
    assert first.output.splitlines()[:2] == ["0 [('a', 2)]", "1 [('b', 1)]"]
    assert again.output.splitlines()[:3] == ["-- driver recovered: batch 2 is next", "2 [('a', 3)]", "3 [('b', 2)]"]
    assert first.output.splitlines()[-1] == again.output.splitlines()[-1], "the id is that of the checkpoint"
    assert "0 [('a', 3)]" in play(query(AWAITED), {"0.5s": []}).output, "without it nothing is read"


def test_a_folder_of_another_kind_of_program_is_refused(play, tmp_path):
    play(query(AWAITED), {"0.5s": {"inbox": ["a"]}}, on_disk=True)
    play(program(), {"0.5s": ["a"]}, on_disk=True)
    with pytest.raises(RuntimeError, match="is a file of a program of streams"):
        play(query(AWAITED).replace('"counts")', '"checkpoint")'), {"0.5s": {"inbox": ["a"]}}, on_disk=True)


def test_lines_of_the_timeline_of_an_earlier_run_are_kept_with_the_checkpoint(play):
    play(program(), {"0.5s": ["a"], "1.5s": ["b"]}, on_disk=True)
    again = play(program(), {"0.5s": ["c"]}, start=3_000, on_disk=True)
    assert shown(again) == [(second, [("b", 1), ("a", 1)]) for second in (2, 3)] + [(4, [("b", 1), ("c", 1), ("a", 1)])]
    last = play(program(), {"0.5s": ["a"]}, start=4_000, on_disk=True)
    assert shown(last)[-1] == (5, [("b", 1), ("c", 1), ("a", 2)])


def test_a_listener_of_the_function_that_is_not_called_is_not_there(play):
    text = program().replace("totals.pprint()", "totals.pprint()\n    ssc.addStreamingListener(Told())").replace("def set_up", """
from pyspark.streaming import StreamingListener

class Told(StreamingListener):
    def onStreamingStarted(self, started):
        print("started at", started.time())
    def onBatchSubmitted(self, submitted):
        print("records:", submitted.batchInfo().numRecords())

def set_up""")
    inside = play(text, {"0.5s": []}, faults=crash("1.2s", "2.2s"), stop="3s")
    assert inside.output.count("started at") == 1
    outside = text.replace("\n    ssc.addStreamingListener(Told())", "").replace(FILES, SOCKET)
    outside = outside.replace("ssc.start()", "ssc.addStreamingListener(Told())\nssc.start()")
    run = play(outside, {"0.5s": ["a"], "2.5s": ["b", "c"]}, faults=crash("1.2s", "2.2s"))
    said = [line for line in run.output.splitlines() if line.startswith(("started", "records"))]
    assert said == ["started at 0", "records: 1", "started at 2200", "records: 0", "records: 0", "records: 2"]


def test_a_disk_that_fails_and_a_job_that_is_slow(play):
    faults = [
        {"at": "1s", "fail": "checkpoint", "times": 2},
        {"at": "2s", "slow": "1500ms"},
        {"at": "3.8s", "crash": "driver"},
        {"at": "3.9s", "restart": "driver"},
    ]
    text = program().replace("totals.pprint()", "totals.foreachRDD(lambda rdd: print('at', time.time()))")
    run = play(text, {"0.5s": ["a"]}, faults=faults, stop="4s")
    assert "-- checkpoint of 1970-01-01 00:00:01 not written: the disk fails\n" in run.output
    times = [line for line in run.output.splitlines() if line.startswith("at ")]
    assert times == ["at 1.0", "at 3.5", "at 3.5", "at 3.9", "at 4.0"]


def test_a_program_that_goes_on_after_a_stop_is_not_started_again(play):
    text = program() + "time.sleep(3)\nprint('done')\n"
    run = play(text, {"0.5s": ["a"]}, faults=[{"at": "1.2s", "stop": "driver"}, {"at": "4s", "restart": "driver"}], stop="9s")
    assert run.output.count("done") == 1
    assert "the restart 4000 ms after the start has none to restart: the program runs" in run.error


def test_a_batch_that_never_ends_has_no_crash(play):
    run = play(program(), {"0.5s": ["a"]}, faults=[{"at": "1.5s", "crash": "driver", "point": "job"}], stop="3s")
    assert "the crash in it has not come" in run.error


@pytest.fixture
def command(tmp_path):
    def command(text, timeline, *options):
        (tmp_path / "job.py").write_text(text, encoding="utf-8")
        (tmp_path / "timeline.toml").write_text(timeline, encoding="utf-8")
        words = [sys.executable, "-m", "millrace", "run", *options, "job.py", "--timeline", "timeline.toml"]
        return subprocess.run(words, capture_output=True, cwd=tmp_path, encoding="utf-8", timeout=60)

    return command


TIMELINE = """
timeline = [
  { at = "500ms", lines = ["a"] },
  { at = "1200ms", crash = "driver" },
  { at = "1500ms", lines = ["a"] },
  { at = "2200ms", restart = "driver" },
]
clock = { stop = "3s" }
"""


def test_each_life_has_an_interpreter_of_its_own(command):
    text = program().replace("def set_up", "import json\nprint(hasattr(json, 'mine'))\njson.mine = 1\nos.chdir('/')\n\ndef set_up")
    text = text.replace("ssc.awaitTermination()", "import atexit\natexit.register(print, 'exit')\nssc.awaitTermination()")
    run = command(text, TIMELINE)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert lines.count("False") == 2 and lines.count("exit") == 1 and lines.count("set up") == 1
    assert "-- driver crashed" in lines
    assert lines[-3:] == ["('a', 2)", "", "exit"]
    dead = command(text, TIMELINE.replace('  { at = "2200ms", restart = "driver" },\n', ""))
    assert dead.returncode == 137
    assert dead.stdout.endswith("-- driver crashed\n")


def test_a_second_process_goes_on_from_a_folder_on_the_disk(command, tmp_path):
    first = 'timeline = [{ at = "1s", lines = ["a"] }]\n'
    text = program(settings='("spark.streaming.receiver.writeAheadLog.enable", "true")', source=SOCKET)
    assert command(text, first, "--on-disk").returncode == 0
    assert any(it.name.startswith("checkpoint-") for it in (tmp_path / "checkpoint").iterdir())
    second = 'timeline = [{ at = "1s", lines = ["b"] }]\n[clock]\nstart = 1970-01-01T00:00:01.2Z\n'
    run = command(text, second, "--on-disk")
    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith("Time: 1970-01-01 00:00:03\n" + "-" * 43 + "\n('b', 1)\n('a', 1)\n\n")
