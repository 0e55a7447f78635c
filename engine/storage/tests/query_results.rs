//! A query into files whose machine loses its power at any operation of its disks, and that goes on from what was durable:
//! what the log names is there, and in the end each row counts once.

mod dying;

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;

use engine::{Effect, Inline, Input, Machine, Outbox, Records, StreamId, Text, Time};
use engine_storage::{QueryFolder, ResultFolder, Storage, VirtualDisk};
use engine_structured::functions::{col, explode, split};
use engine_structured::{Query, SparkSession};

use dying::Dying;

/// The number of files of the source, one a second: enough for the log of the sink to be made one entry on the way.
const FILES: i64 = 12;

fn at(second: i64) -> Time {
    Time::from_millis(1_000 * second)
}

/// Each word once.
fn query() -> Query {
    let session = SparkSession::local(2, "results").with_shuffle_partitions(2);
    let lines = session.read_stream().text("inbox");
    let words = lines.select([explode(split(col("value"), " ")).alias("word")]);
    let writer = words.drop_duplicates(&[]).write_stream();
    writer.checkpoint().json("out").expect("its rows are final")
}

fn file(number: i64) -> Records {
    Records::from([Text::from(format!("word{number} word{}", number % 3))])
}

struct Life {
    query: Query,
    checkpoint: QueryFolder<Dying>,
    results: ResultFolder<Dying>,
    left: Rc<Cell<usize>>,
}

impl Life {
    /// Plays the files from `now` on. Returns the number of those that had come when the power was lost.
    fn play(&mut self, now: i64) -> Option<i64> {
        let stream = StreamId(0);
        let mut begin: VecDeque<Input> = (1..=now)
            .map(|number| Input::Replayed {
                stream,
                time: at(number),
                records: file(number),
            })
            .collect();
        begin.push_back(Input::Started);
        if !self.handle(at(now), begin) {
            return Some(now);
        }
        for number in now..=FILES {
            let records = file(number);
            let comes = Input::Stored { stream, records };
            if number > now && !self.handle(at(number), VecDeque::from([comes])) {
                return Some(number);
            }
            while self
                .query
                .next_wake()
                .is_some_and(|wake| wake <= at(number))
            {
                if !self.handle(at(number), VecDeque::from([Input::Woken])) {
                    return Some(number);
                }
            }
        }
        None
    }

    fn handle(&mut self, now: Time, mut inputs: VecDeque<Input>) -> bool {
        let mut outbox = Outbox::new();
        while let Some(input) = inputs.pop_front() {
            self.query.handle(now, input, &mut outbox);
            for effect in outbox.drain().collect::<Vec<_>>() {
                match effect {
                    Effect::Run(job) => inputs.push_back(Input::JobFinished(job.run(&Inline))),
                    Effect::Write(write) => {
                        let result = self.checkpoint.write(&write.content);
                        let id = write.id;
                        inputs.push_back(Input::Written { id, result });
                    }
                    Effect::Save(save) => {
                        let result = self.results.save(&save.content);
                        let id = save.id;
                        inputs.push_back(Input::Saved { id, result });
                    }
                    Effect::Record(_) => {}
                }
                if self.left.get() == 0 {
                    return false;
                }
            }
        }
        true
    }
}

/// The rows of the files that the log names, sorted: as a reader of the folder finds them.
fn rows(disk: &VirtualDisk) -> Vec<String> {
    let text = |file: &str| {
        let bytes = disk.read(file).expect("it can be read");
        let bytes = bytes.unwrap_or_else(|| panic!("{file} is in the log"));
        String::from_utf8(bytes).expect("it is text")
    };
    let log = "out/_spark_metadata/";
    let entries = disk.list_below(log).expect("files can be listed");
    let names = entries.iter().filter_map(|entry| entry.strip_prefix(log));
    let compact = names.clone().find(|name| name.ends_with(".compact"));
    let last = compact.map_or(-1, |_| 9);
    let after = names.filter(|name| name.parse().is_ok_and(|batch: i64| batch > last));
    let mut rows = Vec::new();
    for entry in compact.into_iter().chain(after) {
        for line in text(&format!("{log}{entry}")).lines().skip(1) {
            let path = line.split('"').nth(3).expect("it names a file");
            rows.extend(text(path).lines().map(str::to_owned));
        }
    }
    rows.sort_unstable();
    rows
}

/// Plays lives that each end after a number of operations, and a last one. Returns the rows that each has left, after the
/// loss of all that was not synced, and the operations of the last one.
fn play(lives: &[usize]) -> (Vec<Vec<String>>, usize) {
    let (mut checkpoint, mut results) = (VirtualDisk::default(), VirtualDisk::default());
    let mut left = Vec::new();
    let mut now = 0;
    for operations in lives.iter().copied().chain([usize::MAX]) {
        let budget = Rc::new(Cell::new(operations));
        let dying = |disk| Dying {
            disk,
            left: Rc::clone(&budget),
        };
        let folder = QueryFolder::new(dying(checkpoint));
        let mut life = Life {
            query: query().recover(&folder).expect("what is there is whole"),
            checkpoint: folder,
            results: ResultFolder::new(dying(results)),
            left: Rc::clone(&budget),
        };
        let ended = life.play(now);
        (checkpoint, results) = (
            life.checkpoint.into_storage().disk,
            life.results.into_storage().disk,
        );
        for disk in [&mut checkpoint, &mut results] {
            disk.crash(|_, _| 0);
        }
        left.push(rows(&results));
        match ended {
            Some(second) => now = second,
            None => return (left, operations - budget.get()),
        }
    }
    unreachable!("the last life ends by itself")
}

#[test]
fn src_1_each_row_counts_once_whenever_the_power_is_lost() {
    let (expected, operations) = play(&[]);
    let expected = &expected[0];
    assert_eq!(expected.len(), FILES as usize + 1);
    for operation in 1..operations {
        let again = operation % 11 + 1;
        let (lives, _) = play(&[operation, again]);
        for rows in &lives {
            let mut once = rows.clone();
            once.dedup();
            assert_eq!(*rows, once, "after {operation}, {again}");
        }
        assert_eq!(lives.last(), Some(expected), "after {operation}, {again}");
    }
}
