"""Timelines: what arrives, and when."""

import datetime
import json
import os
import sys

from millrace._millrace import Timeline, message_record
from millrace.errors import UsageError


def read(path, seed=0):
    """The timeline of a scenario file, whose `generate` draws from the seed.

    Raises `UsageError` with all mistakes that it has, as `millrace run` shows them.
    """
    has_colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ
    try:
        return Timeline.read(path, seed, has_colour)
    except ValueError as error:
        raise UsageError(str(error)) from None


def of(script, start=0, stop=None, zone="UTC", cores=None, faults=()):
    """A timeline of a dictionary such as `{"1s": ["blue blue"], "2s": {"localhost:9998": ["green"]}}`.

    Its keys are offsets from `start`, which is a time, its text, or a number of milliseconds since the epoch. An offset
    is written as in a scenario file, or is a number of seconds.
    """
    if isinstance(script, Timeline):
        return script
    return of_entries(entries(script), start, stop, zone, cores, faults)


def entries(script):
    """The entries of a dictionary: for each its offset, the name of its source or `None`, and its lines."""
    if not isinstance(script, dict):
        raise TypeError(f'a timeline is a dictionary such as {{"1s": ["blue blue"]}}, or the name of a file: {script!r}')
    entries = []
    for offset, lines in script.items():
        for stream, lines in lines.items() if isinstance(lines, dict) else [(None, lines)]:
            if isinstance(lines, str):
                raise TypeError(f"the lines at {offset} are a list of texts: write [{lines!r}]")
            lines = [_message(line, offset) if isinstance(line, dict) else line for line in lines]
            if not all(isinstance(line, str) for line in lines):
                raise TypeError(f'the lines at {offset} are a list of texts, such as ["blue blue"], and not {lines!r}')
            entries.append((offset, stream, lines))
    return entries


def _message(message, offset):
    """The line of a message of a topic, such as `{"key": "ann", "value": "1"}`."""
    known = {"value", "key", "partition", "timestamp", "headers"}
    if "value" not in message or message.keys() - known:
        raise TypeError(f"the message at {offset} has a value, and may have {', '.join(sorted(known - {'value'}))}: {message!r}")
    time = message.get("timestamp")
    time = None if time is None else _start(time, "UTC")
    headers = list(message.get("headers", {}).items())
    return message_record(message["value"], message.get("key"), message.get("partition", 0), time, headers)


def of_entries(entries, start=0, stop=None, zone="UTC", cores=None, faults=()):
    """As `of`, of entries, of which several may be at one offset."""
    if cores is not None and not 1 <= cores <= 1024:
        raise ValueError(f"a cluster has 1 to 1024 cores, and not {cores}")
    return Timeline(entries, _start(start, zone), stop, zone, cores, _faults(faults))


def _faults(faults):
    """Faults as the timeline of a scenario file; nothing of none."""
    if not faults:
        return ""
    if isinstance(faults, dict) or not all(isinstance(it, dict) for it in faults):
        raise TypeError(f'faults are a list such as [{{"at": "3s", "crash": "driver"}}], and not {faults!r}')
    return "timeline = [\n%s]" % "".join(f"  {_toml(fault)},\n" for fault in faults)


def _toml(value):
    if isinstance(value, dict):
        return "{ %s }" % ", ".join(f"{key} = {_toml(item)}" for key, item in value.items())
    return str(value) if isinstance(value, int) else json.dumps(str(value))


def _start(start, zone):
    if isinstance(start, str):
        start = datetime.datetime.fromisoformat(start)
    if isinstance(start, datetime.datetime):
        if start.tzinfo is None:
            import zoneinfo  # which takes some milliseconds

            start = start.replace(tzinfo=zoneinfo.ZoneInfo(zone))
        return round(start.timestamp() * 1000)
    return int(start)
