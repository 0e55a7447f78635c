"""`py4j.protocol`: in strict mode a failed job raises its `Py4JJavaError`, as on Spark."""

from millrace import trace


class Py4JError(Exception):
    pass


class Py4JNetworkError(Py4JError):
    pass


class Py4JJavaError(Py4JError):
    """A failure in the JVM: its message ends with the trace of the Python function that has failed."""

    def __init__(self, call, cause):
        super().__init__(call)
        self.errmsg = f"An error occurred while calling {call}.\n"
        text = trace.text(cause).rstrip("\n")
        self.java_exception = _JavaException(f"org.apache.spark.SparkException: {text}")

    def __str__(self):
        return f"{self.errmsg}: {self.java_exception.toString()}"


class _JavaException:
    def __init__(self, text):
        self._text = text

    def toString(self):
        return self._text

    def getMessage(self):
        return self._text.partition(": ")[2]


def strictly(call, cause):
    """The exception of a failed job as Spark raises it. An end of the program, such as Ctrl-C, stays as it is."""
    return Py4JJavaError(call, cause) if isinstance(cause, Exception) else cause
