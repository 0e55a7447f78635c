"""Plays a PySpark program, as it is, on a real Spark on a clock that is set by a timeline.

    python program.py JOB.py TIMELINE.json [arguments]
    python program.py --list LIST.json

The program's standard output, its errors and its exit status are those of `spark-submit JOB.py`. A timeline is

    {"start_ms": 0, "stop_ms": 4000, "timezone": "UTC", "cores": 2, "entries": [
        {"at_ms": 1000, "stream": "localhost:9999", "lines": ["a line"], "partitions": 1}]}

where `stop_ms` is the last instant, `stream` is a `host:port` or a folder as the program names it, or null for
every stream, and `cores` are those of a program that names no master. The program runs in an empty folder. Where
`shows_saved` is true, the files that it saves there are shown as Millrace shows them.

A list has programs that are played one after the other in one JVM, and a line is written for each:

    [{"job": "JOB.py", "timeline": {…}, "arguments": [], "output": "JOB.txt"}]
    {"output": "JOB.txt", "status": 0, "seconds": 7.1}
"""

import json
import os
import shutil
import sys
import tempfile
import time
import traceback
import types

import replay
import stage


class Player:
    """A JVM, and the folder in which programs run one after the other."""

    def __init__(self):
        self.scratch = tempfile.mkdtemp(prefix="program-")
        self.folder = os.path.join(self.scratch, "work")
        os.mkdir(self.folder)
        os.chdir(self.folder)
        replay.FOLDER = self.scratch
        replay.configure(None)

    def open(self):
        """Starts the JVM before any program does: settings of that one would stay with it."""
        from pyspark import SparkContext

        SparkContext._ensure_initialized()
        self.jvm = SparkContext._jvm
        self.properties = self.jvm.java.lang.System.getProperties().clone()

    def close(self):
        from pyspark import SparkContext

        process = SparkContext._gateway.proc
        SparkContext._gateway.shutdown()
        process.stdin.close()
        process.wait()
        os.chdir("/")
        shutil.rmtree(self.scratch, ignore_errors=True)

    def play(self, job, timeline, arguments):
        """The exit status of a program, after which all is as it was before."""
        before = ProcessState(job)
        system = self.jvm.java.lang.System
        system.setProperty("spark.master", f"local[{timeline.get('cores', 2)}]")
        system.setProperty("spark.sql.session.timeZone", timeline["timezone"])
        # Text files are read by no other file system than the usual one.
        system.setProperty("spark.hadoop.fs.file.impl", "org.apache.hadoop.fs.LocalFileSystem")
        os.environ["TZ"] = timeline["timezone"]
        time.tzset()
        try:
            with stage.set_up(timeline):
                try:
                    return run(job, arguments)
                finally:
                    stop_all()
                    report_unread()
        finally:
            system.setProperties(self.properties.clone())
            before.restore()
            for entry in os.scandir(self.folder):
                shutil.rmtree(entry) if entry.is_dir() else os.unlink(entry)


class ProcessState:
    """The parts of this process that a program may change."""

    def __init__(self, job):
        self.job_folder = os.path.dirname(job)
        self.argv, self.path = sys.argv, list(sys.path)
        self.modules = dict(sys.modules)
        self.streams = sys.stdout, sys.stderr
        self.environment = dict(os.environ)
        self.folder = os.getcwd()

    def restore(self):
        sys.argv, sys.path[:] = self.argv, self.path
        sys.stdout, sys.stderr = self.streams
        # Modules of a library stay: its classes would not be those that others of its modules hold.
        for name in set(sys.modules) - set(self.modules):
            path = getattr(sys.modules[name], "__file__", None) or ""
            if os.path.dirname(path) == self.job_folder:
                del sys.modules[name]
        sys.modules["__main__"] = self.modules["__main__"]
        os.environ.clear()
        os.environ.update(self.environment)
        time.tzset()
        os.chdir(self.folder)


def run(job, arguments):
    """Runs a file as Python does: as `__main__`, with its own folder on the path, its errors on standard error."""
    module = types.ModuleType("__main__")
    module.__file__ = job
    module.__builtins__ = __builtins__
    sys.modules["__main__"] = module
    sys.argv = [job, *arguments]
    sys.path.insert(0, os.path.dirname(job))
    try:
        with open(job, "rb") as file:
            code = compile(file.read(), job, "exec")
        exec(code, module.__dict__)
    except SystemExit as exit:
        return status_of(exit)
    except BaseException as error:
        # The first frame is that of this function.
        error.__traceback__ = error.__traceback__.tb_next
        traceback.print_exception(error)
        return 1
    return 0


def status_of(exit):
    if exit.code is None or isinstance(exit.code, int):
        return exit.code or 0
    print(exit.code, file=sys.stderr)
    return 1


def stop_all():
    """Stops all that the program has left running."""
    from pyspark import SparkContext, accumulators
    from pyspark.streaming import StreamingContext

    stage.world.queries.stop()
    active = StreamingContext._activeContext
    if active is not None:
        active.stop(stopSparkContext=False)
    if SparkContext._active_spark_context is not None:
        SparkContext._active_spark_context.stop()
    accumulators._accumulatorRegistry.clear()


def report_unread():
    for stream in stage.world.unread():
        print(f"the timeline has lines for `{stream}`, which the program does not read", file=sys.stderr)


def play_one(player, job, timeline, arguments):
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    player.open()
    try:
        return player.play(job, timeline, arguments)
    finally:
        sys.stdout.flush()
        player.close()


def play_list(player, programs):
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        console = replay.Console(os.path.join(player.scratch, "console.txt"))
        player.open()
        try:
            for each in programs:
                started = time.monotonic()
                console.clear(player.jvm)
                status = player.play(each["job"], each["timeline"], each.get("arguments", []))
                with open(each["output"], "w", encoding="utf-8", newline="") as file:
                    file.write(console.text(player.jvm))
                seconds = round(time.monotonic() - started, 1)
                answer = {"output": each["output"], "status": status, "seconds": seconds}
                answers.write(json.dumps(answer) + "\n")
                answers.flush()
        finally:
            player.close()
    return 0


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    if "PYTHONHASHSEED" not in os.environ:
        # As `spark-submit` does: keys that are text are sent to partitions by this hash.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.argv])
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    if sys.argv[1] == "--list":
        programs = load(sys.argv[2])
        for each in programs:
            each["job"], each["output"] = map(os.path.abspath, (each["job"], each["output"]))
        sys.exit(play_list(Player(), programs))
    job, timeline = os.path.abspath(sys.argv[1]), load(sys.argv[2])
    sys.exit(play_one(Player(), job, timeline, sys.argv[3:]))


if __name__ == "__main__":
    main()
