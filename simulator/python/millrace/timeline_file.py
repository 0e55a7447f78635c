"""Timelines that are written in a scenario file."""

import datetime
import tomllib

from millrace.timeline import Timeline, millis, sent


def read(path):
    """The timeline of a scenario file, whose pipelines are passed over."""
    with open(path, "rb") as file:
        scenario = tomllib.load(file)
    clock = scenario.get("clock", {})
    start = clock.get("start", datetime.datetime.fromtimestamp(0, datetime.timezone.utc))
    start_ms = round(start.timestamp() * 1000)
    entries, at = [], 0
    for entry in scenario.get("timeline", []):
        at = millis(entry["at"]) if "at" in entry else at
        lines = sent(entry.get("lines", []))
        count = entry.get("partitions", 1)
        bounds = [index * len(lines) // count for index in range(count + 1)]
        entries += [(start_ms + at, entry.get("stream"), lines[a:b]) for a, b in zip(bounds, bounds[1:])]
    stop = clock.get("stop")
    return Timeline(
        start_ms,
        entries,
        None if stop is None else start_ms + millis(stop),
        clock.get("timezone", "UTC"),
        scenario.get("cluster", {}).get("cores"),
    )
