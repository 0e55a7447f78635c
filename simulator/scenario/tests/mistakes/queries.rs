//! Mistakes in sources, tables and queries in SQL.

use crate::{check, check_pipeline};

/// A scenario with a query in SQL, without mistakes but for what stands above it.
#[track_caller]
fn check_tables(name: &str, tables: &str) {
    check(
        name,
        &format!(
            "timeline = [{{ at = \"1s\", lines = [\"blue\"] }}]\n\n{tables}\n\n[[pipeline]]\nname = \"query\"\n\
             mode = \"structured\"\nsql = \"SELECT * FROM events\"\n"
        ),
    );
}

#[test]
fn a_source_of_lines_of_json_has_a_schema_and_text_has_none() {
    check_tables(
        "source_without_schema",
        "[[source]]\nname = \"events\"\nformat = \"json\"\n\n[[source]]\nname = \"lines\"\nschema = \"a INT\"\n\
         mode = \"failfast\"\n\n[[source]]\nname = \"files\"\nmax_files_per_trigger = 1",
    );
}

#[test]
fn tables_have_names_of_their_own_in_sql() {
    check_tables(
        "table_names",
        "[[source]]\nname = \"my-events\"\n\n[[source]]\nname = \"Events\"\n\n[[table]]\nname = \"events\"\n\
         schema = \"a INT\"\nrows = []",
    );
}

#[test]
fn words_that_people_try_for_sources() {
    check_tables(
        "tried_sources",
        "[[source]]\nname = \"events\"\nkind = \"kafka\"\nformat = \"parquet\"\nmode = \"dropmalformed\"\n\
         withWatermark = \"ts\"\ndrop_duplicate = {}\n\n[[source]]\nname = \"r\"\nkind = \"rate\"\n\
         watermark = { colum = \"ts\" }\n\n[[table]]\nname = \"users\"\nschema = \"user STRING\"\ncsv = \"users.csv\"",
    );
}

#[test]
fn messages_are_of_topics_and_have_a_key_for_each_line() {
    check(
        "messages",
        "timeline = [\n  { at = \"1s\", stream = \"orders\", lines = [\"1\", \"2\"], keys = [\"ann\"] },\n  \
         { at = \"2s\", stream = \"orders\", lines = [\"3\"], headers = [\"trace\"] },\n  \
         { at = \"3s\", lines = [\"4\"], topic_partition = 1 },\n  \
         { at = \"4s\", stream = \"clicks\", lines = [\"5\"], keys = [\"bob\"] },\n]\n\n\
         [[source]]\nname = \"orders\"\nformat = \"kafka\"\nkind = \"socket\"\nschema = \"a INT\"\n\n\
         [[source]]\nname = \"clicks\"\nstarting_offsets = \"earliest\"\n\n\
         [[pipeline]]\nname = \"query\"\nmode = \"structured\"\nsql = \"SELECT * FROM orders\"\n",
    );
}

#[test]
fn options_are_of_readers_that_have_some() {
    check_tables(
        "options_of_sources",
        "[[source]]\nname = \"events\"\nformat = \"rate\"\nkind = \"socket\"\nstarting_offsets = \"latest\"\n\
         options = { rowsPerSecond = [2] }\n\n[[source]]\nname = \"lines\"\noptions = { wholetext = true }",
    );
}

#[test]
fn a_query_has_one_place_for_its_rows() {
    check_pipeline(
        "named_sink",
        "name = \"query\"\nmode = \"structured\"\nsql = \"SELECT * FROM lines\"\nformat = \"noop\"\n\
         sink = { json = \"out\" }\nnum_rows = 3",
    );
    check_pipeline(
        "options_of_no_sink",
        "name = \"query\"\nmode = \"structured\"\nformat = \"noop\"\npartition_by = [\"a\"]",
    );
}

#[test]
fn a_row_has_the_columns_of_its_table() {
    check_tables(
        "rows_of_a_table",
        "[[table]]\nname = \"users\"\nschema = \"user STRING, level INT\"\nrows = [\n  [\"ann\"],\n  \
         [\"ann\", 1, 2],\n  { usr = \"bob\" },\n  { LEVEL = 3 },\n  [\"zoe\", [1]],\n  \"dan, 1\",\n]",
    );
}

#[test]
fn a_query_is_over_words_or_in_sql() {
    check_pipeline(
        "sql_and_words",
        "name = \"query\"\nmode = \"structured\"\nsql = \" \"\nquery = \"total\"\nwindow = \"10s\"\nwatermark = \"5s\"\n\
         folder = \"inbox\"",
    );
    check_pipeline(
        "settings_of_no_sql",
        "name = \"query\"\nmode = \"structured\"\nrefused = \"\"\nconf = { \"spark.sql.ansi.enabled\" = true }",
    );
}

#[test]
fn a_setting_is_one_that_changes_answers() {
    check_pipeline(
        "settings",
        "name = \"query\"\nmode = \"structured\"\nsql = \"SELECT 1\"\n[pipeline.conf]\n\"spark.sql.ansi.enable\" = true\n\
         \"spark.sql.session.timeZone\" = \"Europe/Berln\"\n\"spark.sql.shuffle.partitions\" = 0\n\
         \"spark.sql.streaming.multipleWatermarkPolicy\" = \"most\"\nspark.sql.ansi.enabled = true",
    );
}

#[test]
fn tables_are_for_queries_in_sql() {
    check(
        "tables_of_no_query",
        "timeline = [{ at = \"1s\", lines = [\"blue\"] }]\n\n[[source]]\nname = \"events\"\n\n[[table]]\n\
         name = \"users\"\nschema = \"user STRING\"\nrows = []\n\n[[pipeline]]\nname = \"counts\"\nmode = \"structured\"\n",
    );
    check(
        "source_beside_sources",
        "timeline = [{ at = \"1s\", lines = [\"blue\"] }, { at = \"2s\", drop = \"lines\", next = 1 }]\n\n\
         [cluster]\ncheckpoint = \"checkpoint\"\n\n[[source]]\nname = \"events\"\n\n[[pipeline]]\n\
         name = \"query\"\nmode = \"structured\"\nsource = \"socket\"\nsql = \"SELECT * FROM events\"\n",
    );
}
