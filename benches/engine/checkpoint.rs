//! The cost of a checkpoint: of a batch whose states are saved, beside one whose states are not, and of its writer,
//! beside the disk's own sequential speed.
//!
//! Two programs take the same 1,000 words a batch over a million keys, turn by turn: one saves its states every ten
//! batches, the other has no checkpoints. The time of a batch ends when its job has ended and its writes are asked for;
//! then, outside of that time, the writes are carried out in a folder, as a live program has a thread for them. Printed
//! are medians, with the quarter of all times below and above:
//!
//! - `plain`: a batch of the program without checkpoints; `between`: one that is not saved; `saved`: one that is, and
//!   its ratio to `plain`.
//! - `first`: the bytes of the first save, which has all states, and the time to encode and write it.
//! - `each`: those of a save after it.
//! - `disk`: the time to write and sync as many bytes as the first save has, in one file.
//!
//! It is no criterion bench, as the batches that are saved come between others. On a machine that runs other programs
//! times vary by a third; the ratios are of the same turns.
//!
//! `cargo bench -p benches --bench checkpoint`

#![expect(clippy::print_stdout, reason = "its figures are its result")]

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use benches::size;
use engine::{
    BuildError, DStream, Effect, Engine, Inline, Input, KeyOrder, Machine, Outbox, Profile,
    Records, SparkContext, State, StateSpec, StreamId, StreamingContext, Text, Time, UpdateSpec,
    WriteContent,
};
use engine_storage::{CheckpointFolder, Folder, Storage};
use measure::{KeyDistribution, Workload, blocks, key_name};

const WORDS: usize = 1_000;
const BATCHES_PER_SAVE: usize = 10;
const SAVES: usize = 15;

fn main() -> Result<(), Box<dyn Error>> {
    let keys = size(1_000_000);
    println!("{keys} keys, {WORDS} words a batch, saved every {BATCHES_PER_SAVE} batches");
    for (name, write) in [
        ("map_with_state", map_with_state as WriteProgram),
        ("update_state_by_key", update_state_by_key),
    ] {
        for profile in [Profile::Pyspark, Profile::Jvm] {
            let scratch = tempfile::tempdir()?;
            let costs = Costs::measure(keys, profile, write, scratch.path())?;
            costs.print(&format!("{name}, {profile:?}"), scratch.path())?;
        }
    }
    Ok(())
}

/// Writes the operator down, given the words and the state before the first batch.
type WriteProgram = fn(&DStream<(Text, i64)>, Vec<(Text, i64)>);

fn map_with_state(words: &DStream<(Text, i64)>, initial: Vec<(Text, i64)>) {
    let sum = |_: &Text, one: Option<i64>, state: &mut State<'_, i64>| {
        state.update(state.get_option().unwrap_or(&0) + one.unwrap_or(0));
    };
    let spec = StateSpec::function(sum).initial_state(initial).saved();
    words.map_with_state(spec).foreach_rdd(|_, _| Ok(()));
}

fn update_state_by_key(words: &DStream<(Text, i64)>, initial: Vec<(Text, i64)>) {
    let sum = |ones: &[i64], old: Option<i64>| Some(ones.iter().sum::<i64>() + old.unwrap_or(0));
    let spec = UpdateSpec::function(sum).initial_state(initial).saved();
    words
        .update_state_by_key_with(spec)
        .foreach_rdd(|_, _| Ok(()));
}

/// A program, one batch after the other.
struct Program {
    engine: Engine,
    now: Time,
    /// The writes of the last batch.
    writes: Vec<WriteContent>,
}

impl Program {
    fn start(
        keys: usize,
        profile: Profile,
        write: WriteProgram,
        has_checkpoints: bool,
    ) -> Result<Program, BuildError> {
        let cluster = SparkContext::local(1, "checkpoint")
            .with_profile(profile)
            .with_key_order(KeyOrder::Spark);
        let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
        if has_checkpoints {
            ssc.checkpoint();
        }
        let lines = ssc.direct_stream("lines");
        let words = lines.flat_map(|line: Text| line.split(" ").map(|word| (word, 1)));
        let initial = (0..keys).map(|key| (Text::from(key_name(key)), 1));
        write(&words, initial.collect());
        let mut program = Program {
            engine: Engine::new(ssc.build()?),
            now: Time::EPOCH,
            writes: Vec::new(),
        };
        program.handle(Input::Started);
        Ok(program)
    }

    /// Runs a batch up to the end of its job. Returns the time that it took.
    fn batch(&mut self, blocks: &[Records]) -> Duration {
        self.writes.clear();
        let begun = Instant::now();
        for records in blocks {
            self.handle(Input::Stored {
                stream: StreamId(0),
                records: records.clone(),
            });
        }
        self.now = Time::from_millis(self.now.as_millis() + 1_000);
        self.handle(Input::Woken);
        begun.elapsed()
    }

    fn handle(&mut self, input: Input) {
        let mut inputs = vec![input];
        let mut outbox = Outbox::new();
        while let Some(input) = inputs.pop() {
            self.engine.handle(self.now, input, &mut outbox);
            for effect in outbox.drain() {
                match effect {
                    Effect::Run(job) => inputs.push(Input::JobFinished(job.run(&Inline))),
                    Effect::Write(write) => {
                        inputs.push(Input::Written {
                            id: write.id,
                            result: Ok(()),
                        });
                        self.writes.push(write.content);
                    }
                    Effect::Save(_) => unreachable!("the program saves no results"),
                    Effect::Record(_) => {}
                }
            }
        }
    }
}

/// The bytes of a save, and the time to encode and write it.
#[derive(Clone, Copy, Debug)]
struct Save {
    bytes: usize,
    encode: Duration,
    write: Duration,
}

#[derive(Default)]
struct Costs {
    plain: Vec<Duration>,
    between: Vec<Duration>,
    saved: Vec<Duration>,
    saves: Vec<Save>,
}

impl Costs {
    fn measure(
        keys: usize,
        profile: Profile,
        write: WriteProgram,
        folder: &Path,
    ) -> Result<Costs, Box<dyn Error>> {
        let mut folder = CheckpointFolder::new(Folder::open(&folder.join("checkpoint"))?);
        let mut saving = Program::start(keys, profile, write, true)?;
        let mut plain = Program::start(keys, profile, write, false)?;
        let words = Workload::new(WORDS, KeyDistribution::Uniform(keys));
        let mut costs = Costs::default();
        for (number, lines) in (1..).zip(words.batches(BATCHES_PER_SAVE * SAVES)) {
            let blocks = blocks(&lines, 5);
            let plainly = plain.batch(&blocks);
            let time = saving.batch(&blocks);
            let save = carry_out(&mut folder, saving.now, &saving.writes)?;
            // The first save, and the batches up to it, which begin with all states.
            if number > BATCHES_PER_SAVE {
                costs.plain.push(plainly);
                match save {
                    Some(_) => costs.saved.push(time),
                    None => costs.between.push(time),
                }
            }
            costs.saves.extend(save);
        }
        assert_eq!(costs.saves.len(), SAVES, "each tenth batch is saved");
        Ok(costs)
    }

    fn print(&self, name: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
        let plain = quartiles(&self.plain);
        println!("{name}");
        println!("  plain    {}", text(plain));
        println!("  between  {}", text(quartiles(&self.between)));
        let saved = quartiles(&self.saved);
        let ratio = saved[1].as_secs_f64() / plain[1].as_secs_f64();
        println!("  saved    {}, {ratio:.2} of plain", text(saved));
        let (first, others) = self.saves.split_first().ok_or("nothing was saved")?;
        let disk = disk(folder, first.bytes)?;
        println!("  first    {}", save_text(*first, disk));
        let median =
            |of: fn(&Save) -> Duration| quartiles(&others.iter().map(of).collect::<Vec<_>>())[1];
        let bytes: usize = others.iter().map(|save| save.bytes).sum();
        let each = Save {
            bytes: bytes / others.len(),
            encode: median(|save| save.encode),
            write: median(|save| save.write),
        };
        println!("  each     {}", save_text(each, disk));
        println!(
            "  disk     {:.0} MB/s",
            first.bytes as f64 / disk.as_secs_f64() / 1e6
        );
        Ok(())
    }
}

/// Carries out writes, and returns the cost of the states among them.
fn carry_out(
    folder: &mut CheckpointFolder<Folder>,
    now: Time,
    writes: &[WriteContent],
) -> Result<Option<Save>, Box<dyn Error>> {
    let mut save = None;
    for content in writes {
        let WriteContent::States { id, since, content } = content else {
            folder.write(now, content)?;
            continue;
        };
        let begun = Instant::now();
        let encoded = content.encode().map_err(|failure| failure.to_string())?;
        let encode = begun.elapsed();
        let bytes = encoded.len();
        let content = WriteContent::States {
            id: *id,
            since: *since,
            content: encoded.into(),
        };
        let begun = Instant::now();
        folder.write(now, &content)?;
        let write = begun.elapsed();
        save = Some(Save {
            bytes,
            encode,
            write,
        });
    }
    Ok(save)
}

/// The time to write and sync this number of bytes: the median of five files.
fn disk(folder: &Path, bytes: usize) -> Result<Duration, Box<dyn Error>> {
    let mut folder = Folder::open(&folder.join("disk"))?;
    let bytes = vec![7; bytes];
    let mut times = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        folder.replace("file", &bytes)?;
        times.push(begun.elapsed());
    }
    Ok(quartiles(&times)[1])
}

fn quartiles(times: &[Duration]) -> [Duration; 3] {
    let mut times = times.to_vec();
    times.sort_unstable();
    [1, 2, 3].map(|quarter| times[times.len() * quarter / 4])
}

fn text([low, median, high]: [Duration; 3]) -> String {
    format!("{median:.2?} ({low:.2?} to {high:.2?})")
}

/// A save beside the time in which the disk writes the states whole.
fn save_text(save: Save, disk: Duration) -> String {
    let Save {
        bytes,
        encode,
        write,
    } = save;
    format!(
        "{bytes} B, encoded in {encode:.2?}, written in {write:.2?}; all states are written in {disk:.2?} by the disk alone"
    )
}
