"""Tables made of the batches of a stream, as the guides of Spark Streaming show it."""

from pyspark import SparkConf, SparkContext
from pyspark.sql import Row, SparkSession, SQLContext
from pyspark.sql.functions import desc
from pyspark.sql.types import IntegerType, StringType, StructField, StructType
from pyspark.streaming import StreamingContext


def getSparkSessionInstance(sparkConf):
    if "sparkSessionSingletonInstance" not in globals():
        globals()["sparkSessionSingletonInstance"] = SparkSession.builder.config(conf=sparkConf).getOrCreate()
    return globals()["sparkSessionSingletonInstance"]


def get_sql_context_instance(spark_context):
    if "sqlContextSingletonInstance" not in globals():
        globals()["sqlContextSingletonInstance"] = SQLContext(spark_context)
    return globals()["sqlContextSingletonInstance"]


sc = SparkContext(conf=SparkConf().setMaster("local[2]").setAppName("batches").set("spark.sql.shuffle.partitions", "1"))
sc.setLogLevel("OFF")
ssc = StreamingContext(sc, 1)
ssc.checkpoint("checkpoint")
lines = ssc.socketTextStream("localhost", 9999)
words = lines.flatMap(lambda line: line.split(" "))


def process(time, rdd):
    print(f"========= {time} =========")
    try:
        spark = getSparkSessionInstance(rdd.context.getConf())
        frame = spark.createDataFrame(rdd.map(lambda word: Row(word=word)))
        frame.createOrReplaceTempView("words")
        spark.sql("select word, count(*) as total from words group by word order by total desc, word").show()
    except ValueError as error:
        print("no rows:", error)


def tags(time, rdd):
    try:
        context = get_sql_context_instance(rdd.context)
        frame = context.createDataFrame(rdd.map(lambda pair: Row(hashtag=pair[0], hashtag_count=pair[1])))
        frame.registerTempTable("hashtags")
        top = context.sql("select hashtag, hashtag_count from hashtags order by hashtag_count desc, hashtag limit 2")
        top.show()
        print([str(row.hashtag) for row in top.select("hashtag").collect()])
    except ValueError as error:
        print(type(error).__name__)


def schemas(rdd):
    if rdd.isEmpty():
        return
    schema = StructType([StructField("word", StringType(), True), StructField("n", IntegerType(), True)])
    frame = SQLContext.getOrCreate(rdd.context).createDataFrame(rdd.map(lambda word: (word, len(word))), schema)
    frame.groupBy("n").count().orderBy(desc("n")).show()
    rdd.map(lambda word: (word, 1)).toDF(["word", "one"]).select("word").limit(1).show()
    print(frame.rdd.map(lambda row: row.n).sum(), frame.toJSON().first(), frame.first().word)


words.foreachRDD(process)
words.map(lambda word: (word, 1)).updateStateByKey(lambda new, old: sum(new) + (old or 0)).foreachRDD(tags)
words.foreachRDD(schemas)
ssc.start()
ssc.awaitTermination()
