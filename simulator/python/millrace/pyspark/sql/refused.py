"""Names of `pyspark.sql` that Millrace has not yet: each raises by its name."""

from millrace import refused

INSTEAD = (
    "Structured mode is, for now, a count of words or of windows from a socket on the console. In foreachRDD and transform "
    "use tuples and operators of the RDD."
)


def refusing(module, names):
    """A `__getattr__` for a module, by which each of these names raises when it is asked for."""
    return refused.refusing(module, dict.fromkeys(names.split(), INSTEAD))


def refuse_methods(cls, names):
    """Gives a class these methods, each of which raises when it is called."""
    return refused.refuse(cls, dict.fromkeys(names.split(), INSTEAD))
