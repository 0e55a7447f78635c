"""Files that come into a folder while a program runs."""

import collections
import glob
import os
import re

from millrace._millrace import Rdd
from millrace.errors import missing
from millrace.pyspark.textfile import files_at, lines_of


def exists(directory):
    """True if there is a folder of this name, or one that has the pattern."""
    return bool(glob.glob(_pattern(directory)))


#: The way in which a stream reads a folder: the records of a file, and true if those of its folders are its files, too.
Reading = collections.namedtuple("Reading", "records_of is_recursive")


class FolderFiles:
    """The files of folders, or of the folders of patterns, that a query has not been given: each file once, by its path."""

    def __init__(self):
        self._seen = set()

    def new(self, directory, reading):
        """The path, the size, the time and the records of each new file, the oldest first."""
        new = []
        for folder in sorted(glob.glob(_pattern(directory))):
            for path in _paths(folder, reading.is_recursive):
                if path not in self._seen:
                    self._seen.add(path)
                    facts = os.stat(path)
                    new.append((facts.st_mtime_ns // 1_000_000, path, facts.st_size))
        return [(os.path.abspath(path), size, time, reading.records_of(path)) for time, path, size in sorted(new)]


def _paths(folder, is_recursive):
    """The files of a folder, or one file, but for hidden ones."""
    if not os.path.isdir(folder):
        yield folder
        return
    for entry in os.scandir(folder):
        if entry.name.startswith((".", "_")):
            continue
        if entry.is_file():
            yield entry.path
        elif is_recursive:
            yield from _paths(entry.path, True)
        elif "=" in entry.name:
            raise missing(f"a stream of the folders by column in {folder!r}", "Read each of them, or set recursiveFileLookup.")


def _pattern(directory):
    return re.sub("^file:(//)?", "", directory)


class NewFiles:
    """The files of a folder, or of the folders of a pattern, that are not there when the program starts.

    A batch that runs again after a crash has its files again, and those that have come since are in the first batch after
    them.
    """

    def __init__(self, directory, life):
        self._pattern = _pattern(directory)
        #: By path the batch that has had it.
        self._taken = life.new_files(directory, self._paths())

    def _paths(self):
        for folder in sorted(glob.glob(self._pattern)):
            # Without hidden ones, as in Spark.
            yield from sorted(glob.glob(os.path.join(glob.escape(folder), "*")))

    def added_to(self, millis, batch, rows_of):
        """A batch, and the rows that `rows_of` reads of each file that has come since the last one: a partition each.

        A folder that has come is the files that are in it.
        """
        if all(taken is None or taken < millis for taken in self._taken.values()):
            self._taken.update((path, millis) for path in self._paths() if path not in self._taken)
        new = [path for path, taken in self._taken.items() if taken == millis]
        paths = [[file] for path in new for file in files_at(glob.escape(path))]
        if not paths:
            return batch
        return Rdd.union(batch, Rdd.of_rows(paths).pipelined(lambda _, paths: rows_of(next(paths)), False))


def lines_of_file(path):
    return lines_of(path, 0, os.path.getsize(path), True)


def records_of_file(path, length):
    """The records of a file, each of `length` bytes."""
    with open(path, "rb") as file:
        while record := file.read(length):
            if len(record) < length:
                raise EOFError(f"{path} ends within a record of {length} bytes")
            yield record
