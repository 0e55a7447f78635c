"""Errors of programs that ask for more than there is, or that go on without end."""


class NotInMillrace(NotImplementedError):
    """A part of PySpark that Millrace does not have. The message says what to do instead."""

    #: Those that have been raised while a program is on stage, in order. One that is caught counts, too.
    raised = []

    def __init__(self, text):
        super().__init__(text)
        NotInMillrace.raised.append(self)


class UsageError(ValueError):
    """A program or a timeline that cannot be read. The message is that of the command line, with each mistake in it."""


class LimitReached(KeyboardInterrupt):
    """The end of a program that goes on and on. To the program it is as if it were interrupted by Ctrl-C."""


def missing(name, instead=None):
    """The error of a call that exists in PySpark and not here."""
    advice = f" {instead}" if instead else ""
    return NotInMillrace(f"Millrace has no `{name}` yet.{advice}")
