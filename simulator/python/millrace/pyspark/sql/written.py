"""Rows for a place that is not here, such as a topic of Kafka: what is kept of them for a test."""

import collections

#: A write: the format, the mode in lower case, the options by name, the columns, the rows, and the text that shows them.
Written = collections.namedtuple("Written", "format mode options columns rows text")


def record(frame, session, format, mode, options):
    """Keeps the rows of a table without streams, which a program has written there."""
    keep(session._stage, frame.written(session._engine(), format, mode, list(options.items()), session._now_ms()))


def keep(stage, written):
    """Keeps rows as the engine has recorded them, and gives the record."""
    format, mode, options, columns, rows, text = written
    written = Written(format, mode, dict(options), columns, rows, text)
    stage.observer.write(written)
    return written
