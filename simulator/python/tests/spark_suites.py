"""Runs test suites of PySpark itself on Millrace, in virtual time.

    python spark_suites.py SPARK [SUITE ...]

SPARK is a folder with the sources of Apache Spark 3.3.0, of which a part is enough. Later ones have further tests.

    git clone --depth 1 --branch v3.3.0 --filter=blob:none --sparse https://github.com/apache/spark SPARK
    git -C SPARK sparse-checkout set python/pyspark python/test_support

The suites and `pyspark.testing` are read there, and all else of `pyspark` is Millrace's. The exit code is 0 if all
tests pass but those of `LEFT_OUT`, and none of these does.
"""

import argparse
import contextlib
import importlib.machinery
import importlib.util
import io
import pathlib
import sys
import time
import types
import unittest

import millrace

SUITES = [
    "pyspark.streaming.tests.test_context",
    "pyspark.streaming.tests.test_dstream",
    "pyspark.streaming.tests.test_listener",
    "pyspark.tests.test_broadcast",
    "pyspark.tests.test_conf",
    "pyspark.tests.test_context",
    "pyspark.tests.test_join",
    "pyspark.tests.test_rdd",
    "pyspark.tests.test_statcounter",
    "pyspark.tests.test_taskcontext",
    "pyspark.tests.test_util",
]

#: Tests, and classes of them, by the reason for which Millrace does not pass them.
LEFT_OUT = {
    "calls an object of the JVM": """
        pyspark.streaming.tests.test_context.StreamingContextTests.test_get_active
        pyspark.streaming.tests.test_context.StreamingContextTests.test_get_active_or_create
        pyspark.tests.test_broadcast.BroadcastFrameProtocolTest
        pyspark.tests.test_broadcast.BroadcastTest.test_broadcast_value_against_gc
        pyspark.tests.test_context.ContextTests.test_forbid_insecure_gateway
        pyspark.tests.test_context.ContextTests.test_set_conf
        pyspark.tests.test_rdd.RDDTests.test_multiple_python_java_RDD_conversions
        pyspark.tests.test_rdd.RDDTests.test_null_in_rdd
        pyspark.tests.test_rdd.RDDTests.test_take_on_jrdd
        pyspark.tests.test_rdd.RDDTests.test_take_on_jrdd_with_large_rows_should_not_cause_deadlock
        pyspark.tests.test_util.UtilTests.test_py4j_str
    """,
    "wants an estimate that the JVM computes": """
        pyspark.tests.test_rdd.RDDTests.test_count_approx_distinct
    """,
    "reads the numbers of jobs, stages or task attempts, of the JVM's scheduler": """
        pyspark.tests.test_broadcast.BroadcastTest.test_broadcast_no_encryption
        pyspark.tests.test_broadcast.BroadcastTest.test_broadcast_with_encryption
        pyspark.tests.test_context.ContextTests.test_progress_api
        pyspark.tests.test_join.JoinTests.test_narrow_dependency_in_join
        pyspark.tests.test_taskcontext.TaskContextTests.test_attempt_number
        pyspark.tests.test_taskcontext.TaskContextTests.test_stage_id
    """,
    "has the tasks of a stage wait for each other, which the scheduler starts together": """
        pyspark.tests.test_taskcontext.TaskContextTests.test_all_gather
        pyspark.tests.test_taskcontext.TaskContextTests.test_barrier
        pyspark.tests.test_taskcontext.TaskContextTests.test_barrier_context_get
        pyspark.tests.test_taskcontext.TaskContextTests.test_barrier_infos
        pyspark.tests.test_taskcontext.TaskContextTests.test_context_get
        pyspark.tests.test_taskcontext.TaskContextTestsWithWorkerReuse
    """,
    "asks a cluster for devices": """
        pyspark.tests.test_context.ContextTestsWithResources
        pyspark.tests.test_rdd.RDDTests.test_resourceprofile
        pyspark.tests.test_taskcontext.TaskContextTestsWithResources
    """,
    "reads a checkpoint or a sequence file from Hadoop's file system": """
        pyspark.streaming.tests.test_dstream.CheckpointTests.test_get_or_create_and_get_active_or_create
        pyspark.tests.test_context.CheckpointTests
        pyspark.tests.test_rdd.RDDTests.test_transforming_pickle_file
    """,
    "has threads that run jobs": """
        pyspark.tests.test_rdd.RDDTests.test_multiple_group_jobs
    """,
    "has a worker with a SparkContext of its own, in a process of its own": """
        pyspark.tests.test_context.ContextTests.test_allow_to_create_spark_context_in_executors
    """,
    "calls private parts of PySpark: its serializers, its files": """
        pyspark.tests.test_context.ContextTests.test_parallelize_eager_cleanup
        pyspark.tests.test_rdd.RDDTests.test_external_group_by_key
        pyspark.tests.test_rdd.RDDTests.test_multithread_broadcast_pickle
        pyspark.tests.test_rdd.RDDTests.test_zip_with_different_serializers
    """,
    "expects the text of an error of Spark 3.3, where Millrace has that of 3.5": """
        pyspark.tests.test_context.ContextTests.test_disallow_to_create_spark_context_in_executors
    """,
}
NAMES_LEFT_OUT = {name for names in LEFT_OUT.values() for name in names.split()}


class Suites:
    """Finds the suites and `pyspark.testing` among the sources, and all else of `pyspark` in Millrace.

    A suite imports all that any of its tests names: a name that Millrace has not is there, and fails where it is used.
    """

    def __init__(self, sources):
        self._sources = sources

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] != "pyspark":
            return None
        if name.startswith(("pyspark.testing", "pyspark.tests", "pyspark.streaming.tests")):
            parent = self._sources.joinpath(*name.split(".")[:-1])
            return importlib.machinery.PathFinder.find_spec(name, [str(parent)])
        return importlib.util.spec_from_loader(name, self, is_package=True)

    def create_module(self, spec):
        try:
            module = importlib.import_module(f"millrace.{spec.name}")
        except ModuleNotFoundError:
            module = types.ModuleType(spec.name)
        module.__getattr__ = lambda name: stand_in(spec.name, name)
        return module

    def exec_module(self, module):
        pass


def stand_in(module, name):
    """A class in the place of what is not there. A suite may derive others from it, and makes no object of it."""
    if name.startswith("__"):
        raise AttributeError(name)

    class StandIn:
        def __new__(cls, *args, **kwargs):
            if cls is StandIn:
                raise ImportError(f"Millrace has no `{module}.{name}`")
            return super().__new__(cls)

    return StandIn


class Result(unittest.TestResult):
    """Passes over failures of tests that are left out, and stops the contexts that tests leave behind."""

    def startTest(self, test):
        super().startTest(test)
        self._before = active_context()

    def stopTest(self, test):
        super().stopTest(test)
        if active_context() not in (None, self._before):
            active_context().stop()

    def addSuccess(self, test):
        (super().addUnexpectedSuccess if is_left_out(test) else super().addSuccess)(test)

    def addFailure(self, test, err):
        if not is_left_out(test):
            super().addFailure(test, err)

    def addError(self, test, err):
        if not is_left_out(test):
            super().addError(test, err)


def active_context():
    from pyspark import SparkContext

    return SparkContext._active_spark_context


def is_left_out(test):
    # `suite.Class.test`, or `setUpClass (suite.Class)`.
    name = test.id().rpartition("(")[2].rstrip(")")
    return not NAMES_LEFT_OUT.isdisjoint((name, name.rpartition(".")[0]))


def tests_of(suite):
    for it in suite:
        yield from tests_of(it) if isinstance(it, unittest.TestSuite) else [it]


def run(spark, name):
    """Runs a suite on a stage of its own. Returns the result, the number of its tests, and of those left out."""
    home = types.ModuleType("pyspark.find_spark_home")
    home._find_spark_home = lambda: str(spark)
    with millrace.stage({}, start="2022-02-02T02:02:02", stop="1h", strict=True):
        finder = Suites(spark / "python")
        sys.meta_path.insert(0, finder)
        sys.modules[home.__name__] = home
        try:
            # It silences the log of the JVM.
            importlib.import_module("pyspark.testing.utils").QuietTest = contextlib.nullcontext
            suite = unittest.defaultTestLoader.loadTestsFromName(name)
            left_out = [is_left_out(test) for test in tests_of(suite)]
            result = Result()
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                suite.run(result)
        finally:
            sys.meta_path.remove(finder)
    return result, len(left_out), sum(left_out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("spark", type=pathlib.Path, metavar="SPARK")
    parser.add_argument("suites", nargs="*", default=SUITES, metavar="SUITE")
    arguments = parser.parse_args()
    has_failed = False
    print(f"{'suite':<40} tests passed left out seconds")
    for name in arguments.suites:
        start = time.perf_counter()
        result, tests, left_out = run(arguments.spark.resolve(), name)
        seconds = time.perf_counter() - start
        failed = [*result.failures, *result.errors, *((test, "passes\n") for test in result.unexpectedSuccesses)]
        print(f"{name:<40} {tests:5} {tests - left_out - len(failed):6} {left_out:8} {seconds:7.1f}")
        for test, text in failed:
            print(f"\n{test.id()}\n{text}")
        has_failed = has_failed or bool(failed)
    sys.exit(has_failed)


if __name__ == "__main__":
    main()
