"""The table of the API is that of the code, and lacks nothing of the real PySpark."""

import inspect
import json
import os
import pathlib
import subprocess
import sys

import pytest

import millrace
from millrace import NotInMillrace, api
from millrace.refused import refusal_of

# Folders of site-packages with a PySpark each, as PATH has folders.
PYSPARKS = [folder for folder in os.environ.get("MILLRACE_PYSPARK", "").split(os.pathsep) if folder]

# Defaults that are objects of PySpark's own machinery. Ours is `None`, and the argument is refused or without effect.
MACHINERY = {
    ("SparkContext", "__init__", "serializer"),
    ("SparkContext", "__init__", "profiler_cls"),
    ("SparkContext", "__init__", "udf_profiler_cls"),
    ("SparkContext", "__init__", "memory_profiler_cls"),
    ("SparkSession", "__init__", "options"),
}

# Prints the public names of classes: each with its parameters, or null if it is no function.
INTROSPECT = r"""
import importlib, inspect, json, sys
sys.path.insert(0, sys.argv[1])

def parameters(value):
    value = getattr(value, "__func__", value)
    if not inspect.isfunction(value):
        return None
    return [[it.name, it.kind.name, default(it.default)] for it in inspect.signature(value).parameters.values()]

def default(value):
    return None if value is inspect.Parameter.empty else getattr(value, "__name__", None) or repr(value)

found = {}
for title in sys.argv[2:]:
    module, _, name = title.rpartition(".")
    cls = getattr(importlib.import_module(module), name)
    public = [it for it in dir(cls) if not it.startswith("_") or it == "__init__"]
    found[title] = {it: parameters(inspect.getattr_static(cls, it)) for it in public}
found["pyspark"] = dict.fromkeys(importlib.import_module("pyspark").__all__)
print(json.dumps(found))
"""


def run_introspection(folder):
    command = [sys.executable, "-c", INTROSPECT, folder, *api.CLASSES]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


@pytest.fixture(scope="module", params=PYSPARKS or [None])
def real(request):
    if request.param is None:
        pytest.skip("MILLRACE_PYSPARK names no folder of site-packages with a PySpark")
    return run_introspection(request.param)


def test_the_committed_table_is_that_of_the_code():
    committed = pathlib.Path(__file__).parent.parent / "API.md"
    assert committed.read_text(encoding="utf-8") == api.table(), "python -m millrace api > API.md"


def test_each_public_name_of_the_real_pyspark_is_in_the_table(real):
    ours = {title: set(api.names(cls)) | {"__init__"} for title, cls in api.CLASSES.items()}
    ours["pyspark"] = {*millrace.pyspark.__all__, *millrace.pyspark.__getattr__.refusals, "__version__"}
    missing = {title: sorted(set(names) - ours[title]) for title, names in real.items()}
    assert not any(missing.values()), missing


def test_each_parameter_of_the_real_pyspark_is_ours_with_the_same_default(real):
    differ = []
    for title, cls in api.CLASSES.items():
        for name, value in api.names(cls).items():
            theirs, function = real[title].get(name), api.function_of(value)
            if theirs is None or function is None or refusal_of(value) is not None:
                continue
            ours = inspect.signature(function).parameters.values()
            ours = [(it.name, it.kind.name, shown(it.default)) for it in ours]
            theirs = [
                (parameter, kind, "None" if (cls.__name__, name, parameter) in MACHINERY else default)
                for parameter, kind, default in theirs
            ]
            if ours != theirs:
                differ.append(f"{cls.__name__}.{name}: {ours} here, {theirs} there")
    assert not differ, "\n".join(differ)


def shown(default):
    if default is inspect.Parameter.empty:
        return None
    return getattr(default, "__name__", None) or repr(default)


def test_each_refusal_raises_by_its_name():
    for title, cls in api.CLASSES.items():
        for name, value in api.names(cls).items():
            if (instead := refusal_of(value)) is None:
                continue
            with pytest.raises(NotInMillrace) as raised:
                value.fget(None) if isinstance(value, property) else value()
            assert name in str(raised.value) and instead in str(raised.value)


def test_names_that_pyspark_has_not_are_attribute_errors():
    with millrace.stage({}):
        from pyspark import SparkContext
        from pyspark.streaming import StreamingContext

        sc = SparkContext("local[2]", "names")
        ssc = StreamingContext(sc, 1)
        for it in (sc, ssc, ssc.socketTextStream("localhost", 9999), sc.emptyRDD()):
            with pytest.raises(AttributeError, match="reduceByKyy"):
                it.reduceByKyy


def test_names_of_the_module_are_refused_or_are_import_errors():
    with millrace.stage({}):
        from pyspark import Profiler

        with pytest.raises(NotInMillrace, match="pyspark.Profiler"):
            Profiler()
        with pytest.raises(ImportError, match="Rwo"):
            from pyspark import Rwo  # noqa: F401


def test_arguments_without_effect_are_refused_when_they_are_given(tmp_path):
    with millrace.stage({}):
        from pyspark import SparkConf, SparkContext

        with pytest.raises(NotInMillrace, match=r"SparkContext\(environment=...\)"):
            SparkContext("local", "it", environment={"A": "b"})
        with pytest.raises(NotInMillrace, match="spark.executorEnv.A"):
            SparkContext(conf=SparkConf().setExecutorEnv("A", "b"))
        conf = SparkConf().setMaster("local").setExecutorEnv("PYTHONHASHSEED", "0")
        sc = SparkContext(conf=conf, gateway=None)
        with pytest.raises(NotInMillrace, match=r"RDD.saveAsTextFile\(compressionCodecClass=...\)"):
            sc.emptyRDD().saveAsTextFile(str(tmp_path / "out"), "org.apache.hadoop.io.compress.GzipCodec")
        with pytest.raises(NotInMillrace, match="_jvm.System.*There is no JVM"):
            sc._jvm.System


def test_a_task_knows_its_partition_and_the_program_has_none():
    with millrace.stage({}):
        from pyspark import SparkContext, TaskContext

        sc = SparkContext("local[2]", "it")
        rdd = sc.parallelize(range(4), 2).map(lambda x: (TaskContext.get().partitionId(), x))
        assert rdd.collect() == [(0, 0), (0, 1), (1, 2), (1, 3)]
        assert TaskContext.get() is None
        by_key = rdd.reduceByKey(lambda x, y: TaskContext.get().partitionId())
        assert by_key.collect() == [(0, 0), (1, 1)]


def test_a_function_of_states_is_not_in_the_task_that_it_would_be_in():
    with millrace.stage({"1s": ["a"]}):
        from pyspark import SparkContext, TaskContext
        from pyspark.streaming import StreamingContext

        ssc = StreamingContext(SparkContext("local[2]", "it"), 1)
        ssc.checkpoint("checkpoint")
        pairs = ssc.socketTextStream("localhost", 9999).map(lambda word: (word, 1))
        pairs.updateStateByKey(lambda new, old: TaskContext.get().partitionId()).pprint()
        ssc.start()
        with pytest.raises(NotInMillrace, match="TaskContext.get in a function of states"):
            ssc.awaitTermination()


def test_partitions_are_computed_ahead_where_that_is_asked_for():
    def computed(prefetches):
        seen = sc.accumulator(0)
        rows = sc.parallelize(range(3), 3).map(lambda x: seen.add(1) or x).toLocalIterator(prefetches)
        assert [next(rows), seen.value] == [0, 2 if prefetches else 1]
        assert list(rows) == [1, 2]

    with millrace.stage({}):
        from pyspark import SparkContext

        sc = SparkContext("local[2]", "it")
        computed(False)
        computed(True)


def test_a_local_cluster_has_the_cores_of_its_workers():
    with millrace.stage({}):
        from pyspark import SparkContext

        assert SparkContext("local-cluster[3, 2, 1024]", "it").defaultParallelism == 6


def test_a_master_that_would_try_tasks_again_is_answered():
    with millrace.stage({}):
        from pyspark import SparkContext

        with pytest.warns(UserWarning, match="a task that fails is not tried again here"):
            SparkContext("local[4, 2]", "it")


def test_a_worker_has_no_context_of_its_own():
    with millrace.stage({}):
        from pyspark import SparkConf, SparkContext

        sc = SparkContext("local[2]", "it")
        with pytest.raises(RuntimeError, match="CONTEXT_ONLY_VALID_ON_DRIVER"):
            sc.range(2).foreach(lambda _: SparkContext())
        sc.stop()
        with pytest.raises(NotInMillrace, match="spark.executor.allowSparkContext"):
            SparkContext(conf=SparkConf().set("spark.executor.allowSparkContext", "true"))
        with pytest.raises(NotInMillrace, match="spark.task.resource.gpu.amount"):
            SparkContext(conf=SparkConf().set("spark.task.resource.gpu.amount", "1"))
        assert SparkContext("local", "it").resources == {}


def test_a_task_knows_the_settings_of_its_job():
    with millrace.stage({}, stop="3s"):
        from pyspark import SparkConf, SparkContext, TaskContext
        from pyspark.streaming import StreamingContext

        sc = SparkContext("local[2]", "it", conf=SparkConf().set("spark.task.cpus", 2))
        pools = sc.parallelize([1]).map(lambda _: (TaskContext().cpus(), TaskContext.get().getLocalProperty("pool")))
        sc.setLocalProperty("pool", "first")
        assert pools.collect() == [(2, "first")]
        sc.setLocalProperty("pool", None)
        assert pools.collect() == [(2, None)]

        ssc, seen = StreamingContext(sc, 1), []
        ssc.queueStream([[1]]).foreachRDD(lambda rdd: seen.extend(pools.collect()))
        sc.setLocalProperty("pool", "at the start")
        ssc.start()
        sc.setLocalProperty("pool", "later")
        ssc.awaitTerminationOrTimeout(1)
        assert (seen, sc.getLocalProperty("pool")) == ([(2, "at the start")], "later")


def test_methods_of_keywords_alone():
    with millrace.stage({}):
        from pyspark import keyword_only

        class Named:
            @keyword_only
            def set(self, x=None, y=None):
                return self._input_kwargs, x, y

        assert Named().set(y=1) == ({"y": 1}, None, 1)
        with pytest.raises(TypeError, match="set forces keyword arguments"):
            Named().set(1)


def test_versions_of_spark_are_numbers():
    with millrace.stage({}):
        from pyspark.util import VersionUtils

        assert VersionUtils.majorMinorVersion("3.5.9") == (3, 5)
        with pytest.raises(ValueError, match="'3' as a Spark version string"):
            VersionUtils.majorMinorVersion("3")


def test_serializers_make_bytes_and_pickle_is_that_of_rows():
    with millrace.stage({}):
        from pyspark import MarshalSerializer, SparkContext
        from pyspark.serializers import PickleSerializer

        for serializer in (PickleSerializer(), MarshalSerializer()):
            assert serializer.loads(serializer.dumps([1, "a"])) == [1, "a"]
        assert PickleSerializer() == PickleSerializer() != MarshalSerializer()
        with pytest.raises(NotInMillrace, match=r"SparkContext\(serializer=MarshalSerializer\(\)\)"):
            SparkContext("local", "it", serializer=MarshalSerializer())
        assert SparkContext("local", "it", serializer=PickleSerializer()).parallelize([1]).collect() == [1]
