"""`pyspark.sql.pandas.utils`: the libraries that functions of pandas need."""

import importlib
import re


def require_minimum_pandas_version():
    """Raises an `ImportError` where pandas is not installed, or is too old."""
    _require("pandas", "Pandas", "1.0.5")


def require_minimum_pyarrow_version():
    """Raises an `ImportError` where pyarrow is not installed, or is too old."""
    _require("pyarrow", "PyArrow", "4.0.0")


def pyarrow_version_less_than_minimum(minimum_pyarrow_version):
    """True if an older pyarrow is installed."""
    try:
        import pyarrow
    except ImportError:
        return False
    return _numbers(pyarrow.__version__) < _numbers(minimum_pyarrow_version)


def _require(module, name, least):
    try:
        version = importlib.import_module(module).__version__
    except ImportError as error:
        raise ImportError(f"{name} >= {least} must be installed; however, it was not found.") from error
    if _numbers(version) < _numbers(least):
        raise ImportError(f"{name} >= {least} must be installed; however, your version was {version}.")


def _numbers(version):
    return [int(number) for number in re.findall(r"\d+", version)[:3]]
