"""What a program is told that asks for more than there is, or for what Spark refuses too."""


class NotInMillrace(NotImplementedError):
    """A part of PySpark that Millrace does not have. The message says what to do instead."""


def missing(name, instead=None):
    """The error of a call that exists in PySpark and not here."""
    advice = f" {instead}" if instead else ""
    return NotInMillrace(f"Millrace has no `{name}` yet.{advice}")
