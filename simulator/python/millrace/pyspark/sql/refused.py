"""Names of `pyspark.sql` that Millrace has not: each raises by its name."""

from millrace import refused

INSTEAD = "Write it in SQL, by selectExpr or SparkSession.sql, or leave it out: it is not there yet."


def refusing(module, names):
    """A `__getattr__` for a module, by which each of these names raises when it is asked for."""
    return refused.refusing(module, dict.fromkeys(names.split(), INSTEAD))


def refuse_functions(module, unknown, others):
    """A `__getattr__` for the functions that the engine does not know, and for others with advice of their own."""
    return refused.refusing(module, {**dict.fromkeys(unknown, INSTEAD), **others})


def refuse_properties(cls, names):
    """Gives a class these properties, each of which raises when it is read."""
    return refused.refuse(cls, {}, dict.fromkeys(names.split(), INSTEAD))


def refuse_methods(cls, names):
    """Gives a class these methods, each of which raises when it is called."""
    return refused.refuse(cls, dict.fromkeys(names.split(), INSTEAD))
