"""The lives of a program: after a crash in its timeline it is run again from its beginning, and finds its checkpoints."""

import os

from millrace._millrace import has_checkpoint

#: The file of a checkpoint folder that has what the sources of its program keep: for each folder of `textFileStream` the
#: batches of its files, and the lines of timelines.
_SOURCES = "sources.json"

#: The file of a checkpoint folder whose program has a `queueStream`, for which Spark reads no checkpoint.
_QUEUE = "queueStream"


class Crashed(BaseException):
    """The end of the process, in a test: it has other programs, too. What the program does meanwhile is not seen."""


class Life:
    """What is there when a process of the program begins, and what it leaves behind."""

    def __init__(self, is_on_disk=False):
        #: The first fault of the timeline that is still to come.
        self.first_fault = 0
        #: True of all but the first.
        self.is_again = False
        self.has_crashed = False
        self._is_on_disk = is_on_disk
        #: The files of each checkpoint folder, by its name.
        self._folders = {}
        #: For each folder of `textFileStream` the batch of each file.
        self.taken = {}
        #: For each folder the lines of the timelines of earlier runs.
        self._earlier = {}

    # Checkpoint folders

    def files(self, folder):
        """The bytes of the files in a checkpoint folder, by name."""
        if not self._is_on_disk:
            return dict(self._folders.get(_name(folder), {}))
        root = _root(folder)
        return {it.relative_to(root).as_posix(): it.read_bytes() for it in sorted(root.rglob("*")) if it.is_file()}

    def goes_on(self, folder):
        """True if a program can go on from a checkpoint folder. Raises a `ValueError` if Spark could not read it."""
        files = self.files(folder)
        if _QUEUE in files:
            raise ValueError(
                "queueStream doesn't support checkpointing. Please don't use queueStream when checkpointing is enabled."
            )
        return has_checkpoint(files)

    def begin(self, folder, goes_on):
        """The files in the folder of a program that begins, and the lines of earlier runs, or `None` if it begins anew."""
        files = self.files(folder)
        sources = files.pop(_SOURCES, None)
        if not goes_on:
            return files, None
        known = _read(sources) if sources else {"files": {}, "lines": []}
        for directory, taken in self.taken.items():
            if directory in known["files"]:
                taken.clear()
                taken.update(known["files"][directory])
        # Another life of this run has the timeline itself.
        earlier = self._earlier.setdefault(_name(folder), [tuple(line) for line in known["lines"]])
        return files, earlier

    def keep(self, folder, files, lines, has_queue=False):
        """Keeps what a program has left in its checkpoint folder; `lines` are those of its timeline until then."""
        files = dict(files)
        if has_queue:
            files[_QUEUE] = b""
        elif files:
            lines = self._earlier.get(_name(folder), []) + lines if self._is_on_disk else []
            files[_SOURCES] = _written({"files": self.taken, "lines": lines})
        if self._is_on_disk:
            _write(_root(folder), files)
        else:
            self._folders[_name(folder)] = files

    def new_files(self, directory, paths):
        """The batch of each file of a `textFileStream`; `None` of those that are there when its program starts."""
        return self.taken.setdefault(f"{len(self.taken)}:{directory}", dict.fromkeys(paths))

    # Its end

    def crash(self):
        """The process ends, here and now."""
        self.has_crashed = True
        raise Crashed

    def end(self, first_fault):
        """The program has ended, or its process has: the faults from this one on are those of the next."""
        self.first_fault = first_fault
        self.taken = {}

    def begin_again(self):
        """Begins the next one."""
        self.is_again, self.has_crashed = True, False


def _name(folder):
    return folder.rstrip("/")


def _root(folder):
    # Not at the top, as few programs keep their checkpoints.
    import pathlib

    from millrace.pyspark.textfile import local_path

    return pathlib.Path(local_path(folder, "StreamingContext.checkpoint"))


def _read(content):
    import json

    return json.loads(content)


def _written(sources):
    import json

    return json.dumps(sources).encode()


def _write(root, files):
    before = {it.relative_to(root).as_posix() for it in root.rglob("*") if it.is_file()}
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(content)
        os.replace(part, path)
    for name in before - files.keys():
        (root / name).unlink()
