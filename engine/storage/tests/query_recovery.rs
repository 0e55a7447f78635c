//! A query that dies at any effect, and goes on from what was durable, shows what it would have shown.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use engine::render::Notation;
use engine::{
    DataType, Effect, Event, Failure, Inline, Input, KeyOrder, Machine, Outbox, Records, Row,
    StreamId, Text, Time, Value,
};
use engine_storage::{QueryFolder, VirtualDisk};
use engine_structured::functions::{col, split, timestamp_seconds, window};
use engine_structured::{
    DataFrame, OutputMode, Query, SparkSession, StateStoreProvider, StateVariables,
    StatefulProcessor, StatefulProcessorHandle, TimeMode,
};

/// The tables that each micro-batch showed, over all lives of a query.
type Shown = BTreeMap<u64, Vec<Vec<String>>>;

/// A query, so far as these tests have several.
#[derive(Clone, Copy, Debug)]
struct Subject {
    table: fn(&DataFrame) -> DataFrame,
    output_mode: OutputMode,
    key_order: KeyOrder,
    state_store: StateStoreProvider,
    /// The number of files.
    files: i64,
    /// Seconds from one file to the next one.
    every: i64,
    /// True if it asks for micro-batches without data (`MB-3`).
    asks_for_batches: bool,
}

impl Subject {
    fn query(&self) -> Query {
        let session = SparkSession::local(2, "recovery");
        let session = session
            .with_shuffle_partitions(2)
            .with_state_store(self.state_store)
            .with_key_order(self.key_order);
        let lines = session.read_stream().max_files_per_trigger(2).text("inbox");
        let writer = (self.table)(&lines).write_stream();
        let writer = writer.output_mode(self.output_mode).num_rows(100);
        writer
            .checkpoint()
            .console()
            .expect("the query keeps the rules")
    }

    /// The time of each file.
    fn time(&self, file: i64) -> Time {
        Time::from_millis(1_000 * self.every * file)
    }
}

/// The second of each event and its word. None is late, and some files have none.
fn file(number: i64) -> Records {
    let words = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen"];
    let line = |step: i64| {
        let second = number * 3 + step;
        let word = words[((number * 5 + step * step) % 8) as usize];
        Text::from(format!("{second} {word}"))
    };
    (0..number % 4).map(line).collect()
}

fn events(lines: &DataFrame) -> DataFrame {
    let fields = lines.select([split(col("value"), " ").alias("f")]);
    let seconds = col("f").get_item(0).cast(DataType::Long);
    fields.select([
        timestamp_seconds(seconds).alias("time"),
        col("f").get_item(1).alias("word"),
    ])
}

fn words(lines: &DataFrame) -> DataFrame {
    events(lines).group_by("word").count()
}

fn windows(lines: &DataFrame) -> DataFrame {
    let events = events(lines).with_watermark("time", Duration::from_secs(5));
    let key = [window(col("time"), Duration::from_secs(4)), col("word")];
    events.group_by(key).count()
}

fn distinct_words(lines: &DataFrame) -> DataFrame {
    events(lines).select([col("word")]).drop_duplicates(&[])
}

fn rows(lines: &DataFrame) -> DataFrame {
    events(lines)
}

/// One life of a query: it ends when all files have been worked off, or at an effect.
struct Life<'a> {
    subject: Subject,
    query: Query,
    folder: QueryFolder<VirtualDisk>,
    /// The number of effects that are carried out before it dies.
    effects_left: usize,
    shown: &'a mut Shown,
}

impl Life<'_> {
    /// Plays the files from `now` to `end`; those before are there. Returns the number of files that had come when it
    /// died.
    fn play(&mut self, now: i64, end: i64) -> Option<i64> {
        let replayed = (1..=now).map(|number| Input::Replayed {
            stream: StreamId(0),
            time: self.subject.time(number),
            records: file(number),
        });
        let begin: Vec<Input> = replayed.chain([Input::Started]).collect();
        for input in begin {
            if !self.handle(self.subject.time(now), input) {
                return Some(now);
            }
        }
        for number in now..=end {
            let time = self.subject.time(number);
            let comes = Input::Stored {
                stream: StreamId(0),
                records: file(number),
            };
            if (number > now && !self.handle(time, comes)) || !self.settle(time) {
                return Some(number);
            }
        }
        None
    }

    /// Wakes the query while it wants to be woken by now.
    fn settle(&mut self, now: Time) -> bool {
        while let Some(wake) = self.query.next_wake().filter(|wake| *wake <= now) {
            if !self.handle(now.max(wake), Input::Woken) {
                return false;
            }
        }
        true
    }

    fn handle(&mut self, now: Time, input: Input) -> bool {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let mut outbox = Outbox::new();
            self.query.handle(now, input, &mut outbox);
            let effects: Vec<Effect> = outbox.drain().collect();
            for effect in effects {
                if self.effects_left == 0 {
                    return false;
                }
                self.effects_left -= 1;
                inputs.extend(self.carry_out(effect));
            }
        }
        true
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Input> {
        match effect {
            Effect::Run(job) => Some(Input::JobFinished(job.run(&Inline))),
            Effect::Write(write) => {
                let result = self.folder.write(&write.content);
                assert_eq!(result, Ok(()));
                let id = write.id;
                Some(Input::Written { id, result })
            }
            Effect::Save(_) => unreachable!("the console saves nothing"),
            Effect::Record(event) => {
                assert_eq!(event.failure(), None);
                if let Event::TableShown {
                    batch_id, table, ..
                } = event
                {
                    let text = |row: &Vec<_>| {
                        let cells = row.iter().map(|cell| Notation::Sql.text(cell));
                        cells.collect::<Vec<_>>().join(" ")
                    };
                    let mut rows: Vec<String> = table.rows.iter().map(text).collect();
                    // Spark's table of groups is another one when it is put together anew (`SS-3`).
                    if self.subject.key_order == KeyOrder::Spark {
                        rows.sort_unstable();
                    }
                    self.shown.entry(batch_id).or_default().push(rows);
                }
                None
            }
        }
    }
}

/// Plays a query in lives that each end after a number of effects, and a last one without a limit. Returns the tables, and
/// the number of effects of the last life.
fn play(subject: Subject, deaths: &[usize]) -> (Shown, usize) {
    let mut shown = Shown::new();
    let mut folder = QueryFolder::new(VirtualDisk::default());
    let mut now = 0;
    for effects in deaths.iter().copied().chain([usize::MAX]) {
        let query = subject.query().recover(&folder);
        let mut life = Life {
            subject,
            query: query.expect("what was written can be read"),
            folder,
            effects_left: effects,
            shown: &mut shown,
        };
        // After the last file has come, another one has the query show what it has.
        let end = subject.files + i64::from(effects == usize::MAX);
        let died = life.play(now, end);
        let carried_out = effects - life.effects_left;
        folder = QueryFolder::new(life.folder.into_storage());
        folder.storage_mut().crash(|_, _| 0);
        if effects == usize::MAX {
            return (shown, carried_out);
        }
        now = died.unwrap_or(end);
    }
    panic!("the last life ends by itself");
}

/// The last count that was shown of each group.
fn last_counts(shown: &Shown) -> BTreeMap<&str, &str> {
    let rows = shown.values().flat_map(|tables| &tables[0]);
    rows.filter_map(|row| row.rsplit_once(' ')).collect()
}

/// Checks that each micro-batch shows one table, however often it runs, and that these are those of a query that never
/// died.
///
/// A query that asks for micro-batches without data does not after a restart (`MB-4`): the last count of each group is the
/// same then. `step` leaves out effects to die before.
fn check(subject: Subject, step: usize) {
    let (expected, effects) = play(subject, &[]);
    for effect in (0..effects).step_by(step) {
        let (shown, _) = play(subject, &[effect, effects / 5]);
        for (batch, tables) in &shown {
            let is_same = tables.iter().all(|table| *table == tables[0]);
            assert!(
                is_same,
                "{subject:?}, batch {batch} after effect {effect}: {tables:?}"
            );
        }
        if subject.asks_for_batches {
            let (shown, expected) = (last_counts(&shown), last_counts(&expected));
            assert_eq!(shown, expected, "{subject:?} after effect {effect}");
        } else {
            let first = |shown: &Shown| -> Vec<(u64, Vec<String>)> {
                let tables = shown.iter();
                tables
                    .map(|(batch, tables)| (*batch, tables[0].clone()))
                    .collect()
            };
            assert_eq!(
                first(&shown),
                first(&expected),
                "{subject:?} after effect {effect}"
            );
        }
    }
}

const WORDS: Subject = Subject {
    table: words,
    output_mode: OutputMode::Update,
    key_order: KeyOrder::Arrival,
    state_store: StateStoreProvider::Hdfs,
    files: 9,
    every: 1,
    asks_for_batches: false,
};

const WINDOWS: Subject = Subject {
    table: windows,
    asks_for_batches: true,
    ..WORDS
};

const KEY_ORDERS: [KeyOrder; 2] = [KeyOrder::Arrival, KeyOrder::Spark];

#[test]
fn src_4_counts_of_words() {
    for output_mode in [OutputMode::Update, OutputMode::Complete] {
        for key_order in KEY_ORDERS {
            let subject = Subject {
                output_mode,
                key_order,
                ..WORDS
            };
            check(subject, 1);
        }
    }
}

#[test]
fn src_4_windows_with_a_watermark() {
    for output_mode in [OutputMode::Append, OutputMode::Update] {
        for key_order in KEY_ORDERS {
            let subject = Subject {
                output_mode,
                key_order,
                ..WINDOWS
            };
            check(subject, 1);
        }
    }
    let complete = Subject {
        output_mode: OutputMode::Complete,
        asks_for_batches: false,
        ..WINDOWS
    };
    check(complete, 1);
}

#[test]
fn src_4_words_that_are_shown_once() {
    let subject = Subject {
        table: distinct_words,
        output_mode: OutputMode::Append,
        ..WORDS
    };
    check(subject, 1);
}

#[test]
fn src_4_states_of_a_processor() {
    let subject = Subject {
        table: visits,
        state_store: StateStoreProvider::RocksDb,
        ..WORDS
    };
    check(subject, 1);
}

/// The visits of each word: their number, their seconds, and the days of the week.
fn visits(lines: &DataFrame) -> DataFrame {
    let columns = [("word", DataType::String), ("said", DataType::String)];
    let groups = events(lines).group_by("word");
    groups.transform_with_state(&columns, TimeMode::None, Visits)
}

struct Visits;

impl StatefulProcessor for Visits {
    fn init(&self, variables: &mut StateVariables) -> Result<(), Failure> {
        let number = [("number", DataType::Long)];
        variables.value("count", &number, None)?;
        variables.list("times", &number, None)?;
        variables.map("days", &number, &number, None)
    }

    fn handle_input_rows(
        &self,
        key: &[Value],
        rows: Vec<Row>,
        handle: &mut StatefulProcessorHandle,
    ) -> Result<Vec<Row>, Failure> {
        for row in &rows {
            let Some(Value::Timestamp(micros)) = row.first() else {
                continue;
            };
            let second = Value::Long(micros / 1_000_000);
            let day = Value::Long(micros / 1_000_000 % 7);
            let mut times = handle.list_state("times")?;
            times.append_value(vec![second.clone()])?;
            if times.get().count() > 3 {
                times.clear();
            }
            let mut days = handle.map_state("days")?;
            days.update_value(vec![day.clone()], vec![second])?;
            if days.iter().count() > 3 {
                days.remove_key(vec![day]);
            }
        }
        let mut count = handle.value_state("count")?;
        let before = match count.get() {
            Some([Value::Long(count)]) => *count,
            _ => 0,
        };
        count.update(vec![Value::Long(before + rows.len() as i64)])?;
        let times: Vec<_> = handle
            .list_state("times")?
            .get()
            .map(<[_]>::to_vec)
            .collect();
        let days = handle.map_state("days")?.iter().count();
        let said = format!("{before} {times:?} {days}");
        Ok(vec![vec![key[0].clone(), Value::String(said.into())]])
    }
}

#[test]
fn src_4_rows_without_states() {
    let subject = Subject {
        table: rows,
        output_mode: OutputMode::Append,
        ..WORDS
    };
    check(subject, 1);
}

/// Looks at the saved states fall between, and at the end of the long ones the first files are gone.
#[test]
fn ss_5_snapshots_and_what_they_replace() {
    let subject = Subject {
        files: 130,
        every: 20,
        ..WORDS
    };
    check(subject, 97);
    let windows = Subject {
        output_mode: OutputMode::Append,
        table: windows,
        asks_for_batches: true,
        files: 40,
        every: 20,
        ..WORDS
    };
    check(windows, 31);
    let short = Subject {
        files: 16,
        every: 20,
        ..WORDS
    };
    check(short, 1);
}
