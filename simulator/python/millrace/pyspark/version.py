"""The version of Spark that the face answers for: 3.5, or 4 where the environment says `MILLRACE_SPARK=4`."""

import os

IS_SPARK_4 = os.environ.get("MILLRACE_SPARK", "3.5").split(".")[0] == "4"

__version__ = "4.3.0" if IS_SPARK_4 else "3.5.9"
