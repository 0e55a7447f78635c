"""Runs test suites of PySpark itself on Millrace, in virtual time.

    python spark_suites.py SPARK [SUITE ...]

SPARK is a folder with the sources of Apache Spark 3.5, of which a part is enough.

    git clone --depth 1 --branch v3.5.5 --filter=blob:none --sparse https://github.com/apache/spark SPARK
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
import tomllib
import types
import unittest

import millrace
from millrace.pyspark.sql import infer
from millrace.pyspark.sql.verify import verify

SUITES = [
    "pyspark.sql.tests.pandas.test_pandas_cogrouped_map",
    "pyspark.sql.tests.pandas.test_pandas_grouped_map",
    "pyspark.sql.tests.pandas.test_pandas_grouped_map_with_state",
    "pyspark.sql.tests.pandas.test_pandas_map",
    "pyspark.sql.tests.pandas.test_pandas_udf",
    "pyspark.sql.tests.pandas.test_pandas_udf_grouped_agg",
    "pyspark.sql.tests.pandas.test_pandas_udf_scalar",
    "pyspark.sql.tests.pandas.test_pandas_udf_typehints",
    "pyspark.sql.tests.pandas.test_pandas_udf_window",
    "pyspark.sql.tests.streaming.test_streaming",
    "pyspark.sql.tests.streaming.test_streaming_foreach",
    "pyspark.sql.tests.streaming.test_streaming_foreach_batch",
    "pyspark.sql.tests.streaming.test_streaming_listener",
    "pyspark.sql.tests.test_arrow_map",
    "pyspark.sql.tests.test_catalog",
    "pyspark.sql.tests.test_column",
    "pyspark.sql.tests.test_conf",
    "pyspark.sql.tests.test_dataframe",
    "pyspark.sql.tests.test_errors",
    "pyspark.sql.tests.test_functions",
    "pyspark.sql.tests.test_group",
    "pyspark.sql.tests.test_readwriter",
    "pyspark.sql.tests.test_serde",
    "pyspark.sql.tests.test_session",
    "pyspark.sql.tests.test_types",
    "pyspark.sql.tests.test_udf",
    "pyspark.sql.tests.test_udtf",
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
LEFT_OUT = tomllib.loads(pathlib.Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
NAMES_LEFT_OUT = {f"pyspark.{name}" for names in LEFT_OUT.values() for name in names}


#: What Millrace has in the place of private functions that tests call, by their modules.
IN_THE_PLACE_OF_PRIVATE = {
    "pyspark.sql.types": {
        "_infer_type": infer.type_of,
        "_make_type_verifier": lambda kind, nullable=True, name=None: lambda value: verify(value, kind, nullable),
        "_merge_type": infer.merged,
    },
}

#: The packages that are read there.
_READ_THERE = ("pyspark.testing", "pyspark.tests", "pyspark.sql.tests", "pyspark.streaming.tests")


class Suites:
    """Finds the suites and `pyspark.testing` among the sources, and all else of `pyspark` in Millrace.

    A suite imports all that any of its tests names: a name that Millrace has not is there, and fails where it is used.
    """

    def __init__(self, sources):
        self._sources = sources

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] != "pyspark":
            return None
        # It needs `pyspark.pandas`, which the suites do not.
        if name.startswith(_READ_THERE) and name != "pyspark.testing.pandasutils":
            parent = self._sources.joinpath(*name.split(".")[:-1])
            return importlib.machinery.PathFinder.find_spec(name, [str(parent)])
        return importlib.util.spec_from_loader(name, self, is_package=True)

    def create_module(self, spec):
        try:
            module = importlib.import_module(f"millrace.{spec.name}")
        except ModuleNotFoundError:
            module = types.ModuleType(spec.name)
        vars(module).update(IN_THE_PLACE_OF_PRIVATE.get(spec.name, {}))
        own = getattr(module, "__getattr__", None)
        own = getattr(own, "own", own)
        module.__getattr__ = lambda name: part(spec.name, name, own)
        module.__getattr__.own = own
        return module

    def exec_module(self, module):
        pass


def part(module, name, own):
    """What Millrace has by a name in a module, a module within, or what stands in for it."""
    if name.startswith("__"):
        raise AttributeError(name)
    if own is not None and name not in own.refusals:
        with contextlib.suppress(AttributeError):
            return own(name)
    try:
        importlib.import_module(f"millrace.{module}.{name}")
    except ModuleNotFoundError:
        return stand_in(module, name)
    return importlib.import_module(f"{module}.{name}")


def stand_in(module, name):
    """A class in the place of what is not there. A suite may derive others from it, and makes no object of it."""

    class StandIn:
        def __new__(cls, *args, **kwargs):
            if cls is StandIn:
                raise ImportError(f"Millrace has no `{module}.{name}`")
            return super().__new__(cls)

    return StandIn


class ListenerBus:
    """The bus of a context of the JVM, which has no event that a listener has not been told."""

    def sc(self):
        return self

    listenerBus = sc

    def waitUntilEmpty(self):
        pass


class Result(unittest.TestResult):
    """Passes over failures of tests that are left out, and stops the contexts that tests leave behind."""

    passed = 0

    def startTest(self, test):
        super().startTest(test)
        self._before = active_context()

    def stopTest(self, test):
        super().stopTest(test)
        if active_context() not in (None, self._before):
            active_context().stop()

    def addSuccess(self, test):
        if is_left_out(test):
            super().addUnexpectedSuccess(test)
        else:
            self.passed += 1

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
            importlib.import_module("pyspark").SparkContext._jsc = ListenerBus()
            suite = unittest.defaultTestLoader.loadTestsFromName(name)
            left_out = [is_left_out(test) for test in tests_of(suite)]
            result = Result()
            # Suites read files by paths from the folder of the sources on.
            with contextlib.chdir(spark), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
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
    print(f"{'suite':<60} tests passed left out skipped seconds")
    for name in arguments.suites:
        start = time.perf_counter()
        result, tests, left_out = run(arguments.spark.resolve(), name)
        seconds = time.perf_counter() - start
        failed = [*result.failures, *result.errors, *((test, "passes\n") for test in result.unexpectedSuccesses)]
        skipped = [(test, why) for test, why in result.skipped if not is_left_out(test)]
        print(f"{name:<60} {tests:5} {result.passed:6} {left_out:8} {len(skipped):7} {seconds:7.1f}")
        for test, text in failed:
            print(f"\n{test.id()}\n{text}")
        has_failed = has_failed or bool(failed)
    sys.exit(has_failed)


if __name__ == "__main__":
    main()
