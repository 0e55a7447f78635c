"""`DataFrame.stat`: figures about columns (`DataFrameStatFunctions`), and samples."""

import random
import sys

from millrace._millrace import Expression
from millrace.errors import missing
from millrace.pyspark.errors import IllegalArgumentException, PySparkTypeError, PySparkValueError, wrong_type
from millrace.pyspark.sql.column import Column, column_of, literal
from millrace.pyspark.sql.types import NumericType, StringType

_STATISTICS = ("count", "mean", "stddev", "min", "25%", "50%", "75%", "max")


class DataFrameStatFunctions:
    def __init__(self, df):
        self.df = df

    def approxQuantile(self, col, probabilities, relativeError):
        return self.df.approxQuantile(col, probabilities, relativeError)

    def corr(self, col1, col2, method=None):
        return self.df.corr(col1, col2, method)

    def cov(self, col1, col2):
        return self.df.cov(col1, col2)

    def crosstab(self, col1, col2):
        return self.df.crosstab(col1, col2)

    def freqItems(self, cols, support=None):
        return self.df.freqItems(cols, support)

    def sampleBy(self, col, fractions, seed=None):
        return self.df.sampleBy(col, fractions, seed)


def approximate_quantiles(table, col, probabilities, error):
    """Values below which these parts of the rows are, of one column or of each of several."""
    if not isinstance(col, (str, list, tuple)):
        raise wrong_type("NOT_LIST_OR_STR_OR_TUPLE", "col", col)
    names = [col] if isinstance(col, str) else list(col)
    for name in names:
        if not isinstance(name, str):
            raise PySparkTypeError(
                error_class="DISALLOWED_TYPE_FOR_CONTAINER",
                message_parameters={"arg_name": "col", "arg_type": type(names).__name__, "allowed_types": "str",
                                    "return_type": type(name).__name__},
            )
    if not isinstance(probabilities, (list, tuple)):
        raise wrong_type("NOT_LIST_OR_TUPLE", "probabilities", probabilities)
    for part in probabilities:
        if not isinstance(part, (float, int)) or not 0 <= part <= 1:
            raise wrong_type("NOT_LIST_OF_FLOAT_OR_INT", "probabilities", part)
    if not isinstance(error, (float, int)):
        raise wrong_type("NOT_FLOAT_OR_INT", "relativeError", error)
    if error < 0:
        raise PySparkValueError(
            error_class="NEGATIVE_VALUE", message_parameters={"arg_name": "relativeError", "arg_value": str(error)}
        )
    accuracy = literal(2**31 - 1 if error == 0 else max(1, round(1 / error)))
    parts = literal([float(part) for part in probabilities])
    columns = [Expression.call("percentile_approx", [column_of(name).cast("double"), parts, accuracy])
               for name in names]
    [row] = _aggregated(table, columns)
    quantiles = [[] if values is None else values for values in row]
    return quantiles[0] if isinstance(col, str) else quantiles


def correlation(table, col1, col2, method):
    _check_names(col1, col2)
    method = method or "pearson"
    if method != "pearson":
        raise PySparkValueError(
            error_class="VALUE_NOT_PEARSON", message_parameters={"arg_name": "method", "arg_value": method}
        )
    return _of_two(table, "corr", "correlation", col1, col2)


def covariance(table, col1, col2):
    _check_names(col1, col2)
    return _of_two(table, "covar_samp", "covariance", col1, col2)


def _of_two(table, function, title, *names):
    for name in names:
        kind = table.select(name).schema.fields[0].dataType
        if not isinstance(kind, NumericType):
            raise IllegalArgumentException(
                f"requirement failed: Currently {title} calculation for columns with dataType {kind.simpleString()} not "
                "supported."
            )
    # A value that is not there counts as 0, which it does not in the aggregate functions.
    columns = [Expression.call("coalesce", [column_of(name).cast("double"), literal(0.0)]) for name in names]
    [[value]] = _aggregated(table, [Expression.call(function, columns)])
    return float("nan") if value is None else value


def contingency(table, col1, col2):
    """How often each pair of values comes: a row for each value of the first column, a column for each of the second."""
    _check_names(col1, col2)
    key, other = (_text(Expression.column(name)) for name in (col1, col2))
    values = table._with(table._frame.aggregate([other.alias(["value"])], [])).collect()
    counts = [Expression.call("count", [Expression.call("case", [Expression.call("=", [other, literal(value)]), literal(1)])])
              .alias([value.replace("`", "")]) for value in sorted(row[0] for row in values)]
    return table._with(table._frame.aggregate([key.alias([f"{col1}_{col2}"])], counts))


def _text(column):
    return Expression.call("coalesce", [column.cast("string"), literal("null")])


def summary(table, statistics):
    """Statistics of the columns of numbers and texts, each a row of texts."""
    statistics = statistics or _STATISTICS
    columns = [it.name for it in table.schema.fields if isinstance(it.dataType, (NumericType, StringType))]
    return _described(table, statistics, columns)


def description(table, names):
    """Five statistics of columns."""
    columns = names or [it.name for it in table.schema.fields if isinstance(it.dataType, (NumericType, StringType))]
    return _described(table, ("count", "mean", "stddev", "min", "max"), columns)


def _described(table, statistics, names):
    aggregates = [_statistic(statistic, Expression.column(f"`{name}`" if name in table.columns else name), table, name)
                  for statistic in statistics for name in names]
    [row] = _aggregated(table, aggregates) if aggregates else [[]]
    width = len(names)
    rows = [[statistic, *row[index * width:(index + 1) * width]] for index, statistic in enumerate(statistics)]
    fields = ", ".join(f"`{name}`: STRING" for name in ["summary", *names])
    return table._session._table(f"struct<{fields}>", [rows])


def _statistic(name, column, table, column_name):
    lower = name.lower()
    is_text = isinstance(table.select(column_name).schema.fields[0].dataType, StringType)
    number = column.cast("double") if is_text else column
    if lower.endswith("%"):
        try:
            part = float(lower[:-1]) / 100
        except ValueError:
            raise IllegalArgumentException(f"Unable to parse {name} as a percentile") from None
        if not 0 <= part <= 1:
            raise IllegalArgumentException("requirement failed: Percentiles must be in the range [0, 1]")
        value = Expression.call("percentile_approx", [number, literal(part), literal(10_000)])
    elif lower == "count_distinct":
        value = Expression.call("count", [column], distinct=True)
    elif lower in ("count", "approx_count_distinct", "min", "max"):
        value = Expression.call(lower, [column])
    elif lower in ("mean", "stddev"):
        value = Expression.call({"mean": "avg"}.get(lower, lower), [number])
    else:
        raise IllegalArgumentException(f"{name} is not a recognised statistic")
    return value.cast("string")


def sample(table, with_replacement, fraction, seed):
    """Rows drawn at random: the same ones for the same seed."""
    if isinstance(with_replacement, float):
        with_replacement, fraction, seed = None, with_replacement, seed if fraction is None else int(fraction)
    elif not isinstance(fraction, float) or not isinstance(with_replacement, (bool, type(None))):
        kinds = ", ".join(type(it).__name__ for it in (with_replacement, fraction, seed))
        raise PySparkTypeError(
            error_class="NOT_BOOL_OR_FLOAT_OR_INT",
            message_parameters={
                "arg_name": "withReplacement (optional), fraction (required) and seed (optional)", "arg_type": kinds,
            },
        )
    if not 0 <= fraction <= 1:
        raise IllegalArgumentException(
            f"requirement failed: Sampling fraction ({fraction}) must be on interval [0, 1] without replacement"
        )
    if with_replacement:
        raise missing("DataFrame.sample(withReplacement=True)", "Leave it out.")
    return _drawn(table, _frame_with_draws(table, seed, False), 0.0, fraction)


def sample_by(table, col, fractions, seed):
    """Rows drawn at random, of each value of a column another part; of a value that is not named none."""
    if not isinstance(col, (str, Column)):
        raise wrong_type("NOT_COLUMN_OR_STR", "col", col)
    if not isinstance(fractions, dict):
        raise wrong_type("NOT_DICT", "fractions", fractions)
    branches = []
    for value, fraction in fractions.items():
        if not isinstance(value, (float, int, str)):
            raise PySparkTypeError(
                error_class="DISALLOWED_TYPE_FOR_CONTAINER",
                message_parameters={"arg_name": "fractions", "arg_type": "dict", "allowed_types": "float, int, str",
                                    "return_type": type(value).__name__},
            )
        branches += [Expression.call("<=>", [column_of(col), literal(value)]), literal(float(fraction))]
    return _drawn(table, _frame_with_draws(table, seed, False), 0.0, Expression.call("case", [*branches, literal(0.0)]))


def split(table, weights, seed):
    """Tables of rows drawn at random, which together have all rows."""
    for weight in weights:
        if weight < 0.0:
            raise PySparkValueError(
                error_class="VALUE_NOT_POSITIVE", message_parameters={"arg_name": "weights", "arg_value": str(weight)}
            )
    drawn = _frame_with_draws(table, seed, True)
    bounds = [sum(weights[:index]) / sum(weights) for index in range(len(weights) + 1)]
    return [_drawn(table, drawn, least, most) for least, most in zip(bounds, bounds[1:])]


#: The column of the random numbers of rows.
_DRAW = "_draw"


def _frame_with_draws(table, seed, sorts):
    seed = random.randint(0, sys.maxsize) if seed is None else int(seed)
    return table._frame.with_draws(table._session._engine(), _DRAW, seed, sorts, table._session._now_ms())


def _drawn(table, frame, least, most):
    """The rows whose numbers are from `least` on and below `most`."""
    draw = Expression.column(_DRAW)
    bounds = [Expression.call(">=", [draw, literal(least)]),
              Expression.call("<", [draw, literal(most) if isinstance(most, float) else most])]
    kept = frame.filter(Expression.call("and", bounds))
    return table._with(kept.select([Expression.column(f"`{name}`") for name in table.columns]))


def _aggregated(table, columns):
    named = [column.alias([f"c{index}"]) for index, column in enumerate(columns)]
    return table._with(table._frame.aggregate([], named)).collect()


def _check_names(*names):
    for index, name in enumerate(names, 1):
        if not isinstance(name, str):
            raise wrong_type("NOT_STR", f"col{index}", name)
