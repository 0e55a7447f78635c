"""Tables by SQL and by methods: pivots, queries within queries, sets of rows, outer joins, grouping sets."""

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

builder = SparkSession.builder.master("local[1]").appName("queries")
spark = builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
spark.sparkContext.setLogLevel("OFF")

rows = [("a", 3, True), ("b", 1, False), ("a", 1, True), ("a", 2, False), ("b", 5, None), ("c", None, True)]
table = spark.createDataFrame(rows, "k STRING, v INT, f BOOLEAN")
names = spark.createDataFrame([("a", "ann"), ("b", "bob"), ("d", "dan"), (None, "nobody")], "k STRING, name STRING")
table.createOrReplaceTempView("t")
names.createOrReplaceTempView("names")

table.groupBy("k").pivot("f").sum("v").orderBy("k").show()
table.groupBy("k").pivot("v", [1, 2]).agg(F.count("*"), F.max("f").alias("most")).orderBy("k").show()
table.groupBy().pivot("k", ["a", "b", "z"]).agg(F.sum("v")).show()

queries = (
    "SELECT k, v FROM t WHERE v = (SELECT max(v) FROM t)",
    "SELECT k, v, (SELECT count(*) FROM names) AS n FROM t ORDER BY k, v",
    "SELECT (SELECT v FROM t WHERE k = 'z') AS none",
    "SELECT (SELECT v FROM t) AS many",
    "SELECT (SELECT k, v FROM t) AS two",
    "SELECT k, v FROM t WHERE k IN (SELECT k FROM names) ORDER BY k, v",
    "SELECT k, v FROM t WHERE k NOT IN (SELECT k FROM names WHERE k IS NOT NULL) ORDER BY k, v",
    "SELECT k, v FROM t WHERE k NOT IN (SELECT k FROM names) ORDER BY k, v",
    "SELECT k, v FROM t WHERE (k, v) IN (SELECT k, max(v) FROM t GROUP BY k) AND v > 1 ORDER BY k",
    "SELECT name FROM names WHERE EXISTS (SELECT 1 FROM t WHERE t.k = names.k AND v > 1) ORDER BY name",
    "SELECT name FROM names n WHERE NOT EXISTS (SELECT * FROM t WHERE t.k = n.k) ORDER BY name",
    "SELECT k FROM t EXCEPT ALL SELECT k FROM names ORDER BY k",
    "SELECT k FROM t INTERSECT ALL SELECT col1 FROM VALUES ('a'), ('a'), ('z') ORDER BY k",
    "SELECT k, f, count(*) AS n, grouping(k) AS g, grouping(f) AS h, grouping_id() AS i FROM t GROUP BY CUBE (k, f) "
    "ORDER BY i, k, f",
    "SELECT k, sum(v) AS s FROM t GROUP BY ROLLUP (k) HAVING grouping(k) = 1",
    "SELECT grouping(k) FROM t GROUP BY k",
    "SELECT n.k, t.k, name, v FROM t FULL JOIN names n ON t.k = n.k ORDER BY n.k, t.k, v",
    "SELECT * FROM t FULL JOIN names USING (k) ORDER BY k, v, name",
    "SELECT t.v, n.name FROM t, names n WHERE t.k = n.k AND t.v < length(n.name) ORDER BY v, name",
    "SELECT names.k, t.k FROM t LEFT JOIN names USING (k) WHERE names.name IS NULL",
    "SELECT k, v FROM t WHERE v IN (SELECT f FROM t)",
    "SELECT k FROM t WHERE v IN (SELECT v, k FROM t)",
)
for query in queries:
    print(query)
    try:
        spark.sql(query).show()
    except AnalysisException as error:
        print(error.getErrorClass())
    except Exception as error:
        print(str(error).split("]")[0].split("[")[-1])
