"""`pyspark.Accumulator`: a value that workers add to, and the program alone reads."""

import types

from millrace import ship
from millrace._millrace import in_worker
from millrace.pyspark.errors import PySparkRuntimeError


#: What the task that runs has added so far; `None` between tasks.
_task = None


def begin_task():
    global _task
    _task = {}


def take_task(added=None):
    """Has another task go on, that has added this much. Returns what the one before has added."""
    global _task
    before, _task = _task, added
    return before


def end_task(is_complete=True):
    """Adds what a task has added to the values of the program; of one that has failed, nothing."""
    global _task
    added, _task = _task if is_complete else {}, None
    for accumulator, value in added.items():
        accumulator._value = accumulator.accum_param.addInPlace(accumulator._value, value)


class Accumulator(ship.Shared):
    __class_getitem__ = classmethod(types.GenericAlias)

    def __init__(self, aid, value, accum_param):
        self.aid = aid
        self.accum_param = accum_param
        self._value = value

    def _check_driver(self):
        if in_worker():
            raise PySparkRuntimeError(
                "[VALUE_NOT_ACCESSIBLE] Value `Accumulator.value` cannot be accessed inside tasks."
            )

    @property
    def value(self):
        self._check_driver()
        return self._value

    @value.setter
    def value(self, value):
        self._check_driver()
        self._value = value

    def add(self, term):
        if _task is None or not in_worker():
            self._value = self.accum_param.addInPlace(self._value, term)
            return
        # As a worker has it: a value of its own, that begins with zero and is added to the program's at the end.
        value = _task[self] if self in _task else self.accum_param.zero(self._value)
        _task[self] = self.accum_param.addInPlace(value, term)

    def __iadd__(self, term):
        self.add(term)
        return self

    def __str__(self):
        return str(self._value)

    def __repr__(self):
        return f"Accumulator<id={self.aid}, value={self._value}>"


class AccumulatorParam:
    __class_getitem__ = classmethod(types.GenericAlias)

    def zero(self, value):
        raise NotImplementedError

    def addInPlace(self, value1, value2):
        raise NotImplementedError


class AddingAccumulatorParam(AccumulatorParam):
    def __init__(self, zero_value):
        self.zero_value = zero_value

    def zero(self, value):
        return self.zero_value

    def addInPlace(self, value1, value2):
        value1 += value2
        return value1


INT_ACCUMULATOR_PARAM = AddingAccumulatorParam(0)
FLOAT_ACCUMULATOR_PARAM = AddingAccumulatorParam(0.0)
COMPLEX_ACCUMULATOR_PARAM = AddingAccumulatorParam(0.0j)


def param_of(value):
    """The way in which values of this type are added, by default."""
    for kind, param in (
        (int, INT_ACCUMULATOR_PARAM),
        (float, FLOAT_ACCUMULATOR_PARAM),
        (complex, COMPLEX_ACCUMULATOR_PARAM),
    ):
        if isinstance(value, kind):
            return param
    raise TypeError(f"No default accumulator param for type {type(value)}")
