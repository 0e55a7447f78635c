"""`SparkSession.catalog`: the tables, views and functions that queries may name."""

import os
import warnings
from typing import NamedTuple, Optional

from millrace._millrace import has_function
from millrace.pyspark.errors import AnalysisException
from millrace.pyspark.sql.refused import refuse_methods


class CatalogMetadata(NamedTuple):
    name: str
    description: Optional[str]


class Database(NamedTuple):
    name: str
    catalog: Optional[str]
    description: Optional[str]
    locationUri: str


class Table(NamedTuple):
    name: str
    catalog: Optional[str]
    namespace: Optional[list]
    description: Optional[str]
    tableType: str
    isTemporary: bool

    @property
    def database(self):
        return self.namespace[0] if self.namespace and len(self.namespace) == 1 else None


class Column(NamedTuple):
    name: str
    description: Optional[str]
    dataType: str
    nullable: bool
    isPartition: bool
    isBucket: bool


_CATALOG = "spark_catalog"
_DATABASE = "default"
_GLOBAL = "global_temp."


class Catalog:
    """There is one catalog with one database. A view is the session's; a table is what the program has saved."""

    def __init__(self, session):
        self._session = session
        #: The names of tables that were saved, in lower case.
        self._saved = set()
        self._cached = set()

    # Where names are looked up

    def currentCatalog(self):
        return _CATALOG

    def setCurrentCatalog(self, catalogName):
        if catalogName != _CATALOG:
            raise AnalysisException(f"[CATALOG_NOT_FOUND] Catalog `{catalogName}` not found.", "CATALOG_NOT_FOUND")

    def listCatalogs(self, pattern=None):
        return [CatalogMetadata(_CATALOG, None)] if _matches(_CATALOG, pattern) else []

    def currentDatabase(self):
        return _DATABASE

    def setCurrentDatabase(self, dbName):
        if not self.databaseExists(dbName):
            raise _no_schema(dbName)

    def listDatabases(self, pattern=None):
        return [self.getDatabase(_DATABASE)] if _matches(_DATABASE, pattern) else []

    def getDatabase(self, dbName):
        if not self.databaseExists(dbName):
            raise _no_schema(dbName)
        place = self._session.conf.get("spark.sql.warehouse.dir", f"file:{os.path.abspath('spark-warehouse')}")
        return Database(_DATABASE, _CATALOG, "default database", place)

    def databaseExists(self, dbName):
        return dbName.lower() in (_DATABASE, f"{_CATALOG}.{_DATABASE}")

    # Tables

    def listTables(self, dbName=None, pattern=None):
        if dbName is not None and not self.databaseExists(dbName):
            raise _no_schema(dbName)
        names = [name.lower() for name in self._session._engine().views() if not name.startswith(_GLOBAL)]
        tables = [self._table(name) for name in names if _matches(name, pattern)]
        return sorted(tables, key=lambda table: (table.isTemporary, table.name))

    def getTable(self, tableName):
        if not self.tableExists(tableName):
            raise _no_table(tableName)
        return self._table(self._qualified(tableName).lower())

    def tableExists(self, tableName, dbName=None):
        if dbName is not None and not self.databaseExists(dbName):
            return False
        return self._qualified(tableName).lower() in map(str.lower, self._session._engine().views())

    def listColumns(self, tableName, dbName=None):
        if not self.tableExists(tableName, dbName):
            raise _no_table(tableName)
        fields = self._session.table(tableName).schema.fields
        return [Column(it.name, None, it.dataType.simpleString(), it.nullable, False, False) for it in fields]

    def dropTempView(self, viewName):
        return viewName.lower() not in self._saved and self._session._engine().drop_view(viewName)

    def dropGlobalTempView(self, viewName):
        return self._session._engine().drop_view(f"{_GLOBAL}{viewName}")

    def _table(self, name):
        if name in self._saved:
            return Table(name, _CATALOG, [_DATABASE], None, "MANAGED", False)
        namespace = ["global_temp"] if name.startswith(_GLOBAL) else []
        return Table(name.removeprefix(_GLOBAL), None, namespace, None, "TEMPORARY", True)

    def _qualified(self, name):
        """The name by which the engine has a table."""
        name = name.replace("`", "")
        for prefix in (f"{_CATALOG}.{_DATABASE}.", f"{_DATABASE}."):
            if name.lower().startswith(prefix):
                return name[len(prefix):]
        return name

    def _save(self, name, table):
        name = self._qualified(name)
        table._frame.create_view(name)
        self._saved.add(name.lower())

    def _grown(self, name, table):
        """Saves a table without rows, if there is none of this name; gives what saves each micro-batch of a query in it."""
        session, schema = self._session, table.schema
        if not self.tableExists(name):
            self._save(name, session.createDataFrame([], schema))

        def save(written):
            rows = session.createDataFrame(written.rows, schema)
            before = session.table(name)
            self._save(name, rows if written.mode == "complete" else before.unionByName(rows)._kept())

        return save

    def _drop(self, name):
        """Takes away a table that was saved; false if there is none of this name."""
        name = self._qualified(name)
        if name.lower() not in self._saved:
            return False
        self._saved.discard(name.lower())
        return self._session._engine().drop_view(name)

    # Functions

    def functionExists(self, functionName, dbName=None):
        return has_function(functionName)

    def registerFunction(self, name, f, returnType=None):
        warnings.warn("Deprecated in 2.3.0. Use spark.udf.register instead.", FutureWarning)
        return self._session.udf.register(name, f, returnType)

    # A table is the same however often it is read.

    def cacheTable(self, tableName, storageLevel=None):
        self._session.table(tableName)
        self._cached.add(self._qualified(tableName).lower())

    def uncacheTable(self, tableName):
        self._session.table(tableName)
        self._cached.discard(self._qualified(tableName).lower())

    def isCached(self, tableName):
        self._session.table(tableName)
        return self._qualified(tableName).lower() in self._cached

    def clearCache(self):
        self._cached.clear()

    def refreshTable(self, tableName):
        self._session.table(tableName)


refuse_methods(
    Catalog,
    "createExternalTable createTable getFunction listFunctions recoverPartitions refreshByPath",
)


def _matches(name, pattern):
    """Whether a name is one of those of a pattern of Hive's: `*` is any text, `|` separates alternatives."""
    if pattern is None:
        return True
    import fnmatch

    return any(fnmatch.fnmatch(name.lower(), part.strip().lower()) for part in pattern.split("|"))


def _no_schema(name):
    return AnalysisException(
        f"[SCHEMA_NOT_FOUND] The schema `{name}` cannot be found. Verify the spelling and correctness of the schema and "
        "catalog.\nIf you did not qualify the name with a catalog, verify the current_schema() output, or qualify the "
        "name with the correct catalog.\nTo tolerate the error on drop use DROP SCHEMA IF EXISTS.",
        "SCHEMA_NOT_FOUND",
        {"schemaName": f"`{name}`"},
    )


def _no_table(name):
    return AnalysisException(
        f"[TABLE_OR_VIEW_NOT_FOUND] The table or view `{name}` cannot be found.", "TABLE_OR_VIEW_NOT_FOUND",
        {"relationName": f"`{name}`"},
    )
