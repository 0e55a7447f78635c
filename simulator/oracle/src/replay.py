"""Replays pipelines on a real Spark on a clock that it sets, and answers with the console of Spark.

One request a line of JSON on standard input, one answer a line on standard output. Standard output
itself is turned into a file, so that the output of Python and the JVM is read back byte for byte. When
standard input ends before the work does, the parent process is gone: the whole process group ends.

    {"id": 0, "kind": "dstream", "program": "…", "cores": 2, "batches": [[["a line"]], []], …}
    {"id": 0, "console": "…"}  or  {"id": 0, "error": "…"}

A query that failed has, besides its console up to then, the reason as "failure".
"""

import contextlib
import json
import os
import queue
import shlex
import shutil
import subprocess
import sys
import threading
import time
from unittest import mock

from trigger_clock import TriggerClock

FOLDER = os.path.dirname(os.path.abspath(__file__))
BATCH_SECONDS = 120

LOGGING = """
rootLogger.level = off
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
"""

# PySpark's workers search their whole path for every task, and on it are archives, one of them with
# thousands of Java classes: a tenth of a second each time. All that they need is in folders as well.
QUICK_WORKERS = """
import sys

sys.path = [entry for entry in sys.path if not entry.endswith((".jar", "pyspark.zip"))]
sys.path_importer_cache.clear()

from pyspark.daemon import manager

manager()
"""


def release():
    """The release of Spark, such as (4, 1): its classes move from one to the next."""
    import pyspark

    return tuple(int(part) for part in pyspark.__version__.split(".")[:2])


class Console:
    """Standard output of this process and of the JVM, kept in a file instead."""

    def __init__(self, path):
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        self.file = os.open(path, flags, 0o600)
        os.dup2(self.file, 1)
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")

    def clear(self, jvm):
        self.flush(jvm)
        os.ftruncate(self.file, 0)

    def text(self, jvm):
        self.flush(jvm)
        length = os.fstat(self.file).st_size
        return os.pread(self.file, length, 0).decode("utf-8", "replace")

    @staticmethod
    def flush(jvm):
        sys.stdout.flush()
        jvm.java.lang.System.out.flush()


class Cluster:
    """A Spark with this number of cores: its context is kept from one pipeline to the next."""

    def __init__(self, master):
        self.master = master
        self.cores = None
        self.session = None

    def start(self, cores):
        """The session, with this many cores; the JVM is started with the first one."""
        if self.cores == cores:
            return self.session
        from pyspark.sql import SparkSession

        self.stop()
        builder = SparkSession.builder.master(self.master or f"local[{cores}]").appName("millrace")
        builder = builder.config("spark.default.parallelism", cores)
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("OFF")
        self.cores = cores
        return self.session

    def stop(self):
        if self.session is not None:
            self.session.stop()
        self.session = self.cores = None


def replay_dstream(request, spark, console):
    """Moves a manual clock from batch to batch, each of which gets its blocks as partitions."""
    from pyspark.serializers import UTF8Deserializer
    from pyspark.streaming import StreamingContext
    from pyspark.streaming.dstream import DStream

    os.environ["TZ"] = request["timezone"]
    time.tzset()
    sc = spark.sparkContext
    jvm = sc._jvm
    interval = jvm.org.apache.spark.streaming.Duration(request["interval_ms"])
    jssc = jvm.org.apache.spark.streaming.api.java.JavaStreamingContext(sc._jsc, interval)
    ssc = StreamingContext(sc, jssc=jssc)
    # PySpark starts the server of its callbacks where it makes the Java context itself.
    ssc._ensure_initialized()
    try:
        ssc.checkpoint(os.path.join(FOLDER, "checkpoint"))
        rdds = jvm.java.util.LinkedList()
        for blocks in request["batches"]:
            rdds.add(rdd_of(sc, blocks))
        lines = jssc.queueStream(rdds, True, sc._jsc.emptyRDD())
        # A queue gives its next batch when it is asked, and a window may skip some: ask for each.
        DStream(lines, ssc, UTF8Deserializer()).foreachRDD(lambda rdd: None)
        if request["class"]:
            java_class(sc, request["class"]).define(jssc, lines)
        else:
            names = {"sc": sc, "ssc": ssc, "lines": DStream(lines, ssc, UTF8Deserializer())}
            execute(request["program"], names)
        tick(ssc, request)
        return {"console": console.text(jvm)}
    finally:
        ssc.stop(stopSparkContext=False, stopGraceFully=False)


def rdd_of(sc, blocks):
    """One partition for each block; a batch without input has none, as a receiver's."""
    if not blocks:
        return sc._jsc.emptyRDD()
    array = sc._gateway.new_array(sc._jvm.org.apache.spark.api.java.JavaRDD, len(blocks))
    for index, block in enumerate(blocks):
        array[index] = sc._jsc.parallelize(java_list(sc._jvm, block), 1)
    return array[0] if len(blocks) == 1 else sc._jsc.union(array)


def java_list(jvm, lines):
    result = jvm.java.util.ArrayList(len(lines))
    for line in lines:
        result.add(line)
    return result


def java_class(sc, name):
    from py4j.java_gateway import JavaClass

    return JavaClass(name, sc._gateway._gateway_client)


def execute(program, names):
    names["__name__"] = "__main__"
    exec(compile(program, "<pipeline>", "exec"), names)


def tick(ssc, request):
    """Lets batch after batch come, each when the one before has ended."""
    clock = ssc._jssc.ssc().scheduler().clock()
    clock.setTime(request["start_ms"])
    ssc.start()
    listener = ssc._jssc.ssc().progressListener()
    for index in range(len(request["batches"])):
        clock.setTime(request["first_ms"] + index * request["interval_ms"])
        wait_until(lambda: listener.numTotalCompletedBatches() > index, f"batch {index}")
    ssc._jssc.awaitTerminationOrTimeout(1)


def wait_until(is_done, what):
    deadline = time.monotonic() + BATCH_SECONDS
    while not is_done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not end in {BATCH_SECONDS} s")
        time.sleep(0.002)


def replay_structured(request, spark, console):
    """Feeds sources in memory, and waits for each micro-batch to end. Their settings and views are of a session alone."""
    from pyspark.sql import DataFrame, functions

    jvm = spark._jvm
    spark = spark.newSession()
    for setting, value in request["conf"].items():
        spark.conf.set(setting, value)
        if value.endswith("RocksDBStateStoreProvider"):
            # In Spark 3.5 it takes no other way to local files than Hadoop's usual one.
            spark.conf.set("fs.file.impl", "org.apache.hadoop.fs.LocalFileSystem")
            spark.conf.set("fs.file.impl.disable.cache", "true")
    names = {"spark": spark}
    sources = {}
    for number, name in enumerate(request["sources"]):
        sources[name] = memory_stream(spark, request["cores"], number)
        names[name] = DataFrame(sources[name].toDF(), spark)

    def add(lines):
        """Gives all sources their lines at once: a trigger comes before them or after."""
        with no_trigger(names.get("query") if len(sources) > 1 else None):
            for name, added in lines.items():
                to_seq = jvm.org.apache.spark.api.python.PythonUtils.toSeq
                sources[name].addData(to_seq(java_list(jvm, added)))

    batches = list(request["batches"])
    # What is there before the first trigger: of a socket nothing, which is a batch all the same (MB-2b).
    if request["at_start"]:
        add(batches.pop(0)["lines"])
    used = ("col", "explode", "from_csv", "from_json", "split", "timestamp_seconds", "window")
    names |= {name: getattr(functions, name) for name in used}
    run = run_as_data_comes if request["stop_ms"] is None else run_by_the_clock
    try:
        text = run(request, names, (add, batches), lambda: console.text(jvm))
    except Exception as error:
        failure = failure_of(names.get("query")) or (request["is_refused"] and refusal_of(error))
        if not failure:
            raise
        return {"console": console.text(jvm), "failure": failure}
    return {"console": text}


@contextlib.contextmanager
def no_trigger(query):
    """Holds the triggers of a query back."""
    lock = query and query._jsq.streamingQuery().awaitProgressLock()
    if lock:
        lock.lock()
    try:
        yield
    finally:
        if lock:
            lock.unlock()


def memory_stream(spark, partitions, number=0):
    jvm = spark._jvm
    streaming = jvm.org.apache.spark.sql.execution.streaming
    moved = release() >= (4, 1)
    memory_stream = streaming.runtime.MemoryStream if moved else streaming.MemoryStream
    session = spark._jsparkSession
    return memory_stream(
        number,
        session if moved else session.sqlContext(),
        jvm.scala.Option.apply(partitions),
        jvm.org.apache.spark.sql.Encoders.STRING(),
    )


def failure_of(query):
    """The first line of the reason for which a query ended, or None: the outermost one with an error class, or the innermost
    one."""
    failure = query and query._jsq.exception()
    if not failure or failure.isEmpty():
        return None
    cause = failure.get()
    while cause.getCause() is not None:
        cause = cause.getCause()
        if str(cause.getMessage()).startswith("["):
            break
    return str(cause.getMessage() or cause.toString()).splitlines()[0]


def refusal_of(error):
    """The first line of the reason for which a query is refused, or None of another error."""
    from pyspark.errors import AnalysisException, IllegalArgumentException

    is_refusal = isinstance(error, (AnalysisException, IllegalArgumentException))
    return str(error).strip().splitlines()[0] if is_refusal else None


def run_as_data_comes(request, names, feed, printed):
    """The default trigger, and those that fire once: nothing goes by the clock."""
    add, batches = feed
    execute(request["program"], names)
    query = names["query"]
    try:
        query.processAllAvailable()
        for batch in batches:
            add(batch["lines"])
            query.processAllAvailable()
        return printed()
    finally:
        query.stop()


def run_by_the_clock(request, names, feed, printed):
    """A trigger of processing time, on a clock that is set. Lines at the time of a trigger are in its batch."""
    from pyspark.sql.streaming import DataStreamWriter

    add, batches = feed
    clock = TriggerClock(request["start_ms"])

    def start(writer):
        return clock.start(writer, names["spark"], release())

    with mock.patch.object(DataStreamWriter, "start", start):
        execute(request["program"], names)
    query = names["query"]
    try:
        for batch in batches:
            clock.fire(query, lambda trigger: trigger < batch["time_ms"])
            add(batch["lines"])
        clock.fire(query, lambda trigger: trigger <= request["stop_ms"])
        # A query that is let go may print once more before it is stopped.
        return printed()
    finally:
        clock.release()
        query.stop()


KINDS = {"dstream": replay_dstream, "structured": replay_structured}


def hello(request, cluster):
    try:
        spark = cluster.start(request["hello"])
    except Exception as error:
        leave_with_the_jvm()
        return {"error": explained(error)}
    java = spark._jvm.java.lang.System.getProperty("java.version")
    python = ".".join(map(str, sys.version_info[:3]))
    return {"spark": spark.version, "java": java, "python": python}


def answer(request, cluster, console):
    try:
        spark = cluster.start(request["cores"])
        console.clear(spark._jvm)
        return KINDS[request["kind"]](request, spark, console)
    except Exception as error:
        leave_with_the_jvm()
        return {"error": explained(error)}


def leave_with_the_jvm():
    """Ends this process if the JVM has ended: no request can be answered any more."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    process = gateway and getattr(gateway, "proc", None)
    status = process and process.poll()
    if status is not None:
        print(f"the JVM ended with status {status}", file=sys.stderr, flush=True)
        os._exit(1)


def explained(error):
    """The first lines of Spark's message: the rest is a stack of calls."""
    java = getattr(error, "java_exception", None)
    text = str(java.toString()) if java is not None else f"{type(error).__name__}: {error}"
    return "\n".join(text.strip().splitlines()[:6])


def configure(master):
    """Settings that are fixed when the JVM starts."""
    logging = write("log4j2.properties", LOGGING)
    java = [
        f"-Dlog4j2.configurationFile=file:{logging}",
        f"-Djava.io.tmpdir={FOLDER}",
        "-Dfile.encoding=UTF-8",
        "-Dstdout.encoding=UTF-8",
        "-Dsun.stdout.encoding=UTF-8",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
    ]
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.streaming.clock": "org.apache.spark.util.ManualClock",
        "spark.driver.memory": "2g",
        "spark.local.dir": FOLDER,
        "spark.sql.warehouse.dir": os.path.join(FOLDER, "warehouse"),
    }
    if master is None:
        write("quick_workers.py", QUICK_WORKERS)
        os.environ["PYTHONPATH"] = os.pathsep.join([FOLDER, os.environ.get("PYTHONPATH", "")])
        settings["spark.python.daemon.module"] = "quick_workers"
        settings["spark.driver.host"] = settings["spark.driver.bindAddress"] = "127.0.0.1"
        # Spark asks for the address of this machine's name, which not every container has.
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        # Hadoop's usual way to local files runs `chmod` and the like, several for each state store.
        settings["spark.hadoop.fs.file.impl"] = "org.apache.hadoop.fs.RawLocalFileSystem"
        package = "checkpointing." if release() >= (4, 1) else ""
        settings["spark.sql.streaming.checkpointFileManagerClass"] = (
            "org.apache.spark.sql.execution.streaming."
            f"{package}FileSystemBasedCheckpointFileManager"
        )
    classes = os.path.join(FOLDER, "classes")
    if os.path.isdir(classes):
        jar = shutil.make_archive(os.path.join(FOLDER, "programs"), "zip", classes)
        settings["spark.jars"] = jar
        settings["spark.driver.extraClassPath"] = jar
    words = ["--driver-java-options", " ".join(java)]
    for key, value in settings.items():
        words += ["--conf", f"{key}={value}"]
    os.environ["PYSPARK_SUBMIT_ARGS"] = shlex.join(words + ["pyspark-shell"])
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable


def write(name, text):
    path = os.path.join(FOLDER, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def requests():
    """The requests, while another thread watches for the end of standard input."""
    lines = queue.Queue()

    def watch():
        for line in sys.stdin.buffer:
            lines.put(json.loads(line))
            if lines.queue[-1] is None:
                return
        # From a session of its own, so that it outlives what it ends.
        end = f"kill -s KILL -- -{os.getpgrp()}; rm -rf {shlex.quote(FOLDER)}"
        subprocess.Popen(["/bin/sh", "-c", end], start_new_session=True)

    threading.Thread(target=watch, daemon=True).start()
    return iter(lines.get, None)


def main():
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        console = Console(os.path.join(FOLDER, "console.txt"))

        def send(message):
            answers.write(json.dumps(message) + "\n")
            answers.flush()

        master = sys.argv[1] if len(sys.argv) > 1 else None
        configure(master)
        cluster = Cluster(master)
        for request in requests():
            if "hello" in request:
                send(hello(request, cluster))
            else:
                send({"id": request["id"], **answer(request, cluster, console)})
        cluster.stop()


if __name__ == "__main__":
    main()
