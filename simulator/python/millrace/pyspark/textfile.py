"""Text files as rows, cut into partitions as Hadoop cuts them."""

import codecs
import glob
import os
import re

from millrace.errors import missing

#: A line and its end, or the last one without an end: nothing where no byte is left.
_LINE = re.compile(rb"(?=[\s\S])([^\r\n]*)(?:\r\n|\r|\n|\Z)")


def files_at(name):
    """The paths of a file, of those in a folder, or of a pattern, but for hidden ones."""
    names = sorted(glob.glob(name))
    if not names:
        raise FileNotFoundError(f"Input path does not exist: file:{os.path.abspath(name)}")
    paths = []
    for name in names:
        paths += sorted(os.path.join(name, it) for it in os.listdir(name)) if os.path.isdir(name) else [name]
    return [path for path in paths if not os.path.basename(path).startswith((".", "_"))]


def pieces_of(name, least_partitions):
    """The pieces of files, of a folder or of a pattern, one a partition: paths, and where each begins and ends."""
    paths = files_at(local_path(name, "SparkContext.textFile"))
    sizes = [os.path.getsize(path) for path in paths]
    goal = max(1, sum(sizes) // max(least_partitions, 1))
    return [(path, *split) for path, size in zip(paths, sizes) for split in _splits(size, goal)]


def lines_of(path, start, end, use_unicode):
    """The lines of a piece, as Hadoop's `LineRecordReader` has them.

    The one that begins in the piece before, or just at the end of that, belongs to it.
    """
    with open(path, "rb") as file:
        file.seek(start)
        rest = file.read()
    has_mark = start == 0 and rest.startswith(codecs.BOM_UTF8)
    lines = _LINE.finditer(rest, len(codecs.BOM_UTF8) if has_mark else 0)
    if start > 0:
        next(lines, None)
    for line in lines:
        if start + line.start() > end:
            return
        text = line[1].decode("utf-8", "replace")
        yield text if use_unicode else text.encode("utf-8")


def local_path(name, call):
    """The path of a file that is named as Hadoop names files. Other file systems are refused."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):/", name)
    if scheme and scheme[1] != "file":
        raise missing(f"{call}({name!r})", "Only local files are there: give a path.")
    return re.sub("^file:(//)?", "", name) if scheme else name


def _splits(length, size):
    """`FileInputFormat.getSplits`: the last piece may be a tenth longer than the others."""
    if length == 0:
        return [(0, 0)]
    splits, start = [], 0
    while (length - start) / size > 1.1:
        splits.append((start, start + size))
        start += size
    return [*splits, (start, length)]
