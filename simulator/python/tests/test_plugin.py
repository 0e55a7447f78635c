"""The pytest fixture `millrace`, as a person's own repository has it."""

import importlib.metadata
import os

import pytest

import millrace.api
import millrace.testing  # noqa: F401

JOB = """\
import sys, time
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

sc = SparkContext("local[2]", "counts")
ssc = StreamingContext(sc, 1)
lines = ssc.socketTextStream("localhost", 9999)
words = lines.flatMap(lambda line: line.split(" "))
counts = words.map(lambda word: (word, 1)).reduceByKey(lambda x, y: x + y)
lines.pprint(1)
counts.pprint()
counts.saveAsTextFiles("counts", "txt")
print("seen by another", file=sys.stderr)
ssc.start()
ssc.awaitTermination()
"""

TEST = """\
def test_counts(millrace):
    run = millrace.run("job.py", {"1s": ["blue blue", "green"], "2s": ["blue"]}, folder="scratch")
    run.snapshot()
"""


@pytest.fixture
def repository(pytester, monkeypatch):
    """A person's repository with a job, in which pytest is run."""
    monkeypatch.delenv("CI", raising=False)
    (pytester.path / "job.py").write_text(JOB)
    (pytester.path / "scratch").mkdir()
    return pytester


def run_tests(pytester, *options, process=False):
    installed = importlib.metadata.entry_points(group="pytest11", name="millrace")
    options = [*([] if installed else ["-p", "millrace.pytest_plugin"]), "-p", "no:cacheprovider", *options]
    return pytester.runpytest_subprocess(*options) if process else pytester.runpytest_inprocess(*options)


def test_what_a_run_leaves_behind(repository):
    repository.makepyfile("""
        import pytest

        def test_counts(millrace, tmp_path):
            run = millrace.run("job.py", {"1s": ["blue blue", "green"], "2s": ["blue"]}, folder=tmp_path)
            assert run.output.startswith("-------------------------------------------\\nTime: 1970-01-01 00:00:01\\n")
            assert run.error == "seen by another\\n"
            assert (run.code, run.exception) == (0, None)
            assert run.batches() == [
                ("1970-01-01 00:00:01", ["blue blue", ...]),
                ("1970-01-01 00:00:01", [("blue", 2), ("green", 1)]),
                ("1970-01-01 00:00:02", ["blue"]),
                ("1970-01-01 00:00:02", [("blue", 1)]),
            ]
            assert run.batches("counts") == run.batches(1) == run.batches()[1::2]
            assert [batch.rows for batch in run.batches("lines")] == [["blue blue", ...], ["blue"]]
            with pytest.raises(KeyError, match="'words'.*These do: lines, counts"):
                run.batches("words")
            with pytest.raises(IndexError, match="no output has the number 2: the program calls pprint 2 times"):
                run.batches(2)
            assert run.saved == {
                "counts-1000.txt": ["('blue', 2)", "('green', 1)"],
                "counts-2000.txt": ["('blue', 1)"],
            }
            assert sorted(it.name for it in tmp_path.iterdir()) == ["counts-1000.txt", "counts-2000.txt"]
    """)
    run_tests(repository).assert_outcomes(passed=1)


def test_timelines_may_be_files_and_begin_at_a_time(repository):
    (repository.path / "times.toml").write_text('timeline = [{ at = "1s", lines = ["a"] }]\n')
    drawn = 'timeline = [{ at = "1s", generate = { rate = 9, duration = "1s" } }]\n'
    (repository.path / "drawn.toml").write_text(drawn)
    repository.makepyfile("""
        import pytest

        def test_times(millrace, tmp_path):
            run = millrace.run("job.py", "times.toml", folder=tmp_path / "..")
            assert run.batches("lines") == [("1970-01-01 00:00:01", ["a"])]
            with pytest.raises(TypeError, match="a timeline's file says zone itself"):
                millrace.run("job.py", "times.toml", zone="UTC")

        def test_seeds(millrace, tmp_path):
            drawn = [millrace.run("job.py", "drawn.toml", seed=seed, folder=tmp_path).output for seed in (0, 0, 1)]
            assert drawn[0] == drawn[1] != drawn[2]

        def test_zones(millrace, tmp_path):
            settings = {"start": "2018-06-21T23:00:29", "zone": "Asia/Tokyo", "stop": "2s"}
            run = millrace.run("job.py", {"1s": ["a"]}, folder=tmp_path, **settings)
            assert [batch.time for batch in run.batches("counts")] == ["2018-06-21 23:00:30", "2018-06-21 23:00:31"]
    """)
    run_tests(repository).assert_outcomes(passed=3)


def test_functions_on_stage(repository):
    repository.makepyfile("""
        def test_function(millrace):
            with millrace.stage({"1s": ["blue"]}) as run:
                from pyspark import SparkContext
                from pyspark.streaming import StreamingContext

                ssc = StreamingContext(SparkContext("local[2]", "it"), 1)
                ssc.socketTextStream("localhost", 9999).pprint()
                ssc.start()
                ssc.awaitTermination()
            assert run.batches() == [("1970-01-01 00:00:01", ["blue"])]
    """)
    run_tests(repository).assert_outcomes(passed=1)


def test_modules_that_import_pyspark_at_their_top(repository):
    library = "from pyspark.streaming import DStream\n\ndef twice(s):\n    return s.union(s)\n"
    (repository.path / "library.py").write_text(library)
    repository.makepyfile("""
        import library
        from pyspark import SparkContext
        from pyspark.streaming import StreamingContext

        def test_twice(millrace):
            with millrace.stage({"1s": ["blue"]}) as run:
                ssc = StreamingContext(SparkContext("local[2]", "it"), 1)
                lines = ssc.socketTextStream("localhost", 9999)
                assert isinstance(lines, library.DStream)
                library.twice(lines).pprint()
                ssc.start()
                ssc.awaitTermination()
            assert run.batches(0)[0].rows == ["blue", "blue"]
            import pyspark
            assert pyspark.SparkContext is SparkContext
    """)
    repository.makeini("[pytest]\nmillrace_pyspark = true\n")
    run_tests(repository, process=True).assert_outcomes(passed=1)
    (repository.mkpydir("pyspark") / "__init__.py").write_text("")
    (repository.path / "earlier.py").write_text("import pyspark\n")
    result = run_tests(repository, "-p", "earlier", process=True)
    result.stderr.fnmatch_lines(["*millrace_pyspark is set, but a pyspark is imported already, from *__init__.py*"])


def test_a_failure_of_the_program_is_that_of_the_test_and_its_output_is_shown(repository):
    (repository.path / "job.py").write_text("print('before')\nraise LookupError('nothing there')\n")
    repository.makepyfile("""
        import pytest

        def test_fails(millrace):
            millrace.run("job.py", {"1s": ["a"]})

        def test_is_expected(millrace):
            with pytest.raises(LookupError):
                millrace.run("job.py", {"1s": ["a"]})

        def test_is_looked_at(millrace):
            run = millrace.run("job.py", {"1s": ["a"]}, check=False)
            assert (run.output, str(run.exception)) == ("before\\n", "nothing there")
    """)
    result = run_tests(repository)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*job.py:2: LookupError", "*Captured stdout call*", "before"])
    result.stdout.no_fnmatch_line("*testing.py*")


@pytest.mark.parametrize(("call", "outcome"), [("sys.exit()", "passed"), ("sys.exit('no topic')", "failed")])
def test_sys_exit(repository, call, outcome):
    (repository.path / "job.py").write_text(f"import sys\n{call}\n")
    repository.makepyfile("def test_exit(millrace):\n    assert millrace.run('job.py', {'1s': ['a']}).code == 0\n")
    run_tests(repository).assert_outcomes(**{outcome: 1})


def test_a_loop_without_end_fails_its_test_alone(repository):
    (repository.path / "job.py").write_text(JOB.replace("ssc.awaitTermination()", "while True: time.sleep(10)"))
    repository.makepyfile("""
        def test_loop(millrace, tmp_path):
            millrace.run("job.py", {"1s": ["a"]}, folder=tmp_path)

        def test_another():
            pass
    """)
    result = run_tests(repository)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*RuntimeError: the program sleeps on and on after the end of its timeline*"])


def test_everything_is_as_before_whatever_happens(repository):
    (repository.path / "neighbour.py").write_text("from pyspark import SparkContext\n")
    changes = "import os\nos.environ['LEFT'] = 'behind'\nos.chdir('..')\nsys.path.clear()\n"
    (repository.path / "job.py").write_text(f"import neighbour\n{JOB}{changes}raise ValueError('in the middle')\n")
    installed = repository.mkpydir("pyspark")
    (installed / "__init__.py").write_text("SparkContext = 'the one that is installed'\n")
    repository.makepyfile("""
        import datetime, os, sys, time
        import neighbour
        import pyspark

        def everything():
            return [
                dict(sys.modules), list(sys.path), list(sys.meta_path), sys.argv, sys.stdout, sys.stderr, os.getcwd(),
                dict(os.environ), time.tzname, time.time, time.sleep, time.monotonic, time.strftime,
                datetime.datetime, datetime.date,
            ]

        def test_all(millrace, tmp_path, monkeypatch):
            from millrace.pyspark import streaming, sql
            monkeypatch.chdir(tmp_path)
            before = everything()
            for script in ({"1s": ["a"]}, {"1s": ["a"]}):
                run = millrace.run("job.py", script, zone="Asia/Tokyo", check=False)
                assert str(run.exception) == "in the middle"
                assert run.batches("counts")
                for path in tmp_path.iterdir():
                    path.rename(tmp_path.parent / f"{len(os.listdir(tmp_path.parent))}")
                now = everything()
                assert now[0].keys() == before[0].keys() and now[1:] == before[1:]
            assert pyspark.SparkContext == neighbour.SparkContext == "the one that is installed"
            assert sys.modules["pyspark"] is pyspark and sys.modules["neighbour"] is neighbour
            assert streaming.StreamingContext.getActive() is None
    """)
    run_tests(repository).assert_outcomes(passed=1)


@pytest.mark.skipif(not os.environ.get("MILLRACE_PYSPARK"), reason="MILLRACE_PYSPARK names no PySpark")
def test_beside_a_real_pyspark_that_was_imported_before(repository, monkeypatch):
    real = os.environ["MILLRACE_PYSPARK"].split(os.pathsep)[0]
    repository.makepyfile(f"""
        import sys
        sys.path.append({real!r})
        import pyspark
        import pyspark.streaming

        def test_counts(millrace, tmp_path):
            run = millrace.run("job.py", {{"1s": ["blue"]}}, folder=tmp_path)
            assert run.batches("lines") == [("1970-01-01 00:00:01", ["blue"])]
            import pyspark as again
            assert again is pyspark and pyspark.__file__.startswith({real!r})
            assert sys.modules["pyspark.streaming"] is pyspark.streaming
    """)
    run_tests(repository, process=True).assert_outcomes(passed=1)


@pytest.mark.parametrize("options", [["-n", "2"], ["--import-mode=importlib"]])
def test_with_several_processes_and_without_import_by_path(repository, options):
    if "-n" in options:
        pytest.importorskip("xdist")
    repository.makepyfile(
        test_one="""
        import time
        import pytest

        @pytest.mark.parametrize("word", ["blue", "green", "red", "grey"])
        def test_counts(millrace, word, tmp_path):
            run = millrace.run("job.py", {"1s": [f"{word} {word}"]}, folder=tmp_path)
            assert run.batches("counts")[0].rows == [(word, 2)]
            run.snapshot()
        """
    )
    result = run_tests(repository, *options, "--millrace-bless", process=True)
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["millrace: accepted: __millrace__/test_one.test_counts[[]blue].txt"])
    (repository.path / "__millrace__" / "test_one.test_gone.txt").write_text("")
    result = run_tests(repository, *options, process=True)
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["millrace: no test takes: __millrace__/test_one.test_gone.txt"])


def test_a_snapshot_is_missing_then_accepted_then_differs(repository):
    repository.makepyfile(test_job=TEST)
    result = run_tests(repository)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([
        "*there is no snapshot test_job.test_counts.txt yet; this was printed:*",
        "*To accept it: pytest --millrace-bless",
    ])
    clear(repository)
    result = run_tests(repository, "--millrace-bless")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["millrace: accepted: __millrace__/test_job.test_counts.txt"])
    clear(repository)
    result = run_tests(repository)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("millrace: [an]*: *")
    clear(repository)
    (repository.path / "job.py").write_text(JOB.replace("lambda x, y: x + y", "lambda x, y: x"))
    result = run_tests(repository)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([
        "*the output differs from what was accepted, first in the batch `Time: 1970-01-01 00:00:01`:",
        "*-('blue', 2)",
        "*+('blue', 1)",
        "*To accept it: pytest --millrace-bless",
    ])


def test_a_snapshot_that_no_test_takes_is_said(repository):
    repository.makepyfile(test_job="def test_counts():\n    pass\n\ndef test_other():\n    pass\n")
    folder = repository.mkdir("__millrace__")
    for name in ("test_counts", "test_counts.renamed", "test_gone"):
        (folder / f"test_job.{name}.txt").write_text("")
    (folder / "test_elsewhere.test_a.txt").write_text("")
    taken = "millrace: no test takes: __millrace__/test_job.test_{}.txt"
    result = run_tests(repository)
    result.stdout.fnmatch_lines([taken.format(name) for name in ("counts.renamed", "counts", "gone")])
    result.stdout.no_fnmatch_line("*elsewhere*")
    result = run_tests(repository, "-k", "other")
    result.stdout.fnmatch_lines([taken.format("gone")])
    result.stdout.no_fnmatch_line(taken.format("counts"))
    run_tests(repository, "test_job.py::test_other").stdout.no_fnmatch_line("millrace: no test*")


def test_two_snapshots_of_a_test_have_names(repository):
    repository.makepyfile("""
        import pytest

        class TestJob:
            def test_counts(self, millrace, tmp_path):
                run = millrace.run("job.py", {"1s": ["a"]}, folder=tmp_path)
                run.snapshot("first/one")
                with pytest.raises(ValueError, match="give each a name"):
                    run.snapshot("first/one")
    """)
    run_tests(repository, "--millrace-bless").assert_outcomes(passed=1)
    names = [path.name for path in (repository.path / "__millrace__").iterdir()]
    file = "test_two_snapshots_of_a_test_have_names"
    assert names == [f"{file}.TestJob.test_counts.first_one.txt"]


def test_snapshots_are_not_accepted_where_ci_is_set(repository, monkeypatch):
    monkeypatch.setenv("CI", "true")
    repository.makepyfile(test_job=TEST)
    result = run_tests(repository, "--millrace-bless")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--millrace-bless is refused where CI is set*"])


def test_the_header_says_what_the_hash_seed_is(repository, monkeypatch):
    repository.makepyfile("def test_nothing():\n    pass\n")
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    run_tests(repository, process=True).stdout.fnmatch_lines(["millrace: the hash seed is 0, as on Spark's workers"])
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    run_tests(repository, process=True).stdout.fnmatch_lines(["millrace: the hash seed is not 0: *PYTHONHASHSEED=0*"])


def clear(repository):
    """Takes away what a run has saved."""
    for path in sorted((repository.path / "scratch").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


@pytest.mark.parametrize(
    "call, message",
    [
        ("run('job.py', {'1s': ['a']}, args=['b'])", "args is no setting of a run: there are arguments, strict"),
        ("run('job.py', {'1s': ['a']}, arguments='a b')", r"are a list of texts: write \\['a', 'b'\\]"),
        ("run('job.py', ['a'])", "a timeline is a dictionary such as"),
        ("run('job.py', {'timeline': [{'at': '1s'}]})", "the message at timeline has a value"),
        ("run('jbo.py', {'1s': ['a']})", "there is no jbo.py in "),
        ("run('job.py', {'1s': ['a']}, cores=0)", "a cluster has 1 to 1024 cores, and not 0"),
        ("run('job.py', {'1s': ['a']}, folder=tmp_path).batches('words')", "These do: lines, counts. A number names an output"),
    ],
)
def test_a_mistaken_call_is_answered(repository, call, message):
    repository.makepyfile(f"""
        import pytest

        def test_call(millrace, tmp_path):
            with pytest.raises((TypeError, OSError, KeyError, ValueError), match="{message}"):
                millrace.{call}
    """)
    run_tests(repository).assert_outcomes(passed=1)


def test_a_program_that_raises_has_the_code_of_its_process(millrace, tmp_path):
    (tmp_path / "job.py").write_text("raise ValueError('no bread')")
    run = millrace.run(tmp_path / "job.py", {"1s": ["a"]}, check=False)
    assert (run.code, str(run.exception)) == (1, "no bread")


def test_bytes_that_are_printed_are_output(millrace, tmp_path):
    (tmp_path / "job.py").write_text("import sys\nsys.stdout.buffer.write(b'blue\\n')\n")
    assert millrace.run(tmp_path / "job.py", {"1s": ["a"]}).output == "blue\n"


LOCAL = """\
from pyspark import SparkContext
from pyspark.streaming import StreamingContext

def show(stream):
    stream.pprint()

def main():
    ssc = StreamingContext(SparkContext("local[2]", "counts"), 1)
    lines = ssc.socketTextStream("localhost", 9999)
    counts = lines.map(lambda word: (word, 1)).reduceByKey(lambda x, y: x + y)
    counts.pprint()
    show(lines)
    show(counts.map(str))
    ssc.start()
    ssc.awaitTermination()

main()
"""


def test_outputs_are_named_by_variables_of_functions(millrace, tmp_path):
    (tmp_path / "job.py").write_text(LOCAL)
    run = millrace.run(tmp_path / "job.py", {"1s": ["a"]})
    assert run.batches("counts") == run.batches(0) == [("1970-01-01 00:00:01", [("a", 1)])]
    assert run.batches("lines") == run.batches(1)
    several = r"'stream' hold several streams.*: 1 \(.*job.py:5\), 2 \(.*job.py:5\)"
    with pytest.raises(KeyError, match=several):
        run.batches("stream")
    with pytest.raises(KeyError, match="These do: counts, lines, stream"):
        run.batches("words")
