"""Values of tables as objects, and back: what the engine asks for by name."""

import datetime
import decimal as _decimal

from millrace.pyspark.sql.row import Row, created

_EPOCH = datetime.datetime(1970, 1, 1)
_DAY_ZERO = datetime.date(1970, 1, 1)
_MICROSECOND = datetime.timedelta(microseconds=1)

decimal = _decimal.Decimal


def date(days):
    return _DAY_ZERO + datetime.timedelta(days=days)


def timestamp(local_micros):
    return _EPOCH + local_micros * _MICROSECOND


def interval(micros):
    return micros * _MICROSECOND


def row(names, values):
    return created(names, values)


def days(value):
    if isinstance(value, datetime.datetime):
        value = value.date()
    return (value - _DAY_ZERO).days


def micros(value):
    """The microseconds since the epoch, and true if these are of a point in time and not of a clock without a zone."""
    if value.tzinfo is not None:
        return (value - _EPOCH.replace(tzinfo=datetime.timezone.utc)) // _MICROSECOND, True
    return (value - _EPOCH) // _MICROSECOND, False


def interval_micros(value):
    return value // _MICROSECOND


def unscaled(value, scale):
    return int(decimal(value).scaleb(scale).to_integral_value(rounding=_decimal.ROUND_HALF_UP))


def fields(value, names):
    """The values of the fields of a struct."""
    if isinstance(value, dict):
        return [value.get(name) for name in names]
    if isinstance(value, Row) and hasattr(value, "__fields__") and sorted(value.__fields__) == sorted(names):
        return [value[name] for name in names]
    if isinstance(value, (tuple, list)):
        if len(value) != len(names):
            raise ValueError(f"Length of object ({len(value)}) does not match with length of fields ({len(names)})")
        return list(value)
    return [getattr(value, name) for name in names]
