"""Timelines that are written in a scenario file."""

import datetime
import json
import re
import sys
import tomllib
import zoneinfo

from millrace.errors import UsageError
from millrace.timeline import Limits, Timeline, millis, sent

# The keys of a scenario that say what is played. `None` stands for what belongs to pipelines that are written in the
# file, which are passed over: a program says for itself how it counts and prints.
_KEYS = {
    "": {"timeline", "clock", "cluster", "limits"},
    "timeline": {"at", "lines", "words", "partitions", "stream"},
    "clock": {"start", "stop", "timezone"},
    "cluster": {"cores"},
    "limits": {"time", "output"},
}
_PASSED_OVER = {
    "": {"title", "description", "pipeline", "console", "arguments"},
    "timeline": {"expect"},
    "clock": {"interval"},
    "cluster": {"shuffle_partitions", "memory"},
    "limits": {"batches"},
}
_BYTES = {"b": 1, "kib": 1024, "mib": 1024**2, "gib": 1024**3, "kb": 1000, "mb": 1000**2, "gb": 1000**3}


def read(path):
    """The timeline of a scenario file, or of one of JSON as `millrace` writes it.

    Raises `UsageError` with all mistakes that it has.
    """
    if str(path).endswith(".json"):
        return _of_json(path)
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the timeline {path}: {getattr(error, 'strerror', None) or error}") from None
    try:
        scenario = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: no TOML: {error}") from None
    reader = _Reader(path, text)
    timeline = reader.timeline(scenario)
    if reader.mistakes:
        raise UsageError("\n".join(reader.mistakes))
    return timeline


class _Reader:
    """Reads a scenario, and notes each mistake with its line."""

    def __init__(self, path, text):
        self._path, self._lines = path, text.splitlines()
        self.mistakes = []

    def timeline(self, scenario):
        clock, cluster, limits = (self._table(scenario, name) for name in ("clock", "cluster", "limits"))
        self._check("", scenario)
        if scenario.get("spark", "3.5") != "3.5":
            self._mistake("spark", "a program sees Spark 3.5: leave it out")
        start = clock.get("start", datetime.datetime.fromtimestamp(0, datetime.timezone.utc))
        if not isinstance(start, datetime.datetime) or start.tzinfo is None:
            start = self._mistake("start", "start is a time with a zone, such as 2018-06-21T23:00:29Z")
        start_ms = 0 if start is None else round(start.timestamp() * 1000)
        entries = self._entries(start_ms, scenario.get("timeline", []))
        stop = self._value(clock, "stop", millis)
        if not entries and stop is None:
            self._mistake("timeline", "nothing arrives: the timeline has no lines, and [clock] has no stop")
        defaults = Limits()
        return Timeline(
            start_ms,
            entries,
            None if stop is None else start_ms + stop,
            self._value(clock, "timezone", _zone) or "UTC",
            self._value(cluster, "cores", _count),
            Limits(
                self._value(limits, "time", millis) or defaults.time_ms,
                self._value(limits, "output", _size) or defaults.output,
            ),
        )

    def _entries(self, start_ms, written):
        entries, at = [], 0
        if not isinstance(written, list) or not all(isinstance(entry, dict) for entry in written):
            self._mistake("timeline", "the timeline is an array of tables: [{ at = \"1s\", lines = [\"a line\"] }]")
            return entries
        for entry in written:
            self._check("timeline", entry)
            before, at = at, self._value(entry, "at", millis, at)
            if at < before:
                self._mistake("at", f"times never run backwards: {entry['at']!r} comes after {before} ms", entry["at"])
            lines = self._value(entry, "lines", _texts, [])
            if "words" in entry:
                lines = [*lines, self._value(entry, "words", _repeated, "")]
            lines, count = sent(lines), self._value(entry, "partitions", _count, 1)
            bounds = [index * len(lines) // count for index in range(count + 1)]
            stream = self._value(entry, "stream", _text)
            entries += [(start_ms + at, stream, lines[a:b]) for a, b in zip(bounds, bounds[1:])]
        return entries

    def _table(self, scenario, name):
        table = scenario.get(name, {})
        if not isinstance(table, dict):
            self._mistake(name, f"[{name}] is a table")
            return {}
        self._check(name, table)
        return table

    def _check(self, name, table):
        for key in table:
            if key in _KEYS[name] or key in _PASSED_OVER[name] or (name, key) == ("", "spark"):
                continue
            known = ", ".join(sorted(_KEYS[name]))
            self._mistake(key, f"`{key}` is not there for programs: {'[' + name + '] ' if name else ''}has {known}")

    def _value(self, table, key, convert, default=None):
        if key not in table:
            return default
        try:
            return convert(table[key])
        except (TypeError, ValueError) as error:
            self._mistake(key, f"{key}: {error}", table[key])
            return default

    def _mistake(self, key, message, value=None):
        """Notes a mistake, at the first line that has the key, and the value if that is a text."""
        value = f'.*["\']{re.escape(value)}["\']' if isinstance(value, str) else ""
        written = re.compile(rf"(^|[\s{{,\[.]){re.escape(key)}\s*[=\].]{value}")
        line = next((number for number, text in enumerate(self._lines, 1) if written.search(text)), None)
        self.mistakes.append(f"{self._path}{f':{line}' if line else ''}: {message}")


def _texts(value):
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        raise ValueError(f"{value!r} is no array of texts")
    return value


def _text(value):
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value


def _repeated(words):
    """A line that has each word as often as it says."""
    if not isinstance(words, dict):
        raise ValueError(f"{words!r} is no table of words and numbers")
    return " ".join(word for word, times in words.items() for _ in range(_count(times)))


def _count(value):
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1024:
        raise ValueError(f"{value!r} is no number from 1 to 1024")
    return value


def _zone(value):
    try:
        zoneinfo.ZoneInfo(_text(value))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{value!r} is no time zone: write UTC or Europe/Berlin") from None
    return value


def _size(value):
    match = re.fullmatch(r"(\d+)\s*([a-z]*)", str(value).lower())
    if not match or (match[2] or "b") not in _BYTES:
        raise ValueError(f"{value!r} is no size: write 512KiB or 1MiB")
    return int(match[1]) * _BYTES[match[2] or "b"]


def _of_json(path):
    with open(path, encoding="utf-8") as file:
        timeline = json.load(file)
    entries = [(it["at_ms"], it["stream"], it["lines"]) for it in timeline["entries"]]
    # What is printed is counted where it is read.
    time_ms = timeline["limit_ms"] or Limits().time_ms
    limits = Limits(time_ms, sys.maxsize)
    return Timeline(timeline["start_ms"], entries, timeline["stop_ms"], timeline["timezone"], timeline["cores"], limits)
