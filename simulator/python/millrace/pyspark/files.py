"""`pyspark.SparkFiles`: files that a program has added."""

import importlib
import os
import sys

from millrace.pyspark.textfile import local_path


class Files:
    """Copies of files, in a folder from which Python imports: that of one `SparkContext`."""

    def __init__(self):
        self._folder = None
        #: The path of each file that was added, by its name.
        self.added = {}

    def folder(self):
        if self._folder is None:
            import tempfile  # Not at the top, as what follows: few programs add files.

            self._folder = tempfile.mkdtemp(prefix="userFiles-")
            sys.path.insert(1, self._folder)
        return self._folder

    def add(self, path, recursive=False):
        """Copies a file, or with `recursive` a folder. Returns the path of the copy."""
        import filecmp
        import shutil

        path = os.path.abspath(local_path(path, "SparkContext.addFile"))
        name = os.path.basename(path)
        copy = os.path.join(self.folder(), name)
        if self.added.get(name) == path:
            return copy
        if os.path.isdir(path):
            if not recursive:
                raise ValueError(f"Added file file:{path} is a directory and recursive is not turned on.")
            shutil.copytree(path, copy)
        elif not os.path.exists(path):
            raise FileNotFoundError(f"File file:{path} does not exist")
        elif name in self.added and not filecmp.cmp(path, copy, shallow=False):
            raise FileExistsError(f"File {copy} exists and does not match contents of file:{path}")
        else:
            shutil.copyfile(path, copy)
        self.added[name] = path
        importlib.invalidate_caches()
        return copy

    def remove(self):
        """Removes the folder, and the modules that were imported from there, as they would hide those of the next."""
        if self._folder is None:
            return
        import shutil

        inside = self._folder + os.sep
        sys.path[:] = [path for path in sys.path if not f"{path}{os.sep}".startswith(inside)]
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(inside):
                del sys.modules[name]
        shutil.rmtree(self._folder)
        self._folder = None
        self.added.clear()


class SparkFiles:
    #: Those of the last `SparkContext`.
    _files = None

    @classmethod
    def get(cls, filename):
        return os.path.join(cls.getRootDirectory(), filename)

    @classmethod
    def getRootDirectory(cls):
        if cls._files is None:
            raise RuntimeError("there is no SparkContext to which files are added")
        return cls._files.folder()
