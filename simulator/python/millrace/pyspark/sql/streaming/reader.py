"""`pyspark.sql.streaming.DataStreamReader`: a stream as a table."""

from millrace.errors import missing
from millrace.pyspark.errors import AnalysisException
from millrace.pyspark.sql.refused import INSTEAD, refuse_methods
from millrace.pyspark.sql.streaming.options import Options


class DataStreamReader(Options):
    _KNOWN = frozenset(("host", "port"))

    def __init__(self, session):
        super().__init__()
        self._session = session

    def load(self, path=None, format=None, schema=None, **options):
        self.options(**options)
        source = format or self._format
        if source != "socket" or path is not None or schema is not None:
            raise missing(f"DataStreamReader.format({source!r})", INSTEAD)
        for name in ("host", "port"):
            if name not in self._options:
                raise AnalysisException(f"Set a {name} to read from with option(\"{name}\", ...).")
        return self._session._socket(self._options["host"], int(self._options["port"]))


refuse_methods(DataStreamReader, "csv json orc parquet schema table text")
