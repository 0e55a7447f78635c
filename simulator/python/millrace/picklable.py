"""`--check-pickle`: finds functions, rows and states that Spark could not pickle, which stay in one process here.

As PySpark does, it pickles by `cloudpickle`, which has to be installed.
"""

import importlib.util
import pickle
import types

from millrace.errors import UsageError
from millrace.trace import is_ours


class Checker:
    """Pickles what Spark pickles, and reads it back. Raises `PicklingError` that says which function is at fault."""

    def __init__(self):
        if importlib.util.find_spec("cloudpickle") is None:
            raise UsageError("error: --check-pickle needs cloudpickle, by which PySpark pickles: pip install cloudpickle")
        import cloudpickle

        self._cloudpickle = cloudpickle

    def function(self, function):
        """Checks a function that is sent to workers, with all that it names."""
        if self._fault(function) is None:
            return
        for culprit in functions_of(function):
            if (fault := self._fault(culprit)) is None:
                continue
            for name, value in variables_of(culprit):
                # A function that is named by another is looked at in its turn.
                if not isinstance(value, types.FunctionType) and (inner := self._fault(value)) is not None:
                    raise pickle.PicklingError(f"{shown(culprit)} names `{name}`, which cannot be pickled: {inner}")
            if not any(self._fault(it) for it in functions_of(culprit) if it is not culprit):
                raise pickle.PicklingError(f"{shown(culprit)} cannot be pickled: {fault}")
        raise pickle.PicklingError(f"{function!r} cannot be pickled: {self._fault(function)}")

    def results(self, function, kind):
        """The function, each of whose results is checked: one `kind` of thing that Spark pickles."""

        def checked(*arguments):
            return self.value(function(*arguments), kind, function)

        return checked

    def value(self, value, kind, function):
        """The value, once it is checked: one that a function has made."""
        fault = self._fault(value)
        if fault is not None:
            maker = next(functions_of(function), function)
            raise pickle.PicklingError(f"the {kind} {value!r} of {shown(maker)} cannot be pickled: {fault}")
        return value

    def _fault(self, value):
        """Why a value cannot be pickled; `None` if it can."""
        try:
            pickle.loads(self._cloudpickle.dumps(value))
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return None


def functions_of(function, seen=None):
    """The functions of the program that a function is or names, those that are called last first."""
    seen = set() if seen is None else seen
    function = getattr(function, "__func__", function)
    if not isinstance(function, types.FunctionType) or id(function) in seen:
        return
    seen.add(id(function))
    if not is_ours(function.__code__.co_filename):
        yield function
    for _, value in variables_of(function):
        yield from functions_of(value, seen)


def variables_of(function):
    """The variables that a function names, with their values."""
    code = function.__code__
    for name, cell in zip(code.co_freevars, function.__closure__ or ()):
        try:
            yield name, cell.cell_contents
        except ValueError:
            pass  # A variable that has no value yet.
    defaults = function.__defaults__ or ()
    positional = code.co_varnames[: code.co_argcount]
    yield from zip(positional[len(positional) - len(defaults) :], defaults)
    yield from (function.__kwdefaults__ or {}).items()
    if not is_ours(code.co_filename):
        scope = function.__globals__
        yield from ((name, scope[name]) for name in code.co_names if name in scope)


def shown(function):
    """A function as it is named in messages: with its file and line."""
    code = getattr(function, "__code__", None)
    return f"`{function.__qualname__}` ({code.co_filename}:{code.co_firstlineno})" if code else repr(function)
