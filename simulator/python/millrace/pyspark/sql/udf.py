"""`pyspark.sql.udf`: functions of Python over the columns of a table."""

import functools

from millrace import ship
from millrace._millrace import UserDefinedFunction as _Function
from millrace.errors import missing
from millrace.pyspark.errors import PySparkTypeError, wrong_type
from millrace.pyspark.rdd import PythonEvalType
from millrace.pyspark.sql.column import Column, column_of, ddl
from millrace.pyspark.sql.refused import refuse_methods
from millrace.pyspark.sql.types import DataType, StringType, parsed

#: The functions that queries in SQL may call.
_REGISTERED = (
    PythonEvalType.SQL_BATCHED_UDF, PythonEvalType.SQL_ARROW_BATCHED_UDF, PythonEvalType.SQL_SCALAR_PANDAS_UDF,
    PythonEvalType.SQL_SCALAR_PANDAS_ITER_UDF, PythonEvalType.SQL_GROUPED_AGG_PANDAS_UDF,
)
_REGISTERED_NAMES = (
    "SQL_BATCHED_UDF, SQL_ARROW_BATCHED_UDF, SQL_SCALAR_PANDAS_UDF, SQL_SCALAR_PANDAS_ITER_UDF or "
    "SQL_GROUPED_AGG_PANDAS_UDF"
)


class UserDefinedFunction:
    def __init__(self, func, returnType=StringType(), name=None, evalType=PythonEvalType.SQL_BATCHED_UDF, deterministic=True):
        if not callable(func):
            raise wrong_type("NOT_CALLABLE", "func", func)
        if not isinstance(returnType, (DataType, str)):
            raise wrong_type("NOT_DATATYPE_OR_STR", "returnType", returnType)
        self.func = func
        self.evalType = evalType
        self.deterministic = deterministic
        self._returnType = returnType
        self._name = name or getattr(func, "__name__", type(func).__name__)
        self._function = None

    @property
    def returnType(self):
        if isinstance(self._returnType, str):
            self._returnType = parsed(self._returnType)
        return self._returnType

    def _shipped(self):
        """The engine's function, which is sent to the workers once."""
        if self._function is None:
            self._function = self._made(ship.ship(self.func))
        return self._function

    def _made(self, function):
        return _Function(self._name, ddl(self.returnType), function, self.deterministic)

    def __call__(self, *args):
        for column in args:
            if not isinstance(column, (Column, str)):
                raise wrong_type("NOT_COLUMN_OR_STR", "col", column)
        return Column(self._shipped().call([column_of(column) for column in args]))

    def asNondeterministic(self):
        self._function = None
        self.deterministic = False
        return self

    def _wrapped(self):
        """The function as the program sees it: with the documentation and the module of the one that it is made of."""
        assigned = [name for name in functools.WRAPPER_ASSIGNMENTS if name not in ("__name__", "__module__")]

        @functools.wraps(self.func, assigned=assigned)
        def wrapper(*args):
            return self(*args)

        wrapper.__name__ = self._name
        wrapper.__module__ = getattr(self.func, "__module__", type(self.func).__module__)
        wrapper.func = self.func
        wrapper.returnType = self.returnType
        wrapper.evalType = self.evalType
        wrapper.deterministic = self.deterministic
        wrapper.asNondeterministic = lambda: self.asNondeterministic()._wrapped()
        wrapper._unwrapped = self
        return wrapper


def udf(f=None, returnType=StringType(), *, useArrow=None):
    if useArrow:
        raise missing("functions.udf(useArrow=True)", "Leave it out: results are then converted as by pickle.")
    if f is None or isinstance(f, (str, DataType)):
        return functools.partial(udf, returnType=f or returnType)
    return UserDefinedFunction(f, returnType)._wrapped()


class UDFRegistration:
    """`SparkSession.udf`: functions that queries in SQL know."""

    def __init__(self, sparkSession):
        self.sparkSession = sparkSession

    def register(self, name, f, returnType=None):
        if hasattr(f, "asNondeterministic"):
            if returnType is not None:
                raise PySparkTypeError(
                    error_class="CANNOT_SPECIFY_RETURN_TYPE_FOR_UDF",
                    message_parameters={"arg_name": "f", "return_type": str(returnType)},
                )
            if f.evalType not in _REGISTERED:
                raise PySparkTypeError(
                    error_class="INVALID_UDF_EVAL_TYPE", message_parameters={"eval_type": _REGISTERED_NAMES}
                )
            function = type(getattr(f, "_unwrapped", f))(f.func, f.returnType, name, f.evalType, f.deterministic)
        else:
            function = UserDefinedFunction(f, StringType() if returnType is None else returnType, name)
        self.sparkSession._engine().register(name, function._shipped())
        return function._wrapped()


refuse_methods(UDFRegistration, "registerJavaFunction registerJavaUDAF")
