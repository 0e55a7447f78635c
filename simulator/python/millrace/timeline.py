"""Timelines: what arrives, and when."""

import collections
import datetime
import re
import zoneinfo

_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_WORDS = {
    "millisecond": 1,
    "second": 1_000,
    "minute": 60_000,
    "hour": 3_600_000,
    "day": 86_400_000,
    "week": 604_800_000,
}


#: How far a run may go: virtual time in milliseconds, characters of output, sleeps after the timeline's end.
Limits = collections.namedtuple(
    "Limits", "time_ms output sleeps", defaults=(876_000 * 3_600_000, 256 * 1024 * 1024, 10_000)
)


class Timeline:
    """Lines that arrive at times, in milliseconds since the epoch, each for a stream or, if that is `None`, for all."""

    def __init__(self, start_ms, entries, stop_ms=None, zone="UTC", cores=None, limits=Limits()):
        self.start_ms, self.stop_ms = start_ms, stop_ms
        self.entries = entries
        self.zone = zone
        self.cores = cores
        self.limits = limits

    @property
    def last_ms(self):
        return max((at for at, _, _ in self.entries), default=self.start_ms)

    def streams(self):
        return {stream for _, stream, _ in self.entries if stream is not None}


def of(script, start=0, stop=None, zone="UTC", cores=None):
    """A timeline of a dictionary such as `{"1s": ["blue blue"], "2s": {"localhost:9998": ["green"]}}`.

    Its keys are offsets from `start`, which is a time, its text, or a number of milliseconds since the epoch.
    """
    if isinstance(script, Timeline):
        return script
    start_ms = _start(start, zone)
    entries = []
    for offset, lines in script.items():
        at = start_ms + millis(offset)
        streams = lines.items() if isinstance(lines, dict) else [(None, lines)]
        for stream, lines in streams:
            if isinstance(lines, str):
                raise TypeError(f"the lines at {offset} are a list of texts: write [{lines!r}]")
            entries.append((at, stream, sent(lines)))
    entries.sort(key=lambda entry: entry[0])
    return Timeline(start_ms, entries, None if stop is None else start_ms + millis(stop), zone, cores)


def millis(duration):
    """The milliseconds of a duration such as `1.5s` or `1 hour 30 seconds`, or of a number of seconds."""
    if isinstance(duration, (int, float)) and not isinstance(duration, bool):
        return round(duration * 1000)
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([a-z]+)", duration.lower()) if isinstance(duration, str) else []
    units = [_UNITS.get(unit) or _WORDS.get(unit.removesuffix("s")) for _, unit in parts]
    is_whole = parts and re.fullmatch(r"(\s*\d+(\.\d+)?\s*[a-z]+)+\s*", duration.lower())
    if not is_whole or None in units:
        raise ValueError(f"{duration!r} is no duration: write 250ms, 1.5s, 2m, 1h or 1d")
    return round(sum(float(number) * unit for (number, _), unit in zip(parts, units)))


def sent(lines):
    """The records of lines that are sent over a socket, where a line may have line ends within."""
    return [record for line in lines for record in _records(line)]


def _records(line):
    if "\n" not in line and "\r" not in line:
        return (line,)
    return re.split(r"\r\n|\r|\n", f"{line}\n")[:-1]


def _start(start, zone):
    if isinstance(start, str):
        start = datetime.datetime.fromisoformat(start)
    if isinstance(start, datetime.datetime):
        if start.tzinfo is None:
            start = start.replace(tzinfo=zoneinfo.ZoneInfo(zone))
        return round(start.timestamp() * 1000)
    return int(start)
