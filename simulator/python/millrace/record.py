"""The rows and lines that a program has shown and saved, for a test to look at."""

import collections

from millrace import trace

#: A batch as `pprint` has shown it: its time, as it is printed, and its rows; behind them `...`, if there are more.
Batch = collections.namedtuple("Batch", "time rows")


class Nothing:
    """Remembers nothing: for runs that are only watched."""

    def begin(self, variables):
        pass

    def output(self, stream):
        return self

    def __call__(self, time, rows):
        pass

    def save(self, path, lines):
        pass

    def write(self, written):
        from millrace import staging

        staging.current().note(
            f"nothing is written to {written.format}: a test has a record of the rows, `run.sink({written.format!r})`"
        )

    def _to_worker(self):
        return self


class Record(Nothing):
    """Remembers all that `pprint` shows, `saveAsTextFile` writes, and other places were to be given."""

    def __init__(self):
        #: The variables of the program's module.
        self.variables = {}
        #: The streams on which `pprint` was called, in the order of the calls.
        self.streams = []
        #: Where each was called, and the variables of the functions there that held its stream.
        self.places = []
        self.names = []
        #: Each batch that was shown, with the number of its stream in `streams`.
        self.batches = []
        #: The lines that were written, by the path that the program has named.
        self.saved = {}
        #: The rows that were written to places which are not here, in order.
        self.written = []

    def begin(self, variables):
        self.variables = variables
        # Those of a life before are the same ones.
        self.streams, self.places, self.names = [], [], []

    def output(self, stream):
        self.streams.append(stream)
        self.places.append(trace.place())
        self.names.append(trace.names_of(stream))
        return _Output(self.batches, len(self.streams) - 1)

    def save(self, path, lines):
        self.saved[path] = lines

    def write(self, written):
        self.written.append(written)

    def numbers(self):
        """The numbers of outputs by the names of their streams: of one stream, the first."""
        numbers = {}
        for number, stream in enumerate(self.streams):
            if number == next(index for index, other in enumerate(self.streams) if other is stream):
                own = {name for name, value in self.variables.items() if value is stream}
                held = (names for names, other in zip(self.names, self.streams) if other is stream)
                for name in sorted(own.union(*held)):
                    numbers.setdefault(name, []).append(number)
        return numbers


class _Output(Nothing):
    """One `pprint`."""

    def __init__(self, batches, number):
        self._batches, self._number = batches, number

    def __call__(self, time, rows):
        self._batches.append((self._number, Batch(str(time), rows)))
