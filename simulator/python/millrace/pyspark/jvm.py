"""`SparkContext._jvm`: of the JVM there are the loggers of log4j, by which programs write a log of their own."""

import datetime
import sys

from millrace import staging
from millrace.errors import missing

_LEVELS = ("ALL", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF")

_INSTEAD = "There is no JVM. Of its classes there are LogManager, Logger and Level of org.apache.log4j."


class _Package:
    """A package of classes. A name that it does not have is refused."""

    def __init__(self, name, **members):
        self._name = name
        self.__dict__.update(members)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise missing(f"{self._name}.{name}", _INSTEAD)


class _Level:
    """A level of messages (`org.apache.log4j.Level`)."""

    def __init__(self, name):
        self._name = name

    def toString(self):
        return self._name

    __str__ = __repr__ = toString


class Loggers:
    """The loggers of a program: each has its own level, or else that of the nearest one above it by name."""

    def __init__(self):
        self._levels = {"": "WARN"}

    def set(self, name, level):
        self._levels[name] = level

    def level(self, name):
        while name not in self._levels:
            name = name.rpartition(".")[0]
        return self._levels[name]

    def write(self, name, level, message):
        if _LEVELS.index(level) >= _LEVELS.index(self.level(name)):
            seconds = staging.current().now_ms() / 1000
            time = datetime.datetime.fromtimestamp(seconds).strftime("%y/%m/%d %H:%M:%S")
            print(f"{time} {level} {name.rpartition('.')[2] or 'root'}: {message}", file=sys.stderr)


class _Logger:
    """A logger (`org.apache.log4j.Logger`): it writes to standard error, as Spark's log does."""

    def __init__(self, loggers, name=""):
        self._loggers, self._name = loggers, name

    def getName(self):
        return self._name or "root"

    def setLevel(self, level):
        self._loggers.set(self._name, str(level))

    def getLevel(self):
        return _LEVEL_OF[self._loggers.level(self._name)]

    getEffectiveLevel = getLevel

    def __getattr__(self, name):
        level = name.upper()
        if name.islower() and level in _LEVELS[1:-1]:
            return lambda message, *error: self._loggers.write(self._name, level, message)
        if name.startswith("__"):
            raise AttributeError(name)
        raise missing(f"_jvm.org.apache.log4j.Logger.{name}", _INSTEAD)


_LEVEL_OF = {name: _Level(name) for name in _LEVELS}


def view(loggers):
    """What there is of the JVM for a program with these loggers."""
    log4j = "_jvm.org.apache.log4j"
    factory = {
        "getLogger": lambda name: _Logger(loggers, name),
        "getRootLogger": lambda: _Logger(loggers),
    }
    classes = _Package(
        log4j,
        LogManager=_Package(f"{log4j}.LogManager", **factory),
        Logger=_Package(f"{log4j}.Logger", **factory),
        Level=_Package(f"{log4j}.Level", **_LEVEL_OF),
    )
    return _Package("_jvm", org=_Package("_jvm.org", apache=_Package("_jvm.org.apache", log4j=classes)))


class Jvm:
    """The attribute `_jvm` of a context or of its session; that of the class is `None`, as in PySpark without a JVM."""

    def __get__(self, instance, cls=None):
        if instance is None:
            return None
        return view(getattr(instance, "sparkContext", instance)._loggers)
