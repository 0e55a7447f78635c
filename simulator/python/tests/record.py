"""Records the standard output of the programs beside this file on a real Spark.

    python record.py [--check] [NAME ...]

Run it with the Python that has `pyspark`. Each program `programs/NAME.py` is played on the timeline of `NAME.toml`,
and `NAME.txt` is its standard output. Those whose names begin with `spark_4` are recorded on Spark 4, and others on 3.5. `--check` writes nothing, and says which would be another.

`NAME.toml` is a scenario file. A program with `arguments` has them in a pipeline there; one that names no master has the
`cores` below `[cluster]`:

    timeline = [{ at = "1s", lines = ["a line"], stream = "localhost:9999" }]
    [clock]
    start = 2018-06-21T23:00:29Z
    stop = "4s"
"""

import argparse
import datetime
import difflib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

TESTS = pathlib.Path(__file__).resolve().parent
PROGRAMS = TESTS / "programs"
PLAYER = TESTS.parent.parent / "oracle" / "src" / "program.py"

EPOCH = datetime.datetime.fromtimestamp(0, datetime.timezone.utc)
UNITS_MS = {"ms": 1, "s": 1_000, "m": 60_000, "min": 60_000, "h": 3_600_000}


def millis(duration):
    number, unit = re.fullmatch(r"([0-9.]+)\s*([a-z]+)", duration).groups()
    return round(float(number) * UNITS_MS[unit])


def timeline_of(scenario):
    """The timeline as the player takes it: times are absolute, in milliseconds."""
    clock = scenario["clock"]
    start = (clock.get("start", EPOCH) - EPOCH) // datetime.timedelta(milliseconds=1)
    entries, at = [], 0
    for entry in scenario.get("timeline", []):
        at = millis(entry["at"]) if "at" in entry else at
        rest = {"stream": entry.get("stream"), "partitions": entry.get("partitions", 1)}
        entries.append({"at_ms": start + at, "lines": entry["lines"], **rest})
    return {
        "start_ms": start,
        "stop_ms": start + millis(clock["stop"]),
        "timezone": clock.get("timezone", "UTC"),
        "cores": scenario.get("cluster", {}).get("cores", 2),
        "entries": entries,
    }


def request(name, folder):
    scenario = tomllib.loads((PROGRAMS / f"{name}.toml").read_text(encoding="utf-8"))
    [pipeline] = scenario.get("pipeline", [{}])
    return {
        "job": str(PROGRAMS / f"{name}.py"),
        "timeline": timeline_of(scenario),
        "arguments": pipeline.get("arguments", []),
        "output": str(folder / f"{name}.txt"),
    }


def difference(name, actual):
    path = PROGRAMS / f"{name}.txt"
    expected = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = [text.splitlines(keepends=True) for text in (expected, actual)]
    return "".join(difflib.unified_diff(*lines, "recorded", "now"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    names = arguments.names or sorted(path.stem for path in PROGRAMS.glob("*.py"))
    differ = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "list.json").write_text(json.dumps([request(name, folder) for name in names]))
        command = [sys.executable, PLAYER, "--list", folder / "list.json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as player:
            for name, line in zip(names, player.stdout):
                answer = json.loads(line)
                text = (folder / f"{name}.txt").read_text(encoding="utf-8")
                change = difference(name, text)
                differ += bool(change)
                print(name, f"{answer['seconds']} s, status {answer['status']}", "differs" if change else "")
                if arguments.check:
                    print(change, end="")
                else:
                    (PROGRAMS / f"{name}.txt").write_text(text, encoding="utf-8")
                sys.stdout.flush()
    sys.exit(player.returncode or (1 if arguments.check and differ else 0))


if __name__ == "__main__":
    main()
