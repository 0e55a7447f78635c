"""Redirects `pyspark`, `py4j` and `findspark` to Millrace's while a program is on stage.

An installed PySpark is left alone: its modules are put aside, and back again afterwards.
"""

import contextlib
import importlib.util
import os
import sys

from millrace.errors import NotInMillrace

_FOLDER = os.path.dirname(__file__)
_INSTEAD = {
    "py4j": " There is no JVM.",
    "pyspark.ml": " It has no models: compute them in functions of RDDs, or play the program on Spark.",
    "pyspark.mllib": " It has no models: compute them in functions of RDDs, or play the program on Spark.",
    "pyspark.pandas": " Use tuples, and operators on the RDD.",
    "pyspark.streaming": " Lines come from socketTextStream, textFileStream, queueStream and KafkaUtils.",
}


def _is_redirected(name):
    return name.partition(".")[0] in ("findspark", "py4j", "pyspark")


class _Finder:
    """Answers `import pyspark.x` with the module `millrace.pyspark.x` itself.

    A finder and a loader by their methods: to import the base classes of both takes longer than a short program.
    """

    def find_spec(self, name, path=None, target=None):
        if not _is_redirected(name):
            return None
        if importlib.util.find_spec(f"millrace.{name}") is None:
            raise ModuleNotInMillrace(name)
        return importlib.util.spec_from_loader(name, self, is_package=os.path.isdir(self._path(name)))

    @staticmethod
    def _path(name):
        return os.path.join(_FOLDER, *name.split("."))

    def create_module(self, spec):
        module = importlib.import_module(f"millrace.{spec.name}")
        _name_classes()
        return module

    def exec_module(self, module):
        pass


def _name_classes():
    """Gives the classes of our modules the names that PySpark's have, which a program may print."""
    for name, module in list(sys.modules.items()):
        if name.startswith("millrace.pyspark"):
            for value in vars(module).values():
                if isinstance(value, type) and value.__module__ == name:
                    value.__module__ = name.removeprefix("millrace.")


class ModuleNotInMillrace(ModuleNotFoundError, NotInMillrace):
    """A module of PySpark that Millrace does not have: `except ImportError` catches it, too."""

    def __init__(self, name):
        advice = next((text for module, text in _INSTEAD.items() if f"{name}.".startswith(f"{module}.")), "")
        super().__init__(f"Millrace has no module `{name}` yet.{advice}", name=name)
        NotInMillrace.raised.append(self)


@contextlib.contextmanager
def installed():
    """While this is entered, `pyspark` is Millrace's."""
    aside = _take_modules()
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        _take_modules()
        sys.modules.update(aside)


def _take_modules():
    names = [name for name in sys.modules if _is_redirected(name)]
    return {name: sys.modules.pop(name) for name in names}
