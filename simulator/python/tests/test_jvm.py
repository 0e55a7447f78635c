"""The loggers of log4j, of which programs in Python ask the JVM: nothing else of it is there."""

import pytest

import millrace
from millrace import NotInMillrace


def test_a_logger_of_log4j_writes_to_standard_error(capsys):
    with millrace.stage({}, start="2024-01-01T10:00:00"):
        from pyspark.sql import SparkSession

        spark = SparkSession.builder.getOrCreate()
        log4j = spark._jvm.org.apache.log4j
        logger = log4j.LogManager.getLogger("org.jobs.counts")
        logger.info("not shown, as the level is WARN")
        logger.warn("late")
        spark.sparkContext.setLogLevel("INFO")
        logger.info("starting")
        log4j.Logger.getLogger("org.jobs").setLevel(log4j.Level.ERROR)
        logger.warn("not shown")
        logger.error("lost")
        assert (str(logger.getLevel()), str(log4j.Logger.getRootLogger().getLevel())) == ("ERROR", "INFO")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines()[:3] == [
        "24/01/01 10:00:00 WARN counts: late",
        "24/01/01 10:00:00 INFO counts: starting",
        "24/01/01 10:00:00 ERROR counts: lost",
    ]


@pytest.mark.parametrize(
    "ask",
    [
        lambda spark: spark._jvm.java.util.Properties(),
        lambda spark: spark.sparkContext._jvm.org.apache.hadoop,
        lambda spark: spark._jvm.org.apache.log4j.LogManager.shutdown(),
        lambda spark: spark._jvm.org.apache.log4j.Logger.getRootLogger().addAppender(),
        lambda spark: spark._jsparkSession,
        lambda spark: spark._jsc.hadoopConfiguration(),
        lambda spark: spark.range(1)._jdf,
        lambda spark: spark.sparkContext._jsc,
        lambda spark: type(spark).builder.remote("sc://localhost"),
    ],
)
def test_all_else_of_the_jvm_is_refused_by_name(ask):
    with millrace.stage({}):
        from pyspark import SparkContext
        from pyspark.sql import SparkSession

        assert SparkContext._jvm is None
        with pytest.raises(NotInMillrace, match="There is no"):
            ask(SparkSession.builder.getOrCreate())
