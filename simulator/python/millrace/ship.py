"""The way from the program to Spark's workers and back, without another process.

Spark pickles functions and rows. Here both stay in one process, so what a worker could change is copied: a function
that appends to a list of the program appends to its own copy, and the program does not see it.
"""

import builtins
import copy as _copy
import dis
import io
import pickle
import sys
import types
import weakref

_ATOMS = (str, bytes, int, float, complex, bool, type(None), type, types.ModuleType)

#: Looks whether Spark could pickle what is sent; `None` if that is not asked for.
checker = None


class Shared:
    """A thing that a program and its workers have in common: what is copied names the original."""

    def __reduce__(self):
        _SHARED[id(self)] = self
        return _shared, (id(self),)


_SHARED = weakref.WeakValueDictionary()


def _shared(number):
    return _SHARED[number]


def copy(value):
    """A copy of a row or a state, as the reader of its pickle has it. Raises what pickle raises."""
    try:
        return pickle.loads(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        # Spark's pickler takes functions and classes of the program by value; a deep copy shares them.
        try:
            return _copy.deepcopy(value)
        except Exception:
            raise error from None


def pickled(value):
    """The bytes of a state, as a checkpoint has them. Raises what pickle raises."""
    try:
        return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError):
        try:
            import cloudpickle
        except ImportError:
            cloudpickle = None
        if cloudpickle is None:
            raise
        return cloudpickle.dumps(value)


def ship(function):
    """The function as a worker has it: its own copy of each variable that it names and that can change.

    Raises `PicklingError`, as PySpark words it, where a variable cannot be sent.
    """
    try:
        if checker is not None:
            checker.function(function)
        return _Shipment().function(function)
    except pickle.PickleError:
        raise
    except Exception as error:
        raise pickle.PicklingError(f"Could not serialize object: {type(error).__name__}: {error}") from None


class _Shipment:
    """One pickle of Spark: what is named twice in it is one object in the copy, too."""

    def __init__(self):
        self.shipped = {}
        #: The global variables of a copy, by the address of those of the program: functions share them.
        self.scopes = {}

    def value(self, value):
        if _is_atom(value):
            return value
        known = self.shipped.get(id(value))
        if known is not None:
            return known[1]
        shipped = self._copy(value)
        # The original is kept, so that no other object has its address meanwhile.
        self.shipped[id(value)] = (value, shipped)
        return shipped

    def _copy(self, value):
        if isinstance(value, types.FunctionType):
            return self.function(value)
        if isinstance(value, types.MethodType):
            return types.MethodType(value.__func__, self.value(value.__self__))
        if value is sys.stdout or value is sys.stderr:
            return value
        if isinstance(value, io.TextIOWrapper):
            return _file(value)
        to_worker = getattr(value, "_to_worker", None)
        if to_worker is not None:
            return to_worker()
        return copy(value)

    def function(self, function):
        if not isinstance(function, types.FunctionType):
            return self.value(function)
        if id(function) in self.shipped:
            return self.shipped[id(function)][1]
        if not self.shipped and _is_fixed(function, set()):
            return function
        if _is_imported(function):
            return function
        is_ours = _is_ours(function)
        scope = function.__globals__ if is_ours else self.scope(function)
        cells = tuple(types.CellType() for _ in function.__closure__ or ())
        shipped = types.FunctionType(function.__code__, scope, function.__name__, None, cells)
        shipped.__qualname__, shipped.__module__ = function.__qualname__, function.__module__
        shipped.__dict__.update(function.__dict__)
        # Known before its variables are copied, as a function may name itself.
        self.shipped[id(function)] = (function, shipped)
        shipped.__defaults__ = function.__defaults__ and tuple(map(self.value, function.__defaults__))
        defaults = function.__kwdefaults__
        shipped.__kwdefaults__ = defaults and {name: self.value(value) for name, value in defaults.items()}
        for cell, original in zip(cells, function.__closure__ or ()):
            try:
                cell.cell_contents = self.value(original.cell_contents)
            except ValueError:
                pass  # A variable that has no value yet.
        if not is_ours:
            for name, value in _globals(function):
                if name not in scope:
                    scope[name] = self.value(value)
        return shipped

    def scope(self, function):
        """The global variables of the copy of a function, without those that it names."""
        scope = {"__builtins__": builtins, "__name__": function.__module__}
        return self.scopes.setdefault(id(function.__globals__), scope)


def command(function):
    """The function as a job has it: each call of it is a task, which unpickles it anew."""
    shipped = ship(function)
    if shipped is function:
        return function
    return lambda *arguments: ship(shipped)(*arguments)


def results(function, kind):
    """The function; where that is asked for, each of its results is checked, which Spark pickles as a `kind`."""
    return function if checker is None else checker.results(function, kind)


def rows(function, iterator):
    """The rows that a function has made of a partition, checked where that is asked for."""
    return iterator if checker is None else (checker.value(row, "row", function) for row in iterator)


def _file(file):
    """A text file as Spark's pickler has it: all that is in it, at the same place."""
    if file.closed:
        raise pickle.PicklingError("Cannot pickle closed files")
    if not file.readable():
        raise pickle.PicklingError(f"Cannot pickle files that are not opened for reading: {file.mode}")
    place = file.tell()
    file.seek(0)
    text = io.StringIO(file.read())
    file.seek(place)
    text.seek(place)
    text.name = file.name
    return text


def _globals(function):
    scope = function.__globals__
    return [(name, scope[name]) for name in _names(function.__code__) if name in scope]


def _is_atom(value):
    if isinstance(value, types.BuiltinFunctionType):
        # A method, such as `append` of a list, is as changeable as its object.
        return value.__self__ is None or isinstance(value.__self__, _ATOMS)
    return isinstance(value, _ATOMS)


def _is_fixed(value, seen):
    """True if a worker cannot change the value, so that it need not have a copy."""
    if _is_atom(value):
        return True
    if isinstance(value, tuple):
        return all(_is_fixed(item, seen) for item in value)
    if not isinstance(value, types.FunctionType):
        return False
    if id(value) in seen:
        return True
    seen.add(id(value))
    if _is_imported(value):
        return True
    if _assigns(value.__code__):
        return False
    captured = [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
    for cell in value.__closure__ or ():
        try:
            captured.append(cell.cell_contents)
        except ValueError:
            pass  # A variable that has no value yet.
    if not _is_ours(value):
        captured += [value for _, value in _globals(value)]
    return all(_is_fixed(it, seen) for it in captured)


def _is_imported(function):
    """True of a function of ours or of a library, which Spark's pickler only names; those of the program are copied."""
    if _is_ours(function):
        return not function.__closure__
    name = function.__module__ or ""
    module = sys.modules.get(name)
    if getattr(module, function.__qualname__, None) is not function:
        return False
    return name.partition(".")[0] in sys.stdlib_module_names or "-packages" in (module.__file__ or "")


def _is_ours(function):
    return (function.__module__ or "").startswith("millrace.")


def _cached(function):
    """A function of code, and of the code within it, that is asked for again and again."""
    known = {}

    def of(code):
        if code not in known:
            known[code] = function(code, [of(const) for const in code.co_consts if isinstance(const, types.CodeType)])
        return known[code]

    return of


_ASSIGN = ("STORE_GLOBAL", "DELETE_GLOBAL")
_ASSIGN_OUTER = ("STORE_DEREF", "DELETE_DEREF")
_GLOBAL = ("LOAD_GLOBAL", "LOAD_NAME", *_ASSIGN)


@_cached
def _names(code, inner):
    """The global variables that code may name, that of inner functions too."""
    return frozenset(it.argval for it in dis.get_instructions(code) if it.opname in _GLOBAL).union(*inner)


@_cached
def _assigns(code, inner):
    """True of code that assigns a variable from outside of its function, or an inner function of which does."""
    return any(inner) or any(
        it.opname in _ASSIGN or it.opname in _ASSIGN_OUTER and it.argval in code.co_freevars
        for it in dis.get_instructions(code)
    )
