"""Commands in the text of `SparkSession.sql`: views, tables, settings. Others are refused by their words."""

import re

from millrace.errors import missing
from millrace.pyspark.errors import AnalysisException

#: The first words of texts that are no queries.
_WORDS = re.compile(
    r"\s*((?:ADD|ALTER|ANALYZE|CACHE|CLEAR|COMMENT|CREATE|DELETE|DESC|DESCRIBE|DROP|EXPLAIN|INSERT|LIST|LOAD|MERGE|MSCK|"
    r"REFRESH|REPAIR|RESET|SET|SHOW|TRUNCATE|UNCACHE|UPDATE|USE)(?:\s+[A-Z]+)?)\b",
    re.IGNORECASE,
)
_BRACKETS = r"(?:[^()]|\([^()]*\))*"
# A table is in no files here, so that they change nothing of it.
_CLAUSES = (
    rf"(?:\s+(?:OPTIONS|PARTITIONED\s+BY|TBLPROPERTIES)\s*\({_BRACKETS}\)|\s+(?:COMMENT|LOCATION)\s+(?:'[^']*'|\"[^\"]*\"))*"
)
_NAME = r"(?P<name>(?:`[^`]+`|[\w.])+)"


def run(session, text):
    """The table that a command gives; `None` of a text that is a query."""
    words = _WORDS.match(text)
    if words is None:
        return None
    for pattern, command in _COMMANDS:
        if match := re.fullmatch(rf"\s*{pattern}\s*;?\s*", text, re.IGNORECASE | re.DOTALL):
            return command(session, match)
    raise missing(
        f"SparkSession.sql({' '.join(words[1].upper().split())!r} ...)",
        "Use the methods of DataFrame, DataFrameWriter and Catalog.",
    )


def _create_view(session, match):
    view = session.sql(match["query"])
    name = match["name"].replace("`", "")
    if match["global"]:
        name = name.removeprefix("global_temp.")
        (view.createOrReplaceGlobalTempView if match["replace"] else view.createGlobalTempView)(name)
    else:
        (view.createOrReplaceTempView if match["replace"] else view.createTempView)(name)
    return _nothing(session)


def _create_table(session, match):
    if match["if_not_exists"] and session.catalog.tableExists(match["name"]):
        return _nothing(session)
    rows = session.sql(match["query"]) if match["query"] else session.createDataFrame([], match["columns"])
    rows.write.saveAsTable(match["name"].replace("`", ""), match["format"])
    return _nothing(session)


def _insert(session, match):
    session.sql(match["query"]).write.insertInto(match["name"].replace("`", ""), match["how"].upper() == "OVERWRITE")
    return _nothing(session)


def _drop(session, match):
    name = session.catalog._qualified(match["name"])
    drop = session.catalog._drop if match["kind"].upper() == "TABLE" else session.catalog.dropTempView
    if not drop(name) and not match["if_exists"]:
        raise AnalysisException(
            f"[TABLE_OR_VIEW_NOT_FOUND] The table or view `{name}` cannot be found.", "TABLE_OR_VIEW_NOT_FOUND",
            {"relationName": f"`{name}`"},
        )
    return _nothing(session)


def _show_tables(session, match):
    tables = session.catalog.listTables(pattern=match["pattern"])
    rows = [[table.database or "", table.name, table.isTemporary] for table in tables]
    return session._table(
        "struct<namespace: STRING NOT NULL, tableName: STRING NOT NULL, isTemporary: BOOLEAN NOT NULL>", [rows]
    )


def _describe(session, match):
    columns = session.catalog.listColumns(match["name"].replace("`", ""))
    rows = [[column.name, column.dataType, None] for column in columns]
    return session._table("struct<col_name: STRING NOT NULL, data_type: STRING NOT NULL, comment: STRING>", [rows])


def _set(session, match):
    key, value = match["key"], match["value"]
    if value is not None:
        session.conf.set(key, value)
    rows = [[key, session.conf.get(key, "<undefined>")]]
    return session._table("struct<key: STRING NOT NULL, value: STRING NOT NULL>", [rows])


def _reset(session, match):
    session.conf.unset(match["key"])
    return _nothing(session)


def _use(session, match):
    session.catalog.setCurrentDatabase(match["name"].replace("`", ""))
    return _nothing(session)


def _cache(session, match):
    session.catalog.cacheTable(match["name"])
    return _nothing(session)


def _uncache(session, match):
    session.catalog.uncacheTable(match["name"])
    return _nothing(session)


def _clear_cache(session, match):
    session.catalog.clearCache()
    return _nothing(session)


def _nothing(session):
    return session._table("struct<>", [])


_COMMANDS = (
    (
        r"CREATE\s+(?P<replace>OR\s+REPLACE\s+)?(?P<global>GLOBAL\s+)?TEMP(?:ORARY)?\s+VIEW\s+"
        rf"{_NAME}\s+AS\s+(?P<query>.+)",
        _create_view,
    ),
    (
        rf"CREATE\s+TABLE\s+(?P<if_not_exists>IF\s+NOT\s+EXISTS\s+)?{_NAME}(?:\s*\((?P<columns>{_BRACKETS})\))?"
        rf"(?:\s+USING\s+(?P<format>\w+))?{_CLAUSES}(?:\s+AS\s+(?P<query>.+))?",
        _create_table,
    ),
    (rf"INSERT\s+(?P<how>INTO|OVERWRITE)\s+(?:TABLE\s+)?{_NAME}\s+(?P<query>.+)", _insert),
    (rf"DROP\s+(?P<kind>VIEW|TABLE)\s+(?P<if_exists>IF\s+EXISTS\s+)?{_NAME}", _drop),
    (r"SHOW\s+TABLES(?:\s+(?:LIKE\s+)?'(?P<pattern>[^']*)')?", _show_tables),
    (rf"DESC(?:RIBE)?\s+(?:TABLE\s+)?{_NAME}", _describe),
    (r"SET\s+(?P<key>[\w.]+)(?:\s*=\s*(?P<value>.*?))?", _set),
    (r"RESET\s+(?P<key>[\w.]+)", _reset),
    (rf"USE\s+(?:DATABASE\s+|SCHEMA\s+)?{_NAME}", _use),
    (rf"CACHE\s+(?:LAZY\s+)?TABLE\s+{_NAME}", _cache),
    (rf"UNCACHE\s+TABLE\s+{_NAME}", _uncache),
    (r"CLEAR\s+CACHE", _clear_cache),
)
