"""Tables that are made, filled and dropped by commands in SQL."""

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").appName("tables").config("spark.sql.shuffle.partitions", "1").getOrCreate()
spark.sparkContext.setLogLevel("OFF")

spark.sql("CREATE TABLE users (id INT, name STRING) USING parquet").show()
spark.sql("CREATE TABLE IF NOT EXISTS users (id INT) USING csv")
spark.sql("INSERT INTO users VALUES (1, 'ann'), (2, 'bob')")
spark.sql("INSERT INTO TABLE users SELECT id + 2, upper(name) FROM users")
spark.sql("SELECT * FROM users ORDER BY id").show()
spark.table("users").printSchema()
spark.sql("CREATE TABLE few USING json AS SELECT * FROM users WHERE id < 3")
spark.sql("INSERT OVERWRITE few SELECT 9, 'nine'")
print(spark.table("few").collect(), [table.name for table in spark.catalog.listTables()])
spark.sql("SHOW TABLES").show()
print(spark.sql("DROP TABLE few").collect(), spark.sql("DROP TABLE IF EXISTS few").columns, spark.catalog.tableExists("few"))
for text in ("DROP TABLE few", "INSERT INTO few VALUES (1)", "CREATE TABLE users (id INT) USING csv", "SELECT * FROM few"):
    try:
        spark.sql(text)
    except AnalysisException as error:
        print(error.getErrorClass())
