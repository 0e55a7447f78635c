//! Groups with states that go on after a restart.

use engine::{DataType, Value};
use engine_structured::functions::{col, explode, split};
use engine_structured::{DataStreamWriter, GroupStateTimeout, OutputMode};

use super::life::{Files, Life};
use crate::support::{check, session};

/// The running word count of a folder of files by states, which are removed at three.
fn word_count() -> DataStreamWriter {
    let lines = session(2).read_stream().max_files_per_trigger(1);
    let words = explode(split(col("value"), " ")).alias("word");
    let words = lines.text("inbox").select([words]).group_by("word");
    let count = ("count", DataType::Long);
    let counts = words.map_groups_with_state(
        &[("word", DataType::String), count.clone()],
        &[count],
        GroupStateTimeout::None,
        |key, rows, state| {
            let before = match state.get() {
                Some([Value::Long(count)]) => *count,
                _ => 0,
            };
            let count = before + rows.len() as i64;
            if count < 3 {
                state.update(vec![Value::Long(count)]);
            } else {
                state.remove();
            }
            Ok(vec![key[0].clone(), Value::Long(count)])
        },
    );
    counts.write_stream().output_mode(OutputMode::Update)
}

#[test]
fn ss_3_states_of_groups_are_those_of_the_run_before() {
    let life = Life::of(word_count(), Files::default()).start(&[]);
    let files = life.files(&["a b a", "a"]).files;
    let life = Life::of(word_count(), files)
        .start(&["a b a", "a"])
        .files(&["b", "a b"]);
    check(&life.shown(), &["2: b=2", "3: a=1 b=3"]);
}

#[test]
fn ss_6_states_of_a_micro_batch_that_runs_again_are_those_before_it() {
    let life = Life::of(word_count(), Files::default()).dying_before("write commits/1");
    let files = life.start(&[]).files(&["a", "a"]).files;
    let life = Life::of(word_count(), files)
        .start(&["a", "a"])
        .files(&["a"]);
    check(&life.shown(), &["1: a=2", "2: a=3"]);
}
