"""`map`, `filter` and `reduce` that fail by a `StopIteration` of the function, which else would end rows silently."""

import functools


def mapped(f, iterator):
    try:
        for row in iterator:
            yield f(row)
    except StopIteration as error:
        raise _stopped(error) from None


def filtered(f, iterator):
    try:
        for row in iterator:
            if f(row):
                yield row
    except StopIteration as error:
        raise _stopped(error) from None


def reduced(f, values, *first):
    try:
        return functools.reduce(f, values, *first)
    except StopIteration as error:
        raise _stopped(error) from None


def _stopped(error):
    return RuntimeError("Caught StopIteration thrown from user's code; failing the task", error)
