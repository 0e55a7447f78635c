"""`pyspark.sql.streaming.StreamingQuery`: a query that was started."""

import collections
import json
import os
import sys
import uuid

from millrace import trace
from millrace.pyspark.errors import PySparkValueError, StreamingQueryException
from millrace.pyspark.sql.tablefiles import write_file
from millrace.pyspark.sql.written import keep
from millrace.pyspark.textfile import local_path

#: The entries of `recentProgress` (`spark.sql.streaming.numRecentProgressUpdates`, of which Spark keeps one less).
_RECENT = 99


class StreamingQuery:
    def __init__(self, table, name, calls_batches, trigger, mode, saves=None):
        self._table, self._name, self._calls_batches, self._trigger = table, name, calls_batches, trigger
        self._mode, self._saves = mode, saves
        self._streams = table._session.streams
        self._stage = table._session._stage
        # Numbers of the run, and not drawn ones: two runs print the same.
        number = self._stage.add_query(self)
        self._id = str(uuid.UUID(int=2 * number + 1))
        self._run_id = str(uuid.UUID(int=2 * number + 2))
        self._program = None
        self._progress = collections.deque(maxlen=_RECENT)
        #: The exception that has ended it, and the one that a function of the program has raised for that.
        self._cause = self._raised = None
        self._is_over = self._is_in_batch = self._was_told = False

    def _begin(self, writer, interval, checkpoint):
        session = self._table._session
        zone = session.conf.get("spark.sql.session.timeZone")
        engine = session._engine()
        ids = (self._id, self._run_id)
        self._program, self._id = self._stage.start_query(
            writer, engine, ids, interval, _write_out, self._tell, zone, session._new_files(), checkpoint
        )

    def _tell(self, kind, what):
        """Takes in what has happened."""
        if kind == "progress":
            self._progress.append(what)
            self._streams._progressed(what)
        elif kind == "written":
            written = keep(self._stage, what)
            if self._saves is not None:
                self._saves(written)
        elif kind == "saved":
            name, lines, content = what
            _write(name, lines, content)
            self._stage.observer.save(name, lines)
        elif kind == "failed":
            self._raised = what
            self._cause = _cause(what, self._calls_batches)
        elif kind == "stopped":
            self._end()

    def _batch(self, function, frame, number):
        """Calls a function of the program with the table of a micro-batch."""
        self._is_in_batch = True
        try:
            function(self._table._with(frame), number)
        finally:
            self._is_in_batch = False

    def untold(self):
        """The trace of its failure, if the program has not seen it."""
        return None if self._cause is None or self._was_told else trace.text(self._raised).rstrip()

    def _end(self):
        if not self._is_over:
            self._is_over = True
            self._streams._terminated(self)

    @property
    def id(self):
        return self._id

    @property
    def runId(self):
        return self._run_id

    @property
    def name(self):
        return self._name

    @property
    def isActive(self):
        return not self._is_over and not self._stage.world.has_stopped(self._program)

    @property
    def status(self):
        message = self._message()
        has_data = self._is_in_batch or message == "Waiting for next trigger"
        return {"message": message, "isDataAvailable": has_data, "isTriggerActive": self._is_in_batch}

    def _message(self):
        if self._cause is not None:
            return f"Terminated with exception: {self._cause}"
        if not self.isActive:
            return "Stopped"
        if self._is_in_batch:
            return "Processing new data"
        if not self._progress:
            return "Initializing sources"
        return "Waiting for next trigger" if self._trigger.isdigit() else "Waiting for data to arrive"

    @property
    def lastProgress(self):
        return json.loads(self._progress[-1]) if self._progress else None

    @property
    def recentProgress(self):
        return [json.loads(progress) for progress in self._progress]

    def exception(self):
        if self._cause is None:
            return None
        self._was_told = True
        name = f"{self._name} " if self._name else ""
        return StreamingQueryException(
            f"{self._cause}\n\n=== Streaming Query ===\nIdentifier: {name}[id = {self._id}, runId = {self._run_id}]"
        )

    def explain(self, extended=False):
        plan = self._table._frame.explain(extended, self._mode) if self._progress else "No physical plan. Waiting for data."
        sys.stdout.write(plan + "\n")

    def awaitTermination(self, timeout=None):
        check_timeout(timeout)
        has_ended = self._stage.await_queries([self._program], timeout)
        self._raise()
        return has_ended if timeout is not None else None

    def processAllAvailable(self):
        self._stage.play_arrived(self._program, int(self._trigger) if self._trigger.isdigit() else 0)
        self._raise()

    def stop(self):
        self._stage.stop(self._program, False)
        self._end()

    def _raise(self):
        """Raises the exception that has ended it, from that of the program."""
        if self._cause is not None:
            self._was_told = True
            raise self._failure() from self._raised

    def _failure(self):
        return StreamingQueryException(
            f"[STREAM_FAILED] Query [id = {self._id}, runId = {self._run_id}] terminated with exception: {self._cause}",
            "STREAM_FAILED",
            {"id": self._id, "runId": self._run_id, "message": self._cause},
        )


def check_timeout(timeout):
    if timeout is not None and (not isinstance(timeout, (int, float)) or timeout < 0):
        kind = type(timeout).__name__
        raise PySparkValueError(
            f"[VALUE_NOT_POSITIVE] Value for `timeout` must be positive, got '{kind}'.",
            "VALUE_NOT_POSITIVE",
            {"arg_name": "timeout", "arg_value": kind},
        )


def _cause(error, calls_batches):
    """The text of the exception that Spark makes of one that a function of the program has raised, or of the engine's."""
    if error.__traceback__ is None:
        return str(error)
    if calls_batches:
        return f"An exception was raised by the Python Proxy. Return Message: {trace.text(error)}"
    return f"Job aborted due to stage failure: org.apache.spark.api.python.PythonException: {trace.text(error)}"


def _write_out(text):
    sys.stdout.write(text)  # As it is when it is written to.


def _write(name, lines, content):
    path = local_path(name, "DataStreamWriter.start")
    os.makedirs(os.path.dirname(path) or os.curdir, exist_ok=True)
    write_file(path, lines, content)
