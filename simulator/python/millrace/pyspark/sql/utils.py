"""`pyspark.sql.utils`: the exceptions, by the module in which older programs look for them."""

from millrace.pyspark.errors import (  # noqa: F401
    AnalysisException, IllegalArgumentException, ParseException, PythonException, QueryExecutionException,
    StreamingQueryException, TempTableAlreadyExistsException, UnknownException,
)
