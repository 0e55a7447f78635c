"""`pyspark.sql.Row`: a row of a table, as a program sees it."""

from millrace.pyspark.errors import PySparkTypeError, PySparkValueError


class Row(tuple):
    """Values with the names of their columns: `Row(word="blue", count=5)`.

    `Row("word", "count")` is a factory: called with values, it makes rows of these columns.
    """

    def __new__(cls, *args, **kwargs):
        if args and kwargs:
            raise PySparkValueError(
                error_class="CANNOT_SET_TOGETHER", message_parameters={"arg_list": "args and kwargs"}
            )
        row = tuple.__new__(cls, kwargs.values() if kwargs else args)
        if kwargs:
            row.__fields__ = list(kwargs)
        return row

    def asDict(self, recursive=False):
        if not hasattr(self, "__fields__"):
            raise PySparkTypeError(
                error_class="CANNOT_CONVERT_TYPE", message_parameters={"from_type": "Row", "to_type": "dict"}
            )
        values = map(_as_dicts, self) if recursive else self
        return dict(zip(self.__fields__, values))

    def __contains__(self, item):
        return item in self.__fields__ if hasattr(self, "__fields__") else tuple.__contains__(self, item)

    def __call__(self, *args):
        if len(args) > len(self):
            raise PySparkValueError(
                error_class="TOO_MANY_VALUES",
                message_parameters={"expected": str(len(self)), "item": "fields", "actual": str(len(args))},
            )
        return created(list(self), args)

    def __getitem__(self, item):
        if isinstance(item, (int, slice)):
            return tuple.__getitem__(self, item)
        try:
            return tuple.__getitem__(self, self.__fields__.index(item))
        except IndexError:
            raise KeyError(item) from None
        except ValueError:
            raise PySparkValueError(item) from None

    def __getattr__(self, item):
        if item.startswith("__"):
            raise AttributeError(item)
        try:
            return tuple.__getitem__(self, self.__fields__.index(item))
        except (IndexError, ValueError):
            raise AttributeError(item) from None

    def __setattr__(self, key, value):
        if key != "__fields__":
            raise RuntimeError("Row is read-only")
        self.__dict__[key] = value

    def __reduce__(self):
        if hasattr(self, "__fields__"):
            return created, (self.__fields__, tuple(self))
        return tuple.__reduce__(self)

    def __repr__(self):
        if hasattr(self, "__fields__"):
            fields = ", ".join(f"{name}={value!r}" for name, value in zip(self.__fields__, tuple(self)))
            return f"Row({fields})"
        return "<Row({})>".format(", ".join(repr(field) for field in self))


def created(fields, values):
    """A row of these columns."""
    row = Row(*values)
    row.__fields__ = fields
    return row


def _as_dicts(value):
    if isinstance(value, Row):
        return value.asDict(True)
    if isinstance(value, list):
        return [_as_dicts(item) for item in value]
    if isinstance(value, dict):
        return {key: _as_dicts(item) for key, item in value.items()}
    return value
