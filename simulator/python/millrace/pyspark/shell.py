"""`pyspark.shell`: the variables of the shell `pyspark`, for programs that import them, and what it prints before."""

import platform
import sys

from millrace import staging
from millrace.pyspark.sql.session import SparkSession

_WELCOME = r"""Welcome to
      ____              __
     / __/__  ___ _____/ /__
    _\ \/ _ \/ _ `/ __/  '_/
   /__ / .__/\_,_/_/ /_/\_\   version {version}
      /_/

Using Python version {python} ({build}, {date})
Spark context Web UI available at {url}
Spark context available as 'sc' (master = {master}, app id = {id}).
SparkSession available as 'spark'."""

spark = SparkSession.builder.getOrCreate()
sc = spark.sparkContext
sql = spark.sql
# The next program that imports it has its own.
staging.current().at_end(lambda: sys.modules.pop(__name__))

print(
    _WELCOME.format(
        version=sc.version,
        python=platform.python_version(),
        build=platform.python_build()[0],
        date=platform.python_build()[1],
        url=sc.uiWebUrl,
        master=sc.master,
        id=sc.applicationId,
    )
)
