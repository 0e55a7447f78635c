"""`pyspark.SparkContext`: the cluster that a program runs on, of which there is one at a time."""

import contextlib
import re
import sys
import warnings

from millrace import staging, trace
from millrace._millrace import Rdd, copied, in_worker
from millrace.errors import missing
from millrace.pyspark import accumulators
from millrace.pyspark.broadcast import Broadcast
from millrace.pyspark.conf import SparkConf
from millrace.pyspark.errors import IllegalArgumentException, PySparkRuntimeError
from millrace.pyspark.files import Files, SparkFiles
from millrace.pyspark.jvm import Jvm, Loggers
from millrace.pyspark.rdd import RDD
from millrace.pyspark.serializers import PickleSerializer
from millrace.pyspark.textfile import lines_of, local_path, pieces_of
from millrace.pyspark.version import __version__
from millrace.refused import refuse, without

_DRIVER_ONLY = (
    "[CONTEXT_ONLY_VALID_ON_DRIVER] It appears that you are attempting to reference SparkContext from a broadcast "
    "variable, action, or transformation. SparkContext can only be used on the driver, not in code that it run on "
    "workers. For more information, see SPARK-5063."
)


class SparkContext:
    PACKAGE_EXTENSIONS = (".zip", ".egg", ".jar")

    _jvm = Jvm()
    _active_spark_context = None
    _is_taken_again = False

    def __new__(cls, *args, **kwargs):
        active = SparkContext._active_spark_context
        return active if active is not None and SparkContext._is_taken_again else super().__new__(cls)

    # `sparkHome` is for the workers of a cluster. The profilers are used where `spark.python.profile` is set, which is
    # refused.
    @without(
        "SparkContext",
        environment="Set variables in os.environ: workers are in the program's process.",
        gateway="There is no JVM.",
        jsc="There is no JVM.",
    )
    def __init__(
        self,
        master=None,
        appName=None,
        sparkHome=None,
        pyFiles=None,
        environment=None,
        batchSize=0,
        serializer=None,
        conf=None,
        gateway=None,
        jsc=None,
        profiler_cls=None,
        udf_profiler_cls=None,
        memory_profiler_cls=None,
    ):
        if self is SparkContext._active_spark_context:
            return
        if in_worker():
            raise PySparkRuntimeError(_DRIVER_ONLY)
        if not isinstance(serializer, (PickleSerializer, type(None))):
            raise missing(f"SparkContext(serializer={serializer})", "Rows are copied as by pickle: leave it out.")
        if SparkContext._active_spark_context is not None:
            active = SparkContext._active_spark_context
            raise ValueError(
                "Cannot run multiple SparkContexts at once; "
                f"existing SparkContext(app={active.appName}, master={active.master}) created by __init__ at {active._place} "
            )
        self._stage = staging.current()
        self._conf = conf._copy() if conf is not None else SparkConf()
        if master:
            self._conf.setMaster(master)
        if appName:
            self._conf.setAppName(appName)
        if sparkHome:
            self._conf.setSparkHome(sparkHome)
        self._conf._check()
        # As `spark-submit` has it, by which a program without a master is run.
        self._conf.setIfMissing("spark.master", "local[*]")
        self._conf.setIfMissing("spark.app.name", "pyspark-shell")
        self.master = self._conf.get("spark.master")
        self.appName = self._conf.get("spark.app.name")
        self.sparkHome = self._conf.get("spark.home")
        self.environment = {}
        self._cores = _cores(self.master) or self._stage.cores or 2
        self._batch_size = batchSize
        self._place = trace.place()
        self._start_ms = self._stage.now_ms()
        self._rdds = 0
        self._jobs = 0
        self._accumulators = 0
        self._checkpoint_dir = None
        self._local_properties = {}
        self._job_tags = set()
        self._is_stopped = False
        self._loggers = Loggers()
        #: The last `SparkSession`.
        self._session = None
        self._files = SparkFiles._files = Files()
        SparkContext._active_spark_context = self
        for path in pyFiles or ():
            self.addPyFile(path)
        self._stage.at_end(self.stop)

    def __repr__(self):
        return f"<SparkContext master={self.master} appName={self.appName}>"

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.stop()

    def __getnewargs__(self):
        raise PySparkRuntimeError(_DRIVER_ONLY)

    def _to_worker(self):
        raise PySparkRuntimeError(_DRIVER_ONLY)

    @classmethod
    def getOrCreate(cls, conf=None):
        return cls._active_spark_context or SparkContext(conf=conf or SparkConf())

    # Its properties

    @property
    def version(self):
        return __version__

    @property
    def startTime(self):
        return self._start_ms

    @property
    def resources(self):
        return {}

    @property
    def applicationId(self):
        return f"local-{self._start_ms}"

    @property
    def uiWebUrl(self):
        return None

    @property
    def defaultParallelism(self):
        return int(self._conf.get("spark.default.parallelism", self._cores))

    @property
    def defaultMinPartitions(self):
        return min(self.defaultParallelism, 2)

    def getConf(self):
        return self._conf._copy()

    def setLogLevel(self, logLevel):
        levels = ("ALL", "DEBUG", "ERROR", "FATAL", "INFO", "OFF", "TRACE", "WARN")
        if logLevel.upper() not in levels:
            raise ValueError(
                f"Supplied level {logLevel} did not match one of: {','.join(levels)}"
            )
        self._loggers.set("", logLevel.upper())

    def stop(self):
        self._stage.check_thread()
        self._is_stopped = True
        self._files.remove()
        if SparkContext._active_spark_context is self:
            SparkContext._active_spark_context = None

    # Batches

    def emptyRDD(self):
        return RDD(Rdd.of_rows([]), self)

    def range(self, start, end=None, step=1, numSlices=None):
        start, end = (0, start) if end is None else (start, end)
        return self.parallelize(range(start, end, step), numSlices)

    def parallelize(self, c, numSlices=None):
        self._check_running()
        slices = int(numSlices) if numSlices is not None else self.defaultParallelism
        if slices < 0:
            raise IllegalArgumentException("Positive number of partitions required")
        c = c if isinstance(c, range) else list(c)
        serializer = "rows" if isinstance(c, range) else f"{_batch(len(c), slices, self._batch_size)} rows"
        return RDD(Rdd.of_rows(self._dealt(c, slices)), self, serializer=serializer)

    def _dealt(self, rows, slices):
        """The rows of each partition of a list, or of a range."""
        if isinstance(rows, range):
            bounds = [index * len(rows) // slices for index in range(slices + 1)]
        else:
            bounds = _slices(len(rows), slices, self._batch_size)
        return [list(rows[a:b]) for a, b in zip(bounds, bounds[1:])]

    def textFile(self, name, minPartitions=None, use_unicode=True):
        local_path(name, "SparkContext.textFile")

        def read():
            # By the first job, as in Spark, and what is in the files by each.
            with self._stage.failures("o1.partitions"):
                pieces = pieces_of(name, minPartitions or self.defaultMinPartitions)
            rows = Rdd.of_rows([[piece] for piece in pieces])
            return rows.pipelined(lambda _, pieces: lines_of(*next(pieces), use_unicode), False)

        return RDD(read, self, serializer="text")

    def union(self, rdds):
        if not rdds:
            raise IndexError("list index out of range")
        return RDD(Rdd.union(*(rdd._rdd for rdd in rdds)), self)

    # `allowLocal` has no effect in Spark either, since 1.5.
    def runJob(self, rdd, partitionFunc, partitions=None, allowLocal=False):
        mapped = rdd.mapPartitions(partitionFunc)
        return self._run(mapped, range(rdd.getNumPartitions()) if partitions is None else partitions)

    def _run(self, rdd, partitions):
        """The rows of some partitions: a job."""
        self._check_running()
        batch = rdd._rdd
        if partitions:
            self._jobs += 1
            batch.begin_job(self._jobs)
        rows = []
        try:
            for index in partitions:
                with self._stage.failures("z:org.apache.spark.api.python.PythonRDD.collectAndServe"):
                    # As the program has them, which Spark's driver unpickles.
                    rows += map(copied, batch.partition(index))
        except BaseException:
            accumulators.end_task(is_complete=False)
            raise
        return rows

    def _next_rdd_id(self):
        self._rdds += 1
        return self._rdds - 1

    def _check_running(self):
        self._stage.check_thread()
        if self._is_stopped:
            # Of the type that PySpark raises, which meets a `None` in the place of the JVM.
            raise AttributeError("Cannot call methods on a stopped SparkContext.")

    # Shared variables

    def broadcast(self, value):
        self._stage.check_thread()
        return Broadcast(self, value)

    def accumulator(self, value, accum_param=None):
        self._stage.check_thread()
        self._accumulators += 1
        param = accum_param or accumulators.param_of(value)
        return accumulators.Accumulator(self._accumulators - 1, value, param)

    # Files

    def addFile(self, path, recursive=False):
        self._stage.check_thread()
        self._files.add(path, recursive)

    def addPyFile(self, path):
        self._stage.check_thread()
        copy = self._files.add(path)
        if copy.lower().endswith(self.PACKAGE_EXTENSIONS):
            sys.path.insert(1, copy)

    @property
    def listFiles(self):
        return [f"file:{path}" for path in self._files.added.values()]

    @staticmethod
    @contextlib.contextmanager
    def _taken_again():
        """While this is entered, a context that is there is taken in the place of another one."""
        SparkContext._is_taken_again = True
        try:
            yield
        finally:
            SparkContext._is_taken_again = False

    def setCheckpointDir(self, dirName):
        self._stage.check_thread()
        self._checkpoint_dir = dirName

    def getCheckpointDir(self):
        return self._checkpoint_dir

    # Settings of jobs. A job ends before the next line of the program, so that there is never one to cancel.

    def setJobGroup(self, groupId, description, interruptOnCancel=False):
        self.setLocalProperty("spark.jobGroup.id", groupId)
        self.setLocalProperty("spark.job.description", description)
        self.setInterruptOnCancel(interruptOnCancel)

    def setJobDescription(self, value):
        self.setLocalProperty("spark.job.description", value)

    def setInterruptOnCancel(self, interruptOnCancel):
        self.setLocalProperty("spark.job.interruptOnCancel", str(interruptOnCancel).lower())

    def setLocalProperty(self, key, value):
        self._local_properties[key] = value

    def getLocalProperty(self, key):
        return self._local_properties.get(key)

    @contextlib.contextmanager
    def _with_local_properties(self, properties):
        """The jobs within have these properties."""
        before, self._local_properties = self._local_properties, dict(properties)
        try:
            yield
        finally:
            self._local_properties = before

    def addJobTag(self, tag):
        if not tag or "," in tag:
            raise IllegalArgumentException("Spark job tag cannot be an empty string, nor contain ','.")
        self._job_tags.add(tag)

    def removeJobTag(self, tag):
        self._job_tags.discard(tag)

    def getJobTags(self):
        return set(self._job_tags)

    def clearJobTags(self):
        self._job_tags.clear()

    def cancelAllJobs(self):
        pass

    def cancelJobGroup(self, groupId):
        pass

    def cancelJobsWithTag(self, tag):
        pass


_HADOOP = "It reads Hadoop's formats. Use textFile, or parallelize."
_SETTINGS = "There is no JVM: set it in the SparkConf."
_NO_JVM = "There is no JVM."

refuse(
    SparkContext,
    {
        "addArchive": "Unpack it in the program.",
        "binaryFiles": "Read the files and parallelize what is in them.",
        "binaryRecords": "Read the file and parallelize its records.",
        "dump_profiles": "Use Python's own profiler.",
        "getSystemProperty": _SETTINGS,
        "hadoopFile": _HADOOP,
        "hadoopRDD": _HADOOP,
        "newAPIHadoopFile": _HADOOP,
        "newAPIHadoopRDD": _HADOOP,
        "pickleFile": _HADOOP,
        "sequenceFile": _HADOOP,
        "setSystemProperty": _SETTINGS,
        "show_profiles": "Use Python's own profiler.",
        "sparkUser": "Use getpass.getuser().",
        "statusTracker": "A job ends before the next line of the program.",
        "wholeTextFiles": "Use textFile, or read the files and parallelize what is in them.",
    },
    {
        "listArchives": "Unpack them in the program.",
        "_gateway": _NO_JVM,
        "_jsc": _NO_JVM,
    },
)


def _cores(master):
    """The threads of a master; `None` where it takes all that there are."""
    if master == "local":
        return 1
    if match := re.fullmatch(r"local-cluster\[\s*(\d+)\s*,\s*(\d+)\s*,\s*\d+\s*\]", master):
        return int(match[1]) * int(match[2])
    match = re.fullmatch(r"local\[(\d+|\*)(?:\s*,\s*(\d+))?\]", master)
    if match:
        if match[2] not in (None, "1"):
            warnings.warn(f"master {master!r}: a task that fails is not tried again here", stacklevel=4)
        return None if match[1] == "*" else int(match[1])
    if re.match(r"(spark|k8s|mesos)://|yarn", master):
        warnings.warn(f"master {master!r}: the program runs here, on virtual cores", stacklevel=4)
        return None
    raise ValueError(f"Could not parse Master URL: '{master}'")


def _slices(count, slices, batch_size):
    """Where PySpark cuts a list: between pickled batches, that the JVM deals out."""
    batch = _batch(count, slices, batch_size)
    batches = -(-count // batch)
    return [min(index * batches // slices * batch, count) for index in range(slices + 1)]


def _batch(count, slices, batch_size):
    """The rows that PySpark pickles together."""
    return max(1, min(count // slices, batch_size or 1024))
