"""`pyspark.sql.streaming.StreamingQuery`: a query that was started."""

import uuid

from millrace.pyspark.errors import StreamingQueryException
from millrace.pyspark.sql.refused import refuse_methods


class StreamingQuery:
    def __init__(self, stage, program, name):
        self._stage = stage
        self._program = program
        self._name = name
        # Numbers of the run, and not drawn ones: two runs print the same.
        self._id = uuid.UUID(int=2 * program + 1)
        self._run_id = uuid.UUID(int=2 * program + 2)

    @property
    def id(self):
        return str(self._id)

    @property
    def runId(self):
        return str(self._run_id)

    @property
    def name(self):
        return self._name

    @property
    def isActive(self):
        return not self._stage.world.has_stopped(self._program)

    def awaitTermination(self, timeout=None):
        if timeout is not None and timeout < 0:
            raise ValueError("timeout must be a positive integer.")
        try:
            ended = self._stage.await_program(self._program, None if timeout is None else int(timeout * 1000))
        except RuntimeError as error:
            raise StreamingQueryException(str(error)) from None
        return ended if timeout is not None else None

    def processAllAvailable(self):
        self._stage.await_program(self._program, 0)

    def stop(self):
        self._stage.stop(self._program, False)


refuse_methods(StreamingQuery, "exception explain lastProgress recentProgress status")
