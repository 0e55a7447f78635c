"""Files that come into a folder while a program runs."""

import glob
import os
import re

from millrace._millrace import Rdd
from millrace.pyspark.textfile import files_at, lines_of


class NewFiles:
    """The files of a folder, or of the folders of a pattern, that are not there when the program starts."""

    def __init__(self, directory):
        self._pattern = re.sub("^file:(//)?", "", directory)
        self._seen = set(self._paths())

    def _paths(self):
        for folder in sorted(glob.glob(self._pattern)):
            # Without hidden ones, as in Spark.
            yield from sorted(glob.glob(os.path.join(glob.escape(folder), "*")))

    def added_to(self, batch, rows_of):
        """A batch, and the rows that `rows_of` reads of each file that has come since the last one: a partition each.

        A folder that has come is the files that are in it.
        """
        new = [path for path in self._paths() if path not in self._seen]
        self._seen.update(new)
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
