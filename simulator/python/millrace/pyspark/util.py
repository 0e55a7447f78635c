"""`pyspark.util`, as far as programs name it."""

import functools
import re


class VersionUtils:
    @staticmethod
    def majorMinorVersion(sparkVersion):
        match = re.fullmatch(r"(\d+)\.(\d+)(\..*)?", sparkVersion)
        if match is None:
            raise ValueError(
                f"Spark tried to parse '{sparkVersion}' as a Spark version string, but it could not find the major and "
                "minor version numbers."
            )
        return (int(match[1]), int(match[2]))


def keyword_only(func):
    """Decorates a method that takes keywords alone, and keeps them in `_input_kwargs`."""

    @functools.wraps(func)
    def method(self, *args, **kwargs):
        if args:
            raise TypeError(f"Method {func.__name__} forces keyword arguments.")
        self._input_kwargs = kwargs
        return func(self, **kwargs)

    return method
