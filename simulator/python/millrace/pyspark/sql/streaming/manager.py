"""`pyspark.sql.streaming.StreamingQueryManager`: the queries of a session, and those that listen to them."""

import json
import traceback
import uuid

from millrace.pyspark.errors import IllegalArgumentException
from millrace.pyspark.sql.streaming.listener import (
    QueryProgressEvent, QueryStartedEvent, QueryTerminatedEvent, StreamingQueryListener, StreamingQueryProgress,
)
from millrace.pyspark.sql.streaming.query import check_timeout


class StreamingQueryManager:
    def __init__(self, session):
        self._session = session
        self._queries = []
        self._listeners = []
        #: The query that `awaitAnyTermination` ends for: one that has failed, or else the first that has ended.
        self._ended = None

    @property
    def active(self):
        return [query for query in self._queries if query.isActive]

    def get(self, id):
        try:
            id = str(uuid.UUID(id))
        except ValueError:
            raise IllegalArgumentException(f"Invalid UUID string: {id}") from None
        return next((query for query in self.active if query.id == id), None)

    def awaitAnyTermination(self, timeout=None):
        check_timeout(timeout)
        has_ended = self._ended is not None
        if not has_ended:
            programs = [query._program for query in self.active]
            has_ended = self._session._stage.await_queries(programs, timeout)
        if self._ended is not None:
            self._ended._raise()
        return has_ended if timeout is not None else None

    def resetTerminated(self):
        self._ended = None

    def addListener(self, listener):
        listener._session = self._session
        self._listeners.append(listener)

    def removeListener(self, listener):
        self._listeners.remove(listener)

    def _started(self, query):
        self._queries.append(query)
        self._post("onQueryStarted", QueryStartedEvent(query.id, query.runId, query.name, self._now()))

    def _check_name(self, name):
        if name is not None and any(query.name == name for query in self.active):
            raise IllegalArgumentException(
                f"Cannot start query with name {name} as a query with that name is already active in this SparkSession"
            )

    def _end_run_at(self, folder):
        """Ends the query that goes on from a checkpoint now, if one does (`spark.sql.streaming.stopActiveRunOnRestart`)."""
        program = self._session._stage.query_at(folder)
        for query in self._queries:
            if query._program == program and query.isActive:
                query.stop()

    def _progressed(self, progress):
        self._post("onQueryProgress", QueryProgressEvent(StreamingQueryProgress(json.loads(progress))))

    def _terminated(self, query):
        if self._ended is None or query._cause is not None:
            self._ended = query
        self._post("onQueryTerminated", QueryTerminatedEvent(query.id, query.runId, query._cause, None))

    def _now(self):
        import datetime

        now = datetime.datetime.fromtimestamp(self._session._now_ms() / 1000, datetime.timezone.utc)
        return now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03}Z"

    def _post(self, name, event):
        for listener in self._listeners:
            try:
                getattr(listener, name)(event)
            except Exception:
                # As Spark, whose bus logs what a listener raises and goes on.
                traceback.print_exc()


__all__ = ["StreamingQueryListener", "StreamingQueryManager"]
