//! Queries into files: which saves they ask for, and what waits for them.

use engine::testing::Held;
use engine::{
    Event, Failure, Inline, Input, Outbox, Records, Save, SaveContent, SaveError, SaveOutcome,
    StreamId, Text, Time, drive,
};
use engine_structured::functions::{col, explode, split};
use engine_structured::{Query, SparkSession};

/// A query of words in two input partitions, into files of CSV.
struct Program {
    query: Query,
    held: Held,
}

impl Program {
    fn start() -> Program {
        let lines = SparkSession::local(2, "words")
            .read_stream()
            .memory("lines");
        let words = lines.select([explode(split(col("value"), " ")).alias("word")]);
        let query = words.write_stream().csv("out");
        let mut program = Program {
            query: query.expect("a query without groups appends its rows"),
            held: Held::default(),
        };
        program.hand_in(Input::Started);
        program
    }

    fn hand_in(&mut self, input: Input) {
        let now = Time::from_millis(1_000);
        drive(
            &mut self.query,
            now,
            input,
            &mut Outbox::new(),
            &mut self.held,
        );
    }

    /// Runs a micro-batch of these lines up to its first save.
    fn run(&mut self, lines: &[&str]) {
        let records: Records = lines.iter().copied().map(Text::from).collect();
        let stream = StreamId(0);
        self.hand_in(Input::Stored { stream, records });
        self.hand_in(Input::Woken);
        let finished = self.held.jobs.remove(0).run(&Inline);
        self.hand_in(Input::JobFinished(finished));
    }

    /// Takes what is to be saved, and acknowledges it.
    fn acknowledge(&mut self, result: &Result<SaveOutcome, SaveError>) -> Vec<SaveContent> {
        let saves = std::mem::take(&mut self.held.saves);
        let acknowledge = |save: Save| {
            let (id, result) = (save.id, result.clone());
            self.hand_in(Input::Saved { id, result });
            save.content
        };
        saves.into_iter().map(acknowledge).collect()
    }

    fn events(&self) -> impl Iterator<Item = &Event> {
        self.held.journal.entries().iter().map(|entry| &entry.event)
    }

    /// The number of micro-batches that have ended.
    fn ended(&self) -> usize {
        let is_end = |event: &&Event| matches!(event, Event::QueryProgress { .. });
        self.events().filter(is_end).count()
    }
}

const DONE: Result<SaveOutcome, SaveError> = Ok(SaveOutcome::Done);

/// The lines of the files of these contents, by the part of their names that is no id.
fn files(contents: &[SaveContent]) -> Vec<(&str, &str, Vec<&str>)> {
    let files = contents.iter().filter_map(|content| {
        let SaveContent::File { file, content } = content else {
            return None;
        };
        let lines = content.lines.iter().map(Text::as_str).collect();
        Some((&file[..14], &file[file.len() - 9..], lines))
    });
    files.collect()
}

#[test]
fn src_1_a_micro_batch_ends_when_the_log_has_its_files() {
    let mut program = Program::start();
    program.run(&["a b", "c,d"]);
    let begin = SaveContent::BeginFiles {
        folder: "out".into(),
        batch: 0,
    };
    assert_eq!(program.acknowledge(&DONE), [begin]);
    let saved = program.acknowledge(&DONE);
    let expected = [
        ("out/part-00000", "-c000.csv", vec!["a", "b"]),
        ("out/part-00001", "-c000.csv", vec!["\"c,d\""]),
    ];
    assert_eq!(files(&saved), expected);
    assert_eq!(program.ended(), 0, "the log does not have them yet");
    let commit = program.acknowledge(&DONE);
    assert!(matches!(
        &commit[..],
        [SaveContent::CommitFiles { batch: 0, files, .. }] if files.len() == 2 && files[1].bytes == 6
    ));
    assert_eq!(program.ended(), 1);
    let is_saved = |event: &&Event| matches!(event, Event::Saved { .. });
    assert_eq!(program.events().filter(is_saved).count(), 2);
}

#[test]
fn src_1_a_micro_batch_that_the_log_has_is_not_saved_again() {
    let mut program = Program::start();
    program.run(&["a"]);
    program.acknowledge(&Ok(SaveOutcome::SavedBefore));
    assert!(program.held.saves.is_empty());
    assert_eq!(program.ended(), 1);
    program.run(&["b"]);
    let next = SaveContent::BeginFiles {
        folder: "out".into(),
        batch: 1,
    };
    assert_eq!(program.acknowledge(&DONE), [next]);
}

#[test]
fn mb_7_a_file_that_is_not_saved_ends_the_query() {
    let mut program = Program::start();
    program.run(&["a"]);
    program.acknowledge(&DONE);
    let reason = Text::from("the disk is full");
    program.acknowledge(&Err(SaveError { reason }));
    let failures: Vec<&Failure> = program.events().filter_map(Event::failure).collect();
    assert_eq!(
        failures[0].to_string(),
        "batch 0: out was not saved: the disk is full"
    );
    assert_eq!(program.events().last(), Some(&Event::Stopped));
}

#[test]
fn om_3_a_sink_of_files_takes_appended_rows_of_plain_types() {
    use std::time::Duration;

    use engine_structured::OutputMode;
    use engine_structured::functions::{timestamp_seconds, window};

    let lines = SparkSession::local(2, "words")
        .read_stream()
        .memory("lines");
    let seconds = col("value").cast(engine::DataType::Long);
    let times = lines.select([timestamp_seconds(seconds).alias("ts")]);
    let times = times.with_watermark("ts", Duration::from_secs(5));
    let counts = times
        .group_by(window(col("ts"), Duration::from_secs(10)))
        .count();
    let writer = counts.write_stream();
    let refused = writer.clone().output_mode(OutputMode::Update).json("out");
    let message = "Data source json does not support Update output mode.";
    assert_eq!(
        refused.map_err(|error| error.to_string()).err().as_deref(),
        Some(message)
    );
    let refused = writer.clone().csv("out").map_err(|error| error.to_string());
    let message = "[UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE] The CSV datasource doesn't support the column `window` of the type \"STRUCT<start: TIMESTAMP, end: TIMESTAMP>\".";
    assert_eq!(refused.err().as_deref(), Some(message));
    assert!(writer.json("out").is_ok());
}
