"""Commands in SQL, and rows that are shown one below the other."""

from pyspark.errors import AnalysisException, ParseException
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").appName("commands").config("spark.sql.shuffle.partitions", "1").getOrCreate()
spark.sparkContext.setLogLevel("OFF")

people = spark.createDataFrame([(1, "ann", "Oslo"), (2, "bob with a name that is long", None)], ["id", "name", "city"])
people.show(vertical=True)
people.show(1, vertical=True)
people.show(truncate=False, vertical=True)
people.limit(0).show(vertical=True)
people.select("id").show(1, 5, True)

people.createOrReplaceTempView("people")
spark.sql("CREATE OR REPLACE TEMP VIEW cities AS SELECT city, id FROM people WHERE city IS NOT NULL").show()
spark.sql("create temporary view Names as select name from people")
spark.sql("CREATE OR REPLACE GLOBAL TEMPORARY VIEW g AS SELECT 1 AS one")
spark.sql("SELECT * FROM cities").show()
print(spark.sql("select count(*) from names").first()[0], spark.table("global_temp.g").collect())
spark.sql("SHOW TABLES").show()
spark.sql("SHOW TABLES LIKE 'c*'").show()
spark.sql("DESCRIBE people").show()
spark.sql("DESC cities").printSchema()
print(spark.sql("SET spark.sql.shuffle.partitions = 3").collect(), spark.conf.get("spark.sql.shuffle.partitions"))
spark.sql("SET spark.sql.shuffle.partitions").show(truncate=False)
spark.sql("RESET spark.sql.shuffle.partitions")
spark.sql("USE default")
spark.sql("CACHE TABLE people")
print(spark.catalog.isCached("people"))
spark.sql("UNCACHE TABLE people")
spark.sql("CLEAR CACHE")
print(spark.catalog.isCached("people"))
print(spark.sql("DROP VIEW names").collect(), spark.sql("DROP VIEW IF EXISTS names").columns)
for text in ("SELECT * FROM names", "DROP VIEW names", "CREATE TEMP VIEW people AS SELECT 1", "USE nowhere", "SELEC 1"):
    try:
        spark.sql(text)
    except (AnalysisException, ParseException) as error:
        print(type(error).__name__, error.getErrorClass())
