"""The version of Spark that the face answers for."""

__version__ = "3.5.9"
