"""The programs that `millrace spark --script` writes print on the face what their scenarios print.

The scenarios are the recordings of real Spark. Queries are compared as they read a socket, as their programs do.
"""

import os
import pathlib
import re
import subprocess
import sys
import tomllib

import pytest

ROOT = pathlib.Path(__file__).parents[3]
MILLRACE = os.environ.get("MILLRACE", ROOT / "target" / "debug" / "millrace")
FOLDER = ROOT / "scenarios" / "spark"
ARGUMENTS = ["localhost", "9999"]

#: Recordings, or folders of them, whose programs are not compared, by the reason.
LEFT_OUT = {
    "a query that fails or is refused ends its program, and not the scenario": (
        "sql/ansi/ends_the_query", "sql/lines/bad_csv/strict", "sql/lines/bad_json/strict", "sql/refused",
        "sql/ansi/constants/aggregate", "sql/ansi/constants/cast", "sql/ansi/constants/condition",
        "sql/ansi/constants/division", "sql/ansi/constants/index", "sql/ansi/constants/lambda",
        "sql/ansi/constants/without_ansi",
    ),
}  # fmt: skip


def pipelines():
    for path in sorted(FOLDER.rglob("*.toml")):
        scenario = tomllib.loads(path.read_text(encoding="utf-8"))
        if scenario.get("spark") == "4":
            continue
        profile = scenario.get("console", {}).get("profile", "pyspark")
        for pipeline in scenario["pipeline"]:
            mode = pipeline.get("mode")
            is_python = mode == "structured" or pipeline.get("profile", profile) == "pyspark"
            name = pipeline["name"]
            place = f"{path.relative_to(FOLDER).with_suffix('')}/{name}"
            if is_python and mode != "map_with_state" and not place.startswith(sum(LEFT_OUT.values(), ())):
                yield pytest.param(path, name, id=place)


def over_a_socket(text):
    """The scenario with its queries on sockets, of which batch 0 is empty."""
    if "[[source]]" in text:
        lines = (line for line in text.splitlines(keepends=True) if not line.startswith("kind ="))
        return "".join(lines).replace("[[source]]\n", '[[source]]\nkind = "socket"\n')
    head, *tables = text.split("[[pipeline]]\n")
    for index, table in enumerate(tables):
        lines = [line for line in table.splitlines() if not line.startswith("source =")]
        if 'mode = "structured"' in lines:
            lines.insert(0, 'source = "socket"')
            tables[index] = "\n".join(lines) + "\n"
    return "[[pipeline]]\n".join([head, *tables])


def with_sockets(text, script):
    """The timeline of a scenario with its streams named by the sockets from which a program reads them."""
    ports = re.findall(r'(\w+)_lines = spark .*?"port", arguments\.port(?: \+ (\d+))?\)', script, re.DOTALL)
    for name, number in ports:
        text = text.replace(f'stream = "{name}"', f'stream = "localhost:{9999 + int(number or 0)}"')
    return text


def output_of(*command, folder):
    run = subprocess.run(
        command, capture_output=True, cwd=folder, env={**os.environ, "PYTHONHASHSEED": "0"}, timeout=60
    )
    assert run.returncode == 0, run.stderr.decode()
    return run.stdout.decode()


@pytest.mark.parametrize(("path", "name"), list(pipelines()))
def test_a_written_program_prints_its_recording(path, name, tmp_path):
    scenario, timeline = tmp_path / "scenario.toml", tmp_path / "timeline.toml"
    text = over_a_socket(path.read_text(encoding="utf-8"))
    scenario.write_text(text, encoding="utf-8", newline="")
    script = output_of(MILLRACE, "spark", "--script", scenario, "--pipeline", name, "--quiet", folder=tmp_path)
    if not script.lstrip().startswith("#"):
        pytest.fail("no program in Python is written for it")
    (tmp_path / "job.py").write_text(script, encoding="utf-8", newline="")
    timeline.write_text(with_sockets(text, script), encoding="utf-8", newline="")
    arguments = [*ARGUMENTS, *(["--checkpoint", "checkpoint"] if "--checkpoint" in script else [])]
    command = [sys.executable, "-W", "ignore", "-m", "millrace", "run", "job.py", "--timeline", timeline]
    expected = output_of(MILLRACE, "run", scenario, "--pipeline", name, "--quiet", folder=tmp_path)
    assert expected
    assert output_of(*command, *arguments, folder=tmp_path) == expected
