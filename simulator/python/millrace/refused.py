"""Refusals: public names and arguments of PySpark that Millrace does not have. Each raises by its name."""

import functools

from millrace.errors import missing


class _Property(property):
    refusal = None

    def __get__(self, instance, cls=None):
        # `SparkContext._jvm` of the class is `None` in PySpark until there is a JVM.
        return None if instance is None else super().__get__(instance, cls)


def refuse(cls, methods, properties=None, name=None):
    """Gives a class names that raise: methods when they are called, properties when they are read.

    Each comes with what to do instead. `name` is that of the class in messages.
    """
    for attribute, instead in methods.items():
        setattr(cls, attribute, _method(f"{name or cls.__name__}.{attribute}", instead))
    for attribute, instead in (properties or {}).items():
        refused = _Property(_method(f"{name or cls.__name__}.{attribute}", instead))
        refused.refusal = instead
        setattr(cls, attribute, refused)
    return cls


def _method(name, instead):
    def method(*args, **kwargs):
        raise missing(name, instead)

    method.refusal = instead
    return method


def without(call, **instead):
    """Decorates a function that cannot heed some arguments of PySpark: they raise when they are given."""

    def decorate(function):
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        defaults = dict(zip(reversed(names), reversed(function.__defaults__)))

        @functools.wraps(function)
        def checked(*args, **kwargs):
            given = {**dict(zip(names, args)), **kwargs}
            for name, advice in instead.items():
                if given.get(name, defaults[name]) is not defaults[name]:
                    raise missing(f"{call}({name}=...)", advice)
            return function(*args, **kwargs)

        checked.refused_arguments = instead
        return checked

    return decorate


def refusal_of(value):
    """The advice of a name that is refused; `None` if it is there."""
    return getattr(value, "refusal", None)


class _Refused:
    """A public name that Millrace does not have. A program may import it; whatever it does with it raises."""

    def __init__(self, name, instead):
        self._name = name
        self._instead = instead

    def _raise(self, *args, **kwargs):
        raise missing(self._name, self._instead)

    __call__ = __instancecheck__ = __mro_entries__ = _raise

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise missing(f"{self._name}.{name}", self._instead)


def refusing(module, instead):
    """A `__getattr__` for a module, with names that a program may import, and which raise when it uses them."""

    def __getattr__(name):
        if name in instead:
            return _Refused(f"{module}.{name}", instead[name])
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    __getattr__.refusals = instead
    return __getattr__
