"""Event loops of `asyncio` wait in virtual time."""

import pytest

HEAD = """
import asyncio, datetime, threading, time
from pyspark import SparkContext
from pyspark.streaming import StreamingContext
sc = SparkContext("local[2]", "loops")
ssc = StreamingContext(sc, 1)
lines = ssc.socketTextStream("localhost", 9999)

def now():
    return round(time.time(), 6)
"""
TIMELINE = {"1.5s": ["a"], "3.5s": ["b"]}


@pytest.fixture
def play(millrace, tmp_path):
    def play(text, **settings):
        (tmp_path / "job.py").write_text(HEAD + text)
        return millrace.run(tmp_path / "job.py", TIMELINE, **settings)

    return play


def test_a_program_that_sleeps_before_it_starts(play):
    run = play("""
async def sleep():
    await asyncio.gather(asyncio.sleep(90), asyncio.sleep(0.1), asyncio.sleep(0))

lines.pprint()
asyncio.run(asyncio.sleep(0.3))
print(now())
""")
    assert run.output == "0.3\n"


def test_batches_run_while_a_loop_waits(play):
    run = play("""
lines.foreachRDD(lambda batch_time, rdd: print(batch_time.second, rdd.collect()))

async def main():
    await asyncio.sleep(2.25)
    print("slept", now())
    try:
        await asyncio.wait_for(asyncio.Event().wait(), 1)
    except asyncio.TimeoutError:
        print("waited", now())
    async with asyncio.timeout(60):
        await asyncio.gather(asyncio.sleep(0.5), asyncio.sleep(1))
    print("both", now())

ssc.start()
asyncio.run(main())
""")
    assert run.output == "1 []\n2 ['a']\nslept 2.25\n3 []\nwaited 3.25\n4 ['b']\nboth 4.25\n"


def test_a_batch_may_set_an_event_of_a_loop(play):
    run = play("""
seen = asyncio.Event()
lines.foreachRDD(lambda rdd: rdd.isEmpty() or seen.set())
ssc.start()
asyncio.run(seen.wait())
print(now())
""")
    assert run.output == "2.0\n"


def test_an_event_that_nothing_sets(play):
    run = play("lines.pprint()\nssc.start()\nasyncio.run(asyncio.Event().wait())\n", check=False)
    assert str(run.exception) == "the program waits for an event, which nothing sets before its timeline ends"


def test_threads_and_processes_are_waited_for_in_real_time(play):
    run = play("""
lines.pprint()
ssc.start()

async def main():
    ready = threading.Event()
    waiting = asyncio.to_thread(ready.wait, 30)
    asyncio.get_running_loop().call_later(0.25, ready.set)
    print(await asyncio.wait_for(waiting, 60), now())
    process = await asyncio.create_subprocess_exec("echo", "done", stdout=asyncio.subprocess.PIPE)
    print((await asyncio.wait_for(process.communicate(), 60))[0], now())

asyncio.run(main())
""")
    assert run.output == "True 0.25\nb'done\\n' 0.25\n"


def test_a_function_of_a_batch_has_a_loop_of_its_own(play):
    run = play("""
async def collected(rdd):
    await asyncio.sleep(0)
    return rdd.collect()

lines.foreachRDD(lambda rdd: print(asyncio.run(collected(rdd))))
ssc.start()
asyncio.run(asyncio.sleep(2))
""")
    assert run.output == "[]\n['a']\n"


def test_a_function_of_a_batch_that_waits_for_batches_is_refused_in_a_loop_too(play):
    run = play("""
lines.foreachRDD(lambda rdd: asyncio.run(asyncio.sleep(1)))
ssc.start()
ssc.awaitTermination()
""", check=False)
    assert str(run.exception) == "a function of a batch waits for batches: it would wait for itself"


def test_loops_wait_in_real_time_again_when_the_stage_is_left(play):
    import asyncio
    import time

    play("asyncio.run(asyncio.sleep(1))\nlines.pprint()\n")
    started = time.monotonic()
    asyncio.run(asyncio.sleep(0.01))
    assert time.monotonic() - started >= 0.01
