"""Runs PySpark streaming programs on a virtual clock, without Spark.

    python -m millrace run job.py --timeline timeline.toml

runs a program as it is: what it imports as `pyspark` is Millrace's. In a test,

    with millrace.stage({"1s": ["blue blue green"]}):
        main()

does the same for what is called within; the pytest fixture `millrace` runs a file.
"""

from millrace.errors import NotInMillrace


def stage(script, strict=False, **settings):
    """Puts what runs within on a stage: a timeline, as `millrace.timeline.of` takes it, and its settings."""
    from millrace import staging, timeline

    return staging.stage(timeline.of(script, **settings), strict)


__all__ = ["NotInMillrace", "stage"]
