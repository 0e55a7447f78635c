"""What `pyspark.sql` has and Millrace has not yet: each raises by its name."""

from millrace.errors import missing

INSTEAD = "Structured mode is, for now, a count of words or of windows from a socket on the console."


def refusing(module, names):
    """A `__getattr__` for a module, by which each of these names raises when it is asked for."""
    names = frozenset(names.split())

    def __getattr__(name):
        if name in names:
            raise missing(f"{module}.{name}", INSTEAD)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return __getattr__


def refuse_methods(cls, names):
    """Gives a class these methods, each of which raises when it is called."""
    for name in names.split():
        setattr(cls, name, _refusal(f"{cls.__name__}.{name}"))
    return cls


def _refusal(name):
    def method(self, *args, **kwargs):
        raise missing(name, INSTEAD)

    method.is_missing = True
    return method
