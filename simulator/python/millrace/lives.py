"""The lives of a program: after a crash in its timeline it is run again from its beginning, and finds its checkpoints."""

import os

from millrace._millrace import has_checkpoint

#: The file of a checkpoint folder that has, for each folder of `textFileStream`, the batches of its files.
_FILES = "files.json"

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
        """The files in the folder of a program that begins, and for which file streams are open."""
        files = self.files(folder)
        known = _read(files.pop(_FILES, None)) if goes_on else {}
        for directory, taken in self.taken.items():
            if directory in known:
                taken.clear()
                taken.update(known[directory])
        return files

    def keep(self, folder, files, has_queue=False):
        """Keeps what a program has left in its checkpoint folder."""
        files = dict(files)
        if has_queue:
            files[_QUEUE] = b""
        elif files and self.taken:
            files[_FILES] = _written(self.taken)
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

    return json.loads(content or b"{}")


def _written(taken):
    import json

    return json.dumps(taken).encode()


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
