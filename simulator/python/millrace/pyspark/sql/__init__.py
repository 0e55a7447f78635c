"""`pyspark.sql`, as far as today's structured mode goes."""

from millrace.pyspark.sql.column import Column
from millrace.pyspark.sql.dataframe import DataFrame, GroupedData
from millrace.pyspark.sql.session import SparkSession
from millrace.pyspark.sql.refused import refusing

__getattr__ = refusing(
    "pyspark.sql",
    "Catalog DataFrameNaFunctions DataFrameReader DataFrameStatFunctions DataFrameWriter DataFrameWriterV2 HiveContext "
    "Observation PandasCogroupedOps Row SQLContext UDFRegistration UDTFRegistration Window WindowSpec",
)

__all__ = ["Column", "DataFrame", "GroupedData", "SparkSession", *__getattr__.refusals]
