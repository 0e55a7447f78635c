"""The files of finite tables: of CSV, JSON, text and, where the extension has it, Parquet."""

import glob
import os
import re
import shutil
import uuid

from millrace._millrace import has_parquet, record_of_bytes
from millrace.pyspark.errors import AnalysisException
from millrace.pyspark.textfile import files_at, lines_of, local_path

#: The formats of which there are files, and the extensions of these.
FILES = {"csv": "csv", "json": "json", "text": "txt"}
if has_parquet():
    FILES["parquet"] = "parquet"


def is_here(path):
    """True of a path in the file system of the program, false of an address of another one."""
    return re.match(r"(?!file:)[A-Za-z][A-Za-z0-9+.-]*:/", path) is None


def place_of(path):
    """A path as it is compared with others."""
    return os.path.abspath(local_path(path, "DataFrame")) if is_here(path) else path.rstrip("/")


def files_of(path, source, is_whole):
    """The files at a path, and in its folders by column: the path, the size, the time and the records of each."""
    name = local_path(path, "SparkSession.read")
    try:
        paths = files_at(name)
    except FileNotFoundError:
        place = f"file:{os.path.abspath(name)}"
        raise AnalysisException(
            f"[PATH_NOT_FOUND] Path does not exist: {place}.", "PATH_NOT_FOUND", {"path": place}
        ) from None
    for path in _in_folders(paths):
        facts = os.stat(path)
        yield os.path.abspath(path), facts.st_size, facts.st_mtime_ns // 1_000_000, records_of(path, source, is_whole)


def _in_folders(paths):
    """Files, and those of folders that are columns: beside these, other files are none of the table."""
    folders = [it for it in paths if os.path.isdir(it)]
    by_column = [it for it in folders if "=" in os.path.basename(it)]
    if not by_column:
        yield from (it for it in paths if it not in folders)
    for folder in by_column:
        yield from _in_folders(files_at(glob.escape(folder)))


def records_of(path, source, is_whole=False):
    """The records of a file."""
    if source == "parquet" and has_parquet():
        with open(path, "rb") as file:
            return [record_of_bytes(file.read())]
    if is_whole:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            return [file.read()]
    return list(lines_of(path, 0, os.path.getsize(path), True))


def write_file(path, lines, content):
    """Writes a file of lines, or of these bytes, which the lines then only show."""
    if content is None:
        content = "".join(f"{line}\n" for line in lines).encode()
    with open(path, "wb") as file:
        file.write(content)


class Folder:
    """The folder into which a table is saved."""

    def __init__(self, path):
        self._path = path
        self._folder = local_path(path, "DataFrame.write")

    def exists(self):
        return os.path.exists(self._folder)

    def remove(self):
        shutil.rmtree(self._folder, ignore_errors=True)

    def save(self, extension, files, observer):
        """Saves files, each a partition, the folder that it is in within this one, its lines, and its bytes if it is no
        text."""
        os.makedirs(self._folder, exist_ok=True)
        number = sum(len(names) for *_, names in os.walk(self._folder))
        run = uuid.uuid5(uuid.NAMESPACE_URL, f"{self._path} {number}")
        saved = {}
        for partition, within, lines, content in files:
            folder = os.path.join(self._folder, within or "")
            os.makedirs(folder, exist_ok=True)
            name = f"part-{partition:05}-{run}{'.' if within else '-'}c000.{extension}"
            write_file(os.path.join(folder, name), lines, content)
            saved.setdefault(within, []).extend(lines)
        open(os.path.join(self._folder, "_SUCCESS"), "wb").close()
        for within, lines in sorted(saved.items(), key=lambda it: it[0] or ""):
            observer.save(f"{self._path}/{within}" if within else self._path, lines)
