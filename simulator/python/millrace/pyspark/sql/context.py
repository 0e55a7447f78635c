"""`pyspark.sql.SQLContext` and `HiveContext`: how programs began before there were sessions."""

import warnings

from millrace.pyspark.sql.conf import NO_VALUE
from millrace.pyspark.sql.refused import refuse_methods, refuse_properties
from millrace.pyspark.sql.session import SparkSession
from millrace.refused import without


class SQLContext:
    @without("SQLContext", jsqlContext="There is no JVM.")
    def __init__(self, sparkContext, sparkSession=None, jsqlContext=None):
        warnings.warn(
            "Deprecated in 3.0.0. Use SparkSession.builder.getOrCreate() instead.", FutureWarning, stacklevel=2
        )
        self._sc = sparkContext
        self.sparkSession = sparkSession or SparkSession._of(sparkContext)

    @classmethod
    def getOrCreate(cls, sc):
        warnings.warn(
            "Deprecated in 3.0.0. Use SparkSession.builder.getOrCreate() instead.", FutureWarning, stacklevel=2
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return cls(sc)

    def setConf(self, key, value):
        self.sparkSession.conf.set(key, value)

    def getConf(self, key, defaultValue=NO_VALUE):
        return self.sparkSession.conf.get(key, defaultValue)

    @property
    def udf(self):
        return self.sparkSession.udf

    def range(self, start, end=None, step=1, numPartitions=None):
        return self.sparkSession.range(start, end, step, numPartitions)

    def createDataFrame(self, data, schema=None, samplingRatio=None, verifySchema=True):
        return self.sparkSession.createDataFrame(data, schema, samplingRatio, verifySchema)

    def registerDataFrameAsTable(self, df, tableName):
        df.createOrReplaceTempView(tableName)

    def dropTempTable(self, tableName):
        self.sparkSession.catalog.dropTempView(tableName)

    def sql(self, sqlQuery):
        return self.sparkSession.sql(sqlQuery)

    def table(self, tableName):
        return self.sparkSession.table(tableName)

    def tableNames(self, dbName=None):
        return [table.name for table in self.sparkSession.catalog.listTables(dbName)]

    def cacheTable(self, tableName):
        self.sparkSession.catalog.cacheTable(tableName)

    def uncacheTable(self, tableName):
        self.sparkSession.catalog.uncacheTable(tableName)

    def clearCache(self):
        self.sparkSession.catalog.clearCache()

    @property
    def read(self):
        return self.sparkSession.read

    @property
    def readStream(self):
        return self.sparkSession.readStream

    @property
    def streams(self):
        return self.sparkSession.streams


refuse_methods(SQLContext, "createExternalTable newSession registerFunction registerJavaFunction tables")
refuse_properties(SQLContext, "udtf")


# Tables are kept as long as the program runs, with Hive or without it.
class HiveContext(SQLContext):
    @without("HiveContext", jhiveContext="There is no JVM.")
    def __init__(self, sparkContext, sparkSession=None, jhiveContext=None):
        super().__init__(sparkContext, sparkSession)

    def refreshTable(self, tableName):
        self.sparkSession.catalog.refreshTable(tableName)
