"""Timelines: what arrives, and when."""

import dataclasses
import re

_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


@dataclasses.dataclass
class Timeline:
    """Lines that arrive at times, in milliseconds since the epoch, each for a stream or, where it is `None`, for all."""

    start_ms: int
    entries: list
    stop_ms: int | None = None
    zone: str = "UTC"
    cores: int | None = None
    limit_ms: int = 86_400_000

    @property
    def last_ms(self):
        return max((at for at, _, _ in self.entries), default=self.start_ms)

    def streams(self):
        return {stream for _, stream, _ in self.entries if stream is not None}


def of(script, start=0, stop=None, zone="UTC", cores=None):
    """A timeline of a dictionary such as `{"1s": ["blue blue"], "2s": {"localhost:9998": ["green"]}}`."""
    if isinstance(script, Timeline):
        return script
    start_ms = _start(start)
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
    """The milliseconds of a duration such as `"1.5s"`, or of a number of seconds."""
    if isinstance(duration, (int, float)):
        return round(duration * 1000)
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*", duration)
    if match is None:
        raise ValueError(f"{duration!r} is no duration: write 250ms, 1.5s, 2m, 1h or 1d")
    return round(float(match[1]) * _UNITS[match[2]])


def sent(lines):
    """The records of lines that are sent over a socket, where a line may have line ends within."""
    pieces = (re.split(r"\r\n|\r|\n", f"{line}\n")[:-1] for line in lines)
    return [record for line in pieces for record in line]


def _start(start):
    if hasattr(start, "timestamp"):
        return int(start.timestamp() * 1000)
    return int(start)
