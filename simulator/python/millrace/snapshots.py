"""Snapshots of tests: what a program has printed, once it has been read and accepted."""

import difflib
import os
import pathlib

FOLDER = "__millrace__"


def path_of(test_file, test_name, name=None):
    """The file of a snapshot: beside the test, named after it."""
    test_file = pathlib.Path(test_file)
    parts = [test_file.stem, test_name, *([name] if name else [])]
    file = "".join(it if it.isalnum() or it in "-_.,=+@[]" else "_" for it in ".".join(parts))
    return test_file.parent / FOLDER / f"{file}.txt"


def of_file(test_file):
    """All snapshots of the tests of a file."""
    test_file = pathlib.Path(test_file)
    return sorted((test_file.parent / FOLDER).glob(f"{test_file.stem}.*.txt"))


def of_test(test_file, test_name):
    """All snapshots of a test."""
    path = path_of(test_file, test_name)
    return [it for it in of_file(test_file) if it.stem == path.stem or it.stem.startswith(f"{path.stem}.")]


def read(path):
    return path.read_text(encoding="utf-8") if path.exists() else None


def write(path, text):
    path.parent.mkdir(exist_ok=True)
    # In one step, as another process may read it.
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(text, encoding="utf-8", newline="\n")
    fresh.replace(path)


def difference(accepted, text):
    """The lines that differ, below the batch in which they begin to."""
    before, after = accepted.splitlines(), text.splitlines()
    first = next((i for i, (a, b) in enumerate(zip(before, after)) if a != b), min(len(before), len(after)))
    batches = [line for line in before[: first + 1] if line.startswith(("Time: ", "Batch: "))]
    where = f" in the batch `{batches[-1]}`" if batches else ""
    lines = difflib.unified_diff(before, after, "accepted", "printed", lineterm="")
    return f"the output differs from what was accepted, first{where}:\n" + "\n".join(lines)
