//! A program whose machine loses its power at any operation of its disks, and that goes on from what was durable: a folder
//! that says that it is whole has the lines of a program that never died, and in the end all are whole.

mod dying;

use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use engine::{
    Effect, Engine, Inline, Input, Machine, Outbox, Program, Records, SparkContext, StreamId,
    StreamingContext, Text, Time, UpdateSpec,
};
use engine_storage::{CheckpointFolder, ResultFolder, Storage, VirtualDisk};

use dying::Dying;

/// The last second that is played.
const END: i64 = 5;

/// The lines of each folder, part by part.
type Folders = BTreeMap<String, Vec<Vec<u8>>>;

fn at(second: i64) -> Time {
    Time::from_millis(1_000 * second)
}

/// Running counts, as text.
fn program() -> Program {
    let cluster = SparkContext::local(2, "results");
    let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
    ssc.checkpoint();
    let lines = ssc.direct_stream("lines");
    let words = lines.flat_map(|line: Text| line.split(" ").map(|word| (word, 1)));
    let add = |new: &[i64], total: Option<i64>| Some(total.unwrap_or(0) + new.iter().sum::<i64>());
    words
        .update_state_by_key_with(UpdateSpec::function(add).saved())
        .save_as_text_files("out/counts", "txt");
    ssc.build().expect("the program keeps the rules")
}

fn line(second: i64) -> Records {
    let words = ["ant bee", "cat", "bee cat dog", "ant", "elk bee"];
    Records::from([Text::from(words[second as usize % words.len()])])
}

/// One life of the program.
struct Life {
    engine: Engine,
    checkpoints: CheckpointFolder<Dying>,
    results: ResultFolder<Dying>,
    left: Rc<Cell<usize>>,
    inputs: VecDeque<Input>,
}

impl Life {
    /// Plays the seconds from `now` to the end. Returns the second in which the power was lost.
    fn play(&mut self, now: i64) -> Option<i64> {
        for second in 1..=now {
            self.inputs.push_back(Input::Replayed {
                stream: StreamId(0),
                time: at(second),
                records: line(second),
            });
        }
        self.inputs.push_back(Input::Started);
        for second in now..=END {
            if second > now {
                let stream = StreamId(0);
                let records = line(second);
                self.inputs.push_back(Input::Stored { stream, records });
                self.inputs.push_back(Input::Woken);
            }
            if !self.handle(at(second)) {
                return Some(second);
            }
        }
        None
    }

    fn handle(&mut self, now: Time) -> bool {
        let mut outbox = Outbox::new();
        while let Some(input) = self.inputs.pop_front() {
            self.engine.handle(now, input, &mut outbox);
            for effect in outbox.drain().collect::<Vec<_>>() {
                match effect {
                    Effect::Run(job) => {
                        let finished = job.run(&Inline);
                        self.inputs.push_back(Input::JobFinished(finished));
                    }
                    Effect::Write(write) => {
                        let result = self.checkpoints.write(now, &write.content);
                        let id = write.id;
                        self.inputs.push_back(Input::Written { id, result });
                        self.inputs.push_back(Input::Woken);
                    }
                    Effect::Save(save) => {
                        let result = self.results.save(&save.content);
                        let id = save.id;
                        self.inputs.push_back(Input::Saved { id, result });
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

/// The folders that say that they are whole.
fn whole_folders(disk: &VirtualDisk) -> Folders {
    let files = disk.list().expect("files can be listed");
    let folders = files
        .iter()
        .filter_map(|file| file.strip_suffix("/_SUCCESS"));
    let parts = |folder: &str| {
        let part = |partition| disk.read(&format!("{folder}/part-{partition:05}"));
        let parts = (0..2).filter_map(|partition| part(partition).expect("it can be read"));
        (folder.to_owned(), parts.collect())
    };
    folders.map(parts).collect()
}

/// Plays lives that each end after a number of operations, and a last one. Returns what each has left, after the loss of
/// all that was not synced, and the operations of the last one.
fn play(lives: &[usize]) -> (Vec<Folders>, usize) {
    let (mut checkpoints, mut results) = (VirtualDisk::default(), VirtualDisk::default());
    let mut left = Vec::new();
    let mut now = 0;
    for operations in lives.iter().copied().chain([usize::MAX]) {
        let budget = Rc::new(Cell::new(operations));
        let dying = |disk| Dying {
            disk,
            left: Rc::clone(&budget),
        };
        let folder = CheckpointFolder::new(dying(checkpoints));
        let recovery = folder.read().expect("a checkpoint can be read");
        if recovery.is_none() {
            now = 0;
        }
        let engine = match recovery {
            Some(recovery) => Engine::recover(program(), recovery).expect("it is the same"),
            None => Engine::new(program()),
        };
        let mut life = Life {
            engine,
            checkpoints: folder,
            results: ResultFolder::new(dying(results)),
            left: Rc::clone(&budget),
            inputs: VecDeque::new(),
        };
        let ended = life.play(now);
        (checkpoints, results) = (
            life.checkpoints.into_storage().disk,
            life.results.into_storage().disk,
        );
        for disk in [&mut checkpoints, &mut results] {
            disk.crash(|_, _| 0);
        }
        left.push(whole_folders(&results));
        match ended {
            Some(second) => now = second,
            None => return (left, operations - budget.get()),
        }
    }
    unreachable!("the last life ends by itself")
}

#[test]
fn out_5_a_folder_that_is_whole_has_all_lines_whenever_the_power_is_lost() {
    let (expected, operations) = play(&[]);
    let expected = &expected[0];
    assert_eq!(expected.len(), END as usize);
    for operation in 1..operations {
        for again in [operation % 7 + 1, operations / 3] {
            let (lives, _) = play(&[operation, again]);
            for folders in &lives {
                for (folder, parts) in folders {
                    assert_eq!(
                        parts, &expected[folder],
                        "{folder} after {operation}, {again}"
                    );
                }
            }
            assert_eq!(lives.last(), Some(expected), "after {operation}, {again}");
        }
    }
}
