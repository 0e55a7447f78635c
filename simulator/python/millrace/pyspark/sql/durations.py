"""Durations in the words of Spark SQL, such as `10 seconds`."""

import re

_UNITS = {
    "millisecond": 1,
    "second": 1_000,
    "minute": 60_000,
    "hour": 3_600_000,
    "day": 86_400_000,
    "week": 604_800_000,
}


def millis(text):
    """The milliseconds of an interval, which may have several parts."""
    parts = re.findall(r"(\d+)\s*([a-z]+?)s?\b", text.strip().lower().removeprefix("interval"))
    left = re.sub(r"(\d+)\s*([a-z]+?)s?\b", "", text.strip().lower().removeprefix("interval"))
    if not parts or left.strip() or any(unit not in _UNITS for _, unit in parts):
        raise ValueError(f"{text!r} is no interval: write 10 seconds, 5 minutes or 1 hour")
    return sum(int(number) * _UNITS[unit] for number, unit in parts)
