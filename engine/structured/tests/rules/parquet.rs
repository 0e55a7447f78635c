//! Files of Parquet, with the feature `parquet`.

use engine::testing::Held;
use engine::{
    Event, FileStatus, Inline, Input, Outbox, Records, SaveContent, SaveOutcome, StreamId, Time,
    drive, record_of_bytes,
};
use engine_structured::functions::col;
use engine_structured::{CollectError, DataFrame, Query, SparkSession, SparkVersion, TableLines};

fn spark() -> SparkSession {
    SparkSession::local(1, "files")
}

const ROWS: &str = "SELECT * FROM VALUES (1L, array('a', NULL), TIMESTAMP'2024-02-29 12:34:56.789012'), (2L, NULL, NULL) \
                    AS t(id, tags, at)";

/// The bytes of the file that a table is written to.
fn file_of(table: &DataFrame, options: &[(&str, &str)]) -> Vec<u8> {
    let options = options
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()));
    let options: Vec<_> = options.collect();
    let files = table.files("parquet", &options, &[], Time::EPOCH);
    let mut files = files.expect("it can be written").expect("it has files");
    assert_eq!(files.len(), 1);
    files.remove(0).content.to_bytes().into_owned()
}

fn file_in(folder: &str, bytes: &[u8]) -> Records {
    let status = FileStatus {
        path: format!("/{folder}/a.parquet").into(),
        bytes: bytes.len() as u64,
        modified: Time::EPOCH,
    };
    [status.to_record(), record_of_bytes(bytes)].into()
}

fn step(query: &mut Query, held: &mut Held, input: Input) {
    let now = Time::from_millis(1_000);
    drive(query, now, input, &mut Outbox::new(), held);
}

/// Runs the micro-batch of one file.
fn run(query: &mut Query, file: Records) -> Held {
    let mut held = Held::default();
    step(query, &mut held, Input::Started);
    let stream = StreamId(0);
    step(
        query,
        &mut held,
        Input::Stored {
            stream,
            records: file,
        },
    );
    step(query, &mut held, Input::Woken);
    let finished = held.jobs.remove(0).run(&Inline);
    step(query, &mut held, Input::JobFinished(finished));
    held
}

#[test]
fn a_table_that_is_written_is_read_again() -> Result<(), CollectError> {
    let table = spark().sql(ROWS);
    let rows = table.collect(Time::EPOCH, &Inline)?;
    for options in [&[][..], &[("compression", "none")]] {
        let file = [record_of_bytes(&file_of(&table, options))].into();
        let read = spark().read().parquet(TableLines::Files(vec![file]))?;
        assert_eq!(read.columns()?, ["id", "tags", "at"]);
        assert_eq!(read.collect(Time::EPOCH, &Inline)?, rows);
    }
    let refused = table.files(
        "parquet",
        &[("compression".into(), "zstd".into())],
        &[],
        Time::EPOCH,
    );
    let refused = refused.expect_err("it is not here").to_string();
    assert!(
        refused.contains("the Parquet codec `zstd` is not supported here"),
        "{refused}"
    );
    Ok(())
}

#[test]
fn a_query_reads_files_and_writes_files() {
    let bytes = file_of(&spark().sql(ROWS), &[]);
    let reader = spark()
        .read_stream()
        .format("parquet")
        .schema("tags ARRAY<STRING>, ID BIGINT, other INT");
    let table = reader.path("/in").load().select([
        col("other"),
        (col("ID") + 1).alias("next"),
        col("tags"),
    ]);
    let writer = table.write_stream().format("parquet").option("path", "out");
    let mut query = writer.start().expect("files are appended");
    let mut held = run(&mut query, file_in("in", &bytes));
    let mut saved = Vec::new();
    while !held.saves.is_empty() {
        for save in std::mem::take(&mut held.saves) {
            let result = Ok(SaveOutcome::Done);
            step(
                &mut query,
                &mut held,
                Input::Saved {
                    id: save.id,
                    result,
                },
            );
            saved.push(save.content);
        }
    }
    let files = saved.iter().filter_map(|content| match content {
        SaveContent::File { file, content } => Some((file, content)),
        _ => None,
    });
    let files: Vec<_> = files.collect();
    assert!(
        files[0].0.ends_with("-c000.snappy.parquet"),
        "{}",
        files[0].0
    );
    assert_eq!(
        files[0].1.lines[..],
        [r#"{"next":2,"tags":["a",null]}"#, r#"{"next":3}"#]
    );
    let written = TableLines::Files(vec![[record_of_bytes(&files[0].1.to_bytes())].into()]);
    let written = spark().read().parquet(written).expect("it is one");
    let shown = written.select([col("next")]).collect(Time::EPOCH, &Inline);
    assert_eq!(shown.expect("it is read").len(), 2);
    let records = held
        .journal
        .entries()
        .iter()
        .find_map(|entry| match entry.event {
            Event::QueryProgress { records, .. } => Some(records),
            _ => None,
        });
    assert_eq!(records, Some(2), "rows are counted, not files");
}

#[test]
fn a_column_of_another_type_ends_the_query_as_in_spark() {
    let bytes = file_of(&spark().sql(ROWS), &[]);
    let failure = |version, schema: &str| {
        let reader = spark()
            .with_spark(version)
            .read_stream()
            .format("parquet")
            .schema(schema);
        let mut query = reader
            .path("/in")
            .load()
            .write_stream()
            .console()
            .expect("a query");
        let held = run(&mut query, file_in("in", &bytes));
        let failed = held
            .journal
            .entries()
            .iter()
            .find_map(|entry| entry.event.failure().cloned());
        failed.map(|failure| failure.message().to_string())
    };
    let expected = "Parquet column cannot be converted in file file:///in/a.parquet. Column: [id], Expected: int, Found: INT64.";
    assert_eq!(
        failure(SparkVersion::V3_5, "id INT").as_deref(),
        Some(expected)
    );
    let of_4 = failure(SparkVersion::V4, "id INT").unwrap_or_default();
    assert!(
        of_4.starts_with("[FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH] "),
        "{of_4}"
    );
}
