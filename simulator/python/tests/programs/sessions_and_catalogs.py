"""Settings, views, tables and parameters of a session."""

import datetime

from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.utils import AnalysisException

spark = (
    SparkSession.builder.master("local[2]").appName("catalog").config("spark.sql.shuffle.partitions", 3)
    .config("spark.my.own", True).enableHiveSupport().getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")

print(spark.conf.get("spark.sql.shuffle.partitions"), spark.conf.get("spark.my.own"), spark.conf.get("spark.no", "none"))
print(spark.conf.get("spark.no", None), spark.conf.get("spark.sql.session.timeZone"), spark.conf.get("spark.app.name"))
spark.conf.set("spark.sql.shuffle.partitions", 1)
spark.conf.set("spark.sql.ansi.enabled", False)
print(spark.conf.get("spark.sql.shuffle.partitions"), spark.conf.get("spark.sql.ansi.enabled"))
spark.conf.unset("spark.sql.ansi.enabled")
print(spark.conf.isModifiable("spark.sql.shuffle.partitions"), spark.conf.isModifiable("spark.master"))
try:
    spark.conf.get("spark.no")
except Exception as error:
    print(type(error).__name__, "SQL_CONF_NOT_FOUND" in str(error))
try:
    spark.conf.get(3)
except TypeError as error:
    print(error)
print(SparkSession.builder.getOrCreate() is spark, SparkSession.getActiveSession() is spark, SparkSession.active() is spark)
print(spark.version, spark.sparkContext.appName)

table = spark.createDataFrame([(1, "a", None), (2, "b", 2.5), (3, "", 1e10)], "id INT, s STRING, x DOUBLE")
catalog = spark.catalog
print(catalog.currentDatabase(), catalog.currentCatalog(), catalog.listCatalogs(), catalog.databaseExists("default"))
catalog.setCurrentDatabase("default")
print([(it.name, it.catalog) for it in catalog.listDatabases()], catalog.listTables())
table.createOrReplaceTempView("v1")
table.createGlobalTempView("g1")
print(catalog.listTables(), catalog.tableExists("v1"), catalog.tableExists("nope"), catalog.tableExists("global_temp.g1"))
print(catalog.listColumns("v1"))
print(catalog.getTable("v1"), catalog.getTable("v1").database)
print(spark.table("global_temp.g1").count(), spark.sql("SELECT max(id) AS m FROM global_temp.g1").collect())
for attempt in (
    lambda: table.createTempView("v1"), lambda: table.createGlobalTempView("g1"), lambda: spark.table("nope"),
    lambda: catalog.setCurrentDatabase("nope"), lambda: catalog.getTable("nope"), lambda: catalog.listColumns("nope"),
):
    try:
        attempt()
    except AnalysisException as error:
        print(type(error).__name__, error.getErrorClass())
print(catalog.isCached("v1"))
catalog.cacheTable("v1")
print(catalog.isCached("v1"))
catalog.uncacheTable("v1")
catalog.clearCache()
print(catalog.dropTempView("v1"), catalog.dropTempView("v1"), catalog.dropGlobalTempView("g1"), catalog.tableExists("v1"))
print(catalog.functionExists("upper"), catalog.functionExists("no_such_function"), catalog.listTables())

table.write.saveAsTable("saved")
print(catalog.listTables(), spark.table("saved").count(), spark.sql("SELECT s FROM default.saved WHERE id = 2").collect())
table.write.mode("append").saveAsTable("saved")
table.limit(1).write.insertInto("saved")
print(spark.table("saved").count())
table.filter("id = 3").write.mode("overwrite").saveAsTable("saved")
print(spark.table("saved").collect())
try:
    table.write.saveAsTable("saved")
except AnalysisException as error:
    print(error.getErrorClass())

spark.sql("SELECT :a AS a, :b AS b, ':a' AS c", args={"a": 1, "b": "it's"}).show()
spark.sql("SELECT ? AS a, ? AS b", args=[5, None]).show()
spark.sql("SELECT :d AS d, :t AS t", args={"d": datetime.date(2020, 1, 2), "t": datetime.datetime(2020, 1, 2, 3)}).show()
spark.sql("SELECT * FROM {rows} WHERE {column} > {least} ORDER BY id", rows=table, column=F.col("id"), least=1).show()
print(spark.range(3).collect(), spark.range(1, 7, 2).collect(), spark.range(5, numPartitions=3).rdd.glom().collect())
print(spark.sql("SELECT 1 AS one").first() == Row(one=1))
