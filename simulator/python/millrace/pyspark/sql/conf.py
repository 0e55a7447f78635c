"""`SparkSession.conf`: settings that may change while the program runs."""

from millrace.py4j.protocol import Py4JJavaError
from millrace.pyspark.errors import AnalysisException, IllegalArgumentException, PySparkException
from millrace.pyspark.version import IS_SPARK_4

#: The settings that the engine has of a session, with the kind of each.
_OF_ENGINE = {
    "shuffle_partitions": ("spark.sql.shuffle.partitions", int),
    "zone": ("spark.sql.session.timeZone", str),
    "ansi": ("spark.sql.ansi.enabled", bool),
    "adaptive": ("spark.sql.adaptive.enabled", bool),
    "state_store": ("spark.sql.streaming.stateStore.providerClass", str),
    "watermark_policy": ("spark.sql.streaming.multipleWatermarkPolicy", str),
    "no_data_batches": ("spark.sql.streaming.noDataMicroBatches.enabled", bool),
}

_KINDS = dict(_OF_ENGINE.values())

# The values that a setting may have, as Spark checks them, and how it says so.
_CHECKS = {
    "spark.sql.shuffle.partitions": (
        lambda value: int(value) > 0, "The value of spark.sql.shuffle.partitions must be positive",
    ),
    "spark.sql.streaming.multipleWatermarkPolicy": (
        lambda value: value.lower() in ("min", "max"),
        "Invalid value for 'spark.sql.streaming.multipleWatermarkPolicy'. Valid values are 'min' and 'max'",
    ),
}  # fmt: skip

# Values of settings that no program has set; those of the timeline are the session's.
_DEFAULTS = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.ansi.enabled": "true" if IS_SPARK_4 else "false",
    "spark.sql.autoBroadcastJoinThreshold": "10485760b",
    "spark.sql.caseSensitive": "false",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.crossJoin.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "10000",
    "spark.sql.execution.arrow.pyspark.enabled": "false",
    "spark.sql.execution.arrow.pyspark.fallback.enabled": "true",
    "spark.sql.execution.pandas.convertToArrowArraySafely": "false",
    "spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled": "true",
    "spark.sql.execution.pythonUDF.arrow.enabled": "false",
    "spark.sql.files.maxPartitionBytes": "134217728b",
    "spark.sql.legacy.timeParserPolicy": "EXCEPTION",
    "spark.sql.repl.eagerEval.enabled": "false",
    "spark.sql.sources.default": "parquet",
    "spark.sql.sources.partitionOverwriteMode": "STATIC",
    "spark.sql.streaming.metricsEnabled": "false",
    "spark.sql.streaming.schemaInference": "false",
    "spark.sql.streaming.multipleWatermarkPolicy": "min",
    "spark.sql.streaming.noDataMicroBatches.enabled": "true",
    "spark.sql.streaming.stateStore.providerClass": (
        "org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider"
    ),
}

# Settings of queries that are those of the program from its start.
_STATIC = ("spark.sql.catalogImplementation", "spark.sql.extensions", "spark.sql.warehouse.dir", "spark.sql.ui.")


class _NoValue:
    def __repr__(self):
        return "<no value>"


#: In the place of an argument that is not given, where `None` is a value.
NO_VALUE = _NoValue()


class RuntimeConfig:
    def __init__(self, settings, defaults):
        self._settings = settings
        self._defaults = {**_DEFAULTS, **defaults}

    def set(self, key, value):
        if key.startswith(_STATIC):
            raise AnalysisException(
                f'[CANNOT_MODIFY_CONFIG] Cannot modify the value of the Spark config: "{key}".', "CANNOT_MODIFY_CONFIG"
            )
        value = str(value).lower() if isinstance(value, bool) else str(value)
        _check_value(key, value)
        self._settings.set(key, value)

    def _texts(self):
        """The settings that the engine has of the session, as they are written."""
        return [self.get(key) for key, _ in _OF_ENGINE.values()]

    def _values(self, texts):
        """The same, as the engine takes them."""
        settings = {}
        for (name, (key, kind)), text in zip(_OF_ENGINE.items(), texts):
            _check_value(key, text)
            settings[name] = _read(text, kind)
        return settings

    def get(self, key, default=NO_VALUE):
        _check_text(key, "key")
        if default is not None and default is not NO_VALUE:
            _check_text(default, "default")
        found = self._settings.get(key, self._defaults.get(key) if default is NO_VALUE else default)
        if found is None and default is NO_VALUE:
            text = f'[SQL_CONF_NOT_FOUND] The SQL config "{key}" cannot be found. Please verify that the config exists.'
            raise Py4JJavaError("o1.get", PySparkException(text, "SQL_CONF_NOT_FOUND"))
        return found

    def unset(self, key):
        self._settings._settings.pop(key, None)

    def isModifiable(self, key):
        return key.startswith("spark.sql.") and not key.startswith(_STATIC)


def _read(text, kind):
    """The value of a setting; `None` if it is of another kind."""
    text = text.strip()
    if kind is bool:
        return {"true": True, "false": False}.get(text.lower())
    if kind is int:
        return int(text) if text.removeprefix("-").isdecimal() else None
    return text


def _check_value(key, value):
    """Refuses a value that Spark refuses (`org.apache.spark.internal.config.ConfigEntry`)."""
    kind = _KINDS.get(key, str)
    if _read(value, kind) is None:
        name = {bool: "boolean", int: "int"}[kind]
        raise IllegalArgumentException(f"{key} should be {name}, but was {value}")
    is_valid, message = _CHECKS.get(key, (None, None))
    if is_valid is not None and not is_valid(value):
        raise IllegalArgumentException(f"'{value}' in {key} is invalid. {message}")


def _check_text(value, name):
    if not isinstance(value, str):
        raise TypeError(f"expected {name} '{value}' to be a string (was '{type(value).__name__}')")
