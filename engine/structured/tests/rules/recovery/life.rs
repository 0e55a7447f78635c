//! A query with a checkpoint in the memory of a test, which dies when a test says so, and its driver.

use std::collections::{BTreeMap, VecDeque};

use engine::render::Notation;
use engine::{
    DriverEvent, Effect, Event, Inline, Input, Machine, Outbox, QueryContent, QueryFile,
    QueryFileError, QueryFiles, Records, StateVersion, StreamId, Text, Time, Write, WriteContent,
    WriteError,
};
use engine_structured::functions::{col, explode, split};
use engine_structured::{DataFrame, DataStreamWriter, OutputMode, Query};

use crate::support::session;

/// The files of a checkpoint. One that is damaged has no content.
#[derive(Clone, Debug, Default)]
pub(super) struct Files(pub(super) BTreeMap<QueryFile, Option<QueryContent>>);

impl QueryFiles for Files {
    fn list(&self) -> Result<Vec<QueryFile>, QueryFileError> {
        Ok(self.0.keys().copied().collect())
    }

    fn read(&self, file: QueryFile) -> Result<QueryContent, QueryFileError> {
        match self.0.get(&file) {
            None => Err(QueryFileError::Missing(file)),
            Some(None) => Err(QueryFileError::Damaged {
                file,
                reason: "it is damaged at byte 10".into(),
            }),
            Some(Some(content)) => Ok(content.clone()),
        }
    }
}

impl Files {
    pub(super) fn remove(&mut self, file: QueryFile) {
        assert!(self.0.remove(&file).is_some(), "{file} is there");
    }

    pub(super) fn damage(&mut self, file: QueryFile) {
        assert!(self.0.insert(file, None).is_some(), "{file} is there");
    }

    /// The names of the files that begin so, in the order of their kinds and numbers.
    pub(super) fn names(&self, start: &str) -> Vec<String> {
        let names = self.0.keys().map(QueryFile::to_string);
        names.filter(|name| name.starts_with(start)).collect()
    }
}

pub(super) fn offsets(batch: u64) -> QueryFile {
    QueryFile::Offsets { batch }
}

pub(super) fn commit(batch: u64) -> QueryFile {
    QueryFile::Commit { batch }
}

pub(super) fn entry(entry: u64) -> QueryFile {
    QueryFile::Source { source: 0, entry }
}

pub(super) fn delta(partition: usize, version: u64) -> QueryFile {
    QueryFile::Delta(StateVersion {
        operator: 0,
        partition,
        version,
    })
}

/// The running word count of a folder of files, of which a micro-batch has one, in update mode.
pub(super) fn word_count() -> DataStreamWriter {
    counts().write_stream().output_mode(OutputMode::Update)
}

pub(super) fn counts() -> DataFrame {
    let lines = session(2).read_stream().max_files_per_trigger(1);
    let words = explode(split(col("value"), " ")).alias("word");
    lines.text("inbox").select([words]).group_by("word").count()
}

/// The query of a writer, with a checkpoint.
pub(super) fn query(writer: DataStreamWriter) -> Query {
    let query = writer.checkpoint().console();
    query.expect("the query keeps the rules")
}

/// A query from its start to its end or its death.
pub(super) struct Life {
    pub(super) query: Query,
    pub(super) files: Files,
    pub(super) now: i64,
    /// The effects, one line each.
    pub(super) effects: Vec<String>,
    /// It dies before this effect is carried out.
    dies_before: Option<String>,
    /// It dies before the effect with this number.
    dies_at: Option<usize>,
    pub(super) is_dead: bool,
    /// Writes of which the name begins so fail, and why.
    failing: Option<String>,
    /// Acknowledgements of writes wait for the test.
    pub(super) holds: bool,
    held: VecDeque<Input>,
}

impl Life {
    /// A query that goes on from these files.
    pub(super) fn of(writer: DataStreamWriter, files: Files) -> Life {
        let recovered = query(writer).recover(&files);
        Life {
            query: recovered.expect("the checkpoint can be read"),
            files,
            now: 0,
            effects: Vec::new(),
            dies_before: None,
            dies_at: None,
            is_dead: false,
            failing: None,
            holds: false,
            held: VecDeque::new(),
        }
    }

    /// The query dies before this effect is carried out.
    pub(super) fn dying_before(mut self, effect: &str) -> Life {
        self.dies_before = Some(effect.to_owned());
        self
    }

    /// The query dies before the effect with this number is carried out.
    pub(super) fn dying_at(mut self, effect: usize) -> Life {
        self.dies_at = Some(effect);
        self
    }

    /// Writes whose name begins so fail.
    pub(super) fn failing(mut self, name: &str) -> Life {
        self.failing = Some(name.to_owned());
        self
    }

    /// Starts the query. These files were there before, one a second, the first at second 1.
    pub(super) fn start(mut self, before: &[&str]) -> Life {
        for (line, second) in before.iter().zip(1..) {
            self.hand_in(Input::Replayed {
                stream: StreamId(0),
                time: Time::from_millis(1_000 * second),
                records: records(line),
            });
            self.now = 1_000 * second;
        }
        self.hand_in(Input::Started);
        self.settle();
        self
    }

    /// Files come, one a second, and are worked off.
    pub(super) fn files(mut self, lines: &[&str]) -> Life {
        for line in lines {
            self.now += 1_000;
            self.hand_in(Input::Stored {
                stream: StreamId(0),
                records: records(line),
            });
            self.settle();
        }
        self
    }

    /// Wakes the query while it wants to be woken by now.
    pub(super) fn settle(&mut self) {
        while let Some(wake) = self.query.next_wake().map(Time::as_millis)
            && wake <= self.now
            && !self.is_dead
        {
            self.hand_in(Input::Woken);
        }
    }

    pub(super) fn hand_in(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let mut outbox = Outbox::new();
            let now = Time::from_millis(self.now);
            self.query.handle(now, input, &mut outbox);
            for effect in outbox.drain() {
                let text = text(&effect);
                self.is_dead |= self.dies_before.as_ref() == Some(&text);
                self.is_dead |= self.dies_at == Some(self.effects.len());
                if self.is_dead {
                    return;
                }
                self.effects.push(text);
                match effect {
                    Effect::Run(job) => inputs.push_back(Input::JobFinished(job.run(&Inline))),
                    Effect::Write(write) => {
                        let acknowledgement = self.carry_out(*write);
                        if self.holds {
                            self.held.push_back(acknowledgement);
                        } else {
                            inputs.push_back(acknowledgement);
                        }
                    }
                    Effect::Save(_) | Effect::Record(_) => {}
                }
            }
        }
    }

    fn carry_out(&mut self, write: Write) -> Input {
        let mut result = Ok(());
        let fails = |name: &str| self.failing.as_ref().is_some_and(|it| name.starts_with(it));
        match write.content {
            WriteContent::QueryFile { file, .. } if fails(&file.to_string()) => {
                result = Err(WriteError {
                    reason: "the disk is full".into(),
                });
            }
            WriteContent::QueryFile { file, content } => {
                self.files.0.insert(file, Some(content));
            }
            WriteContent::RemoveQueryFiles(files) => {
                for file in files {
                    self.files.0.remove(&file);
                }
            }
            other => panic!("a query does not write {other:?}"),
        }
        Input::Written {
            id: write.id,
            result,
        }
    }

    /// Acknowledges the writes that were held, and returns the effects of that.
    pub(super) fn acknowledge(&mut self) -> Vec<String> {
        let before = self.effects.len();
        for acknowledgement in std::mem::take(&mut self.held) {
            self.hand_in(acknowledgement);
        }
        self.effects[before..].to_vec()
    }

    /// The effects besides writes and jobs, one line each.
    pub(super) fn said(&self) -> Vec<String> {
        let is_said = |effect: &&String| !effect.starts_with("write") && *effect != "run";
        let said = self.effects.iter().filter(is_said);
        said.filter(|effect| !effect.starts_with("remove"))
            .cloned()
            .collect()
    }

    /// The time at which the query wants to be woken.
    pub(super) fn query_wake(&self) -> Option<i64> {
        self.query.next_wake().map(Time::as_millis)
    }

    /// The tables that were shown.
    pub(super) fn shown(&self) -> Vec<String> {
        let shown = |effect: &String| effect.strip_prefix("show ").map(str::to_owned);
        self.effects.iter().filter_map(shown).collect()
    }
}

fn records(line: &str) -> Records {
    line.lines().map(Text::from).collect()
}

/// An effect in a line.
fn text(effect: &Effect) -> String {
    match effect {
        Effect::Run(_) => "run".to_owned(),
        Effect::Write(write) => match &write.content {
            WriteContent::QueryFile { file, .. } => format!("write {file}"),
            WriteContent::RemoveQueryFiles(files) => format!("remove {}", files.len()),
            other => format!("{other:?}"),
        },
        Effect::Save(save) => format!("{:?}", save.content),
        Effect::Record(event) => event_text(event),
    }
}

fn event_text(event: &Event) -> String {
    match event {
        Event::TableShown {
            batch_id, table, ..
        } => {
            let cells = |row: &Vec<_>| {
                let cells = row.iter().map(|cell| Notation::Sql.text(cell));
                cells.collect::<Vec<_>>().join("=")
            };
            let rows: Vec<String> = table.rows.iter().map(cells).collect();
            format!("show {batch_id}: {}", rows.join(" "))
        }
        Event::QueryProgress {
            batch_id,
            failure: None,
            ..
        } => format!("done {batch_id}"),
        Event::QueryProgress {
            failure: Some(failure),
            ..
        } => failure.to_string(),
        Event::Driver(DriverEvent::QueryRecovered {
            batch_id,
            again,
            watermark_ms,
            ..
        }) => {
            let how = if *again { "again" } else { "anew" };
            format!("go on with {batch_id} {how}, watermark {watermark_ms}")
        }
        Event::StateUpdated { batch_time, .. } => format!("states of {batch_time}"),
        other => format!("{other:?}"),
    }
}
