"""Programs that name what there is not yet: none goes on as if nothing were missing."""

import pytest

from millrace import NotInMillrace

TIMELINE = {"1s": ["a b"], "2s": ["a"]}

HEAD = """\
import sys

import pyspark
from pyspark import SparkContext
from pyspark.sql.functions import *
from pyspark.sql.types import *
from pyspark.sql import Row, SparkSession, Window
from pyspark.streaming import StreamingContext
from pyspark.streaming.kafka import KafkaUtils, TopicAndPartition

sc = SparkContext("local[2]", "refusals")
ssc = StreamingContext(sc, 1)
lines = ssc.socketTextStream("localhost", 9999)
"""

LINES = "SparkSession(sc).readStream.format('socket').option('host', 'a').option('port', 1).load()"

FOOT = """
ssc.start()
ssc.awaitTermination()
"""


@pytest.fixture
def run(millrace, tmp_path):
    def run(text, head=HEAD, foot=FOOT):
        (tmp_path / "job.py").write_text(head + text + foot, encoding="utf-8")
        return millrace.run(tmp_path / "job.py", TIMELINE, check=False)

    return run


def test_a_program_may_import_what_it_does_not_use(run):
    assert run("lines.pprint()").output.count("Time: ") == 2


@pytest.mark.parametrize(
    ("use", "name"),
    [
        ("udf(lambda word: word, useArrow=True)", "functions.udf(useArrow=True)"),
        ("isinstance(1, UserDefinedType)", "pyspark.sql.types.UserDefinedType"),
        ("class Word(UserDefinedType): pass", "pyspark.sql.types.UserDefinedType"),
        ("years('day')", "pyspark.sql.functions.years"),
        ("pyspark.sql.SparkSession(sc).newSession()", "SparkSession.newSession"),
        (f"{LINES}.writeTo('t')", "DataFrame.writeTo"),
        ("TopicAndPartition('words', 0)", "pyspark.streaming.kafka.TopicAndPartition"),
    ],
)
def test_a_name_that_is_not_there_raises_where_it_is_used(run, use, name):
    error = run(f"lines.pprint()\n{use}").exception
    assert isinstance(error, NotInMillrace) and f"`{name}`" in str(error)


SWALLOWED = """
def show(rdd):
    try:
        print(rdd.map(lambda line: years(line)).collect())
    except Exception:
        print("empty?")

lines.foreachRDD(show)
"""


@pytest.mark.parametrize("foot", [FOOT, FOOT + "sys.exit(0)\n", FOOT + "sys.exit('no frames')\n"])
def test_a_refusal_after_which_a_program_goes_on_is_raised_at_its_end(run, foot):
    result = run(SWALLOWED, foot=foot)
    assert result.output == "empty?\nempty?\n"
    assert isinstance(result.exception, NotInMillrace) and "`pyspark.sql.functions.years`" in str(result.exception)
    assert "has gone on after this" in result.exception.__notes__[0]


def test_a_module_that_a_program_can_do_without_is_a_refusal_too(run):
    text = "try:\n    import pyspark.ml\nexcept ImportError:\n    pass\nlines.pprint()"
    assert "pyspark.ml" in str(run(text).exception)


def test_a_setting_of_spark_that_is_made_as_a_variable_of_workers_is_noted(run):
    conf = 'SparkConf().setMaster("local[2]").setAppName("it").setExecutorEnv("spark.executor.memory", "4g")'
    head = HEAD.replace('SparkContext("local[2]", "refusals")', f"SparkContext(conf=pyspark.{conf})")
    result = run("lines.pprint()", head=head)
    assert result.exception is None and result.output.count("Time: ") == 2
    assert "a setting is made by set('spark.executor.memory', ...)" in result.error


def test_the_variables_of_the_shell_are_those_of_each_program(run):
    head = "from pyspark.shell import sc, spark\n"
    for _ in range(2):
        result = run("print(sc is spark.sparkContext, sc.parallelize([1, 2]).sum())", head=head, foot="")
        assert result.exception is None and result.output.startswith("Welcome to\n")
        assert result.output.endswith("SparkSession available as 'spark'.\nTrue 3\n")
