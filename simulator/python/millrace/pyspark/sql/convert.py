"""Values of tables as objects, and back: what the engine asks for by name."""

import calendar
import datetime
import decimal as _decimal

from millrace.pyspark.errors import PySparkValueError
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


def ordinal(value):
    """The days since the epoch of a date that a worker returns."""
    return value.toordinal() - _DAY_ZERO.toordinal()


def interval_parts(value):
    """The microseconds of an interval that a worker returns."""
    return (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds


def decimal_parts(value):
    """The digits of a decimal as a number, and how many of them are behind the point; `None` of one that has none."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or not 0 <= max(-exponent, 0) <= 38 or len(digits) + max(exponent, 0) > 38:
        return None
    return int(value.scaleb(max(-exponent, 0))), max(-exponent, 0)


def struct_values(value, names):
    """The values of a struct that a worker returns, by place or by name."""
    if isinstance(value, dict):
        return [value.get(name) for name in names]
    if isinstance(value, (tuple, list)):
        return list(value)
    if hasattr(value, "__dict__"):
        return [value.__dict__.get(name) for name in names]
    raise PySparkValueError(f"[UNEXPECTED_TUPLE_WITH_STRUCT] Unexpected tuple {value} with StructType.")


def days(value):
    if isinstance(value, datetime.datetime):
        value = value.date()
    return (value - _DAY_ZERO).days


def micros(value):
    """The microseconds since the epoch, and true if these are of a point in time and not of a clock without a zone."""
    if value.tzinfo is not None:
        return (value - _EPOCH.replace(tzinfo=datetime.timezone.utc)) // _MICROSECOND, True
    return (value - _EPOCH) // _MICROSECOND, False


def clock_micros(value):
    """The microseconds since the epoch of what a clock shows, which a worker returns."""
    return calendar.timegm(value.timetuple()) * 1_000_000 + value.microsecond


def interval_micros(value):
    return value // _MICROSECOND


def unscaled(value, scale):
    return int(decimal(value).scaleb(scale).to_integral_value(rounding=_decimal.ROUND_HALF_UP))


def fields(value, names):
    """The values of the fields of a struct."""
    if isinstance(value, dict):
        return [value.get(name) for name in names]
    if isinstance(value, (tuple, list)):
        if len(value) != len(names):
            raise ValueError(f"Length of object ({len(value)}) does not match with length of fields ({len(names)})")
        return list(value)
    return [value.__dict__.get(name) for name in names]


def of_pandas(frame):
    """The rows of a frame of pandas, with objects of Python's own."""
    return [tuple(map(_own, row)) for row in frame.itertuples(index=False, name=None)]


def _own(value):
    if type(value).__name__ in ("NaTType", "NAType"):
        return None
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime()
    if hasattr(value, "to_pytimedelta"):
        return value.to_pytimedelta()
    return value.item() if hasattr(value, "item") else value
