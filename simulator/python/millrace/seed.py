"""The seed of Python's hashes. Spark's workers have 0; that of a running interpreter cannot be changed.

Text is placed by the hash of the seed 0 whatever the seed is. All else that is hashed by its bytes is not.
"""

import enum
import numbers
import sys

# The way out of a seed that is not 0.
ADVICE = "run with PYTHONHASHSEED=0 in the environment, as Spark runs its workers"


def is_zero():
    return not sys.flags.hash_randomization


def check(key):
    """Refuses a key that would be placed by the seed of this process, and not as on Spark.

    Raises `TypeError` if the seed is not 0, and the key is neither `None`, a number, text, nor a tuple of these.
    """
    if is_zero() or key is None or _is_text(key):
        return
    if isinstance(key, tuple):
        for item in key:
            check(item)
    elif not isinstance(key, numbers.Number) or isinstance(key, enum.Enum):
        kind = type(key)
        name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        raise TypeError(f"a key of the type {name} is placed by a hash that differs from process to process: {ADVICE}")


def note_nan():
    """Says that a key is placed in no partition of Spark's."""
    from millrace import staging  # Not at the top: this module is read before all others.

    staging.current().note(
        "a key is NaN: Spark places it by the address of its object, so that its partition and the order of rows differ "
        "from run to run; here it is in that of 0"
    )


def _is_text(key):
    """True of text that is placed by our hash; a lone surrogate has none, and is placed by the interpreter's."""
    try:
        return type(key) is str and key.encode() is not None
    except UnicodeEncodeError:
        return False
