"""The process of a program that `python -m millrace run` plays: each life of it has an interpreter of its own."""

import os
import sys

from millrace.lives import Life

#: Names the file that has what the life before has left.
_LEFT = "MILLRACE_LIFE"

#: The exit code after a crash without a restart, as of a process that is killed.
KILLED = 137


class Process(Life):
    """A life that ends with its process, or begins another interpreter in its place."""

    @classmethod
    def of_process(cls, timeline, writer, is_on_disk):
        """The life of this process: the first one, or the one that the life before it has left."""
        left = os.environ.pop(_LEFT, None)
        life = cls(is_on_disk)
        if left is not None:
            import pickle

            with open(left, "rb") as file:
                life.__dict__.update(pickle.load(file))
            os.unlink(left)
            super(cls, life).begin_again()
        life._timeline, life._writer = timeline, writer
        life._folder, life._environment = os.getcwd(), dict(os.environ)
        return life

    def crash(self):
        self.has_crashed = True
        if self._timeline.restart_ms(self.first_fault) is not None:
            self.begin_again()
        sys.stderr.flush()
        # The events are closed by it.
        os._exit(0 if self._writer is not None else KILLED)

    def begin_again(self):
        import pickle
        import tempfile

        left = {name: value for name, value in self.__dict__.items() if name not in _OWN}
        with tempfile.NamedTemporaryFile("wb", prefix="millrace-", delete=False) as file:
            pickle.dump(left, file)
        sys.stderr.flush()
        if self._writer is not None:
            self._writer.give_back()
        os.chdir(self._folder)
        environment = {**self._environment, _LEFT: file.name}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)


#: What is of one process.
_OWN = ("_timeline", "_writer", "_folder", "_environment")
