//! `[[table]]`: tables that do not change, which queries in SQL join with.

use super::SOURCE_SCHEMA;
use crate::language::{KeyCount, Kind, Shape, TableKey, TomlKey, toml_table};

toml_table! {
    pub(crate) STATIC_TABLE = "table", "in `[[table]]`", KeyCount::Any;
    "A table that does not change, for the pipelines of `sql`."

    "Its name in SQL: a letter or `_`, then letters, digits and `_`."
    TABLE_NAME: TomlKey<String> = ("name", Kind::TABLE_NAME, r#"name = "users""#).required();

    "Its columns, as in Spark."
    TABLE_SCHEMA: TomlKey<String> = (SOURCE_SCHEMA.text.name, Kind::TEXT, r#"schema = "user STRING, city STRING""#).required();

    "Its rows: each an array with a value for each column, or a table of columns, of which those that are left out are `NULL`. A value is cast to the type of its column, as by `CAST`."
    TABLE_ROWS: TableKey = ("rows", Shape::Rows, r#"rows = [["ann", "Oslo"], { user = "bob" }]"#).required();
}
