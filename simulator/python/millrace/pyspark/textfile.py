"""Text files as rows, cut into partitions as Hadoop cuts them."""

import glob
import os
import re

from millrace.errors import missing


def lines_of(name, least_partitions, use_unicode):
    """The lines of files, of a folder or of a pattern: a list a partition."""
    paths = _paths(local_path(name, "SparkContext.textFile"))
    total = sum(os.path.getsize(path) for path in paths)
    goal = total // max(least_partitions, 1)
    partitions = []
    for path in paths:
        with open(path, "rb") as file:
            content = file.read()
        for start, end in _splits(len(content), max(1, goal)):
            lines = _lines(content, start, end)
            partitions.append([line.decode("utf-8", "replace") if use_unicode else line for line in lines])
    return partitions


def local_path(name, call):
    """The path of a file that is named as Hadoop names files. Other file systems are refused."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):/", name)
    if scheme and scheme[1] != "file":
        raise missing(f"{call}({name!r})", "Only local files are there: give a path.")
    return re.sub("^file:(//)?", "", name) if scheme else name


def _paths(name):
    names = sorted(glob.glob(name))
    if not names:
        raise FileNotFoundError(f"Input path does not exist: file:{os.path.abspath(name)}")
    paths = []
    for name in names:
        paths += sorted(os.path.join(name, it) for it in os.listdir(name)) if os.path.isdir(name) else [name]
    return [path for path in paths if not os.path.basename(path).startswith((".", "_"))]


def _splits(length, size):
    """`FileInputFormat.getSplits`: the last piece may be a tenth longer than the others."""
    if length == 0:
        return [(0, 0)]
    splits, start = [], 0
    while (length - start) / size > 1.1:
        splits.append((start, start + size))
        start += size
    return [*splits, (start, length)]


def _lines(content, start, end):
    """The lines that begin in a piece; the one at its start belongs to the piece before, unless that is none."""
    if start > 0:
        start = content.find(b"\n", start - 1) + 1 or len(content)
    while start < end:
        stop = content.find(b"\n", start)
        stop = len(content) if stop < 0 else stop
        yield content[start:stop].removesuffix(b"\r")
        start = stop + 1
