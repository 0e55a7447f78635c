"""Keys that are placed by the seed of the process are refused where that is not Spark's."""

import datetime
import decimal
import enum
import os
import subprocess
import sys

import pytest

from millrace import seed


class Colour(enum.IntEnum):
    BLUE = 1


class Word(str):
    pass


@pytest.fixture(params=[True, False], ids=["0", "not_0"])
def is_zero(request, monkeypatch):
    monkeypatch.setattr(seed, "is_zero", lambda: request.param)
    return request.param


@pytest.mark.parametrize("key", [None, True, 1, -1, 1.5, 2j, "text", decimal.Decimal(1), ("a", (1, None))])
def test_keys_that_are_placed_alike_everywhere(is_zero, key):
    seed.check(key)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (b"bytes", "bytes"),
        ("lone \ud800", "str"),
        (frozenset("a"), "frozenset"),
        (Word("a"), "test_seed.Word"),
        (Colour.BLUE, "test_seed.Colour"),
        (datetime.date(2020, 1, 1), "datetime.date"),
        (("a", (b"b",)), "bytes"),
    ],
)
def test_keys_that_are_placed_by_the_seed(is_zero, key, name):
    if is_zero:
        seed.check(key)
        return
    with pytest.raises(TypeError) as raised:
        seed.check(key)
    assert str(raised.value) == (
        f"a key of the type {name} is placed by a hash that differs from process to process: "
        "run with PYTHONHASHSEED=0 in the environment, as Spark runs its workers"
    )


def test_the_hash_of_pyspark_refuses_them_too(is_zero):
    from millrace.pyspark.rdd import portable_hash

    assert portable_hash(("a", 1)) == portable_hash(("a", 1))
    if is_zero:
        portable_hash(b"bytes")
    else:
        with pytest.raises(TypeError, match="PYTHONHASHSEED=0"):
            portable_hash(b"bytes")


@pytest.mark.parametrize(("value", "expected"), [("0", "True"), ("1", "False"), ("random", "False")])
def test_the_seed_of_a_process_is_known(value, expected):
    command = [sys.executable, "-S", "-c", "import seed; print(seed.is_zero())"]
    env = {"PYTHONHASHSEED": value, "PYTHONPATH": seed.__file__.rpartition("/")[0]}
    run = subprocess.run(command, env=env, stdout=subprocess.PIPE)
    assert run.stdout.decode().strip() == expected


def test_a_key_of_a_shuffle_is_refused_under_another_seed():
    program = (
        "import millrace\n"
        "with millrace.stage({}):\n"
        "    from pyspark import SparkContext\n"
        "    rows = SparkContext('local[2]', 'keys').parallelize([('text', 1), (b'bytes', 2)])\n"
        "    print(rows.keys().take(1), rows.partitionBy(2).count())\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONHASHSEED": "1"},
    )
    assert run.returncode == 1
    assert "TypeError: a key of the type bytes is placed by a hash that differs" in run.stderr
