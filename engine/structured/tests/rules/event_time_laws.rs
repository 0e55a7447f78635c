//! What holds for any event times, however they are batched: the query against a plain model that
//! knows windows, two watermarks and nothing else (`WM-2`, `WM-4`, `WM-7`).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use engine::{Row, Value};
use engine_structured::OutputMode;
use engine_structured::functions::{col, window};
use proptest::prelude::*;

use crate::support::{Run, events, seconds};

/// The start of a window, and a word.
type Key = (i64, String);

type Counts = BTreeMap<Key, i64>;

/// Any lines, batch by batch, and the lengths of windows and delay, in seconds.
#[derive(Clone, Debug)]
struct Case {
    batches: Vec<Vec<(i64, String)>>,
    length: i64,
    delay: i64,
    cores: usize,
}

/// Times that move on from batch to batch, some of them far behind.
fn cases() -> impl Strategy<Value = Case> {
    let event = (-30_i64..10, "[ab]");
    let batch = (0_i64..20, prop::collection::vec(event, 1..8));
    let batches = prop::collection::vec(batch, 1..10).prop_map(|batches| {
        let moved_on = batches.into_iter().scan(0, |now, (step, events)| {
            *now += step;
            let at = |(second, word)| (*now + second, word);
            Some(events.into_iter().map(at).collect())
        });
        moved_on.collect()
    });
    (batches, 1_i64..12, 0_i64..15, 1_usize..4).prop_map(|(batches, length, delay, cores)| Case {
        batches,
        length,
        delay,
        cores,
    })
}

impl Case {
    fn key(&self, (second, word): &(i64, String)) -> Key {
        (second.div_euclid(self.length) * self.length, word.clone())
    }

    fn ends_by(&self, (start, _): &Key, watermark: i64) -> bool {
        start + self.length <= watermark
    }

    /// What the query shows, micro-batch by micro-batch.
    fn shown(&self, output_mode: OutputMode) -> Vec<Counts> {
        let length = Duration::from_secs(self.length.unsigned_abs());
        let delay = Duration::from_secs(self.delay.unsigned_abs());
        let key = [window(col("time"), length), col("word")];
        let counts = events(self.cores).with_watermark("time", delay);
        let writer = counts.group_by(key).count().write_stream();
        let writer = writer.output_mode(output_mode).num_rows(usize::MAX);
        let mut run = Run::start(writer.console().expect("the query keeps the rules"), 0);
        for batch in &self.batches {
            let lines = batch
                .iter()
                .map(|(second, word)| format!("{second} {word}"));
            let lines: Vec<String> = lines.collect();
            run.lines(0, &lines.iter().map(String::as_str).collect::<Vec<_>>());
            run.wake_until(0);
        }
        run.tables().iter().map(|table| counts_of(table)).collect()
    }

    /// What the model says that it shows.
    fn expected(&self, output_mode: OutputMode) -> Vec<Counts> {
        let mut model = Model::default();
        for batch in &self.batches {
            let raised = model.batch(self, output_mode, batch);
            if raised && output_mode != OutputMode::Complete {
                model.batch(self, output_mode, &[]);
            }
        }
        model.shown
    }

    /// All events, counted whether they were late or not.
    fn recounted(&self) -> Counts {
        let mut counts = Counts::new();
        for event in self.batches.iter().flatten() {
            *counts.entry(self.key(event)).or_default() += 1;
        }
        counts
    }
}

fn counts_of(table: &[Row]) -> Counts {
    let row = |row: &Row| match row.as_slice() {
        [window, Value::String(word), Value::Long(count)] => {
            ((seconds(window), word.to_string()), *count)
        }
        other => panic!("a window, a word and a count, not {other:?}"),
    };
    let counts: Counts = table.iter().map(row).collect();
    assert_eq!(counts.len(), table.len(), "a key is there once");
    counts
}

#[derive(Default)]
struct Model {
    state: Counts,
    late: i64,
    evict: i64,
    shown: Vec<Counts>,
}

impl Model {
    /// Runs one micro-batch, and says whether it raised the watermark.
    fn batch(&mut self, case: &Case, output_mode: OutputMode, events: &[(i64, String)]) -> bool {
        let is_complete = output_mode == OutputMode::Complete;
        let mut touched = BTreeSet::new();
        for event in events {
            let key = case.key(event);
            if is_complete || !case.ends_by(&key, self.late) {
                *self.state.entry(key.clone()).or_default() += 1;
                touched.insert(key);
            }
        }
        let shown = self.state.iter().filter(|(key, _)| match output_mode {
            OutputMode::Complete => true,
            OutputMode::Update => touched.contains(*key),
            OutputMode::Append => case.ends_by(key, self.evict),
        });
        self.shown
            .push(shown.map(|(key, count)| (key.clone(), *count)).collect());
        if !is_complete {
            self.state.retain(|key, _| !case.ends_by(key, self.evict));
        }
        self.late = self.evict;
        let latest = events.iter().map(|(second, _)| second - case.delay).max();
        self.evict = self.evict.max(latest.unwrap_or(0));
        self.evict > self.late
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn wm_4_every_output_mode_shows_what_a_plain_model_shows(case in cases()) {
        for mode in [OutputMode::Append, OutputMode::Complete, OutputMode::Update] {
            prop_assert_eq!(case.shown(mode), case.expected(mode), "{:?}", mode);
        }
    }

    #[test]
    fn wm_7_append_output_writes_a_group_at_most_once(case in cases()) {
        let shown = case.shown(OutputMode::Append);
        let rows: usize = shown.iter().map(BTreeMap::len).sum();
        let groups: Counts = shown.into_iter().flatten().collect();
        prop_assert_eq!(groups.len(), rows);
        let all = case.recounted();
        for (key, count) in groups {
            prop_assert!(count <= all[&key], "late rows are left out, none is counted twice");
        }
    }

    #[test]
    fn om_1_update_output_laid_over_itself_is_complete_output_of_groups_that_stay(case in cases()) {
        let laid_over: Counts = case.shown(OutputMode::Update).into_iter().flatten().collect();
        let times = case.batches.iter().flatten().map(|(second, _)| *second);
        let watermark = times.max().unwrap_or(0) - case.delay;
        let stays = |counts: Counts| -> Counts {
            counts.into_iter().filter(|(key, _)| key.0 + case.length > watermark.max(0)).collect()
        };
        let complete = case.shown(OutputMode::Complete).pop().unwrap_or_default();
        prop_assert_eq!(stays(laid_over), stays(complete));
    }
}
