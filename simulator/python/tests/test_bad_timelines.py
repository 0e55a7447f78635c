"""Timelines with mistakes: a clear message with file and line, and the right exit code."""

import pytest

import millrace
from millrace.errors import LimitReached
from running import TIMELINE, in_this_process


def read(tmp_path, text):
    """What is said of the text of a timeline."""
    (tmp_path / "timeline.toml").write_text(text, encoding="utf-8")
    (tmp_path / "job.py").write_text("print('not reached')\n")
    run = in_this_process(tmp_path, "run", "job.py", "--timeline", "timeline.toml")
    assert (run.code, run.output) == (2, "")
    return run.error


def test_a_mistake_of_a_timeline_is_shown_as_in_any_scenario_file(tmp_path):
    assert read(tmp_path, 'timeline = [{ at = "1s" }]\n') == """\
  × failed to read timeline.toml: 1 mistake

Error: scenario::nothing_happens

  × nothing happens in an entry
   ╭─[timeline.toml:1:13]
 1 │ timeline = [{ at = "1s" }]
   ·             ──────┬──────
   ·                   ╰── empty
   ╰────
  help: it needs `lines`, `words`, `generate`, `expect`, or a fault, as `crash`

"""


def test_all_mistakes_of_a_timeline_are_shown(tmp_path):
    said = read(
        tmp_path,
        """\
timeline = [
  { at = "2s", lines = ["a"] },
  { at = "1s", line = ["b"] },
  { at = "4s", words = { blue = 0 } },
  { at = "5s", generate = { words = 3 } },
]
[clock]
timezone = "Europe/Atlantis"
[[pipeline]]
name = "counts"
mode = "stateles"
""",
    )
    places = [line.partition("timeline.toml:")[2].rstrip("]") for line in said.splitlines() if "╭─[" in line]
    assert places == ["3:10", "3:16", "4:33", "5:27", "5:27", "8:12", "11:8"]


def test_timelines_that_are_no_scenario_files(tmp_path):
    assert read(tmp_path, 'timeline = [\n  { at = "1s" lines = [] },\n]\n').startswith("  × failed to read")
    assert "missing key `timeline`" in read(tmp_path, "title = 'nothing'\n")
    assert read(tmp_path, 'spark = "4"\n' + TIMELINE) == (
        "error: failed to read timeline.toml: a program sees Spark 3.5; leave out `spark`\n"
    )
    (tmp_path / "timeline.json").write_text("{}")
    run = in_this_process(tmp_path, "run", "job.py", "--timeline", "timeline.json")
    assert (run.code, run.error) == (
        2,
        "error: failed to read timeline.json: it is no timeline that `millrace` has written; name a scenario file\n",
    )


def test_times_that_are_no_durations():
    from millrace import timeline

    with pytest.raises(ValueError, match='"3 parsecs" is no time of a timeline: no such unit: take ms, s, m, h or d'):
        timeline.of({"3 parsecs": ["a"]})
    with pytest.raises(ValueError, match="-1 is no time of a timeline"):
        timeline.of({-1: ["a"]})
    with pytest.raises(ValueError, match="Atlantis"):
        timeline.of({"1s": ["a"]}, zone="Europe/Atlantis")


def test_what_a_timeline_generates_is_drawn_from_the_seed(play):
    generated = 'timeline = [{ at = "1s", generate = { rate = 3, duration = "1s", keys = 3 } }]\n'
    program = "lines.pprint()\nssc.start()\nssc.awaitTermination()\n"
    run = play(program, generated)
    assert (run.code, run.error) == (0, "")
    assert run.output.count("key-") == 3
    assert run == play(program, generated, ["--seed", "0"])
    assert run != play(program, generated, ["--seed", "1"])
    assert "--seed: invalid" in play(program, generated, ["--seed", "-1"]).error


def test_timelines_of_years(play):
    run = play("lines.pprint()\nssc.start()\n", TIMELINE + '[limits]\ntime = "1 hour"\n[clock]\nstop = "2h"\n')
    assert run.code == 2 and "the run takes 2h of virtual time, and its limit is 1h" in run.error
    with pytest.raises(LimitReached, match="the timeline goes on for 3600000000 s"):
        with millrace.stage({"1s": ["a"]}, stop="1000000h"):
            from pyspark import SparkContext
            from pyspark.streaming import StreamingContext

            ssc = StreamingContext(SparkContext("local[2]", "years"), 1)
            ssc.socketTextStream("localhost", 9999).pprint()
            ssc.start()
