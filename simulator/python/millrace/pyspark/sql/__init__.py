"""`pyspark.sql`: tables, of streams and of rows."""

from millrace.pyspark.sql.catalog import Catalog
from millrace.pyspark.sql.column import Column
from millrace.pyspark.sql.context import HiveContext, SQLContext
from millrace.pyspark.sql.dataframe import DataFrame
from millrace.pyspark.sql.group import GroupedData
from millrace.pyspark.sql.na import DataFrameNaFunctions
from millrace.pyspark.sql.observation import Observation
from millrace.pyspark.sql.pandas.map import PandasCogroupedOps
from millrace.pyspark.sql.readwriter import DataFrameReader, DataFrameWriter
from millrace.pyspark.sql.refused import refusing
from millrace.pyspark.sql.row import Row
from millrace.pyspark.sql.session import SparkSession
from millrace.pyspark.sql.stat import DataFrameStatFunctions
from millrace.pyspark.sql.udf import UDFRegistration
from millrace.pyspark.sql.window import Window, WindowSpec

__getattr__ = refusing("pyspark.sql", "DataFrameWriterV2 UDTFRegistration")

__all__ = [
    "Catalog", "Column", "DataFrame", "DataFrameNaFunctions", "DataFrameReader", "DataFrameStatFunctions",
    "DataFrameWriter", "GroupedData", "HiveContext", "Observation", "PandasCogroupedOps", "Row", "SQLContext",
    "SparkSession", "UDFRegistration", "Window", "WindowSpec", *__getattr__.refusals,
]
