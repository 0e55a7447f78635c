"""Runs PySpark streaming programs on a virtual clock, without Spark.

    python -m millrace run job.py --timeline timeline.toml

runs a program as it is: what it imports as `pyspark` is Millrace's. In a test,

    with millrace.stage({"1s": ["blue blue green"]}):
        main()

does the same for what is called within; the pytest fixture `millrace` runs a file.
"""

from millrace.errors import NotInMillrace


def stage(script, strict=False, check_pickle=False, **settings):
    """Puts what runs within on a stage: a timeline, as `millrace.timeline.of` takes it, and its settings.

    Where it is `strict` a failed job raises a `Py4JJavaError`, as in PySpark. `check_pickle` finds what Spark could not
    pickle.
    """
    from millrace import picklable, staging, timeline

    checker = picklable.Checker() if check_pickle else None
    return staging.stage(timeline.of(script, **settings), strict, checker=checker)


__all__ = ["NotInMillrace", "stage"]
