"""`pyspark.sql`: tables, of streams and of rows."""

from millrace.pyspark.sql.column import Column
from millrace.pyspark.sql.dataframe import DataFrame
from millrace.pyspark.sql.group import GroupedData
from millrace.pyspark.sql.row import Row
from millrace.pyspark.sql.session import SparkSession
from millrace.pyspark.sql.refused import refusing
from millrace.pyspark.sql.udf import UDFRegistration
from millrace.pyspark.sql.window import Window, WindowSpec

__getattr__ = refusing(
    "pyspark.sql",
    "Catalog DataFrameNaFunctions DataFrameReader DataFrameStatFunctions DataFrameWriter DataFrameWriterV2 HiveContext "
    "Observation PandasCogroupedOps SQLContext UDTFRegistration",
)

__all__ = [
    "Column",
    "DataFrame",
    "GroupedData",
    "Row",
    "SparkSession",
    "UDFRegistration",
    "Window",
    "WindowSpec",
    *__getattr__.refusals,
]
