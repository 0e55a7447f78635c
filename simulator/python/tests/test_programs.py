"""Programs as people write them print what real Spark has printed."""

import os
import pathlib
import subprocess
import sys
import tomllib

import pytest

PROGRAMS = pathlib.Path(__file__).parent / "programs"


@pytest.mark.parametrize("name", sorted(path.stem for path in PROGRAMS.glob("*.txt")))
def test_program(name, tmp_path):
    path = PROGRAMS / name
    if "import pandas" in path.with_suffix(".py").read_text(encoding="utf-8"):
        pytest.importorskip("pandas")
        pytest.importorskip("pyarrow")
    [pipeline] = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8")).get("pipeline", [{}])
    arguments = pipeline.get("arguments", [])
    command = [sys.executable, "-m", "millrace", "run", "--strict", path.with_suffix(".py")]
    run = subprocess.run(
        [*command, "--timeline", path.with_suffix(".toml"), *arguments],
        capture_output=True,
        cwd=tmp_path,
        encoding="utf-8",
        env={**os.environ, "PYTHONHASHSEED": "0", "MILLRACE_SPARK": "4" if name.startswith("spark_4") else "3.5"},
        timeout=60,
    )
    assert run.stdout == path.with_suffix(".txt").read_text(encoding="utf-8"), run.stderr
