"""A format with its options."""

from millrace.errors import missing


class Options:
    """A format with its options, of which each is known or refused."""

    _KNOWN = frozenset()

    def __init__(self):
        self._format = None
        self._options = {}

    def format(self, source):
        self._format = source
        return self

    def option(self, key, value):
        if key.lower() not in self._KNOWN:
            raise missing(f"{type(self).__name__}.option({key!r})", f"It knows {', '.join(sorted(self._KNOWN))}.")
        self._options[key.lower()] = value
        return self

    def options(self, **options):
        for key, value in options.items():
            self.option(key, value)
        return self
